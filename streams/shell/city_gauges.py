"""The figures of the cities with the most people as gauges, for boards; bounded, since each city is a series."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Mapping
from typing import Any

from muster.shell.api.totals import Totals
from muster.shell.metrics import Metrics

UPDATE_SECONDS = 10.0
STATUSES = ("planned", "deployed")
LABEL_CHARACTERS_MAX = 100
PEOPLE_MAX = 10**12
"""Whoever can write the totals topics can forge a figure that no float holds."""


class CityGauges:
    """Keeps `muster_city_people` at the `cities_max` cities with the most people, planned or deployed.

    Args:
        cities: the totals as a TotalsFollower holds them.
        metrics: where the gauge is.
        cities_max: how many cities; 0 tells of none.
    """

    def __init__(self, cities: Totals, metrics: Metrics, cities_max: int) -> None:
        self._cities = cities
        self._metrics = metrics
        self._cities_max = cities_max

    async def run(self) -> None:
        """Update for ever; start it as a task."""
        while True:
            self.update()
            await asyncio.sleep(UPDATE_SECONDS)

    def update(self) -> None:
        """Set the gauges to the figures of now; cities that others outgrew are forgotten."""
        self._metrics.clear("muster_city_people")
        for total in heapq.nlargest(self._cities_max, self._cities.values(), key=_people):
            place = total["place"]
            names = (place["key"].removeprefix("city:")[:LABEL_CHARACTERS_MAX], place["name"][:LABEL_CHARACTERS_MAX])
            for status in STATUSES:
                if total[status] is not None:
                    self._metrics.set("muster_city_people", min(total[status]["best"], PEOPLE_MAX), (*names, status))


def _people(total: Mapping[str, Any]) -> int:
    return max(total[status]["best"] if total[status] is not None else 0 for status in STATUSES)
