"""Where: mentions of cities, regions and countries, with the country chosen by what the article talks about.

Two passes: the first finds names and lets countries, states, demonyms and big cities vote for countries; the second
chooses one city for each name. Names that are parts of a person's, an organisation's or a street's name are left out
or marked.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from muster.core.lexicon.forces import MODIFIERS
from muster.core.lexicon.lists import words
from muster.core.lexicon.places import (
    BEFORE_PLACES,
    NOT_PLACE_PHRASES,
    NOT_PLACES,
    ORGANISATIONS_AFTER,
    PERSON_TITLES,
    STREETS_AFTER,
    STREETS_BEFORE,
)
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS, MONTHS, WEEKDAYS
from muster.core.model import City, Gazetteer, Place, Scope
from muster.core.names import fold_name
from muster.core.region_names import RegionFinder
from muster.core.regions import Regions, place_of_city
from muster.core.text import Document, Token, tokenize

NAME_TOKENS_MAX = 7
POPULATION_MIN_IN = 15_000
POPULATION_MIN_ALONE = 90_000
"""Least population of a one-word name in a country that the article does not mention otherwise."""

_CONNECTORS = words("de del la las los el of the al do da dos san")
_TITLE_CASE_SHARE = 0.6
_CANDIDATES_MAX = 40
_STATES_FIRST = frozenset({"MX", "US"})
"""Where the press means the state when city and state share a name."""
_FORT_CITY_POPULATION_MIN = 60_000
_HAMLET_POPULATION = 1_000
_HOME_SHARE = 0.3
"""A country with less of the article's votes is not what it is about."""
_CITY_STATES = {"HK": "hong kong", "SG": "singapore", "MO": "macau"}
"""Countries that are one city: any place there is that city (gold/GUIDE.md: a district counts under its city)."""

