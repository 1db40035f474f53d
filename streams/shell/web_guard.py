"""What every answer of the web server carries, and how much one client may ask of it.

The server shares the worker's event loop, so it must stay cheap whoever asks: connections and requests are bounded for
each client and in all, and what is remembered of clients is bounded too. A long answer such as an event stream is one
connection and one request for as long as it lasts; nothing here cuts it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import socket
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from muster.shell.api import problem
from muster.shell.web_access import OPEN_PATHS

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware
    from aiohttp.web_request import BaseRequest

logger = logging.getLogger(__name__)

HEADERS = {
    # Scripts, styles, pictures and data of this server and nothing else: a text that slips into a page runs nowhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer, errors and streams included."""

CONNECTIONS_MAX = 512
"""Connections of all clients together."""

CLIENTS_REMEMBERED_MAX = 4_096
BURST_SECONDS = 5.0
"""A client that was silent for so long may ask at once for what it may ask for in that time: a page and its files."""

HEADER_BYTES_MAX = 4_096
"""Longest request line and longest header."""

HEADERS_MAX = 64
SILENCE_SECONDS_MAX = 20.0
"""A request must be complete so long after the connection began or the last answer ended."""

UNREAD_SECONDS_MAX = 30.0
"""A client that takes nothing of an answer for so long is cut off."""

LINGERING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How much one client (an IPv4 address, or an IPv6 network of 64 bits) may have at once."""

    requests_per_second: float = 20.0
    connections: int = 32


class Gate:
    """Counts connections and requests of each client.

    Args:
        limits: of one client.
        now: seconds of a clock that never goes back.
    """

    def __init__(self, limits: WebLimits, now: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._now = now
        self._connections: Counter[str] = Counter()
        self._allowance: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> requests left, as of when

    def enter(self, client: str) -> int:
        """Count a new connection: 0, or the HTTP status with which it is refused and not counted."""
        if self._connections.total() >= CONNECTIONS_MAX:
            return 503
        if self._connections[client] >= self._limits.connections:
            return 429
        self._connections[client] += 1
        return 0

    def leave(self, client: str) -> None:
        self._connections[client] -= 1
        if not self._connections[client]:
            del self._connections[client]

    def wait_seconds(self, client: str) -> float:
        """Count a request: 0.0, or after how many seconds it may be asked again; then it is not counted."""
        rate, now = self._limits.requests_per_second, self._now()
        most = max(1.0, rate * BURST_SECONDS)
        left, since = self._allowance.pop(client, (most, now))
        left = min(most, left + (now - since) * rate)
        waits = left < 1
        self._allowance[client] = (left if waits else left - 1, now)
        if len(self._allowance) > CLIENTS_REMEMBERED_MAX:
            self._allowance.popitem(last=False)  # silent for longest: the nearest to a full allowance
        return (1 - left) / rate if waits else 0.0


def client_of(address: object) -> str:
    """The client of a peer's address. A provider gives one household a whole /64 of IPv6: that is one client."""
    host = str(address).partition("%")[0]
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return host


def limited(gate: Gate) -> Middleware:
    """A middleware that answers 429 to whoever asks too often, and 413 to whoever sends a body.

    The probes are not counted: a flood must not make a supervisor take a healthy worker for a dead one.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        wait_seconds = 0.0 if request.path in OPEN_PATHS else gate.wait_seconds(client_of(request.remote))
        if wait_seconds:
            answer = problem.response(429, "more requests a second than one client may send; see Retry-After")
            answer.headers["Retry-After"] = str(int(wait_seconds) + 1)
            return answer
        if request.body_exists:
            answer = problem.response(413, "nothing here takes a body")
            answer.force_close()
            return answer
        return await handler(request)

    return check


async def set_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """For `on_response_prepare`."""
    del request
    answer.headers.update(HEADERS)


class GuardedHandler(web.RequestHandler):
    """aiohttp's handler of one connection, with the limits of a gate; what is no HTTP gets a problem document too."""

    __slots__ = ("_client", "_gate")

    def __init__(self, server: web.Server, gate: Gate) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to have none
            # Runs from the first byte not sent, and only between requests.
            keepalive_timeout=SILENCE_SECONDS_MAX,
            lingering_time=LINGERING_SECONDS,
            max_line_size=HEADER_BYTES_MAX,
            max_field_size=HEADER_BYTES_MAX,
            max_headers=HEADERS_MAX,
        )
        self._gate = gate
        self._client: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        stream = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class
        peer = stream.get_extra_info("peername")
        client = client_of(peer[0] if isinstance(peer, tuple) else "")
        status = self._gate.enter(client)
        if status:
            stream.write(_refusal(status))
            stream.close()
            return
        self._client = client
        _bound_unread(stream.get_extra_info("socket"))
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._client is not None:
            super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._client is not None:
            self._gate.leave(self._client)
            self._client = None
            super().connection_lost(exc)

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        # aiohttp's own repeats what it could not read, and logs a trace of each such request.
        del message
        logger.debug("a request was not answered as asked: %s", type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        if isinstance(exc, LineTooLong):
            answer = problem.response(431, f"the request line or a header is longer than {HEADER_BYTES_MAX:,} bytes")
        elif status < 500:
            answer = problem.response(status, "this is not HTTP as it can be read")
        else:
            answer = problem.response(status, "an unexpected error")
        answer.headers.update(HEADERS)
        answer.force_close()
        return answer


def _refusal(status: int) -> bytes:
    """An answer to a connection that nobody will read from."""
    whose = "this client has" if status == 429 else "this server has"
    body = json.dumps(problem.body(status, f"{whose} as many connections as it may have; close one")).encode()
    fields = {
        "Content-Type": problem.CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "Retry-After": "1",
        "Connection": "close",
        **HEADERS,
    }
    head = f"HTTP/1.1 {status} {problem.TITLES[status]}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items())
    return head.encode() + b"\r\n" + body


def _bound_unread(connection: Any) -> None:
    """Let the kernel end a connection whose peer takes nothing; only Linux offers it."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None and connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, option, int(UNREAD_SECONDS_MAX * 1000))
