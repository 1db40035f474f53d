"""Batches and what comes of them, without a broker."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace

from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from muster.shell.faust.batch import Batch, Outgoing, coalesce
from muster.shell.faust.consumer import BATCH_RECORDS_MAX, BatchConsumer, Fetched

PARTITION = TP("articles", 0)


def consumer_with(batches: list[Batch], start: int) -> BatchConsumer:
    """A consumer that has handed out these batches of one partition after a seek to `start`."""
    consumer = BatchConsumer.__new__(BatchConsumer)
    consumer._thread = SimpleNamespace(epoch=1)
    consumer.done = {PARTITION: start}
    consumer.pending = {PARTITION: deque(batches)}
    consumer.pending_bytes = sum(b.bytes for b in batches)
    consumer.seek_wanted = False
    consumer.log = SimpleNamespace(error=lambda *_: None)
    return consumer


def chain(lengths: list[int], start: int, gaps: list[int]) -> list[Batch]:
    """Batches one after the other; a gap is what compaction or a transaction marker leaves between offsets."""
    batches, position = [], start
    for length, gap in zip(lengths, gaps, strict=True):
        first = position + gap
        records = [SimpleNamespace(offset=first + n, value=b"x") for n in range(length)]
        batches.append(Batch(PARTITION, records, start=position, epoch=1, bytes=length))
        position = first + length
    return batches


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=8),
    st.integers(0, 100),
    st.randoms(use_true_random=False),
    st.integers(0, 8),
)
def test_what_may_be_committed_ends_at_the_first_unconfirmed_batch(shape, start, random, confirmed_count):
    """However deliveries overtake each other, `done` is the end of the longest confirmed prefix."""
    batches = chain([n for n, _ in shape], start, [gap for _, gap in shape])
    consumer = consumer_with(batches, start)
    order = random.sample(batches, len(batches))
    confirmed = order[:confirmed_count]
    for batch in confirmed:
        consumer.confirm(batch)
    expected = start
    for batch in batches:
        if batch not in confirmed:
            break
        expected = batch.end
    assert consumer.done[PARTITION] == expected
    assert consumer.pending_bytes == sum(b.bytes for b in consumer.pending[PARTITION])


def test_a_batch_from_before_a_seek_confirms_nothing():
    """A stale batch is read again, so its confirmation must not move what may be committed."""
    (batch,) = chain([3], 10, [0])
    consumer = consumer_with([batch], 10)
    consumer._thread.epoch = 2
    consumer.confirm(batch)
    assert consumer.done[PARTITION] == 10


def test_a_broken_chain_asks_for_a_seek_instead_of_committing():
    """A batch that does not start where the one before it ended commits nothing."""
    batches = chain([2, 2], 0, [0, 0])
    consumer = consumer_with(batches[1:], 0)
    consumer.confirm(batches[1])
    assert consumer.done[PARTITION] == 0
    assert consumer.seek_wanted


@given(st.integers(0, 3 * BATCH_RECORDS_MAX), st.integers(0, 3))
def test_a_long_fetch_becomes_a_chain_of_short_batches(length, gap):
    """No record is left out, none is in two batches, and each batch starts where the one before it ended."""
    consumer = consumer_with([], 0)
    handed: list[Batch] = []
    channel = SimpleNamespace(queue=SimpleNamespace(force_put_nowait=handed.append))
    consumer.app = SimpleNamespace(topics=SimpleNamespace(_topic_name_index={PARTITION.topic: [channel]}))
    consumer.expected, consumer.fetched_to, consumer._read_offset = {PARTITION: 0}, {PARTITION: 0}, {}
    records = [SimpleNamespace(offset=gap + n, value=b"x") for n in range(length)]
    consumer._accept(Fetched(PARTITION, 0, gap + length, records), epoch=1)
    assert [record for batch in handed for record in batch.records] == records
    assert all(0 < len(batch.records) <= BATCH_RECORDS_MAX for batch in handed)
    assert [batch.start for batch in handed] == [0, *(batch.end for batch in handed[:-1])][: len(handed)]
    assert list(consumer.pending.get(PARTITION, ())) == handed


def test_a_fetch_that_does_not_follow_the_last_one_asks_for_a_seek():
    """A fetch between them was dropped: nothing after it may be worked on, or its records would be passed over."""
    consumer = consumer_with([], 0)
    consumer.expected, consumer.fetched_to = {PARTITION: 0}, {PARTITION: 5}
    consumer._accept(Fetched(PARTITION, 9, 10, [SimpleNamespace(offset=9, value=b"x")]), epoch=1)
    assert consumer.seek_wanted
    assert not consumer.pending.get(PARTITION)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.sampled_from(["", "tombstone"])), max_size=12))
def test_only_records_that_read_the_newest_value_are_coalesced(shape):
    """Of those the last of each topic, key and slot is left; fixed values are all kept, and order is kept."""
    items = [
        Outgoing("t", key.encode(), (lambda: b"new") if newest else b"fixed", slot=slot) for key, newest, slot in shape
    ]
    left = coalesce(items)
    assert [i for i in items if not callable(i.value)] == [i for i in left if not callable(i.value)]
    newest = [i for i in left if callable(i.value)]
    assert len({(i.key, i.slot) for i in newest}) == len(newest)
    assert {(i.key, i.slot) for i in newest} == {(i.key, i.slot) for i in items if callable(i.value)}
    positions = [next(n for n, i in enumerate(items) if i is item) for item in left]
    assert positions == sorted(positions)
