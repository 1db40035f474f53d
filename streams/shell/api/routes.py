"""The routes of the read API: HTTP around the pure functions of query.py and render.py."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from aiohttp import web

from muster.core.rules import RULES
from muster.shell.api import problem
from muster.shell.api.changes import Changes
from muster.shell.api.openapi import document
from muster.shell.api.past import all_as_of, as_of, known_from
from muster.shell.api.problem import Problem
from muster.shell.api.query import OF_ONE, page_of, read_query
from muster.shell.api.render import CONTENT_TYPES, render
from muster.shell.api.rows import first_day, map_row
from muster.shell.api.stream import stream
from muster.shell.api.totals import Totals, TotalsFollower

logger = logging.getLogger(__name__)

PREFIX = "/api/v1"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Api:
    """Answers from the totals that a follower holds, and tells of their changes."""

    follower: TotalsFollower
    changes: Changes = field(default_factory=Changes)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{PREFIX}/cities", self.list_cities),
            web.get(f"{PREFIX}/cities/{{geonames_id}}", self.city),
            web.get(f"{PREFIX}/regions", self.list_regions),
            web.get(f"{PREFIX}/regions/{{key}}", self.region),
            web.get(f"{PREFIX}/map", self.map),
            web.get(f"{PREFIX}/events", self.events),
            web.get(f"{PREFIX}/stream", self.stream),
            web.get(f"{PREFIX}/rules", self.rules),
            web.get(f"{PREFIX}/openapi.json", self.openapi),
        ]

    async def list_cities(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, self.follower.cities)

    async def list_regions(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, self.follower.regions)

    async def city(self, request: web.Request) -> web.StreamResponse:
        return self._one(request, self.follower.cities, f"city:{request.match_info['geonames_id']}")

    async def region(self, request: web.Request) -> web.StreamResponse:
        return self._one(request, self.follower.regions, request.match_info["key"])

    async def map(self, request: web.Request) -> web.StreamResponse:
        self._check_ready()
        day = read_query(request.query.items(), OF_ONE).as_of
        totals = {**self.follower.cities, **self.follower.regions}
        known = totals if day is None else all_as_of(totals, day)
        rows = [map_row(total) for total in known.values()]
        return _answer_json(request, {"rows": rows, "first_day": first_day(totals.values())})

    async def events(self, request: web.Request) -> web.StreamResponse:
        return _answer_json(request, {"events": self.changes.newest.rows})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        self._check_ready()
        return await stream(request, self.changes.hub)

    async def rules(self, request: web.Request) -> web.StreamResponse:
        return _answer_json(request, RULES)

    async def openapi(self, request: web.Request) -> web.StreamResponse:
        return _answer_json(request, document())

    def _page(self, request: web.Request, totals: Totals) -> web.StreamResponse:
        self._check_ready()
        query = read_query(request.query.items())
        known = totals if query.as_of is None else all_as_of(totals, query.as_of)
        return _answer(request, render(page_of(query, known), query.format), CONTENT_TYPES[query.format])

    def _one(self, request: web.Request, totals: Totals, key: str) -> web.StreamResponse:
        self._check_ready()
        day = read_query(request.query.items(), OF_ONE).as_of
        total = totals.get(key)
        if total is None:
            raise Problem(404, "no report names this place, or all were withdrawn")
        return _answer_json(request, total if day is None else _as_of(total, day))

    def _check_ready(self) -> None:
        if not self.follower.caught_up:
            raise Problem(503, "the totals are still being read; try again in a second")


def _answer_json(request: web.Request, body: object) -> web.Response:
    return _answer(request, orjson.dumps(body), "application/json")


def _as_of(total: dict[str, Any], day: date) -> dict[str, Any]:
    earlier = as_of(total, day)
    if earlier is None:
        since = known_from(total)
        raise Problem(404, f"known from {since} on" if since else "no report of this place is dated until then")
    return earlier


def _answer(request: web.Request, body: bytes, content_type: str) -> web.Response:
    """The body, or 304 when the client has it. The ETag is the hash of the body, so it is strong."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
    known = request.if_none_match
    if known is not None and any(e.value in (etag, "*") for e in known):
        return web.Response(status=304, headers=headers)
    answer = web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers)
    answer.enable_compression()
    return answer


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error is a problem document, whoever raised it."""
    try:
        return await handler(request)
    except Problem as error:
        answer = problem.response(error.status, error.detail)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        detail = f"see {PREFIX}/openapi.json for what is" if error.status in (404, 405) else error.reason
        answer = problem.response(error.status, detail)
        answer.headers.update({k: v for k, v in error.headers.items() if k == "Allow"})
    except Exception as error:  # noqa: BLE001 - one shape for all, and no trace to the client
        logger.error("a request failed: %s", type(error).__name__)  # noqa: TRY400 - no article text
        answer = problem.response(500, "an unexpected error; the log names it")
    if answer.status == 503:
        answer.headers["Retry-After"] = "1"
    return answer
