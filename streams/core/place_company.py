"""The company that a city keeps in an article: how many of the article's other cities lie near it.

First all cities of all names are company for each other, weighed by size, since nothing is chosen yet; then the chosen
ones are. Both give the same figure.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from muster.core.model import City

ANCHORS_MAX = 40
"""Names that are company: the most frequent ones."""

MENTIONS_MAX = 3

NEAR_KM = 100.0
KM_PER_DEGREE = 111.2
CELL_DEGREES = 1.5
_FAR_DEGREES = 5.0
_SMALL_POPULATION = 300


class Company(Protocol):
    def near(self, key: str, city: City) -> float:
        """Cities near it, weighed by mentions (at most `MENTIONS_MAX` each); its own name is left out."""
        ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """The city that a name is taken for, and how much it counts."""

    key: str
    city: City
    weight: float


class ChosenCompany:
    """One city for each name."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._anchors = anchors

    def near(self, key: str, city: City) -> float:
        return sum(anchor.weight * nearness(anchor.city, city) for anchor in self._anchors if anchor.key != key)


_Cell = tuple[int, int]


class PossibleCompany:
    """All cities of each name, in cells of `CELL_DEGREES`, so that the work is linear in the cities."""

    def __init__(self, times: Mapping[str, float], candidates: Mapping[str, Sequence[City]]) -> None:
        self._cells: defaultdict[_Cell, float] = defaultdict(float)
        self._cells_of: dict[str, dict[_Cell, float]] = {}
        for key, weight in times.items():
            self._enter(key, candidates[key], weight)

    def near(self, key: str, city: City) -> float:
        cell = _cell(city)
        return self._cells.get(cell, 0.0) - self._cells_of.get(key, {}).get(cell, 0.0)

    def _enter(self, key: str, cities: Sequence[City], weight: float) -> None:
        """Each name counts once in a cell and the cells around it, by its largest city there."""
        sizes = [math.sqrt(city.population + _SMALL_POPULATION) for city in cities]
        whole = sum(sizes)
        cells: dict[_Cell, float] = {}
        for city, size in zip(cities, sizes, strict=True):
            share = weight * size / whole
            row, column = _cell(city)
            for cell in ((row + i, column + k) for i in (-1, 0, 1) for k in (-1, 0, 1)):
                cells[cell] = max(share, cells.get(cell, 0.0))
        self._cells_of[key] = cells
        for cell, share in cells.items():
            self._cells[cell] += share


def _cell(city: City) -> _Cell:
    return int(city.lat // CELL_DEGREES), int(city.lon // CELL_DEGREES)


def nearness(one: City, other: City) -> float:
    """1 at the same place, 1/e at `NEAR_KM`, 0 beyond 5 degrees of latitude."""
    north = one.lat - other.lat
    if abs(north) > _FAR_DEGREES:
        return 0.0
    east = ((one.lon - other.lon + 180) % 360 - 180) * math.cos(math.radians(one.lat))
    return math.exp(-KM_PER_DEGREE * math.hypot(north, east) / NEAR_KM)
