"""Takes the pictures of the page and of the terminal that the documents show: `make screenshots`."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import expect
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from muster.shell.settings import Settings
from tests.browser import INSTALL, BrowserThread, Site, chromium_path, open_page
from tests.page.conftest import api_of, story_of

TARGET = Path(__file__).resolve().parents[2] / "docs" / "images"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
COLUMNS = 110
PAUSE_SECONDS = 5.0
"""Until the totals have been made, for a picture that shows some."""
TERMINAL = """<body style="margin:0"><pre style="display:inline-block;margin:0;padding:16px;\
background:#16181d;color:#d7dae0;font:14px/1.35 monospace">{code}</pre></body>"""
DESK = {"viewport": {"width": 1280, "height": 800}}
PICTURES: dict[str, dict[str, Any]] = {
    "page-light": {**DESK, "color_scheme": "light"},
    "page-dark": {**DESK, "color_scheme": "dark"},
    "page-phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


async def take(browser: BrowserThread, url: str, name: str, options: dict[str, Any]) -> None:
    """The page with Ciudad Juárez open."""
    context = await browser.context(**options)
    page, complaints = await open_page(context, url)
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    await page.locator("#rows").get_by_role("button", name="Ciudad Juárez").click()
    await expect(page.locator("#place-title")).to_have_text("Ciudad Juárez")
    if options.get("is_mobile"):
        await page.evaluate("scrollTo(0, document.querySelector('#map').offsetTop - 12)")
    await expect(page.locator("#notice")).to_be_hidden()
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    TARGET.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=TARGET / f"{name}.png")
    assert not complaints, complaints
    await context.close()


def muster(*arguments: str) -> str:
    """What a command prints on a terminal with colours."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
    done = subprocess.run(
        [sys.executable, "-m", "muster", *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def watched() -> str:
    """`muster watch` beside a stream of its own that has read the articles in seeds/."""
    with tempfile.TemporaryDirectory() as folder:
        here = ("--data-dir", folder)
        said = Path(folder) / "said"
        with said.open("wb") as out:
            stream = subprocess.Popen([sys.executable, "-m", "muster", "up", *here], stdout=out, stderr=out)
        try:
            while b"Ready." not in said.read_bytes():
                assert stream.poll() is None, said.read_text(encoding="utf-8")
                time.sleep(0.2)
            muster("feed", *here, str(SEEDS / "articles"))
            time.sleep(PAUSE_SECONDS)
            return muster("watch", "--once", *here)
        finally:
            stream.terminate()
            stream.wait()


async def draw(browser: BrowserThread, name: str, command: str, printed: str) -> None:
    """A picture of a terminal that shows this."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(f"$ {command}\n{printed}"))
    context = await browser.context(viewport={"width": 1100, "height": 400}, color_scheme="dark")
    page = await context.new_page()
    await page.set_content(console.export_html(inline_styles=True, code_format=TERMINAL, theme=MONOKAI))
    await page.locator("pre").screenshot(path=TARGET / f"{name}.png")
    await context.close()


def main() -> None:
    executable = chromium_path()
    if executable is None:
        raise SystemExit(f"chromium is missing: {INSTALL}")
    browser = BrowserThread(executable)
    site = Site(browser, api_of(*story_of(Settings().cache_dir)))
    for name, options in PICTURES.items():
        browser.run(take(browser, site.url, name, options))
        print(TARGET / f"{name}.png")
    browser.run(asyncio.wait_for(site.stop(), 60))
    explained = ("extract", "--explain", "seeds/articles/01-convoy-on-the-river.json")
    for name, command, printed in (
        ("explain", f"muster {' '.join(explained)}", muster(*explained)),
        ("watch", "muster watch --once", watched()),
    ):
        browser.run(draw(browser, name, command, printed))
        print(TARGET / f"{name}.png")
    browser.close()


if __name__ == "__main__":
    main()
