"""A Faust table of raw bytes. It recovers by itself, and its changelog rows travel with the batch that wrote them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import faust
from faust.tables.manager import TableManager

from muster.shell.faust.batch import Outgoing, Record
from muster.shell.faust.changelog import Changelog
from muster.shell.faust.exits import EXIT_GAVE_UP, EXIT_REFUSED_TO_RUN, leave
from muster.shell.state_format import refusal

WRITER_HEADER = "writer"

Merge = Callable[[bytes, bytes], bytes]
"""Which of two rows of one key stands: commutative, associative and idempotent, so that no order of rows does harm."""


class RawTable(faust.Table):  # type: ignore[type-arg]
    """Key and value are bytes. Written by `put` only, which returns the changelog row for the caller to deliver.

    Faust's own write queues the changelog row where nobody awaits its delivery, and commits the source record whether
    it arrived or not; a row that travels with its batch is safe before the batch is confirmed.

    `merge` is set by the owner of the table before it starts; without it the last row of a key stands. `newer_format`
    gives the format of a row that a newer Muster wrote, and None for all others.
    """

    app: Any  # a SafeApp; Faust's own type has neither its deliveries nor its settings
    merge: Merge | None = None
    newer_format: Callable[[bytes], int | None] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changelog = Changelog(self)
        self.writer = b""

    async def on_start(self) -> None:
        # Faust's own also declares the changelog topic, which exists before a worker starts.
        await self.add_runtime_dependency(self.data)

    async def on_stop(self) -> None:
        await self.changelog.stop()

    async def on_recovery_completed(self, active_tps: Any, standby_tps: Any) -> None:
        """Faust recovered, which was nothing (see Tables): now this table does, then its users are told."""
        del active_tps, standby_tps
        try:
            if await self.changelog.restore({tp.partition for tp in self.app.consumer.assignment()}):
                await self.call_recover_callbacks()
        except Exception as error:  # noqa: BLE001 - Faust would swallow it and work on half a table
            leave(EXIT_GAVE_UP, f"the table could not be restored: {type(error).__name__}")

    # For the changelog

    def keep(self, partitions: set[int]) -> None:
        """Drop the rows of all other partitions, and write under a new name: what comes late is then known as such."""
        store: Any = self.data
        for key in [key for key, partition in store._key_partition.items() if partition not in partitions]:
            store.data.pop(key, None)
            del store._key_partition[key]
        self.writer = uuid.uuid4().hex.encode()

    def check_format(self, row: bytes | None) -> None:
        """Leave the process when a newer Muster wrote the row: to go on would be to put less in its place."""
        version = self.newer_format(row) if row and self.newer_format is not None else None
        if version is not None:
            leave(EXIT_REFUSED_TO_RUN, refusal(f"A row of {self.changelog_topic.get_topic_name()}", version))

    def take(self, key: bytes, value: bytes, partition: int) -> bool:
        """Merge a row of the changelog into the table; False when the table knows better than that row."""
        store: Any = self.data
        merged = self._merged(key, value)
        store.data[key] = merged
        store._key_partition[key] = partition
        return merged == value

    def is_outdated(self, record: Record) -> bool:
        """Whether a row that somebody else wrote says less than the table does."""
        if record.key is None or record.value is None or (WRITER_HEADER, self.writer) in record.headers:
            return False
        return self.row(record.key) is not None and self._merged(record.key, record.value) != record.value

    def _merged(self, key: bytes, value: bytes) -> bytes:
        held = self.row(key)
        if held is None or held == value or self.merge is None:
            return value
        return self.merge(held, value)

    # For the work

    def put(self, key: bytes, value: bytes, partition: int) -> Outgoing:
        """Set a row that belongs to a partition of the source topic; returns its changelog record."""
        store: Any = self.data
        store.data[key] = value
        store._key_partition[key] = partition
        return self.again(key, partition)

    def again(self, key: bytes, partition: int) -> Outgoing:
        """The changelog record of a row as it stands when the record is sent."""
        store: Any = self.data
        held = store.data[key]
        writer = self.writer
        return Outgoing(
            topic=self.changelog_topic.get_topic_name(),
            key=key,
            value=lambda: store.data.get(key, held),
            partition=partition,
            headers=((WRITER_HEADER, writer),),
        )

    def row(self, key: bytes) -> bytes | None:
        row: bytes | None = self.data.data.get(key)
        return row

    def rows(self) -> Iterator[tuple[bytes, bytes, int]]:
        """Key, value and partition of every row."""
        store: Any = self.data
        for key, value in store.data.items():
            yield key, value, store._key_partition.get(key, -1)


class Tables(TableManager):
    """Knows the tables, and leaves their changelogs to them.

    Faust's own puts the changelogs into the group's subscription and reads them through the consumer of the sources, a
    row at a time, into queues that rebalances clear: a fetch that meets a rebalance can leave a hole in a table. It
    takes the last row of a key for the right one, too, which it is not after a paused worker wrote late.
    """

    async def on_start(self) -> None:
        # Faust's own first waits a second for tables that are still to come; here all are made before the app starts.
        if not self.should_stop:
            await self._update_channels()
            await self.recovery.start()

    async def _update_channels(self) -> None:
        self._tables_finalized.set()
        for table in self.values():
            await table.maybe_start()
        self._tables_registered.set()

    async def stop_reading(self) -> None:
        """Partitions go: nothing may be restored or corrected for them any more."""
        for table in self.values():
            await table.changelog.stop()
