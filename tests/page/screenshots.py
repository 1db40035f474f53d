"""Takes the pictures of the page that the documents show: `make screenshots`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from muster.shell.settings import Settings
from tests.browser import INSTALL, BrowserThread, Site, chromium_path, open_page
from tests.page.conftest import api_of, story_of

TARGET = Path(__file__).resolve().parents[2] / "docs" / "images"
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
    browser.close()


if __name__ == "__main__":
    main()
