"""Which city a name means: a linear score over the cities of the name, with all names of the article resolved together.

The features, each worth its weight (`Weights`):

    size          log10 of the population: without other cues the larger one is meant
    area          the state or province that follows the name is the city's ("Paris, Texas", "Paris, Tex.")
    country_after the country that follows is the city's
    elsewhere     a state or country follows, and it is another one
    country       share of the article's mentions of places that lie in the city's country
    state         mentions of the city's state or province in the article, by name, abbreviation or county
    near          other cities of the article within some 100 km
    official      the name is GeoNames' own; 0.6 if only a part of it; 0 for a variant or another language's
    home          the publisher's domain ends in the city's country
    overshadowed  log10 of how many times larger the largest city of the name in the same country is

A name is resolved once for the article: a state after one of its mentions counts for all of them, unless mentions are
followed by different states. First every city of every other name is company (`place_company`), then the chosen ones
are, `ROUNDS` times. Bounded by `ANCHORS_MAX` names times `CANDIDATES_MAX` cities times `ANCHORS_MAX`.

What the table tells of each city (size, official, overshadowed) is worked out once a name (`place_atlas.Namesakes`),
and company is asked for only where it can still decide, which is for few.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from muster.core.model import City
from muster.core.place_areas import Area, lies_in
from muster.core.place_atlas import Atlas, Namesakes
from muster.core.place_company import ANCHORS_MAX, MENTIONS_MAX, Anchor, ChosenCompany, Company, PossibleCompany
from muster.core.place_names import Name
from muster.core.place_votes import Votes

ROUNDS: Final = 2
STATE_MENTIONS_MAX: Final = 3
NEAR_MAX: Final = 7
"""More neighbours or mentions say no more: a metropolis must not lose its name to a village near the scene."""


@dataclass(frozen=True, slots=True)
class Weights:
    size: float = 1.2
    area: float = 3.0
    country_after: float = 2.5
    elsewhere: float = -1.5
    country: float = 4.0
    state: float = 2.3
    near: float = 2.0
    official: float = 3.0
    home: float = 3.5
    overshadowed: float = -1.0


WEIGHTS: Final = Weights()

_Key = tuple[str, tuple[Area, ...]]
"""A name and what follows it."""


class Resolver:
    """Resolves the names of one article. `votes` is what the article talks about."""

    def __init__(
        self, names: Sequence[Name], county_states: Iterable[Sequence[str]], atlas: Atlas, home: str | None = None
    ) -> None:
        self._home = home
        self._atlas = atlas
        self.votes = Votes(names, county_states, atlas.regions)
        self._mentions = _mentions(names)
        self._alone: dict[
            _Key, list[tuple[float, int]]
        ] = {}  # minus the scores alone, highest first, of cities that may win
        self._chosen: dict[_Key, City] = {}
        self._company: Company = PossibleCompany(
            [(atlas.namesakes(key), weight) for key, weight in self._mentions.items()]
        )
        anchors: list[Anchor] = []
        for _ in range(ROUNDS):
            before, anchors = anchors, self._anchors()
            if anchors == before:
                break  # the same company would choose the same again
            self._company = ChosenCompany(anchors)
            self._chosen.clear()

    def city(self, name: Name) -> City:
        """The city that a name with `cities` means."""
        return self._choose(name.key, name.areas or self._areas_of_key(name.key))

    def near(self, name: Name, city: City) -> float:
        """How many other cities of the article lie close by, falling off with distance."""
        return self._company.near(name.key, city)

    def _choose(self, key: str, areas: tuple[Area, ...]) -> City:
        known = self._chosen.get((key, areas))
        if known is None:
            known = self._chosen[key, areas] = self._best(self._atlas.namesakes(key), areas)
        return known

    def _areas_of_key(self, key: str) -> tuple[Area, ...]:
        """What follows the name elsewhere in the article, if always the same follows."""
        found = self.votes.areas.get(key)
        return next(iter(found)) if found is not None and len(found) == 1 else ()

    def _anchors(self) -> list[Anchor]:
        anchors = []
        for key, weight in self._mentions.items():
            areas = self._areas_of_key(key)
            anchors.append(Anchor(key, self._choose(key, areas), weight * (2.0 if areas else 1.0)))
        return anchors

    def _best(self, names: Namesakes, areas: tuple[Area, ...]) -> City:
        """The first of the cities with the highest score."""
        cities = names.cities
        if len(cities) == 1:
            return cities[0]
        alone = self._alone.get((names.key, areas))
        if alone is None:
            scores = self._scores(names, areas)
            top = max(scores)
            alone = sorted([(-score, i) for i, score in enumerate(scores) if score + _NEAR_SCORE_MAX >= top])
            self._alone[names.key, areas] = alone
        if len(alone) == 1:
            return cities[alone[0][1]]
        best, chosen = -math.inf, 0
        for minus_score, i in alone:
            if _NEAR_SCORE_MAX - minus_score < best:
                break
            near = min(self._company.near(names.key, cities[i]), NEAR_MAX)
            whole = _NEAR_WEIGHT * math.log2(1 + near) - minus_score
            if whole > best or (whole == best and i < chosen):
                best, chosen = whole, i
        return cities[chosen]

    def _scores(self, names: Namesakes, areas: tuple[Area, ...]) -> list[float]:
        """The score of each city without its neighbours."""
        shares: dict[str, float] = {}
        for country in names.different_countries:
            home = WEIGHTS.home if country == self._home else 0.0
            shares[country] = home + WEIGHTS.country * self.votes.country_share(country, names.key)
        by_table = names.scores(WEIGHTS.size, WEIGHTS.official, WEIGHTS.overshadowed)
        scores = [score + shares[country] for score, country in zip(by_table, names.countries, strict=True)]
        for area, mentions in self.votes.states.items():
            told = WEIGHTS.state * math.log2(1 + min(mentions, STATE_MENTIONS_MAX))
            for i in names.in_area.get(area, ()):
                scores[i] = by_table[i] + (shares[area.country] + told)
        if areas:
            return [score + _of_areas(city, areas) for score, city in zip(scores, names.cities, strict=True)]
        return scores


def _of_areas(city: City, areas: tuple[Area, ...]) -> float:
    """What the states and countries that follow the name are worth."""
    matched = [area for area in areas if lies_in(city, area)]
    if not matched:
        return WEIGHTS.elsewhere
    state = any(area.admin1 is not None for area in matched)
    country = any(area.admin1 is None for area in matched)
    return WEIGHTS.area * state + WEIGHTS.country_after * country


_NEAR_WEIGHT: Final = WEIGHTS.near
_NEAR_SCORE_MAX: Final = WEIGHTS.near * math.log2(1 + NEAR_MAX)


def _mentions(names: Sequence[Name]) -> dict[str, float]:
    """How much the keys count as company, of those that are mentioned most."""
    times = Counter(name.key for name in names if name.cities and name.part not in ("person", "street"))
    return {key: float(min(count, MENTIONS_MAX)) for key, count in times.most_common(ANCHORS_MAX)}
