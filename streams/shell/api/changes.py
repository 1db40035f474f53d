"""Gathers changed totals and new events, and tells the hub of them a few times a second.

A firehose changes a busy city many times a second; a person is told its last state of each moment.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.shell.api.live import RESET, Hub
from muster.shell.api.rows import event_row, map_row

TELL_SECONDS = 0.25
ROWS_PER_MESSAGE_MAX = 200
CHANGES_TOLD_MAX = 2_000
"""More at once are cheaper to load anew than to be told."""
NEWEST_EVENTS_MAX = 100


@dataclass
class Changes:
    """`hub` is told; `newest` are the newest events, each once, the last one last."""

    hub: Hub = field(default_factory=Hub)
    newest: OrderedDict[str, dict[str, Any]] = field(default_factory=OrderedDict)
    _changed: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    _came: list[str] = field(default_factory=list)

    def total_changed(self, key: str, total: Mapping[str, Any] | None) -> None:
        """A place has another total, or none any more."""
        self._changed[key] = total

    def event_came(self, event: Mapping[str, Any], at_ms: int) -> None:
        """An event that was produced at this time; one that was seen already is told no second time."""
        row = event_row(event, at_ms)
        if row["event_id"] in self.newest:
            return
        self.newest[row["event_id"]] = row
        self._came.append(row["event_id"])
        while len(self.newest) > NEWEST_EVENTS_MAX:
            self.newest.popitem(last=False)

    async def run(self) -> None:
        """Tell for ever; start it as a task."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            self.tell()

    def tell(self) -> None:
        """Tell what has come since the last time."""
        changed, self._changed = self._changed, {}
        came, self._came = self._came, []
        if len(changed) > CHANGES_TOLD_MAX:
            self.hub.publish(RESET, {})
        else:
            items = list(changed.items())
            for first in range(0, len(items), ROWS_PER_MESSAGE_MAX):
                some = items[first : first + ROWS_PER_MESSAGE_MAX]
                rows = [map_row(total) for _, total in some if total is not None]
                self.hub.publish("totals", {"rows": rows, "gone": [key for key, total in some if total is None]})
        if events := [self.newest[event_id] for event_id in came if event_id in self.newest]:
            self.hub.publish("events", {"events": events})
