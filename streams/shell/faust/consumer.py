"""The overrides of Faust's consumer: whole batches to the agents, one number "done up to" a partition, safe commits.

Everything that the consumer may commit is `done[partition]`. It moves only along an unbroken chain of confirmed
batches from where the last seek put the partition, so a commit can never pass an unfinished record. Whatever is dropped
(a rebalance, a stopped flow) is read again, because every way back to an active flow goes through `perform_seek`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata
from aiokafka.structs import TopicPartition as KafkaTopicPartition
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver

from muster.shell.faust.batch import Batch
from muster.shell.faust.exits import EXIT_GAVE_UP, leave
from muster.shell.faust.fetch_terms import FetchTerms
from muster.shell.state_format import OFFSETS_NOTE

PENDING_BATCHES_MAX = 16
BATCH_RECORDS_MAX = 1_000
"""A fetch of short records holds many thousands: one batch of them would outlast a rebalance, and be begun again."""

FETCH_RECORDS_MAX = 1_000
"""Taken at once: what is fetched and not taken stays packed, and `PENDING_BYTES_MAX` is looked at before each time."""

PENDING_BYTES_MAX = 32 * 1024 * 1024
COMMIT_SECONDS_MAX = 10.0
STOP_WAIT_SECONDS_MAX = 3.0
COMMITS_REFUSED_SECONDS_MAX = 90.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch brought of one partition, and where the partition stood before and after; None is nowhere."""

    partition: Any
    start: int | None
    end: int | None
    records: list[Any]


