"""The ten articles written last are as the guide has it, and nothing learns from them."""

from __future__ import annotations

from tests.gold import crossvalidation, last_ten, measure


def test_the_articles_are_annotated_as_the_guide_says():
    """Ten, half of each language, some without an event; all evidence is in the text and every total has its event."""
    rows = last_ten.articles()
    assert [sum(row["lang"] == lang for row in rows) for lang in ("en", "es")] == [5, 5]
    assert any(not row["events"] for row in rows)
    for row in rows:
        assert all(event["evidence"] in row["text"] for event in row["events"])
        named = {f"{event['place']}|{event['country']}" for event in row["events"] if event["scope"] == "city"}
        assert row["city_totals"].keys() <= named


def test_nothing_is_learned_from_them():
    """No article that is learned from or scored by cross-validation is one of them."""
    others = [*measure.rows(), *crossvalidation.imitations()]
    assert {row["text"] for row in last_ten.articles()}.isdisjoint(row["text"] for row in others)
