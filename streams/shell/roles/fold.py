"""fold: one report in; the total of its place out, whenever a batch may have changed it.

The table holds one row per (place, article). The reports of a place are decoded when it is first touched; its total is
computed once a batch, however many reports of it the batch brought.
"""

from __future__ import annotations

import asyncio
import uuid
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from weakref import WeakValueDictionary

from muster.core.model import Scope
from muster.core.place_state import PlaceState
from muster.shell import clock, codec, headers, report_rows
from muster.shell.faust.batch import Headers, Outgoing, Record
from muster.shell.faust.table import RawTable
from muster.shell.metrics import Metrics
from muster.shell.roles.dead_letters import DeadLetters, guarded
from muster.shell.roles.rows_digest import RowsDigests
from muster.shell.settings import Settings

TABLE = "reports"
TURN_SECONDS = 0.05
DECODED_REPORTS_MAX = 20_000
"""Reports kept decoded with what was made of them, about 12 KB each; all are in the table, packed, at about 1 KB."""

TOTALS_KEPT_MAX = 1_000
"""Totals kept as they go out, up to some 100 KB each."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class CurrentTotal:
    """The newest total of a place as it goes out. Deliveries hold on to it and read it when they send.

    `gone` says that no report is left: the null cells in `value` are then followed by a tombstone.
    """

    place_key: str
    scope: Scope
    value: bytes = b""
    headers: Headers = ()
    gone: bool = False


class FoldWork:
    """Work of the fold role, over its table (place key, article_id) -> Report."""

    def __init__(
        self,
        settings: Settings,
        table: RawTable,
        dead_letters: DeadLetters,
        metrics: Metrics,
        now: clock.Clock = clock.now,
    ) -> None:
        self._settings = settings
        self._table = table
        self._dead_letters = dead_letters
        self._metrics = metrics
        metrics.begin("muster_records_total", "folded", "repeated")
        self._now = now
        self.writer = uuid.uuid4().hex
        self._row_keys: dict[str, set[bytes]] = {}
        self._digests = RowsDigests()
        self._places: OrderedDict[str, PlaceState] = OrderedDict()
        self._pasts: dict[str, bytes] = {}
        self._decoded = 0
        self._totals: WeakValueDictionary[str, CurrentTotal] = WeakValueDictionary()
        self._totals_kept: OrderedDict[str, CurrentTotal] = OrderedDict()
        self._touched: dict[str, Record] = {}

    async def recover(self) -> bool:
        """Index the rows by place again, after a rebalance brought or took partitions.

        Totals go out under a new name: what was under way before is then corrected like anybody's. False when another
        rebalance came meanwhile, which indexes anew.
        """
        self.writer = writer = uuid.uuid4().hex
        self._row_keys, self._digests = {}, RowsDigests()
        self._places.clear()
        self._pasts.clear()
        self._decoded = 0
        self._totals.clear()
        self._totals_kept.clear()
        self._touched.clear()
        row_keys, digests = self._row_keys, self._digests
        turn_ends = monotonic() + TURN_SECONDS
        for key, row, _ in list(self._table.rows()):
            place_key = report_rows.place_key_of(key)
            row_keys.setdefault(place_key, set()).add(key)
            digests.replace(place_key, key, None, row)
            if monotonic() > turn_ends:
                await asyncio.sleep(0)
                if self.writer != writer:
                    return False
                turn_ends = monotonic() + TURN_SECONDS
        return True

    def process(self, record: Record) -> Sequence[Outgoing]:
        return guarded(self._dead_letters, record, self._process)

    def _process(self, record: Record) -> Sequence[Outgoing]:
        report = codec.decode_report(record.value)
        self._dead_letters.passed()
        place_key, article_id = report.location.key, report.provenance.article_id
        place = self._place(place_key)
        self._decoded -= len(place)
        merged, changed = place.merge(report)
        self._decoded += len(place)
        self._touched[place_key] = record
        self._metrics.count("muster_records_total", ("folded" if changed else "repeated",))
        self._metrics.observe_delay(report.provenance.recorded_at, self._now())
        row_key = report_rows.row_key(place_key, article_id)
        self._row_keys.setdefault(place_key, set()).add(row_key)
        row = report_rows.pack(merged)
        self._digests.replace(place_key, row_key, self._table.row(row_key), row)
        # Written on every replay, even unchanged: the changelog may have lost it while memory has not.
        return (self._table.put(row_key, row, record.partition),)

    def _place(self, place_key: str) -> PlaceState:
        """The decoded reports of a place. Those of the places asked for last are kept, up to a bound."""
        place = self._places.get(place_key)
        if place is not None:
            self._places.move_to_end(place_key)
            return place
        rows = (self._table.row(key) for key in self._row_keys.get(place_key, ()))
        past = self._pasts.pop(place_key, None)
        points = codec.decode_timeline(zlib.decompress(past)) if past is not None else ()
        place = PlaceState((report_rows.unpack(row) for row in rows if row is not None), points)
        self._places[place_key] = place
        self._decoded += len(place)
        return place

    def _forget_long_unasked(self) -> None:
        while self._decoded > DECODED_REPORTS_MAX and len(self._places) > 1:
            place_key, dropped = self._places.popitem(last=False)
            self._decoded -= len(dropped)
            self._pasts[place_key] = zlib.compress(codec.encode_timeline(dropped.points), 1)

    def flush(self) -> Iterator[Sequence[Outgoing]]:
        # A place at a time: the totals of a large batch together may take longer than the loop may stand still.
        touched, self._touched = self._touched, {}
        for place_key, record in touched.items():
            yield guarded(self._dead_letters, record, partial(self._total, place_key))
        self._forget_long_unasked()

    def _total(self, place_key: str, record: Record) -> Sequence[Outgoing]:
        current = self._update(place_key, record.headers)
        return self._outgoing(current, record.partition, record)

    def _update(self, place_key: str, incoming: Sequence[tuple[str, bytes]]) -> CurrentTotal:
        total = self._place(place_key).total()
        location, value = total.location, codec.total_value(total)
        current = self._totals.get(place_key) or CurrentTotal(place_key, location.scope)
        self._keep(current)
        current.value, current.gone = value, not total.reports
        rows = self._digests.header(current.place_key)
        current.headers = headers.total_headers(value, self._now(), incoming, location.scope, self.writer, rows)
        return current

    def _keep(self, current: CurrentTotal) -> None:
        """Totals that deliveries hold stay the same object for as long; of the others the last ones are kept."""
        self._totals[current.place_key] = self._totals_kept[current.place_key] = current
        self._totals_kept.move_to_end(current.place_key)
        if len(self._totals_kept) > TOTALS_KEPT_MAX:
            self._totals_kept.popitem(last=False)

    def _outgoing(self, current: CurrentTotal, partition: int, origin: Record | None) -> list[Outgoing]:
        def outgoing(slot: str, value: Callable[[], bytes | None]) -> Outgoing:
            return Outgoing(
                topic=self.topic_of(current.scope),
                key=current.place_key.encode(),
                value=value,
                partition=partition,
                headers=lambda: current.headers,
                origin=origin,
                slot=slot,
            )

        items = [outgoing("total", lambda: current.value)]
        if current.gone:
            # After the null cells; if a report came meanwhile, its total once more.
            items.append(outgoing("tombstone", lambda: None if current.gone else current.value))
        return items

    # What the guard of the totals asks

    def topic_of(self, scope: Scope) -> str:
        return self._settings.topic_city_totals if scope == "city" else self._settings.topic_region_totals

    def places(self) -> list[str]:
        """Keys of all places that have a row here."""
        return list(self._row_keys)

    def current(self, place_key: str) -> CurrentTotal | None:
        """The total of a place as it should stand in Kafka now; None when this worker has no row of it."""
        current = self._totals.get(place_key)
        if current is not None or place_key not in self._row_keys:
            return current
        current = self._update(place_key, ())
        self._forget_long_unasked()
        return current

    def is_made_of_these_rows(self, place_key: str, rows: bytes) -> bool:
        """Whether a total with this header was made, by the same code, of the rows that the place has now."""
        return place_key in self._row_keys and rows == self._digests.header(place_key)

    def again(self, current: CurrentTotal, partition: int) -> list[Outgoing]:
        """The records that make Kafka agree with it."""
        return self._outgoing(current, partition, None)
