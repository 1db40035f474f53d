"""Each override beside the defect of Faust or aiokafka that it works around: ours holds, theirs does not.

The second half of each test is its canary. When an upgrade mends the defect it fails, and the override may go.
Not here: `_drain_messages` (without it no batch arrives: test_app_on_kafka), the table's recovery (test_changelog), the
fetch wait (it changes how long things take; no test asserts a time), the chain of batches (test_batch), slices
(test_pump), ways out (test_exits), refused neighbours (test_app_on_kafka) and real faults (tests/integration).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from functools import partial
from types import SimpleNamespace

import faust
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from muster.shell.faust import fetch_terms
from muster.shell.faust import producer as producer_module
from muster.shell.faust import pump as pump_module
from muster.shell.faust.app import create_faust_app
from muster.shell.faust.consumer import BatchConsumer, ConsumerThread
from muster.shell.faust.exits import EXIT_GAVE_UP
from muster.shell.faust.producer import IdempotentProducer
from muster.shell.faust.table import RawTable
from muster.shell.settings import Settings
from tests.shell.faust.test_app_on_kafka import Place, incompressible

LONG_SECONDS = 0.5
"""What would never end is given so long before it is taken for endless."""


def app_on(bootstrap: str, cache_dir, name: str = "overrides"):
    settings = Settings(bootstrap=bootstrap, group_prefix=name, cache_dir=cache_dir)
    return create_faust_app(
        settings, "role", partitions=3, credentials=None, refuse=lambda *_: None, on_batch=lambda *_: None
    )


async def never() -> None:
    await asyncio.Event().wait()


# Consumer


def thread_of(consumer: object) -> ConsumerThread:
    """A consumer thread that is not started, around a real consumer."""
    thread = ConsumerThread.__new__(ConsumerThread)
    thread.app = SimpleNamespace(tables=SimpleNamespace(changelog_topics=set()))
    thread.log = logging.getLogger("thread")
    thread._ensure_consumer = lambda: consumer
    thread.tp_last_committed_at = {}
    thread.assignment = consumer.assignment
    return thread


@pytest.mark.kafka
def test_a_seek_moves_partitions_of_which_nothing_is_committed(broker, cache_dir):
    """They go back to their beginning; aiokafka leaves them where they were, past records that were dropped."""

    async def scenario() -> None:
        place = Place(broker, cache_dir)
        await place.create()
        await place.produce([(b"k%d" % n, b"v") for n in range(60)])
        async with AIOKafkaConsumer(
            bootstrap_servers=broker, group_id=place.name, enable_auto_commit=False
        ) as consumer:
            partitions = [TopicPartition(place.source, n) for n in range(3)]
            consumer.assign(partitions)
            await consumer.commit({partitions[0]: 4})
            for ours, expected in ((False, [4, 7, 7]), (True, [4, 0, 0])):
                for partition in partitions:
                    consumer.seek(partition, 7)
                thread = thread_of(consumer)
                await (thread._seek_sources() if ours else consumer.seek_to_committed())
                assert [await consumer.position(partition) for partition in partitions] == expected
            assert thread.epoch == 1

    asyncio.run(scenario())


@pytest.mark.kafka
def test_a_commit_that_cannot_be_made_is_no_crash(broker, cache_dir):
    """A partition may move away before its commit; Faust crashes the app, which then acks on its way out."""

    async def scenario() -> None:
        place = Place(broker, cache_dir)
        await place.create()
        async with AIOKafkaConsumer(
            bootstrap_servers=broker, group_id=place.name, enable_auto_commit=False
        ) as consumer:
            consumer.assign([TopicPartition(place.source, 0)])
            lost = {TP(place.source, 1): 5}
            thread, crashes = thread_of(consumer), []

            async def crash(reason: BaseException) -> None:
                crashes.append(type(reason).__name__)

            thread.crash = crash
            thread.assignment = lambda: set(lost)  # what Faust believed a moment ago
            assert await thread._commit(lost) is False
            assert await thread._commit({TP(place.source, 0): 0}) is True
            assert crashes == []
            await driver.AIOKafkaConsumerThread._commit(thread, lost)
            assert crashes == ["IllegalStateError"]

    asyncio.run(scenario())


def test_a_fetch_waits_for_more_only_where_nobody_waits_for_it(monkeypatch):
    """What comes alone is answered at once, a dense stream is gathered, idle partitions hold up no busy one."""
    asked = []
    fetcher = SimpleNamespace(_records={})
    fetcher._get_actions_per_node = lambda _: asked.append((fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms))
    monkeypatch.setattr(fetch_terms, "monotonic", partial(next, iter(range(1, 9))))  # a second from take to take
    terms = fetch_terms.FetchTerms(fetcher)
    for records_count, held in ((1, {}), (5_000, {}), (5_000, {"a": 1}), (0, {"a": 1}), (1, {})):
        terms.taken(records_count)
        fetcher._records = held
        fetcher._get_actions_per_node(None)
    gathered = (fetch_terms.GATHER_BYTES, fetch_terms.GATHER_WAIT_MS)
    idle, busy = (1, fetch_terms.IDLE_WAIT_MS), (1, fetch_terms.BUSY_WAIT_MS)
    assert asked == [idle, gathered, gathered, busy, idle]


def test_refused_offsets_are_not_noted_as_committed():
    """Else they are not committed again until more records come; Faust notes them whatever the broker said."""
    partition = TP("articles", 0)

    async def refuse(offsets: object) -> bool:
        del offsets
        return False

    def consumer() -> SimpleNamespace:
        quiet = SimpleNamespace(dev=lambda *_: None, info=lambda *_: None, log=lambda *_: None)
        monitor = SimpleNamespace(on_tp_commit=lambda _: None)
        return SimpleNamespace(
            _commit=refuse,
            _committed_offset={},
            committed_at=0.0,
            is_live=False,
            assignment=lambda: {partition},
            in_transaction=False,
            log=quiet,
            app=SimpleNamespace(producer=SimpleNamespace(flush=lambda: asyncio.sleep(0)), monitor=monitor),
        )

    ours, theirs = consumer(), consumer()
    assert asyncio.run(BatchConsumer._commit_offsets(ours, {partition: 9})) is False
    assert ours._committed_offset == {}
    asyncio.run(driver.Consumer._commit_offsets(theirs, {partition: 9}))
    assert theirs._committed_offset == {partition: 9}


def test_a_rebalance_does_not_wait_for_ever_for_a_batch():
    """A delivery that hangs is given up and read again; Faust waits without bound, and the group with it."""
    commits: list[str] = []

    async def commit() -> None:
        commits.append("commit")

    app = SimpleNamespace(should_stop=False, busy=1, conf=SimpleNamespace(broker_rebalance_timeout=0.1))
    asyncio.run(BatchConsumer.wait_empty(SimpleNamespace(app=app, commit=commit, stop_deadline=None)))
    assert commits == ["commit"]

    async def pause(**_: float) -> None:
        await asyncio.sleep(LONG_SECONDS / 100)

    theirs = SimpleNamespace(
        should_stop=False,
        _unacked_messages=[SimpleNamespace(refcount=1)],
        app=SimpleNamespace(agents=SimpleNamespace(human_tracebacks=lambda: "")),
        log=SimpleNamespace(dev=lambda *_: None, info=lambda *_: None, warning=lambda *_: None),
        diag=SimpleNamespace(set_flag=lambda *_: None, unset_flag=lambda *_: None),
        commit=commit,
        _wait_for_ack=pause,
        _clean_unacked_messages=lambda: None,
    )

    async def bounded() -> None:
        await asyncio.wait_for(driver.Consumer.wait_empty(theirs), LONG_SECONDS)

    with pytest.raises(TimeoutError):
        asyncio.run(bounded())


# Producer


def test_a_flush_ends_while_the_broker_is_away(monkeypatch):
    """Deliveries are awaited one by one, so a flush may give up; Faust's own waits as long as aiokafka tries."""
    monkeypatch.setattr(producer_module, "FLUSH_SECONDS_MAX", 0.05)
    hanging = IdempotentProducer.__new__(IdempotentProducer)
    hanging.buffer = SimpleNamespace(flush=never)
    asyncio.run(hanging.flush())

    async def bounded() -> None:
        await asyncio.wait_for(driver.Producer.flush(hanging), LONG_SECONDS)

    with pytest.raises(TimeoutError):
        asyncio.run(bounded())


