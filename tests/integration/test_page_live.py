"""The page before a real stream: what is fed to Kafka appears on the map of a browser that is open."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from muster.shell.inputs import read_articles
from tests.browser import open_page
from tests.integration.conftest import SEEDS

pytestmark = pytest.mark.kafka


def story(*numbers: str) -> list[tuple[bytes | None, bytes | None]]:
    """Key and value of these articles of the story."""
    return [(r.key, r.value) for r in read_articles([SEEDS / "story"]) if (r.key or b"").decode()[-2:] in numbers]


async def row_shows(page: Page, place: str, *figures: str) -> None:
    row = page.locator("#rows tr").filter(has_text=place)
    for figure in figures:
        await expect(row).to_contain_text(figure)


def test_the_story_appears_as_its_articles_are_fed(browser, deploy):
    """An empty page fills: plans, then what has arrived, then the border as a whole, without a reload."""
    stream = deploy()
    workers = stream.start()
    address = f"http://127.0.0.1:{workers[0].port}/"  # any role serves it
    open_now: dict[str, Any] = {}

    async def opened() -> None:
        context = await browser.context()
        page, complaints = await open_page(context, address)
        await expect(page.locator("#notice")).to_contain_text("No place has a figure yet")
        await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        await page.evaluate("window.sameLoad = true")
        open_now.update(context=context, page=page, complaints=complaints)

    async def plans() -> None:
        page = open_now["page"]
        await row_shows(page, "Tijuana", "1,949")
        await row_shows(page, "Ciudad Juárez", "1,650")
        await page.locator("#rows").get_by_role("button", name="Tijuana").click()
        await expect(page.locator("#place .planned .figure")).to_contain_text("1,949")
        await expect(page.locator("#news > li").first).to_be_visible()

    async def arrivals() -> None:
        page = open_now["page"]
        await expect(page.locator("#place .deployed .figure")).to_have_text("500")
        await row_shows(page, "Northern border", "10,000")
        assert await page.evaluate("window.sameLoad") is True
        await expect(page.locator("#connection")).to_have_text("Live")

    async def gone() -> None:
        await expect(open_now["page"].locator("#connection")).to_have_attribute("data-state", "disconnected")
        # A load that fails, and one that has to wait until the totals are read, are told in the console: that is the
        # browser's way, and no fault of the page, which asks again.
        assert [c for c in open_now["complaints"] if "ERR_" not in c and "503" not in c] == []
        await open_now["context"].close()

    browser.run(opened())
    stream.produce(story("01", "02", "03", "04", "05", "06", "07", "08"))
    browser.run(plans())
    stream.produce(story("09", "10", "11", "12"))
    browser.run(arrivals())
    assert [worker.end() for worker in workers] == [0, 0, 0]
    browser.run(gone())


def test_open_streams_do_not_hold_a_worker_back(deploy):
    """SIGTERM with many listeners, some of whom read nothing: exit code 0, and those who read get a proper end."""
    stream = deploy()
    (worker,) = stream.start("extract")

    async def scenario() -> int:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{worker.port}", connector=connector) as session:
            while (await session.get("/api/v1/map")).status != 200:
                await asyncio.sleep(0.1)
            responses = [await session.get("/api/v1/stream") for _ in range(20)]
            for response in responses[:10]:
                await response.content.readuntil(b"\n\n")
            code = await asyncio.to_thread(worker.end, signal.SIGTERM)
            for response in responses[:10]:
                await response.read()  # a cut answer would raise ClientPayloadError
            return code

    assert asyncio.run(scenario()) == 0