def _position(consumer: Any, tp: Any) -> int | None:
    assignment = consumer._subscription.subscription and consumer._subscription.subscription.assignment
    state = assignment and tp in assignment.tps and assignment.state_value(KafkaTopicPartition(*tp))
    return state.position if state and state.has_valid_position else None


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that talks to Kafka. `epoch` counts seeks: batches fetched before the last seek are stale."""

    epoch = 0
    _terms: FetchTerms

    async def on_start(self) -> None:
        await super().on_start()
        self._terms = FetchTerms(self._ensure_consumer()._fetcher)

    async def fetch(self, partitions: set[Any], timeout_seconds: float) -> tuple[int, list[Fetched]]:
        """The next records of these partitions, and the epoch that they belong to."""

        async def take() -> tuple[int, list[Fetched]]:
            consumer = self._ensure_consumer()
            starts = {tp: _position(consumer, tp) for tp in partitions}
            records = await self._fetch_records(
                consumer, partitions, timeout=timeout_seconds, max_records=FETCH_RECORDS_MAX
            )
            self._terms.taken(sum(map(len, records.values())))
            # No await between the records, their epoch and where they end.
            return self.epoch, [
                Fetched(ensure_TP(tp), starts[ensure_TP(tp)], _position(consumer, tp), found)
                for tp, found in records.items()
            ]

        result: tuple[int, list[Fetched]] = await self.call_thread(take)
        return result

    async def seek_to_committed(self) -> Mapping[Any, int]:
        result: Mapping[Any, int] = await self.call_thread(self._seek_sources)
        return result

    async def _seek_sources(self) -> Mapping[Any, int]:
        # aiokafka's own leaves partitions where nothing (or 0) is committed at wherever they were.
        consumer = self._ensure_consumer()
        offsets = {tp: await consumer.committed(tp) for tp in consumer.assignment()}
        unknown = [tp for tp, offset in offsets.items() if offset is None or offset < 0]
        if unknown:
            offsets.update(await consumer.beginning_offsets(unknown))
        for tp, offset in offsets.items():  # all seeks and the count in one step of the loop
            consumer.seek(tp, offset)
        self.epoch += 1
        return {ensure_TP(tp): offset for tp, offset in offsets.items()}

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        # Faust's own crashes the app on any error but "already rebalanced", through the path that commits.
        consumer = self._ensure_consumer()
        own = consumer.assignment()
        wanted = {
            KafkaTopicPartition(*tp): OffsetAndMetadata(offset, OFFSETS_NOTE)
            for tp, offset in offsets.items()
            if KafkaTopicPartition(*tp) in own
        }
        if not wanted:
            return False
        try:
            await asyncio.wait_for(consumer.commit(wanted), COMMIT_SECONDS_MAX)
        except (KafkaError, IllegalStateError, TimeoutError) as error:
            self.log.warning("commit refused, will be tried again: %s", type(error).__name__)
            return False
        return True


class BatchConsumer(driver.Consumer):
    """Hands each fetched record list of a partition to the agent's queue as one Batch."""

    app: Any  # a SafeApp; Faust's own type has neither its tables nor its topics
    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.done: dict[Any, int] = {}
        self.expected: dict[Any, int] = {}
        self.fetched_to: dict[Any, int | None] = {}
        self.pending: dict[Any, deque[Batch]] = {}
        self.pending_bytes = 0
        self.seek_wanted = False
        self.committed_at = monotonic()
        self.stop_deadline: float | None = None

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @property
    def is_live(self) -> bool:
        return bool(self.flow_active and not self.app.rebalancing and not self.should_stop)

    def is_fresh(self, batch: Batch) -> bool:
        return batch.epoch == self._thread.epoch and batch.partition in self.done

    # Fetching

    async def _drain_messages(self, fetcher: Any) -> None:
        # Faust's own makes four asyncio tasks a message and hands them over in lock-step.
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):
                await self._drain_once()
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            # Faust's Fetcher would call wakeup() on a supervisor that it does not have.
            if not self.app.should_stop:
                raise

    async def _drain_once(self) -> None:
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
            return
        if self.seek_wanted and not self.app.rebalancing:
            self.seek_wanted = False
            await self.perform_seek()
            return
        partitions = self._wanted_partitions()
        if not partitions:  # an empty set would mean "all" to aiokafka
            await asyncio.sleep(0.01)
            return
        epoch, fetched = await self._thread.fetch(partitions, timeout_seconds=0.2)
        await asyncio.sleep(0)
        for one in fetched:
            if self.is_live:
                self._accept(one, epoch)

    def _wanted_partitions(self) -> set[Any]:
        # Faust clears every agent queue when it has recovered: no record may be fetched before that is over.
        if self.app.rebalancing or self.pending_bytes >= PENDING_BYTES_MAX:
            return set()
        return {tp for tp in self._get_active_partitions() if len(self.pending.get(tp, ())) < PENDING_BATCHES_MAX}

    def _accept(self, fetched: Fetched, epoch: int) -> None:
        tp, records = fetched.partition, fetched.records
        if tp not in self.done:
            self.seek_wanted = True  # the flow was resumed without a seek
            return
        if epoch != self._thread.epoch or not records:
            return
        if fetched.start != self.fetched_to[tp]:  # not by offsets: those have holes where markers or old values were
            self.log.error("a fetch of %r does not follow the one before it: seeking again", tp)
            self.seek_wanted = True
            return
        self.fetched_to[tp] = fetched.end
        for first in range(0, len(records), BATCH_RECORDS_MAX):
            self._hand_over(tp, records[first : first + BATCH_RECORDS_MAX], epoch)

    def _hand_over(self, tp: Any, records: list[Any], epoch: int) -> None:
        size = sum(len(r.value or b"") for r in records)
        batch = Batch(tp, records, start=self.expected[tp], epoch=epoch, bytes=size)
        self.expected[tp] = batch.end
        self.pending.setdefault(tp, deque()).append(batch)
        self.pending_bytes += size
        self._read_offset[tp] = records[-1].offset
        channel = next(iter(self.app.topics._topic_name_index[tp.topic]))
        # Never `await put`: Faust's queue cancels blocked putters when it is cleared. The bounds are our own.
        channel.queue.force_put_nowait(batch)

    # Seeking and confirming

    async def perform_seek(self) -> None:
        offsets = await self.seek_to_committed()
        self._forget_pending()
        self.done = dict(offsets)
        self.expected = dict(offsets)
        self.fetched_to = dict(offsets)
        self._read_offset.update(offsets)
        self._committed_offset.update(offsets)
        self.committed_at = monotonic()

    def _forget_pending(self) -> None:
        self.pending.clear()
        self.pending_bytes = 0

    def confirm(self, batch: Batch) -> None:
        """All that came of the batch is safe. Stale batches change nothing: they are read again."""
        batch.confirmed = True
        queue = self.pending.get(batch.partition) if self.is_fresh(batch) else None
        while queue and queue[0].confirmed:
            head = queue.popleft()
            self.pending_bytes -= head.bytes
            if head.start != self.done[head.partition]:
                self.log.error("a batch of %r does not follow the one before it: seeking again", head.partition)
                self.seek_wanted = True
                return
            self.done[head.partition] = head.end

    # Committing

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[Any]:
        del topics
        return iter(list(self.done))

    def _new_offset(self, tp: Any) -> int | None:
        return self.done.get(tp)

    def _should_commit(self, tp: Any, offset: int) -> bool:
        committed = self._committed_offset.get(tp)
        return committed is None or offset > committed

    async def _commit_offsets(self, offsets: Mapping[Any, int], start_new_transaction: bool = True) -> bool:
        # Faust's own notes the offsets as committed even when the broker refused them, and flushes a producer whose
        # deliveries are long awaited.
        del start_new_transaction
        committed: bool = await self._commit(offsets)
        now = monotonic()
        if committed:
            self._committed_offset.update(offsets)
            self.committed_at = now
        elif self.is_live and now - self.committed_at > COMMITS_REFUSED_SECONDS_MAX:
            leave(EXIT_GAVE_UP, f"commits refused for {COMMITS_REFUSED_SECONDS_MAX:.0f} s")
        return committed

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        result: bool = await super().force_commit(topics, start_new_transaction=start_new_transaction)
        if all(self._committed_offset.get(tp) == offset for tp, offset in self.done.items()):
            self.committed_at = monotonic()  # nothing to commit is as good as committed
        return result

    # Rebalance and stop

    async def wait_empty(self) -> None:
        # Faust's own waits without bound for messages that it counts through weak references.
        if self.app.should_stop:  # Faust calls this twice on its way out
            self.stop_deadline = self.stop_deadline or monotonic() + STOP_WAIT_SECONDS_MAX
            end = self.stop_deadline
        else:
            end = monotonic() + self.app.conf.broker_rebalance_timeout / 2
        while self.app.busy and monotonic() < end:
            await asyncio.sleep(0.005)
        try:
            await asyncio.wait_for(self.commit(), STOP_WAIT_SECONDS_MAX)
        except TimeoutError:
            self.log.warning("last commit timed out: what it held is read again")

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        await self.app.tables.stop_reading()
        await super().on_partitions_revoked(revoked)  # stops the flow, clears the queues, waits until empty
        self.done.clear()
        self.expected.clear()
        self.fetched_to.clear()
        self._forget_pending()

    async def verify_all_partitions_active(self) -> None:
        """Nothing: Faust's livelock checks look at per-message sensors that batches do not feed. See watch.py."""