@pytest.mark.kafka
def test_the_producer_is_idempotent_and_is_replaced_after_a_refusal(broker, cache_dir):
    """After one refused record aiokafka's idempotent producer fails on that partition for good; a new one does not."""

    async def scenario() -> None:
        place = Place(broker, cache_dir)
        await place.create()
        app = app_on(broker, cache_dir, place.name)
        producer = app.producer
        await producer.start()
        try:
            client: AIOKafkaProducer = producer.client
            assert client._txn_manager is not None
            assert not driver.Producer._settings_extra(producer)
            await client.send_and_wait(place.small, b"good", partition=0)
            with pytest.raises(MessageSizeTooLargeError):
                await client.send_and_wait(place.small, incompressible(9_000, 1), partition=0)
            with pytest.raises(KafkaError):
                await client.send_and_wait(place.small, b"good too", partition=0)
            await producer.renew(client)
            assert producer.client is not client
            await producer.client.send_and_wait(place.small, b"good too", partition=0)
            renewed = producer.client
            await producer.renew(client)  # somebody else noticed it later
            assert producer.client is renewed
        finally:
            await producer.stop()

    asyncio.run(scenario())


# Table


def test_a_row_can_be_written_anywhere_and_its_changelog_record_reads_the_newest_value(cache_dir):
    """The row knows its partition, so that it is dropped with it, and a late retry cannot write an older value."""
    app = app_on("127.0.0.1:1", cache_dir)
    table = app.Table("rows", partitions=3, key_type=bytes, value_type=bytes)
    assert isinstance(table, RawTable)
    # JSON for bytes would make recovery fail on every row with a mere warning, and never end.
    assert (table.key_serializer, table.value_serializer) == ("raw", "raw")
    first = table.put(b"k", b"old", partition=2)
    table.put(b"k", b"new", partition=2)
    assert (first.current_value(), first.partition) == (b"new", 2)
    assert list(table.rows()) == [(b"k", b"new", 2)]
    theirs = faust.Table(app, name="theirs", partitions=3, key_type=bytes, value_type=bytes)
    with pytest.raises(TypeError, match="outside of stream iteration"):
        theirs[b"k"] = b"new"


