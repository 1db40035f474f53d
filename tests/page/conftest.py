"""A site with the totals of the seeds, and one with whatever a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.core.pipeline import totals_of
from muster.shell import codec, offline
from muster.shell.api.changes import Changes
from muster.shell.api.routes import Api
from muster.shell.api.totals import TotalsFollower
from muster.shell.settings import Settings
from tests.browser import BrowserThread, Site

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NOON_MS = 1_738_843_200_000


def api_of(totals: list[dict[str, Any]], events: list[dict[str, Any]] = ()) -> Api:  # type: ignore[assignment]
    """An API that has read these CityTotals and RegionTotals and these events."""
    follower, changes = TotalsFollower(Settings()), Changes()
    for total in totals:
        held = follower.regions if "scope" in total else follower.cities
        held[key_of(total)] = total
    follower.caught_up = True
    for number, event in enumerate(events):
        changes.event_came(event, NOON_MS + number)
    return Api(follower, changes)


def key_of(total: dict[str, Any]) -> str:
    if total.get("places"):
        return "multi:" + "+".join(str(place["geonames_id"]) for place in total["places"])
    return str(total["place"]["key"])


@pytest.fixture(scope="session")
def story(cache_dir: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Totals and events of all articles in seeds/."""
    return story_of(cache_dir)


def story_of(cache_dir: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    extractor = offline.load_extractor(cache_dir)
    paths = [SEEDS / "articles", SEEDS / "story"]
    claims = offline.claims_of(extractor, paths, 1_000_000, [])
    totals = [json.loads(codec.total_value(total)) for total in totals_of(claims)]
    events = [event for line in offline.extract_lines(extractor, paths, 1_000_000) for event in line["events"]]
    return totals, events


@pytest.fixture
def serve(browser: BrowserThread) -> Iterator[Callable[..., Site]]:
    """Start a site on totals and events; it is gone after the test."""
    sites: list[Site] = []

    def start(totals: Any, events: Any = (), token: str | None = None) -> Site:
        sites.append(Site(browser, api_of(list(totals), list(events)), token))
        return sites[-1]

    yield start
    for site in sites:
        browser.run(asyncio.wait_for(site.stop(), 60))
