"""The worker's HTTP side: the page, the read API, /metrics for Prometheus, /healthz and /readyz for its supervisor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import exposition

from muster.shell.api.routes import Api, problems
from muster.shell.metrics import Metrics
from muster.shell.page import Page
from muster.shell.web_access import OPEN_PATHS, token_required
from muster.shell.web_guard import Gate, GuardedHandler, WebLimits, limited, set_headers

SHUTDOWN_SECONDS_MAX = 2.0
BACKLOG = 128

Readiness = Callable[[], str | None]
"""None when the worker is ready, else one line why not."""


class WebServer:
    """Starts before the worker joins its group, so that a supervisor can tell slow from dead."""

    def __init__(
        self,
        metrics: Metrics,
        not_ready_because: Readiness,
        host: str,
        port: int,
        api: Api | None = None,
        token: str | None = None,
        limits: WebLimits = WebLimits(),  # noqa: B008 - frozen
    ) -> None:
        self._metrics = metrics
        self._not_ready_because = not_ready_because
        self._host = host
        self._port = port
        self._gate = Gate(limits)
        page = Page()
        asked_for_token = [token_required(token, OPEN_PATHS | page.paths)] if token else []
        application = web.Application(middlewares=[limited(self._gate), problems, *asked_for_token])
        application.on_response_prepare.append(set_headers)
        if api is not None:
            application.add_routes([*page.routes(), *api.routes()])
            application.on_shutdown.append(_ender(api))
        application.add_routes(
            [
                web.get("/metrics", self._serve_metrics),
                web.get("/healthz", self._serve_health),
                web.get("/readyz", self._serve_readiness),
            ]
        )
        self._runner = web.AppRunner(application, shutdown_timeout=SHUTDOWN_SECONDS_MAX)
        self._listener: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; returns the port (the system chooses one for port 0).

        Raises:
            OSError: the port is taken, or the address is not this machine's.
        """
        await self._runner.setup()
        server = self._runner.server
        assert server is not None
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: GuardedHandler(server, self._gate), self._host, self._port, backlog=BACKLOG
        )
        return int(self._listener.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
        await self._runner.cleanup()

    async def _serve_metrics(self, request: web.Request) -> web.Response:
        encode, content_type = exposition.choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._metrics.registry), headers={"Content-Type": content_type})

    async def _serve_health(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"status": "ok"})

    async def _serve_readiness(self, request: web.Request) -> web.Response:
        del request
        reason = self._not_ready_because()
        if reason is None:
            return web.json_response({"status": "ready"})
        return web.json_response({"status": "not ready", "reason": reason}, status=503)


def _ender(api: Api) -> Callable[[web.Application], Awaitable[None]]:
    async def end_streams(_: web.Application) -> None:
        api.changes.hub.close()  # they have no end of their own, and a stop would wait for them

    return end_streams
