"""A real Chromium for tests, and a web server beside it: both live in one event loop on a thread of its own.

The thread keeps Playwright's loop away from tests that run loops themselves. A test writes coroutines and hands them to
`run`; pages stay open between calls, so that the test can do other things to the world meanwhile.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from muster.shell.api.routes import Api
from muster.shell.metrics import Metrics
from muster.shell.web import WebServer

Value = TypeVar("Value")

INSTALL = "apt-get install -y --no-install-recommends chromium"
WAIT_MS = 60_000
"""A hang, not a measure: the machine may be busy."""

# Without a sandbox, since CI runs as root; without a GPU, since there is none.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def chromium_path() -> str | None:
    """Debian's launcher chooses arguments for a desktop; the program behind it needs none of them."""
    return shutil.which("/usr/lib/chromium/chromium") or shutil.which("chromium") or shutil.which("chromium-browser")


class BrowserThread:
    """One Chromium for a whole run of tests."""

    def __init__(self, executable: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        expect.set_options(timeout=WAIT_MS)
        self._playwright: Playwright
        self._browser: Browser
        self.run(self._launch(executable))

    def run(self, coroutine: Coroutine[Any, Any, Value]) -> Value:
        """What the coroutine returns; it runs on the browser's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        self.run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def context(self, **options: Any) -> BrowserContext:
        """A fresh profile. `options` are Playwright's, such as color_scheme or viewport."""
        context = await self._browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        return context

    async def _launch(self, executable: str) -> None:
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)

    async def _end(self) -> None:
        await self._browser.close()
        await self._playwright.stop()


class Site:
    """A worker's web server without a worker: it answers from the totals that it is given."""

    def __init__(self, browser: BrowserThread, api: Api, token: str | None = None) -> None:
        self.api = api
        self._browser = browser
        self._token = token
        self._port = 0
        self._server: WebServer
        browser.run(self.start())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    async def start(self) -> None:
        """Start, on the same port again after a stop."""
        self._server = WebServer(Metrics(), lambda: None, "127.0.0.1", self._port, self.api, self._token)
        self._port = await self._server.start()

    async def stop(self) -> None:
        await self._server.stop()

    async def change(self, total: dict[str, Any]) -> None:
        """Put a city's total in the place of the one that stood, and tell of it."""
        key = total["place"]["key"]
        self.api.follower.cities[key] = total
        self.api.changes.total_changed(key, total)
        self.api.changes.tell()


async def open_page(context: BrowserContext, url: str) -> tuple[Page, list[str]]:
    """A page, and what it complains about: errors, refused loads, broken promises of the CSP."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(url)
    return page, complaints
