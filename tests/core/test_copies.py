"""Copies: connected components of near texts within seven days, found without comparing all pairs."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from muster.core.copies import COPY_SIMILARITY, COPY_WINDOW, copy_groups
from muster.core.fingerprint import fingerprint, similarity

START = datetime(2025, 2, 1, tzinfo=UTC)


def variants(rng, texts, edits):
    """Texts and edited copies of them, each with a date, from oldest to newest."""
    found = []
    for _ in range(texts):
        words = [f"w{rng.randrange(10**6)}" for _ in range(150)]
        for _ in range(rng.randrange(1, 5)):
            for _ in range(rng.randrange(edits)):
                words[rng.randrange(len(words))] = f"e{rng.randrange(10**6)}"
            found.append((START + timedelta(hours=rng.randrange(24 * 30)), fingerprint(" ".join(words))))
    return sorted(found)


def naive_groups(dated):
    groups = list(range(len(dated)))
    for a, b in combinations(range(len(dated)), 2):
        if dated[b][0] - dated[a][0] <= COPY_WINDOW and similarity(dated[a][1], dated[b][1]) >= COPY_SIMILARITY:
            old, new = sorted((groups[a], groups[b]))
            groups = [old if group == new else group for group in groups]
    return groups


@pytest.mark.parametrize("seed", range(8))
def test_the_bands_miss_no_copy(seed):
    """The groups are those that a comparison of all pairs gives."""
    dated = variants(random.Random(seed), texts=12, edits=4)
    assert copy_groups(dated) == naive_groups(dated)


def test_copies_are_copies_for_seven_days_and_through_others():
    """A text of 14 days later is a copy only by way of one in between; one without words is a copy of nothing."""
    text = fingerprint("one two three four five six")
    days = [START, START + timedelta(days=7), START + timedelta(days=14), START + timedelta(days=21, hours=1)]
    assert copy_groups([(day, text) for day in days]) == [0, 0, 0, 3]
    assert copy_groups([(START, ""), (START, "")]) == [0, 1]
