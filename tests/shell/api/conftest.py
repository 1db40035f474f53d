"""Totals of the articles in seeds/."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.core.model import PlaceTotal
from muster.core.pipeline import totals_of
from muster.shell import offline

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "articles"


@pytest.fixture(scope="session")
def seed_totals(cache_dir: Path) -> list[PlaceTotal]:
    return totals_of(offline.claims_of(offline.load_extractor(cache_dir), [SEEDS], 1_000_000, []))
