"""`the capital`, `la capital haitiana`, `the Haitian capital`: the capital city that such words stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from muster.core.deictics import StandIn
from muster.core.lexicon.capitals import CAPITALS
from muster.core.lexicon.lists import words
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.place_atlas import Atlas
from muster.core.places import Mention
from muster.core.text import Document, Sentence

_DETERMINERS: Final = words("the la its nation's country's s 's su")


def capitals_named(
    document: Document, sentence: Sentence, named: Sequence[Mention], home: str | None, atlas: Atlas
) -> list[StandIn]:
    """Of the country whose adjective stands beside the word, of the one named before it, or of `home`.

    `named` are the places that the sentence names; `home` is the country that the article is about (alpha-2).
    """
    found = []
    for i in range(sentence.first + 1, sentence.last - 1):
        if document.keys[i] == "capital" and not any(
            mention.scope == "city" and mention.first in (i + 1, i + 2) for mention in named
        ):
            country = _country_at(document, i, named, home, atlas)
            capital = None if country is None else CAPITALS.get(country)
            if capital is not None:
                mention = Mention(i, i + 1, i + 1, atlas.place(capital), "city", "here")
                found.append(StandIn(mention, (("capital", mention),)))
    return found


def _country_at(document: Document, i: int, named: Sequence[Mention], home: str | None, atlas: Atlas) -> str | None:
    """The country of the capital at token i; None where the words tell of none, or of another capital."""
    tokens = document.tokens
    before, after = tokens[i - 1], tokens[i + 1]
    for token in (before, after):
        country = atlas.regions.demonym_country(token.key)
        if country is not None:
            return country
    if before.key not in _DETERMINERS:
        return None
    if document.lang == "es" and after.kind == "word" and not after.capital and after.key not in FUNCTION_WORDS["es"]:
        return None  # `la capital sinaloense`: of a state
    return next((m.place.country for m in reversed(named) if m.first < i and m.place.country), home)
