"""The safe shell on a real broker: refused records, restarts, and what is committed."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from muster.shell.faust.app import SafeApp, create_faust_app
from muster.shell.faust.batch import Outgoing, Record
from muster.shell.faust.pump import pump
from muster.shell.faust.table import RawTable
from muster.shell.settings import Settings

pytestmark = pytest.mark.kafka

PARTITIONS = 3
HANG_SECONDS = 60


class Place:
    """Topics of one test: `source`, `out` (1,000,000 bytes a record), `small` (2,000 bytes), `letters`."""

    def __init__(self, bootstrap: str, cache_dir: Path) -> None:
        self.name = f"t{uuid.uuid4().hex[:10]}"
        self.settings = Settings(
            bootstrap=bootstrap, group_prefix=self.name, partitions=PARTITIONS, cache_dir=cache_dir
        )
        self.source, self.out, self.small, self.letters = (
            f"{self.name}.{n}" for n in ("source", "out", "small", "letters")
        )
        self.changelog = f"{self.name}-role-rows-changelog"

    async def create(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.bootstrap)
        await admin.start()
        configs = {self.small: {"max.message.bytes": "2000"}, self.changelog: {"cleanup.policy": "compact"}}
        names = (self.source, self.out, self.small, self.letters, self.changelog)
        await admin.create_topics([NewTopic(n, PARTITIONS, 1, topic_configs=configs.get(n, {})) for n in names])
        await admin.close()

    async def produce(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.settings.bootstrap) as producer:
            for key, value in pairs:
                await producer.send(self.source, value, key=key)
            await producer.flush()

    async def read(self, topic: str) -> list[tuple[bytes, bytes]]:
        """Key and value of every record that is there now."""
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=self.settings.bootstrap, auto_offset_reset="earliest")
        found = []
        async with consumer:
            ends = await consumer.end_offsets(consumer.assignment())
            while any([await consumer.position(p) < end for p, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(r.key, r.value) for r in records]
        return found

    def app(self, work_of: Callable[[RawTable], object]) -> SafeApp:
        app = create_faust_app(
            self.settings,
            "role",
            partitions=PARTITIONS,
            credentials=None,
            refuse=lambda item, _: Outgoing(self.letters, item.origin.key, item.origin.value),
            on_batch=lambda *_: None,
        )
        work = work_of(app.Table("rows", partitions=PARTITIONS, key_type=bytes, value_type=bytes))

        async def agent(stream: object) -> None:
            await pump(app, stream, work)

        topic = app.topic(self.source, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
        app.agent(topic, name="role", concurrency=1)(agent)
        return app


@asynccontextmanager
async def running(app: SafeApp) -> AsyncIterator[SafeApp]:
    watch = asyncio.ensure_future(app.watch.run())
    try:
        await app.start()
        yield app
    finally:
        await app.stop()
        watch.cancel()


async def committed_all(app: SafeApp, count: int) -> None:
    """Wait until as many records are committed as there are."""
    async with asyncio.timeout(HANG_SECONDS):
        while sum(v or 0 for v in app.batches._committed_offset.values()) < count:
            await asyncio.sleep(0.05)


class Copy:
    """Each record goes to `topic` and into the table."""

    def __init__(self, table: RawTable, topic: str) -> None:
        self.table = table
        self.topic = topic

    def process(self, record: Record) -> Sequence[Outgoing]:
        row = self.table.put(record.key, record.value[:20], record.partition)
        return [row, Outgoing(self.topic, record.key, record.value, origin=record)]

    def flush(self) -> Sequence[Outgoing]:
        return ()


def incompressible(length: int, seed: int) -> bytes:
    import random

    return random.Random(seed).randbytes(length)


def test_a_refused_record_is_the_only_one_that_becomes_a_dead_letter(broker, cache_dir):
    """Kafka refuses whole producer batches: the culprits are found, their neighbours arrive, all is committed."""

    async def scenario() -> None:
        place = Place(broker, cache_dir)
        await place.create()
        good = [(b"k%d" % n, b"v%d" % n) for n in range(600)]
        bad = [(b"bad%d" % n, incompressible(9_000, n)) for n in range(4)]
        await place.produce([*good[:200], *bad[:2], *good[200:400], *bad[2:], *good[400:]])
        async with running(place.app(lambda table: Copy(table, place.small))) as app:
            await committed_all(app, 604)
        assert set(await place.read(place.small)) == set(good)
        assert sorted(await place.read(place.letters)) == sorted(bad)

    asyncio.run(scenario())


def test_a_new_worker_finds_the_rows_and_goes_on_where_the_old_one_stopped(broker, cache_dir):
    """A clean stop commits everything: the next worker repeats nothing and its table holds every row."""

    async def scenario() -> None:
        place = Place(broker, cache_dir)
        await place.create()
        first = [(b"k%d" % n, b"first%d" % n) for n in range(300)]
        second = [(b"k%d" % n, b"second%d" % n) for n in range(200, 500)]
        await place.produce(first)
        async with running(place.app(lambda table: Copy(table, place.out))) as app:
            await committed_all(app, 300)
        await place.produce(second)
        tables: list[RawTable] = []

        def work_of(table: RawTable) -> Copy:
            tables.append(table)
            return Copy(table, place.out)

        async with running(place.app(work_of)) as app:
            await committed_all(app, 600)
            rows = {key: value for key, value, _ in tables[0].rows()}
        assert rows == {key: value[:20] for key, value in [*first, *second]}
        assert Counter(await place.read(place.out)) == Counter([*first, *second])

    asyncio.run(scenario())
