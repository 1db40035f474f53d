"""A table restored from its changelog on a real broker, whatever others wrote into it and whenever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

from muster.shell.faust.changelog import Changelog
from muster.shell.faust.table import RawTable
from tests.shell.faust.test_app_on_kafka import HANG_SECONDS, PARTITIONS, Copy, Place, committed_all, running

pytestmark = pytest.mark.kafka

Row = tuple[bytes, bytes]


async def write(place: Place, rows: Sequence[Row], partition: int = 0) -> None:
    """What another worker writes into the changelog."""
    async with AIOKafkaProducer(bootstrap_servers=place.settings.bootstrap) as producer:
        for key, value in rows:
            await producer.send(place.changelog, value, key=key, partition=partition)
        await producer.flush()


async def last_rows(place: Place) -> dict[bytes, bytes]:
    return dict(await place.read(place.changelog))


async def until_last(place: Place, key: bytes, value: bytes) -> None:
    async with asyncio.timeout(HANG_SECONDS):
        while (await last_rows(place)).get(key) != value:
            await asyncio.sleep(0.1)


def merging(place: Place, found: list[RawTable]):
    """An app whose table keeps the greater of two rows."""

    def work_of(table: RawTable) -> Copy:
        table.merge = max
        found.append(table)
        return Copy(table, place.out)

    return place.app(work_of)


def test_rows_of_one_key_are_merged_whatever_their_order(broker, cache_dir):
    """A late, lesser row that the log ends with neither enters the table nor stays the last one in the log."""

    async def scenario() -> None:
        place, tables = Place(broker, cache_dir), []
        await place.create()
        await write(place, [(b"a", b"1"), (b"a", b"3"), (b"b", b"1"), (b"a", b"2"), (b"b", b"2")])
        async with running(merging(place, tables)):
            async with asyncio.timeout(HANG_SECONDS):
                while len(list(tables[0].rows())) < 2:
                    await asyncio.sleep(0.05)
            assert {key: value for key, value, _ in tables[0].rows()} == {b"a": b"3", b"b": b"2"}
            await until_last(place, b"a", b"3")

    asyncio.run(scenario())


def test_a_row_that_another_worker_writes_late_is_corrected_by_the_owner(broker, cache_dir):
    """A paused worker that wakes up puts an older row over a newer one; the next owner must not find it."""

    async def scenario() -> None:
        place, tables = Place(broker, cache_dir), []
        await place.create()
        await place.produce([(b"k%d" % n, b"5") for n in range(9)])
        async with running(merging(place, tables)) as app:
            await committed_all(app, 9)
            key, value, partition = next(iter(tables[0].rows()))
            await write(place, [(key, b"4")], partition)
            await until_last(place, key, value)
            written = len(await place.read(place.changelog))
            await write(place, [(key, b"6"), (b"unknown", b"1")], partition)  # of a batch that is read again
            await asyncio.sleep(1)
            assert len(await place.read(place.changelog)) == written + 2

    asyncio.run(scenario())


def test_only_what_is_new_is_read_when_partitions_stay(broker, cache_dir):
    """After a rebalance the rows of kept partitions are in memory, those of lost ones are gone, new ones are read."""

    async def scenario() -> None:
        place, tables = Place(broker, cache_dir), []
        await place.create()
        for partition in range(PARTITIONS):
            await write(place, [(b"%d-%d" % (partition, n), b"1") for n in range(10)], partition)
        app = merging(place, tables)
        changelog: Changelog = tables[0].changelog
        for partitions, rows, read in (({0, 1}, 20, 20), ({1, 2}, 20, 10), ({1}, 10, 0), (set(), 0, 0), ({0}, 10, 10)):
            before = app.restored_rows
            assert await changelog.restore(partitions)
            assert {p for _, _, p in tables[0].rows()} == partitions
            assert (len(list(tables[0].rows())), app.restored_rows - before) == (rows, read)
        await changelog.stop()

    asyncio.run(scenario())


def test_a_restore_that_partitions_leave_says_so(broker, cache_dir):
    """Half a table must not be taken for a whole one; what was read of it is not read again."""

    async def scenario() -> None:
        place, tables = Place(broker, cache_dir), []
        await place.create()
        await write(place, [(b"%d" % n, b"1") for n in range(5_000)])
        app = merging(place, tables)
        changelog: Changelog = tables[0].changelog
        restoring = asyncio.ensure_future(changelog.restore({0}))
        async with asyncio.timeout(HANG_SECONDS):
            while not app.restored_rows:
                await asyncio.sleep(0)
        await changelog.stop()
        assert await restoring is False
        assert await changelog.restore({0}) is True
        assert len(list(tables[0].rows())) == app.restored_rows == 5_000
        await changelog.stop()

    asyncio.run(scenario())


def test_rows_that_could_not_be_written_again_stay_known():
    """The log is not read a second time, so that what is to be corrected must outlive a broker that is away."""

    async def refuse(items: object) -> None:
        raise KafkaConnectionError(str(items))

    app = SimpleNamespace(delivery=SimpleNamespace(start=refuse, finish=refuse), rewritten_rows=0)
    changelog = Changelog(SimpleNamespace(app=app, again=lambda key, partition: (key, partition)))
    changelog._outdated = {b"a": 0}
    with pytest.raises(KafkaConnectionError):
        asyncio.run(changelog._follow(None))
    assert changelog._outdated == {b"a": 0}
    assert app.rewritten_rows == 0
