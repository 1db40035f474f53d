"""Phrases that name a region by direction or neighbour: "northern border", "frontera con Guatemala", "southern Mexico".

Such a phrase means something only within a country; which one, the phrase says itself or the article does. Two phrases
for one stretch of border give one region: what Mexico calls its northern border is its border with the United States.
Every phrase is a comparison key (`muster.core.names.fold_name`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from muster.core.countries import Countries
from muster.core.model import Place
from muster.core.names import slug

WORDS_MAX: Final = 10
"""Longest phrase looked at: "border between the United States of America and the ...", with room."""

_DIRECTIONS: Final = {
    "north": ("north", "northern", "norte", "septentrional"),
    "south": ("south", "southern", "sur", "meridional"),
    "east": ("east", "eastern", "este", "oriental"),
    "west": ("west", "western", "oeste", "occidental"),
    "northeast": ("northeast", "northeastern", "noreste", "nororiental", "nordeste"),
    "northwest": ("northwest", "northwestern", "noroeste", "noroccidental"),
    "southeast": ("southeast", "southeastern", "sureste", "suroriental", "sudeste"),
    "southwest": ("southwest", "southwestern", "suroeste", "suroccidental", "sudoeste"),
}
_DIRECTION_OF: Final = {word: direction for direction, words in _DIRECTIONS.items() for word in words}
DIRECTIONS: Final = frozenset(_DIRECTION_OF)
_LINE: Final = "line"
"""A border only between two countries ("the U.S.-Mexico line"): a Northern Line may be a railway."""

_BORDERS: Final = frozenset(
    f"border borders frontier frontiers boundary borderlands {_LINE} frontera fronteras".split()
    + [f"{word} {adjective}" for word in ("franja", "linea", "zona") for adjective in ("fronteriza", "divisoria")]
)
_SKIPPED: Final = frozenset(
    [
        *("the", "a", "s", "its", "their", "our", "with", "between", "and", "of"),
        *("la", "el", "las", "los", "su", "sus", "nuestra", "con", "entre", "y", "de", "del"),
    ]
)
_ARTICLES: Final = frozenset(["the", "el"])
_THE_COUNTRY: Final = frozenset(["country", "nation", "pais", "republica", "nacion"])

FRONTIER_STARTS: Final = frozenset(
    {*_DIRECTION_OF, *_SKIPPED, *_THE_COUNTRY, *(border.split()[0] for border in _BORDERS)}
)
"""First words of the phrases of this module, beside those of countries and demonyms."""

_NEIGHBOUR_SIDES: Final = {
    ("MX", "US"): "north",
    ("MX", "GT"): "south",
    ("MX", "BZ"): "south",
    ("US", "MX"): "south",
    ("US", "CA"): "north",
    ("GT", "MX"): "north",
    ("CA", "US"): "south",
}
"""Borders that go by a direction in their country's press; others are named after the neighbour."""

_SOUTHWEST_IS_SOUTH: Final = "US"
"""The "southwest border" of US law and press is its southern border."""


def border_place(country: str, side: str) -> Place:
    """The region of one side's border, e.g. region:MX:northern-border."""
    if country == _SOUTHWEST_IS_SOUTH and side == "southwest":
        side = "south"
    return Place(key=f"region:{country}:{side}ern-border", name=f"{side.capitalize()}ern border", country=country)


def may_be_frontier(phrase: str, countries: Countries) -> bool:
    """Whether `frontier_place` can find a place for the phrase in some context; False for nearly all phrases."""
    words = phrase.split()
    if not 1 < len(words) <= WORDS_MAX or phrase in countries.by_name:  # South Sudan is no part of Sudan
        return False
    if words[1 if words[0] in _ARTICLES else 0] in _DIRECTION_OF:
        return True
    return any(word in _BORDERS for word in words) or any(" ".join(pair) in _BORDERS for pair in pairwise(words))


def frontier_place(phrase: str, context: Sequence[str], countries: Countries) -> Place | None:
    """The border or part of a country that a folded phrase names, or None.

    `context` are alpha-2 codes, the likeliest first: they decide whose border a bare "northern border" is, and which
    side of "the U.S.-Mexico border" the article stands on.
    """
    if not may_be_frontier(phrase, countries):
        return None
    words = phrase.split()
    for at in range(len(words)):
        for length in (2, 1):
            border = " ".join(words[at : at + length])
            if border in _BORDERS:
                return _border(words[:at] + words[at + length :], border, context, countries)
    return _part(words, context, countries)


def _border(words: list[str], border: str, context: Sequence[str], countries: Countries) -> Place | None:
    """What is left of a phrase around "border": a direction and at most one country, or one or two countries."""
    named, direction, complete = _read(words, countries)
    if not complete or (border == _LINE and len(named) != 2):
        return None
    if direction is not None:
        owner = named[0] if named else next(iter(context), None)
        return None if owner is None or len(named) > 1 else border_place(owner, direction)
    if len(named) == 2:
        owner = next((code for code in context if code in named), named[0])
        return _shared_border(owner, named[1] if owner == named[0] else named[0], countries)
    if len(named) == 1:
        owner = next((code for code in context if code != named[0]), None)
        return None if owner is None else _shared_border(owner, named[0], countries)
    return None


def _shared_border(owner: str, neighbour: str, countries: Countries) -> Place:
    side = _NEIGHBOUR_SIDES.get((owner, neighbour))
    if side is not None:
        return border_place(owner, side)
    name = countries.places[neighbour].name
    return Place(key=f"region:{owner}:border-with-{slug(name)}", name=f"Border with {name}", country=owner)


def _part(words: list[str], context: Sequence[str], countries: Countries) -> Place | None:
    """Part of a country: Southern Mexico, sur de México, norte del país."""
    start = 1 if words[0] in _ARTICLES else 0
    direction = _DIRECTION_OF.get(words[start])
    rest = words[start + 1 :]
    if rest and rest[0] in {"de", "del", "of"}:
        rest = rest[1:]
    if rest and rest[0] in {"the", "la"} and rest[-1] in _THE_COUNTRY:
        rest = rest[1:]
    phrase = " ".join(rest)
    owner = next(iter(context), None) if phrase in _THE_COUNTRY else countries.by_name.get(phrase)
    if direction is None or owner is None:
        return None
    name = f"{direction.capitalize()}ern {countries.places[owner].name}"
    return Place(key=f"region:{owner}:{slug(name)}", name=name, country=owner)


def _read(words: list[str], countries: Countries) -> tuple[list[str], str | None, bool]:
    """Countries in order, the last direction, and whether every word was understood; longest names first."""
    named: list[str] = []
    direction = None
    at = 0
    while at < len(words):
        for end in range(len(words), at, -1):
            code = countries.of_adjective_or_name(" ".join(words[at:end]))
            if code is not None:
                if code not in named:
                    named.append(code)
                at = end
                break
        else:
            if words[at] in _DIRECTION_OF:
                direction = _DIRECTION_OF[words[at]]
            elif words[at] not in _SKIPPED and words[at] not in _THE_COUNTRY:
                return named, direction, False
            at += 1
    return named, direction, True
