"""Reads the totals back: each owner makes Kafka agree with its own current totals.

A worker that was paused can write an old total after it lost its partition, and one that died can leave one behind.
So the owner of a partition follows the same partition of the totals topics; a record that somebody else wrote, and that
is not the owner's current total, is followed by the current one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from muster.shell import codec, headers
from muster.shell.faust.batch import Outgoing
from muster.shell.faust.delivery import Delivery
from muster.shell.kafka_client import FOLLOW_SECONDS, client_options
from muster.shell.metrics import Metrics
from muster.shell.partitioner import partition_of
from muster.shell.roles.fold import FoldWork
from muster.shell.settings import Settings

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
TURN_SECONDS = 0.05
POLL_MS = 500


@dataclass(frozen=True, slots=True)
class LastRecord:
    """What the last record of a key says: the state of its value, None for a tombstone, and what it was made of."""

    partition: int
    state: bytes | None
    writer: bytes
    rows: bytes


class TotalsGuard:
    """One for a fold worker; follows the partitions that it is told of last."""

    def __init__(
        self, settings: Settings, work: FoldWork, delivery: Delivery, metrics: Metrics, partitions_count: int
    ) -> None:
        self._settings = settings
        self._partitions_count = partitions_count
        self._work = work
        self._delivery = delivery
        self._metrics = metrics
        self._topics = (work.topic_of("city"), work.topic_of("region"))
        self._task: asyncio.Task[None] | None = None

    async def follow(self, partitions: set[int]) -> None:
        """Guard these partitions from now on, and no others."""
        await self.stop()
        if partitions:
            self._task = asyncio.ensure_future(self._run(partitions))

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self, partitions: set[int]) -> None:
        while True:
            try:
                await self._follow(partitions)
            except (KafkaError, TimeoutError) as error:
                logger.warning("totals are not read back, trying again: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the guard must come back, whatever it met
                logger.error("totals are not read back: %s", type(error).__name__)  # noqa: TRY400 - no article text
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, partitions: set[int]) -> None:
        consumer = AIOKafkaConsumer(
            **client_options(self._settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            own = [TopicPartition(topic, p) for topic in self._topics for p in sorted(partitions)]
            consumer.assign(own)
            last = await self._read_to_end(consumer, own)
            await self._compare_all(last | self._never_published(last, partitions))
            while True:
                fetched = await consumer.getmany(timeout_ms=POLL_MS)
                for records in fetched.values():
                    await self._compare_all({(r.topic, r.key): _last(r) for r in records if r.key})
                if fetched:
                    await asyncio.sleep(FOLLOW_SECONDS)
        finally:
            await consumer.stop()

    @staticmethod
    async def _read_to_end(consumer: AIOKafkaConsumer, own: list[Any]) -> dict[tuple[str, bytes], LastRecord]:
        """Only the last record of each key counts: what stood before it was right or was corrected."""
        ends = await consumer.end_offsets(own)
        for partition in own:
            await consumer.seek_to_beginning(partition)
        last: dict[tuple[str, bytes], LastRecord] = {}
        while any([await consumer.position(p) < ends[p] for p in own]):
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                last.update({(r.topic, r.key): _last(r) for r in records if r.key})
        return last

    def _never_published(
        self, last: dict[tuple[str, bytes], LastRecord], partitions: set[int]
    ) -> dict[tuple[str, bytes], LastRecord]:
        """Places with rows here and no record there: their state is that of no value."""
        missing = {key.encode() for key in self._work.places()} - {key for _, key in last}
        placed = {key: partition_of(key, self._partitions_count) for key in missing}
        return {
            (topic, key): LastRecord(partition, None, b"", b"")
            for key, partition in placed.items()
            if partition in partitions
            for topic in self._topics
        }

    async def _compare_all(self, last: dict[tuple[str, bytes], LastRecord]) -> None:
        turn_ends = monotonic() + TURN_SECONDS
        for (topic, key), record in last.items():
            if record.writer != self._work.writer.encode():
                await self._compare(topic, key, record)
            if monotonic() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = monotonic() + TURN_SECONDS

    async def _compare(self, topic: str, key: bytes, record: LastRecord) -> None:
        place_key = key.decode(errors="replace")
        if record.state is not None and self._work.is_made_of_these_rows(place_key, record.rows):
            return
        current = self._work.current(place_key)
        if current is None:
            await self._remove(topic, key, record)
            return
        if topic != self._work.topic_of(current.scope):
            return
        wanted = None if current.gone else codec.state_of(current.value).encode()
        if record.state == wanted:
            return
        self._metrics.count("muster_totals_corrected_total")
        await self._delivery.finish(await self._delivery.start(self._work.again(current, record.partition)))

    async def _remove(self, topic: str, key: bytes, record: LastRecord) -> None:
        """A total of a place that no report names: of an earlier set of tables, or of a worker that erred."""
        if record.state is None:
            return
        self._metrics.count("muster_totals_corrected_total")
        tombstone = Outgoing(topic, key, None, record.partition)
        await self._delivery.finish(await self._delivery.start([tombstone]))


def _last(record: Any) -> LastRecord:
    found = dict(record.headers)
    state = None if record.value is None else found.get(headers.STATE, b"")
    return LastRecord(record.partition, state, found.get(headers.WRITER, b""), found.get(headers.ROWS, b""))
