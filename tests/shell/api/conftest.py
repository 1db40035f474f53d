"""Totals of the articles in seeds/."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muster.core.model import PlaceTotal
from muster.core.pipeline import totals_of
from muster.shell import codec, offline
from muster.shell.api.routes import Api
from muster.shell.api.totals import TotalsFollower
from muster.shell.settings import Settings

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "articles"


@pytest.fixture(scope="session")
def seed_totals(cache_dir: Path) -> list[PlaceTotal]:
    return totals_of(offline.claims_of(offline.load_extractor(cache_dir), [SEEDS], 1_000_000, []))


@pytest.fixture
def api(seed_totals: list[PlaceTotal]) -> Api:
    """The read API over them."""
    follower = TotalsFollower(Settings())
    for total in seed_totals:
        held = follower.cities if total.location.scope == "city" else follower.regions
        held[total.location.key] = json.loads(codec.total_value(total))
    follower.caught_up = True
    return Api(follower)
