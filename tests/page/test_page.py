"""The page in a real Chromium: what an analyst sees, hears and can do."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.bench.page_frames import totals_of_cities
from tests.browser import open_page

TOKEN = "correct horse battery staple"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> 5 & 6"
JUAREZ, TIJUANA = "city:4013708", "city:3981609"


def changed(total: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(total), **changes}


def of(totals: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(total for total in totals if total["place"] and total["place"]["key"] == key)


async def open_place(page: Page, name: str) -> None:
    await page.locator("#rows").get_by_role("button", name=name, exact=True).click()
    await expect(page.locator("#place-title")).to_have_text(name)


def test_a_city_tells_its_figure_and_how_it_is_known(browser, serve, story):
    """Figure with range, the rule that decided, forces, and each quote with source, date, link and its number."""
    totals, events = story
    total = of(totals, JUAREZ)

    async def scenario() -> None:
        context = await browser.context()
        page, complaints = await open_page(context, serve_url)
        await open_place(page, "Ciudad Juárez")
        panel = page.locator("#place")
        await expect(panel.locator(".planned .figure")).to_have_text("1,650 (1,600 to 7,000)")
        await expect(panel.locator(".planned .why").first).to_contain_text("more independent sources carry this number")
        await expect(panel.get_by_role("rowheader", name="national guard")).to_be_visible()
        items = panel.locator(".evidence > li")
        await expect(items).to_have_count(len(total["evidence"]))
        for quote, item in zip(total["evidence"], await items.all(), strict=True):
            assert await item.locator("blockquote").inner_text() == quote["quote"]
            assert await item.locator("mark").inner_text() == quote["words"]
            assert quote["source"] in await item.inner_text()
            assert quote["date"] in await item.inner_text()
            link = item.get_by_role("link")
            assert await link.get_attribute("href") == quote["url"]
            assert "noopener" in str(await link.get_attribute("rel"))
        assert complaints == []
        await context.close()

    serve_url = serve(totals, events).url
    browser.run(scenario())


def test_the_slider_looks_back(browser, serve, story):
    """A day of the past has its own figures, in the table and the panel; the right end is now again."""
    site = serve(*story)
    past = {t["place"]["name"]: t for t in story[0] if t["place"]}["Tijuana"]["timeline"][0]

    async def scenario() -> None:
        context = await browser.context()
        page, complaints = await open_page(context, site.url)
        await open_place(page, "Tijuana")
        await expect(page.locator("#place svg.timeline path.deployed")).to_have_count(1)
        await expect(page.locator("#place .deployed .figure")).to_have_text("500")
        await page.locator("#filter-as-of").focus()
        await page.keyboard.press("Home")
        while await page.locator("#as-of-text").inner_text() < past["date"]:
            await page.keyboard.press("ArrowRight")
        await expect(page.locator("#place .deployed .figure")).to_have_count(0)
        await expect(page.locator("#place .planned .figure")).to_have_text(f"{past['planned']['best']:,}")
        await expect(page.locator("#rows tr").filter(has_text="Tijuana").locator("td").nth(1)).to_have_text("\u2013")
        await page.keyboard.press("End")
        await expect(page.locator("#as-of-text")).to_have_text("now")
        await expect(page.locator("#place .deployed .figure")).to_have_text("500")
        assert complaints == []
        await context.close()

    browser.run(scenario())


def test_a_click_on_a_circle_opens_its_city(browser, serve, story):
    """The map itself leads to the panel, and the address names the place so that it can be passed on."""

    async def scenario() -> None:
        context = await browser.context()
        page, complaints = await open_page(context, url)
        await expect(page.locator("#rows tr")).to_have_count(1)
        await expect(page.locator("#notice")).to_be_hidden()
        box = await page.locator("#view").bounding_box()
        assert box is not None
        # One city alone stands in the middle of the map.
        await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await expect(page.locator("#place-title")).to_have_text("Tijuana")
        assert page.url.endswith("#city%3A3981609")
        again = await context.new_page()
        await again.goto(page.url)
        await expect(again.locator("#place-title")).to_have_text("Tijuana")
        assert complaints == []
        await context.close()

    url = serve([of(story[0], TIJUANA)]).url
    browser.run(scenario())


def test_the_map_is_crisp_again_after_any_movement(browser, serve):
    """Circles that take many frames to draw end as those that were there, neither shifted nor scaled nor half drawn."""
    still = """() => {
      const all = ['base', 'circles'].map((id) => document.getElementById(id));
      const seen = all[1].toDataURL() + all.map((one) => one.style.transform);
      const same = seen === window.seenLast && all.every((one) => one.style.transform === 'none');
      const { data } = all[1].getContext('2d').getImageData(0, 0, all[1].width, all[1].height);
      window.seenLast = seen;
      return same && data.some(Boolean) ? seen : null;
    }"""

    there_and_back = """async () => {
      for (let turn = 0; turn < 9; turn++) {
        const where = { clientX: 300, clientY: 300, cancelable: true };
        const wheel = new WheelEvent('wheel', { deltaY: turn % 2 ? 900 : -900, ...where });
        document.getElementById('view').dispatchEvent(wheel);
        await new Promise(requestAnimationFrame);
      }
      document.getElementById('zoom-all').click(); // while circles are under way
    }"""

    async def scenario() -> None:
        context = await browser.context(viewport={"width": 900, "height": 600})
        page, complaints = await open_page(context, url)
        await expect(page.locator("#rows tr").first).to_be_visible()
        before = await (await page.wait_for_function(still, polling=400)).json_value()
        await page.locator("#view").hover()
        await page.mouse.wheel(0, -250)
        assert await (await page.wait_for_function(still, polling=400)).json_value() != before
        await page.evaluate(there_and_back)
        assert await (await page.wait_for_function(still, polling=400)).json_value() == before
        assert complaints == []
        await context.close()

    url = serve(totals_of_cities(4_000)).url
    browser.run(scenario())


def test_what_changes_appears_by_itself(browser, serve, story):
    """A changed total reaches the table, the open panel and the announcer without a reload; so does a new event."""
    totals, events = story
    site = serve(totals)
    tijuana = of(totals, TIJUANA)
    more = changed(tijuana, deployed={"low": 777, "best": 777, "high": 777})

    async def scenario() -> None:
        context = await browser.context()
        page, complaints = await open_page(context, site.url)
        await open_place(page, "Tijuana")
        await expect(page.locator("#no-news")).to_be_visible()
        await site.change(more)
        site.api.changes.event_came(events[0], 1_738_843_200_000)
        site.api.changes.tell()
        await expect(page.locator("#place .deployed .figure")).to_have_text("777")
        await expect(page.get_by_role("row").filter(has_text="Tijuana")).to_contain_text("777")
        await expect(page.locator("#announcer")).to_contain_text("Tijuana has changed")
        await expect(page.locator("#news > li")).to_have_count(1)
        assert complaints == []
        await context.close()

    browser.run(scenario())


def test_hostile_text_stays_text(browser, serve, story):
    """Markup, scripts and addresses of other kinds in an article are shown as they are, and nothing of them runs."""
    totals, events = story
    total = changed(of(totals, TIJUANA))
    total["place"]["name"] = HOSTILE
    for quote in total["evidence"]:
        quote.update(quote=HOSTILE, title=HOSTILE, source=HOSTILE, url="javascript:alert(3)")
    event = copy.deepcopy(events[0])
    event.update(title=HOSTILE, source=HOSTILE, url="data:text/html,x")
    event["evidence"]["quote"] = HOSTILE
    event["place"]["name"] = HOSTILE
    site = serve([total], [event])

    async def scenario() -> None:
        context = await browser.context()
        page, complaints = await open_page(context, site.url)
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        await page.locator("#rows button").click()
        await expect(page.locator("#place-title")).to_have_text(HOSTILE)
        assert await page.locator("#place blockquote").first.inner_text() == HOSTILE
        assert await page.locator("#news blockquote").inner_text() == HOSTILE
        assert await page.locator("main img, main script, #place a, #news a").count() == 0
        assert dialogs == []
        assert complaints == []
        await context.close()

    browser.run(scenario())


def test_nothing_is_asked_of_another_host(browser, serve, story):
    """All requests of the page go to the worker, and inline scripts would be refused."""
    site = serve(*story)

    async def scenario() -> None:
        context = await browser.context()
        page = await context.new_page()
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(request.url))
        await page.goto(site.url)
        await open_place(page, "Tijuana")
        assert asked
        assert all(address.startswith(site.url) for address in asked)
        ran = await page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = true';"
            " document.body.append(s); return window.ran === true; }"
        )
        assert ran is False
        await context.close()

    browser.run(scenario())


def test_filters_and_search_leave_what_fits(browser, serve, story):
    """Each filter by itself, names without accents, a notice when nothing is left, and one press to clear."""
    site = serve(*story)

    async def names(page: Page) -> set[str]:
        return set(await page.locator("#rows th button").all_inner_texts())

    async def shows(page: Page, wanted: set[str]) -> None:
        await expect(page.locator("#rows tr")).to_have_count(len(wanted))
        assert await names(page) == wanted

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await expect(page.locator("#rows tr").first).to_be_visible()
        everything = await names(page)
        await page.fill("#filter-name", "juarez")
        await shows(page, {"Ciudad Juárez"})
        await page.click("button[type=reset]")
        await shows(page, everything)
        await page.select_option("#filter-status", "deployed")
        await page.fill("#filter-minimum", "600")
        await shows(page, {"Ciudad Juárez"})
        await page.click("button[type=reset]")
        await page.select_option("#filter-force", "police")
        await shows(page, {"Ciudad Juárez"})
        await page.click("button[type=reset]")
        await page.fill("#filter-minimum", "1000000")
        await expect(page.locator("#notice")).to_have_text("No place fits these filters.")
        await context.close()

    browser.run(scenario())


def test_the_line_is_live_behind_or_dead_for_all_to_see(browser, serve, story):
    """Live; behind by so many seconds; disconnected when the worker is gone; live again, with what was missed."""
    site = serve(*story)
    tijuana = changed(of(story[0], TIJUANA), planned={"low": 4242, "best": 4242, "high": 4242})

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        state = page.locator("#connection")
        await expect(state).to_have_attribute("data-state", "live")
        site.api.changes.hub.pulse({"behind_seconds": 42.0, "lag_records": 1234})
        await expect(state).to_have_text("Behind by 42 s (1,234 records)")
        await expect(page.locator("#announcer")).to_contain_text("Behind")
        site.api.changes.hub.pulse({"behind_seconds": None, "lag_records": None})
        await expect(state).to_contain_text("does not say")
        await site.stop()
        await expect(state).to_have_attribute("data-state", "disconnected")
        await expect(state).to_contain_text("trying again")
        site.api.changes.hub._closed = False  # another process would have a hub of its own
        site.api.follower.cities[TIJUANA] = tijuana
        await site.start()
        await expect(state).to_have_attribute("data-state", "live")
        site.api.changes.total_changed(TIJUANA, tijuana)
        site.api.changes.tell()
        await expect(page.get_by_role("row").filter(has_text="Tijuana")).to_contain_text("4,242")
        await context.close()

    browser.run(scenario())


def test_the_keyboard_is_enough(browser, serve, story):
    """From the skip link to a city and back, and over the map, without a pointer; the focus is never lost."""
    site = serve(*story)
    focused = "document.activeElement.id || document.activeElement.textContent"

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await expect(page.locator("#rows tr").first).to_be_visible()
        await page.keyboard.press("Tab")
        assert await page.evaluate(focused) == "Skip to the table of places"
        await page.keyboard.press("Enter")
        assert await page.evaluate(focused) == "table-section"
        await expect(page.locator("#place-section")).to_be_hidden()
        await page.locator("#rows button", has_text="Tijuana").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#place-section")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#place-section")).to_be_hidden()
        assert await page.evaluate(focused) == "view"
        before = await page.locator("#view").screenshot()
        for key in ("+", "ArrowLeft", "ArrowDown"):
            await page.keyboard.press(key)
        await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert await page.locator("#view").screenshot() != before
        await context.close()

    browser.run(scenario())


def test_a_screen_reader_finds_its_way(browser, serve, story):
    """Landmarks, named controls, a table with header cells that say how it is sorted, and polite announcements."""
    site = serve(*story)

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await expect(page.locator("#rows tr").first).to_be_visible()
        for role in ("banner", "main", "search", "contentinfo"):
            await expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
        for name in ("Map", "Newest reports", "Places"):
            await expect(page.get_by_role("region", name=name)).to_have_count(1)
        unnamed = await page.evaluate(
            "() => [...document.querySelectorAll('button, input, select, a')].filter(e =>"
            " !e.textContent.trim() && !e.labels?.length && !e.getAttribute('aria-label')).map(e => e.outerHTML)"
        )
        assert unnamed == []
        await page.get_by_role("columnheader", name="Deployed").get_by_role("button").click()
        await expect(page.get_by_role("columnheader", name="Deployed")).to_have_attribute("aria-sort", "descending")
        await expect(page.locator("#rows tr").first).to_contain_text("Ciudad Juárez")
        await expect(page.locator("#announcer")).to_have_attribute("aria-live", "polite")
        await expect(page.locator("#announcer")).to_have_text("Live")
        await context.close()

    browser.run(scenario())


@pytest.mark.parametrize("width", [320, 390, 820, 1400])
def test_no_width_makes_the_page_scroll_sideways(browser, serve, story, width):
    """From a small phone to a desk: everything is within the width, also an open place."""
    site = serve(*story)

    async def scenario() -> None:
        context = await browser.context(viewport={"width": width, "height": 800})
        page, _ = await open_page(context, site.url)
        await open_place(page, "Ciudad Juárez")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await context.close()

    browser.run(scenario())


def test_the_token_is_asked_for_and_sent(browser, serve, story):
    """A wrong one is said to be wrong; the right one opens everything, the stream too, and is not in the address."""
    site = serve(*story, token=TOKEN)

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await page.fill("#token", "a wrong one, but long")
        await page.keyboard.press("Enter")
        await expect(page.locator("#token-problem")).to_have_text("That token was refused.")
        await page.fill("#token", TOKEN)
        await page.keyboard.press("Enter")
        await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        await open_place(page, "Tijuana")
        assert "horse" not in page.url
        await context.close()

    browser.run(scenario())


def test_empty_loading_and_failing_are_told_apart(browser, serve, story):
    """Nothing there yet is not the same as not known yet, nor as an error."""
    site = serve([])

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await expect(page.locator("#notice")).to_contain_text("No place has a figure yet")
        await context.close()

        site.api.follower.caught_up = False
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await expect(page.locator("#notice")).to_have_text("Loading")
        await expect(page.locator("#connection")).to_have_attribute("data-state", "disconnected")
        await context.close()

        site.api.follower.caught_up = True
        site.api.follower.cities["city:1"] = {"place": None}  # what no worker writes
        context = await browser.context()
        page, _ = await open_page(context, site.url)
        await expect(page.locator("#notice")).to_contain_text("The worker answers with an error")
        await context.close()

    browser.run(scenario())


def test_a_city_that_is_gone_says_so(browser, serve, story):
    """An address of a place that no report names any more opens with an explanation."""
    site = serve(*story)

    async def scenario() -> None:
        context = await browser.context()
        page, _ = await open_page(context, f"{site.url}#{json.dumps('city:1')[1:-1]}")
        await expect(page.locator("#place")).to_contain_text("No report names this place")
        await context.close()

    browser.run(scenario())
