"""GET /api/v1/stream: what changes, as server-sent events (text/event-stream of the HTML standard)."""

from __future__ import annotations

import asyncio

from aiohttp import web

from muster.shell.api.live import Hub, TooManyListenersError
from muster.shell.api.problem import Problem

WRITE_SECONDS_MAX = 10.0
RETRY = b"retry: 2000\n\n"


async def stream(request: web.Request, hub: Hub) -> web.StreamResponse:
    """Tell one client until it goes away, reads too slowly, or the server stops.

    Raises:
        Problem: 503 when too many listen.
    """
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # a proxy that gathers the answer first would make it late
        }
    )
    try:
        with hub.listening(request.headers.get("Last-Event-ID")) as listener:
            await response.prepare(request)
            await response.write(RETRY)
            while (message := await listener.next()) is not None:
                # A client that does not read fills its socket, then its queue; neither may hold anybody up.
                async with asyncio.timeout(WRITE_SECONDS_MAX):
                    await response.write(message)
    except TooManyListenersError:
        raise Problem(503, "too many streams are open; try again later") from None
    except (ConnectionError, TimeoutError):
        pass
    return response
