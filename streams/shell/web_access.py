"""Who may ask the web server: this machine only, whoever knows the token, or everybody if that is said outright."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection
from typing import TYPE_CHECKING

from aiohttp import web

from muster.shell.api import problem
from muster.shell.settings import Settings

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Whoever supervises a worker asks these without a secret; they tell nothing but its state."""

SCHEME = "Bearer "


class ExposedError(Exception):
    """The web server would answer other machines without being asked to; the message says what to set."""


def check_exposure(settings: Settings) -> None:
    """Refuse to listen beyond this machine without a token, unless that is wanted.

    Raises:
        ExposedError: as said.
    """
    if is_loopback(settings.web_host) or settings.web_token is not None or settings.web_insecure:
        return
    raise ExposedError(
        f"Refusing to listen on {settings.web_host}: every machine that reaches it could read the totals and metrics."
        " Set MUSTER_WEB_TOKEN, or --web-insecure (MUSTER_WEB_INSECURE=true) where the network itself is closed."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name counts as local only if it is localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def token_required(token: str, open_paths: Collection[str] = OPEN_PATHS) -> Middleware:
    """A middleware that answers 401 to whoever does not send `Authorization: Bearer <token>`, the open paths apart."""
    expected = token.encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in open_paths:
            given = request.headers.get("Authorization", "")
            # Compared in constant time: how long it takes tells nothing of how much was right.
            right = hmac.compare_digest(given[len(SCHEME) :].encode("utf-8", "surrogateescape"), expected)
            if not (given.startswith(SCHEME) and right):
                answer = problem.response(401, "send the header Authorization: Bearer <MUSTER_WEB_TOKEN>")
                answer.headers["WWW-Authenticate"] = "Bearer"
                return answer
        return await handler(request)

    return check
