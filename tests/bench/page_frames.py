"""How smooth the page is with many cities: `python -m tests.bench.page_frames [CITIES]`. One JSON line a scene.

A frame is what the browser needs from one animation frame to the next while the map is moved at every frame; without a
GPU, as on the machines that this runs on, all drawing is the processor's.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
from time import perf_counter
from typing import Any

from playwright.async_api import Page, expect

from muster.shell.gazetteer import load_gazetteer
from muster.shell.settings import Settings
from tests.browser import INSTALL, BrowserThread, Site, chromium_path, open_page
from tests.page.conftest import api_of

SEED = 1
FRAMES = 120

MOVE = """async ([frames, scene]) => {
  const canvas = document.querySelector('#view');
  const box = canvas.getBoundingClientRect();
  const at = (name, x, y, more = {}) => canvas.dispatchEvent(new PointerEvent(name,
    { pointerId: 1, clientX: box.x + x, clientY: box.y + y, bubbles: true, ...more }));
  canvas.setPointerCapture = () => {};
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  if (scene === 'pan') at('pointerdown', 300, 200);
  let before = await frame();
  for (let i = 0; i < frames; i++) {
    if (scene === 'pan') at('pointermove', 300 + 60 * Math.sin(i / 8), 200 + 30 * Math.cos(i / 8));
    else canvas.dispatchEvent(new WheelEvent('wheel',
      { deltaY: Math.sin(i / 10) * -40, clientX: box.x + 300, clientY: box.y + 200, cancelable: true }));
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  if (scene === 'pan') at('pointerup', 300, 200);
  return times;
}"""


def totals_of_cities(count: int) -> list[dict[str, Any]]:
    """Totals at random cities of the gazetteer, most of them small, as a year of news would leave them."""
    chance = random.Random(SEED)
    cities = list(load_gazetteer(Settings().cache_dir))
    return [total_at(city, chance) for city in chance.sample(cities, count)]


def total_at(city: Any, chance: random.Random) -> dict[str, Any]:
    def cell() -> dict[str, int] | None:
        best = int(10 ** chance.uniform(1, 3.7))
        return {"low": best, "best": best, "high": best} if chance.random() < 0.6 else None

    planned = cell()
    deployed = cell() if planned else {"low": 50, "best": 50, "high": 50}
    figures = {"planned": planned, "deployed": deployed, "withdrawn": None}
    return {
        "schema_version": 1,
        "place": {
            "key": f"city:{city.geonames_id}",
            "name": city.name,
            "geonames_id": city.geonames_id,
            "admin1": city.admin1_code,
            "country": city.country,
            "lat": city.lat,
            "lon": city.lon,
        },
        **figures,
        "by_force": {chance.choice(["army", "police", "national_guard"]): figures},
        "as_of": f"2025-02-{chance.randint(1, 28):02}",
        "first_reported_at": None,
        "reports": chance.randint(1, 40),
        "sources": chance.randint(1, 9),
        "decided_by": [],
        "evidence": [],
        "evidence_count": 0,
    }


def report(scene: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    numbers = {
        "median_ms": statistics.median(ordered),
        "p95_ms": ordered[int(0.95 * len(ordered))],
        "longest_ms": ordered[-1],
    }
    print(json.dumps({"scene": scene, **{name: round(value, 1) for name, value in numbers.items()}}))


async def scenes(browser: BrowserThread, site: Site, totals: list[dict[str, Any]]) -> None:
    context = await browser.context(viewport={"width": 1280, "height": 800})
    started = perf_counter()
    page, _ = await open_page(context, site.url)
    await expect(page.locator("#rows tr").first).to_be_visible()
    print(json.dumps({"scene": "open", "seconds": round(perf_counter() - started, 2), "cities": len(totals)}))
    await moved(page, "the whole world")
    report("wheel", await page.evaluate(MOVE, [FRAMES, "wheel"]))
    for _ in range(3):
        await page.locator("#zoom-in").click()
    await moved(page, "eight times nearer")

    changing = asyncio.ensure_future(change_for_ever(site, totals))
    report("pan while 800 cities a second change", await page.evaluate(MOVE, [FRAMES, "pan"]))
    changing.cancel()
    await context.close()


async def moved(page: Page, where: str) -> None:
    report(f"pan, {where}", await page.evaluate(MOVE, [FRAMES, "pan"]))


async def change_for_ever(site: Site, totals: list[dict[str, Any]]) -> None:
    chance = random.Random(SEED)
    while True:
        for total in chance.sample(totals, min(200, len(totals))):
            site.api.changes.total_changed(total["place"]["key"], {**total, "reports": chance.randint(1, 99)})
        site.api.changes.tell()
        await asyncio.sleep(0.25)


def main() -> None:
    executable = chromium_path()
    if executable is None:
        raise SystemExit(f"chromium is missing: {INSTALL}")
    totals = totals_of_cities(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    browser = BrowserThread(executable)
    site = Site(browser, api_of(totals))
    browser.run(scenes(browser, site, totals))
    browser.run(site.stop())
    browser.close()


if __name__ == "__main__":
    main()
