"""Whom a bare number counts, where a word like "the town" points, and what is part of what."""

from __future__ import annotations

import pytest

from muster.core import text
from muster.core.candidates import candidates
from muster.core.referents import Referents


def referent(words, lang):
    """That of the last candidate."""
    document = text.read(words, None, lang)
    assert document is not None
    census = []
    told = [c for s in document.sentences for c in candidates(document, s, census)]
    number = told[-1].number
    return Referents(document, census).before(number.first, number.last)


@pytest.mark.parametrize(
    ("words", "lang", "named"),
    [
        ("Police came at noon. Another 250 are on the way.", "en", "force"),
        ("The applicants queued for the Guard's exam. Applicants, by city. Madrid: 940", "en", "other"),
        ("Llegaron los soldados. Otros 250 vienen.", "es", "force"),
        ("La caravana cruzó el río entre soldados y migrantes. Unos 600 regresaron.", "es", "other"),
    ],
)
def test_a_bare_number_counts_whom_the_text_named_last(words, lang, named):
    """Uniformed people, or others."""
    assert referent(words, lang).named == named


def test_words_for_people_named_before_stand_beside_the_number():
    """ "of them" takes up who was named; "450 arrived" need not."""
    assert referent("The soldiers came. Some 450 of them slept.", "en").pronoun
    assert not referent("The soldiers came. Some 450 are in town.", "en").pronoun
