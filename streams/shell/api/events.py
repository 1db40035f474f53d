"""The newest deployment events, followed live by a consumer without a group."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from muster.shell.kafka_client import FOLLOW_SECONDS, client_options
from muster.shell.settings import Settings

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
POLL_MS = 500
BACK_RECORDS = 100
"""So many of each partition are read when it starts: the newest of all are among them."""

OnEvent = Callable[[dict[str, Any], int], None]


class EventsFollower:
    """Hands every event to `on_event` with the record's timestamp in milliseconds, from a little before now on.

    `caught_up` is set when those that were there are handed over.
    """

    def __init__(self, settings: Settings, on_event: OnEvent) -> None:
        self.caught_up = False
        self._settings = settings
        self._on_event = on_event

    async def run(self) -> None:
        """Follow for ever; start it as a task."""
        while True:
            try:
                await self._follow()
            except (KafkaError, TimeoutError) as error:
                logger.warning("events are not followed, trying again: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the page shows older ones meanwhile
                logger.error("events are not followed: %s", type(error).__name__)  # noqa: TRY400 - no article text
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        options = client_options(self._settings)
        consumer = AIOKafkaConsumer(**options, enable_auto_commit=False, auto_offset_reset="latest")
        await consumer.start()
        try:
            consumer.subscribe([self._settings.topic_events])
            await consumer.getmany(timeout_ms=POLL_MS, max_records=1)  # assigns
            assigned: list[TopicPartition] = list(consumer.assignment())
            for record in await self._last_ones(consumer, assigned):
                self._hand_over(record)
            self.caught_up = True
            while True:
                fetched = await consumer.getmany(timeout_ms=POLL_MS)
                for records in fetched.values():
                    for record in records:
                        self._hand_over(record)
                if fetched:
                    await asyncio.sleep(FOLLOW_SECONDS)
        finally:
            await consumer.stop()

    async def _last_ones(self, consumer: Any, assigned: list[TopicPartition]) -> list[Any]:
        """The last records of every partition, in the order of their timestamps."""
        starts, ends = await consumer.beginning_offsets(assigned), await consumer.end_offsets(assigned)
        for partition in assigned:
            consumer.seek(partition, max(starts[partition], ends[partition] - BACK_RECORDS))
        found: list[Any] = []
        while any([await consumer.position(p) < ends[p] for p in assigned]):
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                found += records
        return sorted(found, key=lambda record: record.timestamp)

    def _hand_over(self, record: Any) -> None:
        try:
            self._on_event(orjson.loads(record.value or b"null"), record.timestamp)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            logger.warning("a record of %s is no event: left out", record.topic)
