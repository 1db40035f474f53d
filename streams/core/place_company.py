"""The company that a city keeps in an article: how many of the article's other cities lie near it.

First all cities of all names are company for each other, weighed by size, since nothing is chosen yet; then the chosen
ones are. Both give the same figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from muster.core.model import City
from muster.core.place_atlas import Namesakes, cell_of

ANCHORS_MAX: Final = 40
"""Names that are company: the most frequent ones."""

MENTIONS_MAX: Final = 3

NEAR_KM: Final = 100.0
KM_PER_DEGREE: Final = 111.2
_FAR_DEGREES: Final = 5.0


class Company:
    """No protocol: compiled code calls the methods of a class directly."""

    def near(self, key: str, city: City) -> float:
        """Cities near it, weighed by mentions (at most `MENTIONS_MAX` each); its own name is left out."""
        raise NotImplementedError


class Anchor(NamedTuple):
    """The city that a name is taken for, and how much it counts."""

    key: str
    city: City
    weight: float


class ChosenCompany(Company):
    """One city for each name: it counts whole at the same place, 1/e at `NEAR_KM`, not beyond 5 degrees of latitude."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._known: dict[tuple[str, int], float] = {}
        self._bands: dict[int, list[_Neighbour]] = {}
        for anchor in anchors:
            city = anchor.city
            neighbour = anchor.key, anchor.weight, city.lat, city.lon, math.cos(math.radians(city.lat))
            band = _band(city)
            for reached in (band - 1, band, band + 1):
                self._bands.setdefault(reached, []).append(neighbour)

    def near(self, key: str, city: City) -> float:
        asked = key, city.geonames_id
        known = self._known.get(asked)
        if known is None:
            known = 0.0
            own_lat, own_lon = city.lat, city.lon
            for other, weight, lat, lon, shrink in self._bands.get(_band(city), _NOBODY):
                north = lat - own_lat
                if other == key or north > _FAR_DEGREES or north < -_FAR_DEGREES:
                    continue
                east = (lon - own_lon + 180) % 360 - 180
                if -_NOTHING_DEGREES < east * shrink < _NOTHING_DEGREES:
                    known += weight * math.exp(-KM_PER_DEGREE * math.hypot(north, east * shrink) / NEAR_KM)
            self._known[asked] = known
        return known


_NOTHING_DEGREES: Final = 40.0
"""From so far east or west a city adds less than a float can tell."""
_Neighbour = tuple[str, float, float, float, float]
"""Key, weight, latitude, longitude and what a degree of longitude is there, in degrees of latitude."""


_NOBODY: Final[list[_Neighbour]] = []


def _band(city: City) -> int:
    """Cities of bands that do not touch are too far from each other to be company."""
    return int(city.lat // _FAR_DEGREES)


class PossibleCompany(Company):
    """All cities of each name, in cells of `CELL_DEGREES`, so that the work is linear in the cities.

    Each name counts once in a cell and the cells around it, by its largest city there.
    """

    def __init__(self, names: Sequence[tuple[Namesakes, float]]) -> None:
        self._cells = [namesakes.cells() for namesakes, _ in names]
        self._keys = [namesakes.key for namesakes, _ in names]
        self._weights = [weight for _, weight in names]

    def near(self, key: str, city: City) -> float:
        cell = cell_of(city)
        known = 0.0
        for i, cells in enumerate(self._cells):
            if cell in cells and self._keys[i] != key:
                known += self._weights[i] * cells[cell]
        return known
