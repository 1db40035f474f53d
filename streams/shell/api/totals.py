"""The totals as they stand in Kafka, followed live by a consumer without a group: what any worker can answer from."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from muster.shell.api.shape import is_total
from muster.shell.kafka_client import FOLLOW_SECONDS, client_options
from muster.shell.settings import Settings

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
POLL_MS = 500

Totals = dict[str, dict[str, Any]]
"""Place key -> CityTotal or RegionTotal."""

OnChange = Callable[[str, Mapping[str, Any] | None], None]
"""Is told of a place key and its new total, None when it has none any more."""


def _tell_nobody(key: str, total: Mapping[str, Any] | None) -> None:
    pass


class TotalsFollower:
    """`cities` and `regions` hold the last value of each key; `caught_up` is set when the first read is complete.

    From then on `on_change` is told of every total that becomes another one.
    """

    def __init__(self, settings: Settings, on_change: OnChange = _tell_nobody) -> None:
        self.cities: Totals = {}
        self.regions: Totals = {}
        self.caught_up = False
        self._settings = settings
        self._on_change = on_change

    async def run(self) -> None:
        """Follow for ever; start it as a task."""
        while True:
            try:
                await self._follow()
            except (KafkaError, TimeoutError) as error:
                logger.warning("totals are not followed, trying again: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the API answers from what it has meanwhile
                logger.error("totals are not followed: %s", type(error).__name__)  # noqa: TRY400 - no article text
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        settings = self._settings
        consumer = AIOKafkaConsumer(**client_options(settings), enable_auto_commit=False, auto_offset_reset="earliest")
        await consumer.start()
        try:
            consumer.subscribe([settings.topic_city_totals, settings.topic_region_totals])
            await consumer.getmany(timeout_ms=POLL_MS, max_records=1)  # assigns
            assigned: list[TopicPartition] = list(consumer.assignment())
            await consumer.seek_to_beginning(*assigned)
            ends = await consumer.end_offsets(assigned)
            while True:
                fetched = await consumer.getmany(timeout_ms=POLL_MS)
                for records in fetched.values():
                    for record in records:
                        self._keep(record)
                if not self.caught_up:
                    self.caught_up = all([await consumer.position(p) >= ends[p] for p in assigned])
                elif fetched:
                    await asyncio.sleep(FOLLOW_SECONDS)
        finally:
            await consumer.stop()

    def _keep(self, record: Any) -> None:
        totals = self.cities if record.topic == self._settings.topic_city_totals else self.regions
        key = (record.key or b"").decode(errors="replace")
        try:
            total = None if record.value is None else orjson.loads(record.value)
        except orjson.JSONDecodeError:
            logger.warning("a record of %s is not JSON: left out", record.topic)
            return
        if record.value is not None and not is_total(total):
            logger.warning("a record of %s is no total: left out", record.topic)
            return
        before = totals.pop(key, None)
        if total is not None:
            totals[key] = total
        # A second reading from the start, after Kafka was away, changes nothing that stands.
        if self.caught_up and total != before:
            self._on_change(key, total)
