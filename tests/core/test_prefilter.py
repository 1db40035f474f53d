"""The prefilter loses no article that has an event."""

from __future__ import annotations

import json

import pytest

from muster.core.prefilter import relevant
from tests.core import seeds
from tests.core.mutants import mutant

GOLD = [json.loads(line) for line in (seeds.SEEDS / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", [row for row in GOLD if row["events"]], ids=lambda row: row["id"])
def test_gold_articles_with_events_pass(row):
    """Every annotated article that tells of a deployment is read."""
    assert relevant(row["text"], row["title"])


def test_mutants_pass():
    """So is every mutated one."""
    assert all(relevant(mutant(n).article.text, None) for n in range(60))


@pytest.mark.parametrize(
    "text",
    [
        "The orchestra sold 412 of 900 seats. The conductor is 61.",
        "El agua subirá 8 por ciento en marzo; en la ciudad hay 34 mil tomas.",
        "Soldiers marched past. Nobody counted them.",
        "",
    ],
)
def test_articles_without_a_force_or_a_number_do_not(text):
    """Both are needed."""
    assert not relevant(text, None)
