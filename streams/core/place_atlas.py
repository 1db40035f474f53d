"""What is known of names whatever the text: look-ups in the tables, remembered while they are asked for again.

News names the same few thousand places all day. What a name alone tells is worked out once (`Namesakes`, `Opening`) and
kept in bounded tables, least used first out; nothing here depends on any article.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

from muster.core.model import City, Gazetteer, Place
from muster.core.names import fold_name
from muster.core.place_areas import Area
from muster.core.regions import Regions, place_of_city

CANDIDATES_MAX: Final = 40
"""Cities looked at for one name, the most populous first."""

NAMES_REMEMBERED: Final = 8_192
WORDS_REMEMBERED: Final = 16_384
CELL_DEGREES: Final = 1.5
_SMALL_POPULATION: Final = 300


class Cell(NamedTuple):
    """A square of `CELL_DEGREES`. No plain tuple: compiled code takes one apart and puts it together at each look."""

    row: int
    column: int


class Opening(NamedTuple):
    """What a capitalised word may begin: it is itself the key of cities, or longer names begin with it."""

    key: str
    cities: tuple[City, ...]
    goes_on: bool


class Namesakes:
    """The cities of one name, most populous first, with what their table row tells of each."""

    def __init__(self, key: str, cities: tuple[City, ...]) -> None:
        self.key = key
        self.cities = cities
        self.countries = [city.country for city in cities]
        self.different_countries = set(self.countries)
        self.in_area: dict[Area, list[int]] = {}  # area -> which of the cities lie in it
        for i, city in enumerate(cities):
            self.in_area.setdefault(Area(city.country, city.admin1_code), []).append(i)
        self._scores: list[float] | None = None
        self._cells: dict[Cell, float] | None = None

    def scores(self, size: float, official: float, overshadowed: float) -> list[float]:
        """What the table says for each city, weighed: its size, its own name, and larger namesakes in its country."""
        if self._scores is None:
            features = zip(self._sizes(), self._official(), self._overshadowed(), strict=True)
            self._scores = [size * a + official * b + overshadowed * c for a, b, c in features]
        return self._scores

    def _sizes(self) -> list[float]:
        """log10 of the population."""
        return [math.log10(city.population + 30) for city in self.cities]

    def _official(self) -> list[float]:
        """1 if the key is GeoNames' own name, 0.6 if it is a part of it, 0 for a variant or another language's."""
        names = (fold_name(city.name) for city in self.cities)
        return [1.0 if name == self.key else 0.6 if f" {self.key} " in f" {name} " else 0.0 for name in names]

    def _overshadowed(self) -> list[float]:
        """log10 of how many times larger the largest city of the name in the same country is."""
        largest: dict[str, int] = {}
        for city in self.cities:
            largest.setdefault(city.country, city.population)
            largest[city.country] = max(largest[city.country], city.population)
        return [math.log10((largest[c.country] + 300) / (c.population + 300)) for c in self.cities]

    def cells(self) -> dict[Cell, float]:
        """Cell -> the largest share of a city in it or around it, by size: which of them is meant is open."""
        if self._cells is None:
            self._cells = self._shares_of_cells()
        return self._cells

    def _shares_of_cells(self) -> dict[Cell, float]:
        roots = [math.sqrt(city.population + _SMALL_POPULATION) for city in self.cities]
        whole = sum(roots)
        found: dict[Cell, float] = {}
        for city, root in zip(self.cities, roots, strict=True):
            row, column = cell_of(city)
            share = root / whole
            for cell in (Cell(row + i, column + k) for i in (-1, 0, 1) for k in (-1, 0, 1)):
                if share > found.get(cell, 0.0):
                    found[cell] = share
        return found


class Atlas:
    """The gazetteer and the regions as reading asks for them. One a process; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer, regions: Regions) -> None:
        self.regions = regions
        self._gazetteer = gazetteer
        self.namesakes = lru_cache(NAMES_REMEMBERED)(self._namesakes)
        self.opening = lru_cache(WORDS_REMEMBERED)(self._opening)
        self.place = lru_cache(NAMES_REMEMBERED)(self._place)
        self.phrase = lru_cache(WORDS_REMEMBERED)(regions.read)
        self.of_context = lru_cache(NAMES_REMEMBERED)(self._of_context)

    def cities(self, key: str) -> tuple[City, ...]:
        """Cities of a comparison key, most populous first, at most `CANDIDATES_MAX`."""
        return self.namesakes(key).cities

    def _namesakes(self, key: str) -> Namesakes:
        return Namesakes(key, self._gazetteer.lookup(key)[:CANDIDATES_MAX])

    def _opening(self, word: str) -> Opening:
        key = fold_name(word)
        return Opening(key, self.cities(key), bool(key) and self._gazetteer.begins(f"{key} "))

    def _of_context(self, name: str, context: tuple[str, ...]) -> Place | None:
        return self.regions.choose(self.phrase(name), name, context)

    def _place(self, geonames_id: int) -> Place:
        city = self._gazetteer.city(geonames_id)
        assert city is not None, "an id that the gazetteer itself gave"
        return place_of_city(city, self.regions)


def cell_of(city: City) -> Cell:
    return Cell(int(city.lat // CELL_DEGREES), int(city.lon // CELL_DEGREES))
