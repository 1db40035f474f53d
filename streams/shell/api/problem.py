"""The one shape of every error: problem details for HTTP APIs (RFC 9457)."""

from __future__ import annotations

import json

from aiohttp import web

CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: "The request cannot be understood",
    401: "Only whoever knows the token may ask this",
    404: "There is no such thing here",
    405: "This method is not allowed here",
    406: "This format is not offered",
    413: "The request is too large",
    429: "Too many requests",
    431: "The header of the request is too large",
    500: "Something went wrong here",
    503: "Not ready yet",
}


class Problem(Exception):  # noqa: N818 - the standard's word
    """An answer that is an error. `detail` is for people and repeats nothing of the request."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def body(status: int, detail: str) -> dict[str, str | int]:
    """The members of the document. `type` is about:blank: the status says what kind it is."""
    return {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail}


def response(status: int, detail: str) -> web.Response:
    """The error as HTTP."""
    return web.Response(status=status, text=json.dumps(body(status, detail)), content_type=CONTENT_TYPE)
