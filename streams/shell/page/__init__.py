"""The page: a map of what stands where, served by every worker from these files. No build step, no other host.

index.html, style.css   what is there before any data
app.js                  the composition root: wires the others
client.js, connection.js   requests, and the stream of changes with its visible state
past.js                 the slider that looks back
state.js                places, filters and what they leave (no DOM)
map.js, gestures.js     the map, and what moves it
drawing.js, projection.js   what its canvases show
panel.js, timeline.js   one place with its evidence
lists.js                the table, the newest events
dom.js, words.js        elements made of text only; numbers and names as people write them
world.json              the base map, made by tests/page/make_world.py
"""

from __future__ import annotations

import hashlib
from importlib import resources

from aiohttp import web

PREFIX = "/page/"
CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


class Page:
    """The files, read once; what is not among them is not served."""

    def __init__(self) -> None:
        files = [path for path in resources.files(__name__).iterdir() if _suffix(path.name) in CONTENT_TYPES]
        self._files = {path.name: path.read_bytes() for path in files}

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._index), web.get(f"{PREFIX}{{name}}", self._file)]

    @property
    def paths(self) -> frozenset[str]:
        """All paths that it answers: they hold no data, so that they need no token."""
        return frozenset({"/", *(f"{PREFIX}{name}" for name in self._files)})

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._answer(request, "index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._answer(request, request.match_info["name"])

    def _answer(self, request: web.Request, name: str) -> web.StreamResponse:
        body = self._files.get(name)
        if body is None:
            raise web.HTTPNotFound
        etag = hashlib.sha256(body).hexdigest()[:32]
        headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
        known = request.if_none_match
        if known is not None and any(one.value == etag for one in known):
            return web.Response(status=304, headers=headers)
        answer = web.Response(body=body, content_type=CONTENT_TYPES[_suffix(name)], charset="utf-8", headers=headers)
        answer.enable_compression()
        return answer


def _suffix(name: str) -> str:
    return name[name.rfind(".") :]
