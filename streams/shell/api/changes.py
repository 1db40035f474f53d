"""Gathers changed totals and new events, and tells the hub of them a few times a second.

A firehose changes a busy city many times a second; a person is told its last state of each moment.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.shell.api.live import RESET, Hub
from muster.shell.api.rows import Row, event_row, map_row

TELL_SECONDS = 0.25
ROWS_PER_MESSAGE_MAX = 200
CHANGES_TOLD_MAX = 2_000
"""More at once are cheaper to load anew than to be told."""
NEWEST_EVENTS_MAX = 100


class NewestEvents:
    """The newest events as rows, each once, the last one last."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Row] = OrderedDict()

    @property
    def rows(self) -> list[Row]:
        return list(self._rows.values())

    def add(self, event: Mapping[str, Any], at_ms: int) -> Row | None:
        """Take an event that was produced at this time; its row, or None for one that is there already."""
        row = event_row(event, at_ms)
        if row["event_id"] in self._rows:
            return None
        self._rows[row["event_id"]] = row
        while len(self._rows) > NEWEST_EVENTS_MAX:
            self._rows.popitem(last=False)
        return row


@dataclass
class Changes:
    """`hub` is told of what has come; `newest` are the newest events."""

    hub: Hub = field(default_factory=Hub)
    newest: NewestEvents = field(default_factory=NewestEvents)
    _changed: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    _came: deque[Row] = field(default_factory=lambda: deque(maxlen=NEWEST_EVENTS_MAX))

    def total_changed(self, key: str, total: Mapping[str, Any] | None) -> None:
        """A place has another total, or none any more."""
        self._changed[key] = total

    def event_came(self, event: Mapping[str, Any], at_ms: int) -> None:
        """An event that was produced at this time; one that was seen already is told no second time."""
        if row := self.newest.add(event, at_ms):
            self._came.append(row)

    async def run(self) -> None:
        """Tell for ever; start it as a task."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            self.tell()

    def tell(self) -> None:
        """Tell what has come since the last time."""
        changed, self._changed = self._changed, {}
        came = list(self._came)
        self._came.clear()
        if len(changed) > CHANGES_TOLD_MAX:
            self.hub.publish(RESET, {})
        else:
            items = list(changed.items())
            for first in range(0, len(items), ROWS_PER_MESSAGE_MAX):
                some = items[first : first + ROWS_PER_MESSAGE_MAX]
                rows = [map_row(total) for _, total in some if total is not None]
                self.hub.publish("totals", {"rows": rows, "gone": [key for key, total in some if total is None]})
        if came:
            self.hub.publish("events", {"events": came})
