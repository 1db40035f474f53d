"""The stream of changes over HTTP, as a program reads it."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from muster.shell.metrics import Metrics
from muster.shell.web import WebServer

TOKEN = "correct horse battery staple"
URL = "/api/v1/stream"


async def message(response: aiohttp.ClientResponse) -> dict[str, str]:
    """The fields of the next message that has an event."""
    fields: dict[str, str] = {}
    while line := (await response.content.readline()).decode():
        if line.strip():
            name, _, value = line.strip().partition(": ")
            fields[name] = value
        elif "event" in fields:
            return fields
        else:
            fields = {}
    raise EOFError


def test_a_change_is_told_and_a_client_that_returns_goes_on_where_it_was(api):
    """First a reset, then each change; with Last-Event-ID only what came since."""
    tijuana = api.follower.cities["city:3981609"]

    async def scenario() -> None:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api)
        port = await server.start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            async with session.get(URL) as response:
                assert response.headers["Content-Type"].startswith("text/event-stream")
                assert (await message(response))["event"] == "reset"
                api.changes.total_changed("city:3981609", tijuana)
                api.changes.tell()
                told = await message(response)
                assert told["event"] == "totals"
                assert json.loads(told["data"])["rows"][0]["best"] == [1949, 500, None]
            api.changes.total_changed("city:3981609", None)
            api.changes.tell()
            async with session.get(URL, headers={"Last-Event-ID": told["id"]}) as response:
                missed = await message(response)
                assert json.loads(missed["data"]) == {"rows": [], "gone": ["city:3981609"]}
        await server.stop()

    asyncio.run(scenario())


def test_a_stop_ends_open_streams_properly(api):
    """Their answers are complete, not cut: the stop waits for nobody who listens and tells them that it is the end."""

    async def scenario() -> None:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api)
        port = await server.start()
        async with aiohttp.ClientSession() as session:
            responses = [await session.get(f"http://127.0.0.1:{port}{URL}") for _ in range(5)]
            for response in responses:
                assert (await message(response))["event"] == "reset"
            await server.stop()
            for response in responses:
                await response.read()  # a cut answer would raise ClientPayloadError
        assert api.changes.hub.listeners == 0

    asyncio.run(scenario())


def test_a_client_that_goes_away_is_forgotten(api):
    """Its queue goes with it."""

    async def scenario() -> None:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api)
        port = await server.start()
        async with aiohttp.ClientSession() as session:
            response = await session.get(f"http://127.0.0.1:{port}{URL}")
            await message(response)
            assert api.changes.hub.listeners == 1
            response.close()
        while api.changes.hub.listeners:
            api.changes.hub.pulse({})
            await asyncio.sleep(0.01)
        await server.stop()

    asyncio.run(scenario())


def test_the_token_guards_the_data_and_not_the_page(api):
    """The page must load to ask for the token; it holds nothing of the totals. No name leads out of its files."""

    async def scenario() -> dict[str, int]:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api, TOKEN)
        port = await server.start()
        found = {}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            for path in (
                "/",
                "/page/app.js",
                "/page/world.json",
                URL,
                "/api/v1/map",
                "/page/__init__.py",
                "/page/..%2fweb.py",
            ):
                async with session.get(path) as response:
                    found[path] = response.status
                    if response.status == 200:
                        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
                        assert "unsafe" not in response.headers["Content-Security-Policy"]
            async with session.get("/page/__init__.py", headers={"Authorization": f"Bearer {TOKEN}"}) as response:
                found["with token"] = response.status
        await server.stop()
        return found

    assert asyncio.run(scenario()) == {
        "/": 200,
        "/page/app.js": 200,
        "/page/world.json": 200,
        URL: 401,
        "/api/v1/map": 401,
        "/page/__init__.py": 401,
        "/page/..%2fweb.py": 401,
        "with token": 404,
    }


def test_the_map_has_every_total_in_its_few_fields(api):
    """Each city and region once, with its best figures, all of them and by force."""

    async def scenario() -> dict[str, dict[str, object]]:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api)
        port = await server.start()
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/api/v1/map") as response:
            rows = (await response.json())["rows"]
        await server.stop()
        return {row["key"]: row for row in rows}

    rows = asyncio.run(scenario())
    assert set(rows) == {*api.follower.cities, *api.follower.regions}
    assert rows["city:3981609"]["best"] == [1949, 500, None]
    assert rows["city:3981609"]["forces"] == {"national_guard": [1949, 500, None]}
