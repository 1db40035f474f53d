"""Whether a name in a text is a city at all: a linear score over what stands around it.

Most words that news capitalise are somewhere a town: surnames, months, companies. Each cue that is present adds its
weight (`WEIGHTS`, in the order of the list below); the name is a city when the sum is above 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from muster.core.lexicon.lists import words
from muster.core.model import City
from muster.core.names import fold_name
from muster.core.place_names import IN_WORDS, Name
from muster.core.place_people import SAYING, STRONG, has_age
from muster.core.text import Token

WEIGHTS: Final[dict[str, float]] = {
    "any": -6.5,  # every name
    "size": 1.15,  # each power of ten of the population
    "near": 0.9,  # other cities of the article lie near: log2(1 + cities)
    "state": 0.8,  # its state is mentioned: log2(1 + mentions)
    "words": 0.7,  # more than one word
    "variant": -1.7,  # not GeoNames' own name, nor a part of it
    "region": -1.0,  # also the name of a state or country
    "capitals": 1.8,  # DALLAS
    "title": 1.4,  # in the headline too
    "place elsewhere": 1.3,  # the same name plainly a place in another sentence
    "in": 1.6,  # "in X", "near X", "outside X"
    "to": 0.5,  # "to X", "from X", "at X"
    "of": 0.9,
    "town of": 1.5,  # "the city of X"
    "area after": 1.5,  # "X, Texas"
    "dateline": 0.5,
    "people after": 1.9,  # "X residents", "X-based"
    "force": 0.6,  # "X Police"
    "local body": 0.3,  # "X City Council", "X High School"
    "institution": -1.7,  # "X Tribune"
    "compound": -0.6,  # "X Winds"
    "article": -0.5,  # "the X"
    "street": -2.0,
    "person": -2.4,  # "Mayor X", "Rich X"
    "says": -1.9,  # "X said"
    "age": -1.0,  # "X, 24,"
    "possessive": -0.7,  # "X's"
    "person elsewhere": -1.0,  # a part of somebody's name in another sentence
    "person elsewhere, sure": -2.2,
}

_TO: Final = words("to from at through into toward towards for via leaving between a por hasta")
_TOWN: Final = words("""
    city town village municipality port suburb community borough hamlet ciudad pueblo municipio localidad poblado villa
    capital
""")
_LOCAL: Final = words("""
    council mayor court courthouse hall hospital school schools elementary high fire police airport library board
    chamber department borough town city suburbs district
""")
_PEOPLE_AFTER: Final = words("""
    resident residents native based area suburb suburbs man woman men women couple teen teenager boy girl mayor mother
    father family homes home officials police firefighters officer officers neighborhood residente habitantes vecinos
    """)


class Surroundings(NamedTuple):
    """What the rest of the article tells of a name and its city.

    Attributes:
        near, state: as in `place_resolver`.
        person: `place_people.WEAK` or `STRONG` if a word of it is part of somebody's name elsewhere, else 0.
        placed: the name is plainly a place somewhere in the article.
        titled: it stands in the headline or the publisher's name.
    """

    near: float
    state: float
    person: int
    placed: bool
    titled: bool


def score(tokens: Sequence[Token], name: Name, city: City, around: Surroundings) -> float:
    """Above 0: the name is a city's."""
    weights = WEIGHTS
    total = _of_name(tokens, name, city)
    if around.titled:
        total += weights["title"]
    if around.placed and not name.placed:
        total += weights["place elsewhere"]
    if around.person and name.last == name.first + 1:
        total += weights["person elsewhere, sure" if around.person == STRONG else "person elsewhere"]
    for cue in (_before(tokens, name), _after(tokens, name)):
        if cue is not None:
            total += weights[cue]
    total += weights["size"] * math.log10(city.population + 30)
    if around.near:
        total += weights["near"] * math.log2(1 + min(around.near, 15))
    if around.state:
        total += weights["state"] * math.log2(1 + min(around.state, 7))
    return total


def _of_name(tokens: Sequence[Token], name: Name, city: City) -> float:
    weights = WEIGHTS
    total = weights["any"]
    if name.last - name.first > 1:
        total += weights["words"]
    official = fold_name(city.name)
    if name.key != official and f" {name.key} " not in f" {official} ":
        total += weights["variant"]
    if name.region is not None:
        total += weights["region"]
    if name.part == "institution" and _is_local(tokens, name):
        total += weights["local body"]
    elif name.part != "free":
        total += weights[name.part]
    if name.areas:
        total += weights["area after"]
    for token in tokens[name.first : name.last]:
        if not token.text.isupper():
            return total
    return total + weights["capitals"]


def _is_local(tokens: Sequence[Token], name: Name) -> bool:
    """One of the capitalised words after the name is of a body or a service that every town has."""
    following = tokens[name.last : name.last + 4]
    return any(token.key in _LOCAL for token in takewhile(lambda token: token.capital, following))


def _before(tokens: Sequence[Token], name: Name) -> str | None:
    before = tokens[name.first - 1] if name.first > 0 and not tokens[name.first].glued else None
    if before is None:
        return None
    if before.key in IN_WORDS:
        return "in"
    if before.key in _TO:
        return "to"
    if before.key in ("of", "de"):
        head = tokens[name.first - 2] if name.first > 1 else before
        return "town of" if head.key in _TOWN else None if head.capital else "of"  # University of Dallas
    return None


def _after(tokens: Sequence[Token], name: Name) -> str | None:
    if name.last >= len(tokens):
        return None
    after = tokens[name.last]
    if after.key in SAYING:
        return "says"
    based = after.text == "-" and name.last + 1 < len(tokens) and tokens[name.last + 1].key in _PEOPLE_AFTER
    if based or after.key in _PEOPLE_AFTER:
        return "people after"
    if after.key == "'s":
        return "possessive"
    return "age" if has_age(tokens, name.last) else None
