"""Whom a number counts."""

from __future__ import annotations

import pytest

from muster.core import forces, numbers, text


def phrases(words, lang):
    document = text.read(words, None, lang)
    assert document is not None
    last = document.sentences[-1].last
    found = [forces.counted(document, n, last) for n in numbers.find(document, 0, last)]
    return [c for c in found if c is not None]


def counted(words, lang="en"):
    return [(c.kind, forces.category_of(c.categories)) for c in phrases(words, lang)]


def doubts(words):
    return [c.doubt for c in phrases(words, "en")]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("300 soldiers", "army"),
        ("300 heavily armed federal police officers", "police"),
        ("300 marines", "marines"),
        ("300 National Guard members", "national_guard"),
        ("300 members of Mexico's National Guard", "national_guard"),
        ("300 troops", "unspecified"),
        ("300 soldiers and police", "mixed"),
        ("300 sailors", "navy"),
        ("300 soldiers and National Guardsmen", "mixed"),
        ("300 military police", "army"),
        ("300 gendarmes", "paramilitary"),
        ("300 CRPF personnel", "paramilitary"),
        ("300 U.N. peacekeepers", "peacekeepers"),
        ("300 state police", "police"),
        ("300 Border Patrol agents", "federal_agents"),
        ("300 members of the armed forces and the police", "mixed"),
    ],
)
def test_english_noun_phrases_have_their_category(words, category):
    """The words right after the number decide."""
    assert counted(f"They sent {words} to the town.") == [("explicit", category)]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("300 elementos de la Guardia Nacional", "national_guard"),
        ("300 soldados", "army"),
        ("300 efectivos", "unspecified"),
        ("300 agentes de la Policía Federal", "police"),
        ("300 militares de élite", "army"),
        ("300 infantes de Marina", "marines"),
        ("300 elementos del Ejército y la Guardia Nacional", "mixed"),
        ("300 guardias civiles", "paramilitary"),
        ("300 policías militares", "army"),
        ("300 agentes federales", "federal_agents"),
    ],
)
def test_spanish_noun_phrases_have_their_category(words, category):
    """The same in Spanish."""
    assert counted(f"Enviaron {words} a la ciudad.", "es") == [("explicit", category)]


@pytest.mark.parametrize(
    "words",
    [
        "300 migrants",
        "300 people",
        "300 kilometers of fence",
        "300 dead soldiers' names",
        "300 arrests",
        "300 soldiers killed",
        "300 recruits",
        "300 army trucks",
        "300 police dogs",
        "300 officers wounded",
    ],
)
def test_other_people_and_things_are_not_counted(words):
    """An unknown noun counts something else; casualties are no deployment."""
    assert counted(f"They saw {words} in the town.") == []


def test_a_number_without_a_noun_is_in_doubt_where_its_clause_counts_others():
    """ "will get 1,949." is not in doubt; "47 of the victims" and "murders rose to 90" are."""
    assert doubts("The town will get 1,949.") == [False]
    assert doubts("Some 47 of the victims were in town.") == [True]
    assert doubts("The murders rose to 90 in the town.") == [True]


@pytest.mark.parametrize(
    ("words", "lang", "category"),
    [
        ("some 1,800 of its soldiers", "en", "army"),
        ("1,700 of the Guard", "en", "national_guard"),
        ("250 de los guardias", "es", "national_guard"),
    ],
)
def test_a_number_of_a_force_counts_it(words, lang, category):
    """What a number is part of is whom it counts."""
    assert counted(f"{words} .", lang) == [("explicit", category)]
