"""Any long text is read, in work that grows as the text does, whatever was read before."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.core import limits
from muster.core.extract import extract
from muster.core.model import Article
from muster.core.place_atlas import Atlas
from muster.shell.model_file import load_model
from tests.bench import hostile

NAMES = ["Tijuana", "Paris", "San José", "Springfield", "Nogales", "Victoria", "Santiago de Cuba", "Reading", "La Paz"]
KINDS = hostile.texts(NAMES)
SHORT, LONG = 1_500, 3_000
LONGEST = 30_000
"""Of each kind; a text of the greatest length is read in `test_extract`."""
GROWTH_MAX = 2.4
"""Twice the text is twice the work and a little for chance; quadratic work would be four times as much."""

FRAGMENTS = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        [*NAMES, *hostile.NEWS, "500 soldiers ", "mil 650 guardias ", "northern border ", "St. ", "N.Y., "]
    ),
    st.sampled_from(
        ["\n", "\n\n", " ", "\t", "\u2028", "\x00", "\u0301", "\ud800", "İ", "ß", "ﬁ", "١٢", "½", "²", "-"]
    ),
)
TEXTS = st.lists(st.tuples(FRAGMENTS, st.sampled_from([1, 1, 1, 2, 30, 400])), max_size=25).map(
    lambda parts: "".join(fragment * times for fragment, times in parts)[:20_000]
)


def calls(article, atlas):
    """Functions called while an article is read, those written in C included: work that no clock has to measure."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    choose = load_model().choose
    sys.setprofile(note)
    try:
        extract(article, atlas, choose)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_work_grows_as_the_text_does(kind, atlas):
    """Of a text twice as long at most a little more than twice as much is asked."""
    short, long = (Article("a", KINDS[kind](length), lang="en") for length in (SHORT, LONG))
    extract(long, atlas, load_model().choose)  # what is worked out once a name is known from here on
    assert calls(long, atlas) <= GROWTH_MAX * calls(short, atlas)


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_text_of_one_trouble_is_read(kind, atlas):
    """Within the cap of events, quotes as they stand."""
    text = KINDS[kind](LONGEST)
    events = extract(Article("a", text, lang="en"), atlas, load_model().choose)
    assert len(events) <= limits.EVENTS_PER_ARTICLE_MAX
    for event in events:
        quote = event.assertion.evidence
        assert text[quote.start : quote.end] == quote.quote


@settings(max_examples=20)
@given(text=TEXTS, title=st.none() | st.text(max_size=60), lang=st.sampled_from(["en", "es", None]))
def test_what_was_read_before_does_not_matter(text, title, lang, atlas, gazetteer, regions):
    """An atlas that has seen other texts and a fresh one give the same events."""
    article = Article("a", text, title=title, lang=lang)
    fresh = Atlas(gazetteer, regions)
    assert extract(article, atlas, load_model().choose) == extract(article, fresh, load_model().choose)
