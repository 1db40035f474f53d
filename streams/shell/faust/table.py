"""A Faust table of raw bytes whose changelog rows travel with the batch that wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import faust

from muster.shell.faust.batch import Outgoing, Record


class RawTable(faust.Table):  # type: ignore[type-arg]
    """Key and value are bytes. Written by `put` only, which returns the changelog row for the caller to deliver.

    Faust's own write queues the changelog row where nobody awaits its delivery, and commits the source record whether
    it arrived or not; a row that travels with its batch is safe before the batch is confirmed.
    """

    async def on_start(self) -> None:
        # Faust's own also declares the changelog topic, which exists before a worker starts.
        await self.add_runtime_dependency(self.data)

    def recover(self, records: Sequence[Record]) -> None:
        """Take rows from the changelog, in order. The consumer calls this for whole fetched batches."""
        store: Any = self.data
        for record in records:
            if record.key is None:
                continue
            if record.value is None:
                store.data.pop(record.key, None)
                store._key_partition.pop(record.key, None)
            else:
                store.data[record.key] = record.value
                store._key_partition[record.key] = record.partition

    def apply_changelog_batch(self, batch: Iterable[Any]) -> None:
        """Nothing: `recover` has the rows already, and Faust's late copy could set an older one over a newer one."""

    def put(self, key: bytes, value: bytes, partition: int) -> Outgoing:
        """Set a row that belongs to a partition of the source topic; returns its changelog record."""
        store: Any = self.data
        store.data[key] = value
        # Faust's memory store drops the rows of lost partitions by this map, and fills it in recovery only.
        store._key_partition[key] = partition
        return Outgoing(
            topic=self.changelog_topic.get_topic_name(),
            key=key,
            value=lambda: store.data.get(key, value),
            partition=partition,
        )

    def row(self, key: bytes) -> bytes | None:
        row: bytes | None = self.data.data.get(key)
        return row

    def rows(self) -> Iterator[tuple[bytes, bytes, int]]:
        """Key, value and partition of every row."""
        store: Any = self.data
        for key, value in store.data.items():
            yield key, value, store._key_partition.get(key, -1)
