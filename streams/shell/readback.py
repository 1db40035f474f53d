"""Reads topics back plainly: to the end that they had when asked, without a consumer group."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError

from muster.shell.kafka_client import client_options
from muster.shell.settings import Settings

POLL_SECONDS = 0.2


async def read_topic(settings: Settings, topic: str) -> AsyncIterator[Any]:
    """Every record of the topic from its start to the end that it has now, partition by partition."""
    consumer = AIOKafkaConsumer(**client_options(settings), enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = await _partitions(consumer, topic)
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        for partition in partitions:
            await consumer.seek_to_beginning(partition)
        while any([await consumer.position(p) < ends[p] for p in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    yield record
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[Any]:
    from aiokafka import TopicPartition

    await consumer._client.force_metadata_update()  # noqa: SLF001 - a topic may be new to this client
    return [TopicPartition(topic, p) for p in sorted(consumer.partitions_for_topic(topic) or ())]


async def last_values(settings: Settings, topic: str) -> dict[bytes, bytes]:
    """Key -> value of the last record of each key; a key whose last record is a tombstone is absent."""
    values: dict[bytes, bytes] = {}
    async for record in read_topic(settings, topic):
        if record.value is None:
            values.pop(record.key, None)
        else:
            values[record.key] = record.value
    return values


async def wait_until_read(settings: Settings, stages: list[tuple[str, str]], seconds_max: float) -> bool:
    """Wait until each consumer group has committed all of its topic, one stage after the other.

    Args:
        settings: where Kafka is.
        stages: (group, topic) in the order of the stream; a later stage is looked at when the one before it is done.
        seconds_max: for all stages together.

    Returns:
        False when that took too long.
    """
    admin = AIOKafkaAdminClient(**client_options(settings))
    consumer = AIOKafkaConsumer(**client_options(settings), enable_auto_commit=False)
    await admin.start()
    await consumer.start()
    try:
        async with asyncio.timeout(seconds_max):
            for group, topic in stages:
                partitions = await _partitions(consumer, topic)
                while not await _is_read(admin, consumer, group, partitions):
                    await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        return False
    finally:
        await consumer.stop()
        await admin.close()
    return True


async def wait_for_coordinator(settings: Settings, seconds_max: float) -> None:
    """Wait until Kafka coordinates consumer groups: a new broker first makes a topic for it, which takes a second."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    await admin.start()
    deadline = monotonic() + seconds_max
    try:
        while monotonic() < deadline:
            with contextlib.suppress(KafkaError):
                await admin.find_coordinator(settings.group_prefix)
                return
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await admin.close()


async def _is_read(admin: Any, consumer: Any, group: str, partitions: list[Any]) -> bool:
    ends = await consumer.end_offsets(partitions)
    starts = await consumer.beginning_offsets(partitions)
    try:
        committed = await admin.list_consumer_group_offsets(group, partitions=partitions)
    except GroupCoordinatorNotAvailableError:  # a new broker that had no group yet
        return False
    return all(ends[p] == starts[p] or (p in committed and committed[p].offset >= ends[p]) for p in partitions)