# App and agent


def test_variables_of_common_names_do_not_reach_faust(monkeypatch, cache_dir):
    """Containers have WEB_PORT and TIMEZONE set for others; Faust lets them win over arguments."""
    monkeypatch.setenv("BROKER_COMMIT_INTERVAL", "9")
    app = app_on("127.0.0.1:1", cache_dir)
    assert app.conf.broker_commit_interval == Settings().commit_interval_seconds
    theirs = faust.App(f"theirs-{uuid.uuid4().hex}", broker_commit_interval=0.5, datadir=cache_dir / "faust")
    assert theirs.conf.broker_commit_interval == 9


def test_an_unexpected_exception_leaves_the_process_and_does_not_reach_faust(monkeypatch):
    """Faust acks what is under way when an agent raises."""

    class Left(BaseException):
        pass

    def leave(code: int, why: str) -> None:
        del why
        raise Left(code)

    async def broken() -> None:
        raise RuntimeError

    async def start() -> None:
        pass

    monkeypatch.setattr(pump_module, "leave", leave)
    queue = SimpleNamespace(get=broken)
    stream = SimpleNamespace(maybe_start=start, should_stop=False, channel=SimpleNamespace(queue=queue))
    with pytest.raises(Left) as left:
        asyncio.run(pump_module.pump(SimpleNamespace(), stream, SimpleNamespace()))
    assert left.value.args == (EXIT_GAVE_UP,)
