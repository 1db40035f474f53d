"""Tokens, sentences, paragraphs: every offset is kept and nothing outside white space is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core import text
from muster.core.text import GAP_MAX, SENTENCE_TOKENS_MAX


@given(st.text(max_size=500))
def test_tokens_are_the_text_without_white_space(words):
    """In order, without overlap, each the slice that its offsets name, and together all that is not blank."""
    document = text.read(words, None, "en")
    assert document is not None
    spans = [(start, document.end(i)) for i, start in enumerate(document.starts)]
    assert [words[start:end] for start, end in spans] == [t.text for t in document.tokens]
    assert all(
        min(start - end, GAP_MAX) == document.tokens[i].gap
        for i, ((_, end), (start, _)) in enumerate(pairwise(spans), 1)
    )
    assert "".join(t.text for t in document.tokens) == "".join(words.split())


@given(
    st.lists(st.sampled_from([*"aé\n \t\r.,-3", "n't", "'s", "e\u0301", "\xa0", "\u2028", "\x1c", "x" * 50])).map(
        "".join
    )
)
def test_a_piece_between_blanks_has_the_tokens_that_it_has_in_the_text(words):
    """Pieces are read alone and remembered; the text read as a whole has the same tokens."""
    document = text.read(words, None, "en")
    assert document is not None
    whole = [(match.group(), match.start()) for match in text._TOKEN.finditer(words)]
    assert [(token.text, start) for token, start in zip(document.tokens, document.starts, strict=True)] == whole


@given(st.text(max_size=500), st.none() | st.text(max_size=30))
def test_sentences_lie_within_paragraphs_and_are_bounded(words, title):
    """Paragraphs cover all tokens; sentences cover their bodies, and none is longer than the limit."""
    document = text.read(words, title, "en")
    assert document is not None
    assert sum(p.last - p.first for p in document.paragraphs) == len(document.tokens)
    for index, paragraph in enumerate(document.paragraphs):
        inside = [s for s in document.sentences if s.paragraph == index]
        assert sum(s.last - s.first for s in inside) == paragraph.last - paragraph.body
        assert all(s.last - s.first <= SENTENCE_TOKENS_MAX + 20 for s in inside)


def sentences(words, lang="en"):
    document = text.read(words, None, lang)
    assert document is not None
    return [document.slice(s.first, s.last) for s in document.sentences]


def test_abbreviations_do_not_end_a_sentence():
    """Initials, titles and months with a full stop go on; a new line always ends."""
    assert sentences("Gov. Smith of the U.S. side came on Feb. 3. He left.\nThen rain") == [
        "Gov. Smith of the U.S. side came on Feb. 3.",
        "He left.",
        "Then rain",
    ]


def test_a_dateline_is_not_part_of_the_first_sentence():
    """City, state, date and agency before a dash say where the story is filed."""
    assert sentences("TIJUANA, Mexico (Wire) — They came.") == ["They came."]
    assert sentences("Tijuana, B.C., 8 de febrero.- Llegaron todos.", "es") == ["Llegaron todos."]


@pytest.mark.parametrize(
    "line", ["Also read: 300 soldiers", "Lea también: 300 soldados", "ADVERTISEMENT", "Photo: soldiers in Tijuana"]
)
def test_links_captions_and_adverts_are_furniture(line):
    """Such lines belong to the page and tell nothing."""
    document = text.read(f"The army came.\n{line}\nIt stayed.", None, "en")
    assert document is not None
    assert [p.furniture for p in document.paragraphs] == [False, True, False]


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("The soldiers are in the city and they will stay there for a month.", "en"),
        ("Los soldados llegaron a la ciudad y se quedarán por un mes en el cuartel.", "es"),
        ("Les soldats sont dans la ville et ils y resteront pour un mois avec des vivres.", None),
        ("1,949", None),
    ],
)
def test_the_language_is_told_by_its_little_words(words, lang):
    """Without a stated language; a stated one decides."""
    document = text.read(words, None, None)
    assert (document.lang if document else None) == lang
    assert text.read(words, None, "es-MX") is not None
    assert text.read(words, None, "fr") is None
