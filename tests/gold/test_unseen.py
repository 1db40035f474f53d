"""The articles that nothing learns from are as the guide has it; the shipped model reads them as well as it did."""

from __future__ import annotations

import pytest

from muster.shell import offline
from tests.gold import crossvalidation, measure, unseen

FLOORS = {"all": 0.50, "plain": 0.70}
"""F1 of city events at level status on the 120, a little under docs/gold/unseen.json."""


@pytest.mark.parametrize(("name", "size"), [("last-ten", 10), ("unseen", 120)])
def test_the_articles_are_annotated_as_the_guide_says(name, size):
    """Half of each language, some without an event; all evidence is in the text and every total has its event."""
    rows = unseen.articles(name)
    assert [sum(row["lang"] == lang for row in rows) for lang in ("en", "es")] == [size // 2, size // 2]
    assert any(not row["events"] for row in rows)
    for row in rows:
        assert all(event["evidence"] in row["text"] for event in row["events"])
        named = {f"{event['place']}|{event['country']}" for event in row["events"] if event["scope"] == "city"}
        assert row["city_totals"].keys() <= named


@pytest.mark.parametrize("name", unseen.SETS)
def test_nothing_is_learned_from_them(name):
    """No article that is learned from or scored by cross-validation is one of them."""
    others = [*measure.rows(), *crossvalidation.imitations()]
    assert {row["text"] for row in unseen.articles(name)}.isdisjoint(row["text"] for row in others)


def test_the_shipped_model_reads_them_as_well_as_it_did(cache_dir):
    """No change of words, rules or weights loses what was reached on articles of others."""
    found = unseen.results("unseen", offline.load_extractor(cache_dir), measure.scorer())
    for part, floor in FLOORS.items():
        assert found[part]["city"]["status"]["f1"] >= floor, part
