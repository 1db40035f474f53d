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
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from muster.core.model import City
from muster.core.names import fold_name
from muster.core.place_areas import Area, lies_in
from muster.core.place_company import ANCHORS_MAX, MENTIONS_MAX, Anchor, ChosenCompany, Company, PossibleCompany
from muster.core.place_names import Name
from muster.core.place_votes import Votes
from muster.core.regions import Regions

ROUNDS = 2
OWN_NAMES_MAX = 16_384
STATE_MENTIONS_MAX = 3
NEAR_MAX = 7
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

    def of(self, features: Sequence[float]) -> float:
        total = 0.0
        for feature, weight in zip(features, self.values(), strict=True):
            total += feature * weight
        return total

    def values(self) -> tuple[float, ...]:
        return (
            self.size,
            self.area,
            self.country_after,
            self.elsewhere,
            self.country,
            self.state,
            self.near,
            self.official,
            self.home,
            self.overshadowed,
        )


WEIGHTS = Weights()


class Resolver:
    """Resolves the names of one article. `votes` is what the article talks about."""

    def __init__(
        self,
        names: Sequence[Name],
        county_states: Iterable[Sequence[str]],
        regions: Regions,
        home: str | None = None,
        weights: Weights = WEIGHTS,
    ) -> None:
        self._home = home
        self._weights = weights
        self._largest_of: dict[tuple[str, str], int] = {}
        self.votes = Votes(names, county_states, regions)
        self._candidates = {name.key: name.cities for name in names if name.cities}
        self._mentions = _mentions(names)
        self._alone: dict[tuple[str, tuple[Area, ...]], list[float]] = {}  # scores without neighbours
        self._chosen: dict[tuple[str, tuple[Area, ...]], City] = {}
        self._company: Company = PossibleCompany(self._mentions, self._candidates)
        for _ in range(ROUNDS):
            self._company = ChosenCompany(self._anchors())

    def city(self, name: Name) -> City:
        """The city that a name with `cities` means."""
        areas = name.areas or self._areas_of_key(name.key)
        known = self._chosen.get((name.key, areas))
        if known is None:
            known = self._chosen[name.key, areas] = self._best(name.key, name.cities, areas)
        return known

    def near(self, name: Name, city: City) -> float:
        """How many other cities of the article lie close by, falling off with distance."""
        return self._company.near(name.key, city)

    def features(self, key: str, city: City, areas: tuple[Area, ...], *, near: float = 0.0) -> tuple[float, ...]:
        """In the order of `Weights`; `near` is what `Company.near` says."""
        name = _own_name(city.name)
        matched = [area for area in areas if lies_in(city, area)]
        return (
            math.log10(city.population + 30),
            float(any(area.admin1 is not None for area in matched)),
            float(any(area.admin1 is None for area in matched)),
            float(bool(areas) and not matched),
            self.votes.country_share(city.country, key),
            math.log2(1 + min(self.votes.states_of(city), STATE_MENTIONS_MAX)),
            _near_feature(near),
            1.0 if name == key else 0.6 if f" {key} " in f" {name} " else 0.0,
            float(self._home is not None and self._home == city.country),
            math.log10((self._largest(key, city.country) + 300) / (city.population + 300)),
        )

    def _largest(self, key: str, country: str) -> int:
        """Population of the largest city of the name in the country."""
        known = self._largest_of.get((key, country))
        if known is None:
            populations = (city.population for city in self._candidates[key] if city.country == country)
            known = self._largest_of[key, country] = max(populations, default=0)
        return known

    def _areas_of_key(self, key: str) -> tuple[Area, ...]:
        """What follows the name elsewhere in the article, if always the same follows."""
        found = self.votes.areas.get(key)
        return next(iter(found)) if found is not None and len(found) == 1 else ()

    def _anchors(self) -> list[Anchor]:
        anchors = []
        for key, weight in self._mentions.items():
            areas = self._areas_of_key(key)
            city = self._best(key, self._candidates[key], areas)
            anchors.append(Anchor(key, city, weight * (2.0 if areas else 1.0)))
        return anchors

    def _best(self, key: str, cities: Sequence[City], areas: tuple[Area, ...]) -> City:
        if len(cities) == 1:
            return cities[0]
        alone = self._alone.get((key, areas))
        if alone is None:
            alone = self._alone[key, areas] = [self._weights.of(self.features(key, city, areas)) for city in cities]
        weight = self._weights.near
        scores = [
            score + weight * _near_feature(self._company.near(key, city))
            for score, city in zip(alone, cities, strict=True)
        ]
        return cities[scores.index(max(scores))]


def _near_feature(near: float) -> float:
    return math.log2(1 + min(near, NEAR_MAX))


_own_name = lru_cache(OWN_NAMES_MAX)(fold_name)


def _mentions(names: Sequence[Name]) -> dict[str, float]:
    """How much the keys count as company, of those that are mentioned most."""
    times = Counter(name.key for name in names if name.cities and name.part not in ("person", "street"))
    return {key: float(min(count, MENTIONS_MAX)) for key, count in times.most_common(ANCHORS_MAX)}
