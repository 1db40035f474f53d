"""The overrides of Faust's producer: idempotent, bounded in its flush, and replaceable while it runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import aiokafka
from faust.transport.drivers import aiokafka as driver

FLUSH_SECONDS_MAX = 5.0


class IdempotentProducer(driver.Producer):
    def _settings_extra(self) -> Mapping[str, Any]:
        # Faust offers idempotence only together with transactions.
        return {"acks": "all", "enable_idempotence": True}

    async def flush(self) -> None:
        # Deliveries are awaited one by one before anything is confirmed; Faust flushes again on stop and rebalance,
        # without bound while the broker is away.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(super().flush(), FLUSH_SECONDS_MAX)

    @property
    def client(self) -> aiokafka.AIOKafkaProducer:
        return self._ensure_producer()

    async def renew(self, stale: aiokafka.AIOKafkaProducer) -> None:
        """Replace the producer unless somebody already did.

        aiokafka takes a sequence number for each batch of records and does not give it back when the broker refuses
        the batch; from then on the partition answers OutOfOrderSequenceNumber, which it does not retry.
        """
        if self._producer is not stale:
            return
        # First the old one ends: what it still holds must not arrive after a newer value of the same key.
        await _end(stale)
        fresh = self._new_producer()
        try:
            await fresh.start()
        except BaseException:
            await _end(fresh)  # the broker is away: what it opened so far would stay open
            raise
        self._producer = fresh

    def single_sender(self) -> aiokafka.AIOKafkaProducer:
        """A producer of its own, not started, that sends every record without neighbours."""
        # No batch has room for a second record, and none waits for one.
        alone = {"acks": "all", "max_batch_size": 1, "linger_ms": 0}
        settings = {**self._settings_default(), **self._settings_auth(), **alone}
        return aiokafka.AIOKafkaProducer(**settings)


async def _end(producer: aiokafka.AIOKafkaProducer) -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(producer.stop(), FLUSH_SECONDS_MAX)
        return
    with contextlib.suppress(Exception):
        await producer.client.close()  # it cannot flush: cut its connections
