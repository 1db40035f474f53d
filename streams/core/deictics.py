"""Words that stand for a place named before: "the city", "here", "la entidad"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, NamedTuple

from muster.core.lexicon.places import (
    CITY_DETERMINERS,
    CITY_NOUNS,
    CITY_WORDS,
    COUNTRY_WORDS,
    HERE_WORDS,
    STATE_WORDS,
    THERE_WORDS,
)
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.model import Scope
from muster.core.places import UNSURE_KINDS, Kind, Mention
from muster.core.text import Document

_DeicticScope = Literal["city", "region"]


def _by_first_word(lang: str) -> dict[str, list[tuple[list[str], _DeicticScope]]]:
    table: dict[str, list[tuple[list[str], _DeicticScope]]] = {}
    for phrase in CITY_WORDS[lang]:
        table.setdefault(phrase.split()[0], []).append((phrase.split(), "city"))
    for phrase in STATE_WORDS[lang]:
        table.setdefault(phrase.split()[0], []).append((phrase.split(), "region"))
    return table


_PHRASES: Final = {lang: _by_first_word(lang) for lang in ("en", "es")}
"""Language -> first word -> phrases with the scope that they stand for."""
_STARTS: Final = {
    lang: frozenset({*HERE_WORDS[lang], *THERE_WORDS[lang], *_PHRASES[lang], *CITY_DETERMINERS[lang]})
    for lang in ("en", "es")
}
"""All that stands for a place begins with one of these."""
_COUNTRY_PHRASES: Final = {lang: tuple(f" {phrase} " for phrase in COUNTRY_WORDS[lang]) for lang in ("en", "es")}


@dataclass(slots=True)
class Trace:
    """How the text has named a place so far: in which sentence last, and how often."""

    sentence: int
    times: int


class StandIn(NamedTuple):
    """A word that stands for a place, taken for the likeliest one, and all that it could mean, with the reasons."""

    mention: Mention
    meanings: tuple[tuple[str, Mention], ...]


class Here:
    """Where the text is: the last city and state that it named, where it is filed from, and all that it named."""

    def __init__(self, filed_from: Mention | None, about: Mention | None, titled: Sequence[Mention] = ()) -> None:
        self.titled = titled
        self.filed_from = filed_from
        self.about = about
        self.city = about or filed_from
        self.state: Mention | None = None
        self.trail: dict[str, Trace] = {}
        self._named: dict[Scope, dict[str, Mention]] = {}  # by scope: looking for a state passes by no city
        self._city_paragraph = -1

    def city_of(self, paragraph: int) -> Mention | None:
        """The last city named in this paragraph."""
        return self.city if self._city_paragraph == paragraph else None

    def note(self, named: list[Mention], paragraph: int, sentence: int) -> None:
        """Take in the mentions of a sentence that has been read."""
        for mention in named:
            if mention.kind in UNSURE_KINDS:
                continue
            before = self.trail.get(mention.place.key)
            self.trail[mention.place.key] = Trace(sentence, before.times + 1 if before else 1)
            of_scope = self._named.setdefault(mention.scope, {})
            of_scope.pop(mention.place.key, None)
            of_scope[mention.place.key] = mention
            if mention.scope == "city":
                self.city, self._city_paragraph = mention, paragraph
            elif mention.scope == "region" and not _is_border(mention):
                self.state = mention

    def recent(self, scope: Scope, most: int) -> list[Mention]:
        """The places of this scope named last, the last one first."""
        return list(islice(reversed(self._named.get(scope, {}).values()), most))


def _is_border(mention: Mention) -> bool:
    return "border" in mention.place.key or "frontier" in mention.place.key


def stand_ins(
    document: Document, first: int, last: int, paragraph: int, here: Here, named: list[Mention]
) -> list[StandIn]:
    """The words of tokens first..last-1 that stand for places. `named` are the places that the sentence names."""
    keys, lang = document.keys, document.lang
    found: list[StandIn] = []
    starts = _STARTS[lang]
    done = first
    for i in [i for i, key in enumerate(keys[first:last], first) if key in starts]:
        if i < done:
            continue
        key = keys[i]
        end, hit = i + 1, None
        if key in HERE_WORDS[lang]:
            hit = _meant(i, end, {"filed": here.filed_from, "about": here.about}, "here")
        elif key in THERE_WORDS[lang] and _is_adverb(document, i):
            hit = _meant(i, end, _places_before(i, paragraph, here, named, "there"), "here")
        else:
            scope, end = _phrase_at(document, i, last)
            if scope == "city" and _is_apposition(document, i, named):
                scope = None
            if scope == "city" and not _named_next(document, end, named):
                hit = _meant(i, end, _places_before(i, paragraph, here, named, "city"), "plain")
            elif scope == "region" and not _named_next(document, end, named):
                states = here.recent("region", 2)
                inside = _last_before(named, i, "region")
                known = {"inside": inside, "last": here.state, **{f"recent{k}": m for k, m in enumerate(states)}}
                hit = _meant(i, end, known, "plain")
        if hit is not None:
            found.append(hit)
            done = end
    return found


def _places_before(i: int, paragraph: int, here: Here, named: list[Mention], word: str) -> dict[str, Mention | None]:
    """Reason -> city that a word at token i may stand for, the likeliest first."""
    known = {"inside": _last_before(named, i, "city")}
    if word == "there":
        known |= {"last": here.city}
        states = here.recent("region", 1)
        known |= {"state": states[0] if states else None}
    else:
        known |= {"paragraph": here.city_of(paragraph), "about": here.about, "last": here.city}
    return known | {f"recent{k}": mention for k, mention in enumerate(here.recent("city", 3))}


def _last_before(named: list[Mention], i: int, scope: Scope) -> Mention | None:
    return next((m for m in reversed(named) if m.scope == scope and m.end <= i and m.kind not in UNSURE_KINDS), None)


def _meant(first: int, end: int, known: Mapping[str, Mention | None], kind: Kind) -> StandIn | None:
    meanings = tuple(
        (why, mention._replace(first=first, last=end, end=end, kind=kind))
        for why, mention in known.items()
        if mention is not None
    )
    return StandIn(meanings[0][1], meanings) if meanings else None


def _phrase_at(document: Document, i: int, last: int) -> tuple[_DeicticScope | None, int]:
    """(scope, end) of a phrase like "the border city", "la entidad" at token i."""
    tokens, lang = document.tokens, document.lang
    key = tokens[i].key
    for phrase, scope in _PHRASES[lang].get(key, ()):
        end = i + len(phrase)
        if end <= last and document.keys[i:end] == phrase:
            return scope, end
    if key in CITY_DETERMINERS[lang]:
        for k in range(i + 1, min(last, i + (_ADJECTIVES_MAX + 2 if lang == "en" else 2))):
            if tokens[k].key in CITY_NOUNS[lang]:
                return "city", k + 1
            if tokens[k].kind != "word" or tokens[k].capital or tokens[k].key in FUNCTION_WORDS[lang]:
                break
    return None, i + 1


_ADJECTIVES_MAX: Final = 2


def speaks_of_country(document: Document, first: int, last: int) -> bool:
    """`across the nation`, `en todo el país`: no one city is meant."""
    words = f" {' '.join(document.keys[first:last])} "
    return any(phrase in words for phrase in _COUNTRY_PHRASES[document.lang])


def _is_adverb(document: Document, i: int) -> bool:
    following = document.tokens[i + 1].key if i + 1 < len(document.tokens) else ""
    return following not in ("are", "is", "were", "was", "will", "has", "have", "s", "'s", "'ll", "would")


def _is_apposition(document: Document, i: int, named: list[Mention]) -> bool:
    """`Thessaloniki, the second city,`: the city has been named right before."""
    return document.tokens[i - 1].text == "," and any(m.scope == "city" and m.end == i - 1 for m in named)


def _named_next(document: Document, end: int, named: list[Mention]) -> bool:
    """`the city of Tijuana`, `la ciudad de Tijuana`, `the state of Chihuahua`: the name itself follows."""
    tokens = document.tokens
    joined = end < len(tokens) and (tokens[end].key in ("of", "de", "del") or tokens[end].text == ",")
    at = end + 1 if joined else end
    return any(m.first <= at < m.end for m in named)  # a region's name may begin with "state of"
