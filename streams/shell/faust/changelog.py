"""Reads a table's changelog: whole before the worker works, then on for as long as the partitions are its own.

Restoring merges the rows of a key instead of taking the last one, and reading on finds what a worker that had lost the
partition wrote late. In both cases the better row is written again, so that the next owner finds it whatever compaction
leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from muster.shell.kafka_client import FOLLOW_SECONDS

if TYPE_CHECKING:
    from muster.shell.faust.table import RawTable

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
POLL_MS = 200
FETCH_WAIT_MS = 50
"""An empty changelog, and each step to a new position, would else hold a worker up for half a second."""

FOLLOW_WAIT_MS = 500
"""For what others write late nobody waits."""

ROWS_AT_ONCE = 2_000
"""Rows are merged so many at a time, then the loop has a turn."""

FETCH_BYTES_MAX = 4 * 1024 * 1024


class Changelog:
    """One for a table."""

    def __init__(self, table: RawTable) -> None:
        self._table = table
        self._task: asyncio.Task[None] | None = None
        self._restored: asyncio.Future[bool] | None = None
        self._next: dict[int, int] = {}
        self._outdated: dict[bytes, int] = {}

    async def restore(self, partitions: set[int]) -> bool:
        """Make the table hold every row of these partitions and of no others; False when they went meanwhile.

        What was read of a partition that was kept, or comes back, is not read again: a log only grows.
        """
        await self.stop()
        self._table.keep(partitions)
        self._next = {p: offset for p, offset in self._next.items() if p in partitions}
        self._outdated = {key: p for key, p in self._outdated.items() if p in partitions}
        if not partitions:
            return True
        self._restored = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._run(sorted(partitions), self._restored))
        return await self._restored

    async def stop(self) -> None:
        """Read no more; a `restore` under way returns False."""
        task, self._task = self._task, None
        if self._restored is not None and not self._restored.done():
            self._restored.set_result(False)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self, partitions: Sequence[int], restored: asyncio.Future[bool]) -> None:
        while True:
            try:
                async with self._consumer(partitions) as consumer:
                    if not restored.done():
                        await self._read_to_end(consumer)
                        restored.set_result(True)
                    consumer._fetcher._fetch_max_wait_ms = FOLLOW_WAIT_MS
                    await self._follow(consumer)
            except (KafkaError, TimeoutError) as error:
                # The watch ends a worker that restores nothing for too long.
                logger.warning("the changelog is not read, trying again: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - passed on, or logged and tried again
                if not restored.done():
                    restored.set_exception(error)
                    return
                logger.error("the changelog is not read: %s", type(error).__name__)  # noqa: TRY400 - no article text
            await asyncio.sleep(RETRY_SECONDS)

    @contextlib.asynccontextmanager
    async def _consumer(self, partitions: Sequence[int]) -> AsyncIterator[AIOKafkaConsumer]:
        """A consumer outside of any group, which stands where reading ended last."""
        consumer = AIOKafkaConsumer(
            **self._table.app.client_options,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=FETCH_BYTES_MAX,
            fetch_max_wait_ms=FETCH_WAIT_MS,
        )
        try:
            await consumer.start()
            topic = self._table.changelog_topic.get_topic_name()
            own = [TopicPartition(topic, partition) for partition in partitions]
            consumer.assign(own)
            fresh = [tp for tp in own if tp.partition not in self._next]
            for tp in own:
                if tp not in fresh:
                    consumer.seek(tp, self._next[tp.partition])
            if fresh:
                await consumer.seek_to_beginning(*fresh)
            yield consumer
        finally:
            await consumer.stop()

    async def _read_to_end(self, consumer: AIOKafkaConsumer) -> None:
        # Asked for after the partitions came: whoever had them before has committed, or cannot any more.
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            fetched = await consumer.getmany(timeout_ms=POLL_MS, max_records=ROWS_AT_ONCE)
            for tp, records in fetched.items():
                for record in records:
                    self._take(record)
                self._next[tp.partition] = records[-1].offset + 1
                self._table.app.restored_rows += len(records)
            await asyncio.sleep(0)

    def _take(self, record: Any) -> None:
        if record.key is None or record.value is None:
            return
        self._table.check_format(record.value)
        if self._table.take(record.key, record.value, record.partition):
            self._outdated.pop(record.key, None)
        else:
            self._outdated[record.key] = record.partition

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        """Write again what the log does not end with, then whatever somebody else puts over a better row."""
        while True:
            if self._outdated:
                await self._write_again(self._outdated)
                self._outdated = {}  # not before: a broker or partitions that go meanwhile must not make them forgotten
            fetched = await consumer.getmany(timeout_ms=POLL_MS, max_records=ROWS_AT_ONCE)
            for tp, records in fetched.items():
                for record in records:
                    self._table.check_format(record.value)
                self._outdated.update((r.key, r.partition) for r in records if self._table.is_outdated(r))
                self._next[tp.partition] = records[-1].offset + 1
            if fetched:
                await asyncio.sleep(FOLLOW_SECONDS)

    async def _write_again(self, keys: dict[bytes, int]) -> None:
        logger.warning("%d rows of the changelog are older than the table and are written again", len(keys))
        delivery = self._table.app.delivery
        items = [self._table.again(key, partition) for key, partition in keys.items()]
        await delivery.finish(await delivery.start(items))
        self._table.app.rewritten_rows += len(keys)