Kind = Literal["plain", "dateline", "organisation", "here"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a place at tokens first..last-1; `end` also covers an apposition ("Tijuana, Baja California,")."""

    first: int
    last: int
    end: int
    place: Place
    scope: Scope
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Name:
    """A name before the choice of a city."""

    first: int
    last: int
    kind: Kind
    cities: tuple[City, ...]
    region: tuple[Place, Scope] | None


class PlaceFinder:
    """Finds the mentions of one document."""

    def __init__(self, document: Document, title: str | None, gazetteer: Gazetteer, regions: Regions) -> None:
        self._document = document
        self._gazetteer = gazetteer
        self._regions = regions
        self._region_finder = RegionFinder(document, title, regions)
        self._lower_words = {t.key for t in document.tokens if t.kind == "word" and not t.capital}
        self._looked_up: dict[str, tuple[City, ...]] = {}
        self._votes: Counter[str] = Counter()
        self._admin_votes: Counter[tuple[str, str]] = Counter()
        self._title_tokens = tokenize(title or "")

    def mentions(self) -> list[Mention]:
        """Mentions in text order, not overlapping. Names are read twice: to vote, then in the light of the votes."""
        self._vote(self._all_names())
        self._vote(self._names(self._title_tokens, 0, len(self._title_tokens), "plain", title_case=True))
        self._region_finder.prefer([country for country, _ in self._votes.most_common(5)])
        found = [m for m in (self._choose(name) for name in self._all_names()) if m is not None]
        return self._appositions(found)

    def _all_names(self) -> list[_Name]:
        document = self._document
        names: list[_Name] = []
        for paragraph in document.paragraphs:
            if paragraph.furniture:
                continue
            title_case = self._is_title_case(paragraph.first, paragraph.last)
            names += self._names(document.tokens, paragraph.first, paragraph.body, "dateline", title_case=True)
            names += self._names(document.tokens, paragraph.body, paragraph.last, "plain", title_case=title_case)
        return names

    def _is_title_case(self, first: int, last: int) -> bool:
        words = [
            t for t in self._document.tokens[first : min(last, first + 40)] if t.kind == "word" and len(t.text) > 3
        ]
        return last - first < 40 and bool(words) and sum(t.capital for t in words) >= _TITLE_CASE_SHARE * len(words)

    def _names(self, tokens: list[Token], first: int, last: int, kind: Kind, *, title_case: bool) -> list[_Name]:
        names: list[_Name] = []
        i = first
        while i < last:
            name = self._name_at(tokens, i, first, last, kind, title_case=title_case)
            if name is None:
                i += 1
            else:
                names.append(name)
                i = name.last
        return names

    def _name_at(
        self, tokens: list[Token], i: int, first: int, last: int, kind: Kind, *, title_case: bool
    ) -> _Name | None:
        token = tokens[i]
        if token.kind != "word":
            return None
        region = self._regions_at(tokens, i, last)
        ends = _name_ends(tokens, i, last) if token.capital else []
        for end in reversed(ends):
            if region is not None and end < region[0]:
                break
            if end == i + 1 and (
                token.key in NOT_PLACES or token.key in _VOCABULARY or len(token.text) < 3 or self._is_common(token)
            ):
                continue
            folded = fold_name(_slice(self._document, tokens, i, end))
            cities = () if folded in NOT_PLACE_PHRASES else self._lookup(folded)
            if not cities:
                continue
            if end == i + 1 and token.key in FUNCTION_WORDS[self._document.lang]:
                continue
            shown = kind if kind == "dateline" else self._kind(tokens, i, end, first, last, title_case=title_case)
            if shown is None:
                continue
            both = region[1:] if region is not None and region[0] == end else None
            return _Name(i, end, shown, cities, both)
        if region is None or (region[0] == i + 1 and token.key in NOT_PLACES):
            return None
        if not token.capital and not region[1].key.startswith("region:"):
            return None
        return _Name(i, region[0], kind, (), region[1:])

    def _lookup(self, folded: str) -> tuple[City, ...]:
        found = self._looked_up.get(folded)
        if found is None:
            found = self._looked_up[folded] = self._gazetteer.lookup(folded)[:_CANDIDATES_MAX]
        return found

    def _is_common(self, token: Token) -> bool:
        return token.key in self._lower_words or token.key in MONTHS or token.key in WEEKDAYS

    def _regions_at(self, tokens: list[Token], i: int, last: int) -> tuple[int, Place, Scope] | None:
        return self._region_finder.at(tokens, i, last)

    def _kind(self, tokens: list[Token], i: int, end: int, first: int, last: int, *, title_case: bool) -> Kind | None:
        """None: part of a person's or a street's name."""
        if (
            i > first
            and not tokens[i].glued
            and self._belongs_to_name_before(tokens, i, end, first, title_case=title_case)
        ):
            return None
        after = tokens[end] if end < last else None
        if after is None or after.kind != "word" or after.glued:
            return "plain"
        if after.key in _FORCES_AFTER and (after.capital or after.key == "police"):
            return "organisation"
        if after.key in (ORGANISATIONS_AFTER if after.capital else STREETS_AFTER):
            return None
        if title_case or not after.capital or self._may_stand_after(tokens, end, last):
            return "plain"
        return None

    def _belongs_to_name_before(self, tokens: list[Token], i: int, end: int, first: int, *, title_case: bool) -> bool:
        """`Mayor Victoria`, `calle Juárez`, `Benito Juárez`, `the Met`."""
        before = tokens[i - 1]
        if before.text == "." and i - 2 >= first and tokens[i - 2].key in PERSON_TITLES:
            return True
        if before.kind != "word":
            return False
        if before.key in STREETS_BEFORE or (before.key in PERSON_TITLES and before.capital):
            return True
        if end == i + 1 and before.key in _ARTICLES_BEFORE and tokens[i].key not in _WITH_ARTICLE:
            return end >= len(tokens) or tokens[end].key not in _AREA_WORDS  # but `the Chicago area`
        allowed = before.key in BEFORE_PLACES or before.key in FUNCTION_WORDS[self._document.lang]
        starts = i - 1 == first or tokens[i - 2].text in '.!?:“"'
        return before.capital and not title_case and not allowed and not starts

    def _may_stand_after(self, tokens: list[Token], i: int, last: int) -> bool:
        """Capitalised words that may follow a place without making one name with it: `Tijuana Wednesday`."""
        token = tokens[i]
        little = token.key in WEEKDAYS or token.key in MONTHS or token.key in FUNCTION_WORDS[self._document.lang]
        return little or token.text.isupper() or self._regions_at(tokens, i, last) is not None

    def _vote(self, names: list[_Name]) -> None:
        for name in names:
            if name.region is not None:
                place, scope = name.region
                if name.cities and place.country != name.cities[0].country:
                    continue
                if place.country and not _is_border(place):
                    self._votes[place.country] += 1 if scope == "country" else 2
                    if scope == "region":
                        self._admin_votes[(place.country, fold_name(place.name))] += 1
            elif name.cities:
                top = name.cities[0]
                rival = name.cities[1].population if len(name.cities) > 1 else 0
                if top.population > 200_000 and top.population > 8 * rival:
                    self._votes[top.country] += 3
                elif len(name.cities) == 1:
                    self._votes[top.country] += 1

    def _choose(self, name: _Name) -> Mention | None:
        city = self._best_city(name) if name.cities else None
        if city is not None and city.country in _CITY_STATES:
            city = next(iter(self._lookup(_CITY_STATES[city.country])), city)
        if name.region is not None and not (city is not None and self._city_wins(city, name.region)):
            place, scope = name.region
            return Mention(name.first, name.last, name.last, place, scope, name.kind)
        if city is None:
            return None
        return Mention(name.first, name.last, name.last, place_of_city(city, self._regions), "city", name.kind)

    def _best_city(self, name: _Name) -> City | None:
        hint = self._hint(name)
        spelled = fold_name(_slice(self._document, self._document.tokens, name.first, name.last))
        city = max(name.cities, key=lambda c: self._score(c, spelled, hint))
        if spelled.startswith(("fort ", "camp ")) and city.population < _FORT_CITY_POPULATION_MIN:
            return None  # a base, not a town
        if hint is not None or name.last - name.first > 1:
            return city
        votes = self._votes[city.country]
        least = POPULATION_MIN_IN if self._follows_preposition(name) else POPULATION_MIN_ALONE
        if not votes and city.population < least:
            return None
        foreign = votes < _HOME_SHARE * sum(self._votes.values())
        return None if foreign and city.population < _HAMLET_POPULATION and name.kind != "dateline" else city

    def _follows_preposition(self, name: _Name) -> bool:
        tokens = self._document.tokens
        return name.first > 0 and tokens[name.first - 1].key in ("in", "to", "en")

    def _score(self, city: City, spelled: str, hint: str | None) -> float:
        """Size, the share of the city's country in the article, its state's mention, its own name, what follows it."""
        total = sum(self._votes.values())
        share = self._votes[city.country] / total if total else 0.0
        admin = fold_name(self._regions.admin1_name(city.country, city.admin1_code) or "")
        score = math.log10(city.population + 30) + 4.0 * min(share, 0.6)
        score += 1.0 if admin and self._admin_votes[(city.country, admin)] else 0.0
        name = fold_name(city.name)
        score += 0.4 if name == spelled else 0.0
        score += 0.8 if f" {spelled} " in f" {name} " else 0.0  # not another language's name for a larger city
        if hint == city.country:
            return score + 3.0
        return score + 6.0 if hint is not None and hint == admin else score

    def _city_wins(self, city: City, region: tuple[Place, Scope]) -> bool:
        """A name that is both: a metropolis is the city, else it is the state, if the article is about its country."""
        place, scope = region
        if scope == "country":
            return city.population > 1_000_000 and fold_name(city.name) == fold_name(place.name)
        if (city.country, city.admin1_code) == ("US", "DC"):
            return True
        if place.country != city.country:
            return self._votes[city.country] >= self._votes[place.country or ""]
        return city.population >= (2_000_000 if city.country in _STATES_FIRST else 30_000)

    def _hint(self, name: _Name) -> str | None:
        """Country code or folded admin1 that follows: "Juárez, Chihuahua", "Acuña (Coahuila)"."""
        tokens = self._document.tokens
        i = name.last
        if i + 1 < len(tokens) and tokens[i].text in ",(":
            hit = self._regions_at(tokens, i + 1, len(tokens))
            if hit is not None:
                _, place, scope = hit
                return place.country if scope == "country" else fold_name(place.name)
        return None

    def _appositions(self, found: list[Mention]) -> list[Mention]:
        """A state or country right after a city tells which city it is and is no place of its own."""
        tokens = self._document.tokens
        merged: list[Mention] = []
        for mention in found:
            before = merged[-1] if merged else None
            if (
                before is not None
                and before.scope == "city"
                and mention.scope in ("region", "country")
                and mention.first == before.end + 1
                and tokens[before.end].text in ",("
                and before.place.country == mention.place.country
                and self._closes(mention)
                and (mention.scope == "country" or self._same_admin(before, mention))
            ):
                end = mention.end
                if end < len(tokens) and tokens[end].text in ".)":
                    end += 1
                merged[-1] = replace(before, end=end)
                continue
            merged.append(mention)
        return merged

    def _closes(self, mention: Mention) -> bool:
        tokens = self._document.tokens
        return mention.last >= len(tokens) or tokens[mention.last].kind == "mark" or not tokens[mention.last].glued

    def _same_admin(self, city: Mention, region: Mention) -> bool:
        return bool(city.place.admin1) and fold_name(city.place.admin1 or "") == fold_name(region.place.name)


_VOCABULARY = {
    word for table in CUES.values() for cues in table.values() for phrase, _ in cues for word in phrase
} | MODIFIERS["en"]
"""Words of deployment: in a headline they are capitalised too, and some are towns somewhere."""
_FORCES_AFTER = frozenset({"police", "guard", "sheriff", "constabulary"})
_ARTICLES_BEFORE = words("the la el los las lo his her their su")
_AREA_WORDS = words("area region suburbs metropolitan metro")
_WITH_ARTICLE = words("bronx habana paz haya hague sasabe")


def _is_border(place: Place) -> bool:
    return "border" in place.key


def _slice(document: Document, tokens: list[Token], first: int, last: int) -> str:
    if tokens is document.tokens:
        return document.text[tokens[first].start : tokens[last - 1].end]
    return " ".join(t.text for t in tokens[first:last])


def _name_ends(tokens: list[Token], i: int, last: int) -> list[int]:
    """Ends of the capitalised runs that start at token i, shortest first."""
    ends: list[int] = []
    k = i
    while k < min(last, i + NAME_TOKENS_MAX):
        token = tokens[k]
        if token.kind == "word" and token.capital:
            k += 1
            ends.append(k)
        elif (token.kind == "word" and k > i and (token.key in _CONNECTORS or token.glued)) or (
            token.text in "-\u2019'."
            and k > i
            and token.glued
            and k + 1 < last
            and (tokens[k + 1].glued or (token.text == "." and len(tokens[k - 1].text) <= 2))
        ):
            k += 1
        else:
            break
    return ends
