"""The prefilter loses no article that has an event."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core import prefilter
from muster.core.prefilter import relevant
from tests.core import seeds
from tests.core.mutants import mutant

GOLD = [json.loads(line) for line in (seeds.SEEDS / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", [row for row in GOLD if row["events"]], ids=lambda row: row["id"])
def test_gold_articles_with_events_pass(row):
    """Every annotated article that tells of a deployment is read."""
    assert relevant(row["text"], row["title"])


@pytest.mark.parametrize("word", ["policemen", "militares", "guardias"])
def test_a_word_for_a_force_is_seen_although_a_shorter_one_begins_it(word):
    """`policemen` is enough beside a number, `polic` is not."""
    assert prefilter.relevant(f"Naga never had so many {word} on its feast day: there are, as of now, 640.", None)


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


FORCES = st.sampled_from((*prefilter._FORCES, *prefilter._WEAK_FORCES))
CASES = st.sampled_from([str.lower, str.upper, str.title, lambda word: word.replace("k", "\u212a")])
WRITTEN = st.builds(lambda word, case: case(word), FORCES, CASES)


@given(st.lists(st.one_of(WRITTEN, st.text(max_size=4))).map("".join))
def test_the_glance_sees_every_force_however_it_is_written(text):
    """What the look at folded letters finds, the look at bytes lets through: EJÉRCITO, or a K that is a Kelvin sign."""
    if prefilter._FORCE_AUTOMATON.find_matches_as_indexes(text.lower().encode("utf-8", "surrogatepass")):
        assert prefilter._may_name_force(text.encode("utf-8", "surrogatepass"))


def test_the_letters_that_the_glance_looks_for_are_all_there_are():
    """No other letter beyond ASCII has one of ASCII in lower case."""
    beyond = map(chr, range(0x80, sys.maxunicode + 1))
    folding = [letter.encode() for letter in beyond if min(letter.lower()).isascii()]
    assert tuple(folding) == prefilter._LOWER_TO_ASCII
