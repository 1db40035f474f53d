"""The web server stays cheap and closed whoever asks: limits a client, one shape of errors, no foreign content."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
import uvloop
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from muster.shell import web_guard
from muster.shell.api.changes import Changes
from muster.shell.metrics import Metrics
from muster.shell.web import WebServer
from muster.shell.web_guard import CLIENTS_REMEMBERED_MAX, HEADERS, Gate, WebLimits, client_of

HANG_SECONDS = 20
PROBLEM = "application/problem+json"
GENEROUS = WebLimits(requests_per_second=1_000.0, connections=64)


class Streaming:
    """Routes with an answer that ends when `finished` is set."""

    def __init__(self) -> None:
        self.finished = asyncio.Event()
        self.changes = Changes()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/stream", self.stream), web.get("/broken", self.broken)]

    async def stream(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await answer.write(b": begins\n\n")
        await self.finished.wait()
        await answer.write(b": ends\n\n")
        return answer

    async def broken(self, request: web.Request) -> web.StreamResponse:
        raise RuntimeError(request.query_string)


def with_server(scenario: Callable[[int, Streaming], Awaitable[None]], limits: WebLimits = GENEROUS) -> None:
    """Run a scenario against a server on a port of its own, in both kinds of loop: workers use uvloop."""

    async def run() -> None:
        api = Streaming()
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api, limits=limits)  # type: ignore[arg-type]
        port = await server.start()
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await scenario(port, api)
        finally:
            api.finished.set()
            await server.stop()

    for factory in (asyncio.new_event_loop, uvloop.new_event_loop):
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(run())


async def exchange(port: int, data: bytes) -> bytes:
    """All that the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    """No other host, no inline script or style, no plugin, no frame: only files of this server."""
    policy = dict(part.split(maxsplit=1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}


def test_every_answer_carries_the_policy_and_every_error_is_a_problem() -> None:
    """Whoever made it: a route, aiohttp, the parser of HTTP, a bug, a limit; and none repeats what was asked."""

    async def scenario(port: int, api: Streaming) -> None:
        long = b"GET /" + b"script" * 1_000 + b" HTTP/1.1\r\n\r\n"
        many = b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: script\r\n" % n for n in range(200)) + b"\r\n"
        close = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        requests = [
            (200, b"GET /healthz" + close + b"\r\n"),
            (404, b"GET /script" + close + b"\r\n"),
            (405, b"POST /metrics" + close + b"\r\n"),
            (413, b"GET /metrics" + close + b"Content-Length: 6\r\n\r\nscript"),
            (500, b"GET /broken?script" + close + b"\r\n"),
            (431, long),
            (400, many),
            (400, b"script\r\n\r\n"),
            (400, b"GET / HTTP/1.1\r\nHost\x00: script\r\n\r\n"),
        ]
        for status, request in requests:
            answer = await exchange(port, request)
            head, _, body = answer.partition(b"\r\n\r\n")
            assert status_of(answer) == status, (request[:40], answer)
            for name, value in HEADERS.items():
                assert f"{name}: {value}".encode() in head, (request[:40], head)
            if status >= 400:
                assert PROBLEM.encode() in head
                assert json.loads(body)["status"] == status
                assert b"script" not in body
                assert b"Traceback" not in body

    with_server(scenario)


def test_a_client_gets_so_many_connections_and_gets_them_back() -> None:
    """One more is answered with a problem and closed; streams count as long as they last, and are not cut."""

    async def scenario(port: int, api: Streaming) -> None:
        streams = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 200 " in await reader.readline()
            streams.append((reader, writer))
        refused = await exchange(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status_of(refused) == 429
        assert PROBLEM.encode() in refused
        api.finished.set()
        for reader, writer in streams:
            while b"ends" not in await reader.readline():
                pass
            writer.close()
            await writer.wait_closed()
        async with aiohttp.ClientSession() as session:
            while True:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return
                await asyncio.sleep(0.01)

    with_server(scenario, WebLimits(connections=3))


def test_who_asks_too_often_is_told_when_to_ask_again() -> None:
    """429 with Retry-After, also for what is not there; the probes of a supervisor are not counted."""

    async def scenario(port: int, api: Streaming) -> None:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            statuses = []
            for path in ["/metrics", "/nowhere"] * 5 + ["/healthz", "/readyz"] * 5:
                async with session.get(path) as answer:
                    statuses.append(answer.status)
                    if answer.status == 429:
                        assert int(answer.headers["Retry-After"]) >= 1
                        assert answer.headers["Content-Type"].startswith(PROBLEM)
        assert set(statuses[:5]) == {200, 404}
        assert set(statuses[5:10]) == {429}
        assert set(statuses[10:]) == {200}

    with_server(scenario, WebLimits(requests_per_second=1.0))


def test_a_request_that_never_ends_is_cut_and_a_stream_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends a header byte by byte, or nothing at all, is closed; an answer under way lasts beyond that."""
    monkeypatch.setattr(web_guard, "SILENCE_SECONDS_MAX", 0.3)

    async def scenario(port: int, api: Streaming) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in await reader.readline()
        assert await exchange(port, b"") == b""
        dripping, drip = await asyncio.open_connection("127.0.0.1", port)
        cut = asyncio.ensure_future(dripping.read())
        drip.write(b"GET / HTTP/1.1\r\nX: ")
        while not cut.done():
            drip.write(b"a")
            await asyncio.wait([cut], timeout=0.05)
        drip.close()
        api.finished.set()
        while b"ends" not in await reader.readline():
            pass
        writer.close()

    with_server(scenario)


clients = st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1"])


@given(st.lists(st.tuples(clients, st.floats(0, 3)), max_size=60), st.floats(0.5, 5))
def test_no_client_exceeds_its_rate_and_none_pays_for_another(asked: list[tuple[str, float]], rate: float) -> None:
    """In any stretch of time a client gets at most the burst and its rate; who waits as told is served."""
    now = 0.0
    gate = Gate(WebLimits(requests_per_second=rate), lambda: now)
    alone = {
        c: Gate(WebLimits(requests_per_second=rate), lambda: now) for c in ("192.0.2.1", "192.0.2.2", "2001:db8::1")
    }
    served: dict[str, list[float]] = {}
    for client, pause in asked:
        now += pause
        wait = gate.wait_seconds(client)
        assert wait == alone[client].wait_seconds(client)
        if wait:
            now += wait * 1.000001
            assert gate.wait_seconds(client) == alone[client].wait_seconds(client) == 0
        served.setdefault(client, []).append(now)
    burst = max(1.0, rate * web_guard.BURST_SECONDS)
    for times in served.values():
        for first, since in enumerate(times):
            assert all(n - first + 1 <= burst + (times[n] - since) * rate + 1.01 for n in range(first, len(times)))


def test_what_is_remembered_of_clients_is_bounded() -> None:
    """A flood from ever new addresses fills no memory; connections in all are bounded as well."""
    gate = Gate(WebLimits(connections=1), lambda: 0.0)
    for n in range(CLIENTS_REMEMBERED_MAX + 500):
        gate.wait_seconds(f"client {n}")
    assert len(gate._allowance) == CLIENTS_REMEMBERED_MAX
    entered = [n for n in range(web_guard.CONNECTIONS_MAX + 10) if gate.enter(f"client {n}") == 0]
    assert len(entered) == web_guard.CONNECTIONS_MAX
    assert gate.enter("another") == 503
    for n in entered:
        gate.leave(f"client {n}")
    assert not gate._connections


def test_a_client_is_an_address_or_a_household() -> None:
    """All addresses of a /64 are one client; IPv4 within IPv6 is the IPv4 address."""
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:2") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:192.0.2.1") == client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("fe80::1%eth0") == client_of("fe80::2%eth0")
    assert client_of(None) == client_of(None)
