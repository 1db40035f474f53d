"""Extraction on the annotated articles stays above what it has reached; it may only get better."""

from __future__ import annotations

import pytest

from muster.shell.settings import Settings
from tests.gold import measure

FLOORS = {
    "all": {"place+number": 0.71, "status": 0.69, "full": 0.64},
    "stories never read": {"place+number": 0.52, "status": 0.49, "full": 0.43},
}
"""F1 of city events, a little under what was measured; raise them when extraction gets better."""


@pytest.fixture(scope="module")
def scores(cache_dir):
    """Part -> its score."""
    found = measure.predictions(Settings(cache_dir=cache_dir))
    score = measure.scorer()
    return {name: score.score(part, found) for name, part in measure.parts(measure.rows()).items()}


@pytest.mark.parametrize(("part", "level"), [(p, level) for p, levels in FLOORS.items() for level in levels])
def test_city_events_stay_above_the_floor(scores, part, level):
    """No change may cost more than it was measured to gain."""
    assert scores[part]["city"][level]["f1"] >= FLOORS[part][level]


def test_every_quote_is_the_slice_that_its_offsets_name(scores):
    """Evidence is exact for all articles."""
    assert scores["all"]["evidence"] == 1.0


def test_no_article_is_left_out(scores):
    """Every annotated article is read."""
    assert scores["all"]["missing articles"] == 0
