"""What a person at a terminal sees of a running stream: stages, the totals that change, the newest events."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Self

from aiokafka.errors import KafkaError

from muster.shell import clock
from muster.shell.api.changes import NewestEvents
from muster.shell.api.events import EventsFollower
from muster.shell.api.rows import Row, map_row
from muster.shell.api.totals import TotalsFollower
from muster.shell.lag import LagProbe, StageLag
from muster.shell.settings import Settings

CHANGED_MAX = 100
READ_SECONDS_MAX = 30.0
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class View:
    """One look. `stages` is None when Kafka did not answer; `totals` and `events` run from new to old."""

    at: datetime
    stages: list[StageLag] | None
    cities: int
    regions: int
    totals: list[Row]
    events: list[Row]


class Watcher:
    """Follows a stream from outside, as the page's worker does; use it as an asynchronous context."""

    def __init__(self, settings: Settings) -> None:
        self._probe = LagProbe(settings)
        self._totals = TotalsFollower(settings, self._on_total)
        self._events = EventsFollower(settings, self._on_event)
        self._newest = NewestEvents()
        self._changed: OrderedDict[str, Row] = OrderedDict()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self._probe.__aenter__()
        self._tasks = [asyncio.ensure_future(one.run()) for one in (self._totals, self._events)]
        deadline = monotonic() + READ_SECONDS_MAX
        while not (self._totals.caught_up and self._events.caught_up) and monotonic() < deadline:
            await asyncio.sleep(POLL_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._probe.__aexit__()

    async def look(self) -> View:
        """What there is now. Totals that changed come first, then the greatest of the others."""
        try:
            stages = await self._probe.look()
        except (KafkaError, TimeoutError):
            stages = None
        cities = self._totals.cities
        changed = list(reversed(self._changed.values()))
        known = [map_row(total) for key, total in cities.items() if key not in self._changed]
        known.sort(key=lambda row: -max((best for best in row["best"] if best is not None), default=-1))
        return View(
            at=clock.now(),
            stages=stages,
            cities=len(cities),
            regions=len(self._totals.regions),
            totals=[*changed, *known][:CHANGED_MAX],
            events=list(reversed(self._newest.rows)),
        )

    def _on_total(self, key: str, total: Mapping[str, Any] | None) -> None:
        self._changed.pop(key, None)
        if total is not None:
            self._changed[key] = map_row(total)
        while len(self._changed) > CHANGED_MAX:
            self._changed.popitem(last=False)

    def _on_event(self, event: Mapping[str, Any], at_ms: int) -> None:
        self._newest.add(event, at_ms)
