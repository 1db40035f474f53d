"""What an article talks about: votes of its regions, counties and cities for countries and states."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from muster.core.model import City
from muster.core.place_areas import COUNTY_STATES_MAX, POSTAL_COUNTRY, Area, lies_in
from muster.core.place_names import Name
from muster.core.regions import Regions

_SURE_POPULATION: Final = 200_000
_SURE_RATIO: Final = 8
"""A city so large, and so much larger than the next of its name, votes for its country without other cues."""

_SHARE_MAX: Final = 0.6
RIVAL_POPULATION: Final = 100_000
"""A city so large is as likely meant as the state or country of the same name."""


class Votes:
    """Counted once for an article.

    Attributes:
        countries: alpha-2 -> votes.
        states: area -> mentions by name, abbreviation or county (a county of n states is 1/n mention of each).
        areas: key of a name -> what follows its mentions.
        total: all votes for countries.
    """

    def __init__(self, names: Sequence[Name], county_states: Iterable[Sequence[str]], regions: Regions) -> None:
        self.countries: Counter[str] = Counter()
        self.states: defaultdict[Area, float] = defaultdict(float)
        self.areas: dict[str, Counter[tuple[Area, ...]]] = {}
        self._own: Counter[tuple[str, str]] = Counter()  # (country, key): votes of the key's own cities
        for name in names:
            if name.region is not None:
                self._read_region(name, regions)
            elif name.cities and name.part not in ("person", "street"):
                self._read_city(name)
            if name.areas:
                self._read_areas(name)
        for states in county_states:
            self._read_county(states)
        self.total = self.countries.total()

    def country_share(self, country: str, key: str = "") -> float:
        """Share of the votes that a country has, at most 0.6; votes of the key's own cities are no votes for it."""
        own = self._own.get((country, key), 0)
        total = self.total - own
        return min((self.countries.get(country, 0) - own) / total, _SHARE_MAX) if total > 0 else 0.0

    def of_others(self, country: str, key: str) -> int:
        """Votes of a country without those that the key's own mentions gave."""
        return self.countries[country] - self._own[country, key]

    def states_of(self, city: City) -> float:
        """Mentions of the city's state."""
        return self.states.get(Area(city.country, city.admin1_code), 0.0)

    def _read_region(self, name: Name, regions: Regions) -> None:
        assert name.region is not None
        place, scope = name.region
        area = regions.area_of(place)
        if not place.country or "border" in place.key:
            return
        rival = name.cities[0] if name.cities else None
        if rival is not None and rival.population >= RIVAL_POPULATION and not (area and lies_in(rival, area)):
            return  # Washington is no vote for the state; Texas is one, though there is a village of the name
        self.countries[place.country] += 1 if scope == "country" else 2
        if rival is not None and rival.population >= RIVAL_POPULATION:
            self._own[place.country, name.key] += 1 if scope == "country" else 2
        elif scope == "region" and area is not None:
            self.states[area] += 1

    def _read_city(self, name: Name) -> None:
        top = name.cities[0]
        rival = name.cities[1].population if len(name.cities) > 1 else 0
        sure = top.population > _SURE_POPULATION and top.population > _SURE_RATIO * rival
        if sure or len(name.cities) == 1:
            votes = 3 if sure else 1
            self.countries[top.country] += votes
            self._own[top.country, name.key] += votes

    def _read_areas(self, name: Name) -> None:
        self.areas.setdefault(name.key, Counter())[name.areas] += 1
        for area in name.areas:
            if any(lies_in(city, area) for city in name.cities):
                self.countries[area.country] += 2
                if area.admin1 is not None:
                    self.states[area] += 1
                return

    def _read_county(self, states: Sequence[str]) -> None:
        if 0 < len(states) <= COUNTY_STATES_MAX:
            self.countries[POSTAL_COUNTRY] += 1
            for state in states:
                self.states[Area(POSTAL_COUNTRY, state)] += 1 / len(states)
