"""Sends records and returns when every one is safe in Kafka, or its origin is a dead letter.

A record that Kafka refuses takes its whole producer batch with it, so each failed record is tried again alone: what
is refused alone is the culprit. What fails for other reasons is tried again with back-off until the broker has been
away for too long; then the process leaves without acking, and everything is read again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiokafka
from aiokafka.errors import (
    InvalidMessageError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from muster.shell.faust.batch import Outgoing
from muster.shell.faust.exits import EXIT_GAVE_UP, leave
from muster.shell.faust.producer import IdempotentProducer

logger = logging.getLogger(__name__)

REFUSALS = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidMessageError)
"""The broker, or aiokafka before it, will never take this record."""

BACK_OFF_SECONDS_MIN = 0.1
BACK_OFF_SECONDS_MAX = 5.0
ALONE_AT_ONCE_MAX = 16

Refuse = Callable[[Outgoing, str], Outgoing | None]
"""A refused record and the name of its error -> the dead letter of its origin, or None when it has none."""


@dataclass(frozen=True, slots=True)
class Started:
    """Records that were handed to a producer, each with the future of its delivery or the error instead."""

    client: aiokafka.AIOKafkaProducer
    sent: list[tuple[Outgoing, asyncio.Future[Any] | Exception]]


@dataclass(frozen=True, slots=True)
class Failure:
    item: Outgoing
    error: Exception


class Delivery:
    """One for an app.

    Args:
        producer: the app's Faust producer, looked up at each use because Faust makes it late.
        check_awake: called before every send; leaves the process when it overslept.
        refuse: makes the dead letter of a refused record.
        wait_seconds: longest wait for one answer.
        away_seconds_max: after so long without success the process leaves.
    """

    def __init__(
        self,
        producer: Callable[[], IdempotentProducer],
        check_awake: Callable[[], None],
        refuse: Refuse,
        *,
        wait_seconds: float,
        away_seconds_max: float,
    ) -> None:
        self._producer = producer
        self._check_awake = check_awake
        self._refuse = refuse
        self._wait_seconds = wait_seconds
        self._away_seconds_max = away_seconds_max
        self._renewing = asyncio.Lock()
        self._alone = asyncio.Lock()

    async def start(self, items: Sequence[Outgoing]) -> Started:
        """Queue the records in order: it holds within a partition. Waits only while the producer's buffer is full."""
        client = self._producer().client
        return Started(client, [(item, await self._queue(client, item)) for item in items])

    async def _queue(self, client: aiokafka.AIOKafkaProducer, item: Outgoing) -> asyncio.Future[Any] | Exception:
        self._check_awake()
        try:
            future: asyncio.Future[Any] = await _send(client, item)  # aiokafka bounds it by its own request timeout
        except KafkaError as error:
            failure: Exception = error
            return failure
        return future

    async def finish(self, started: Started, is_wanted: Callable[[], bool] = lambda: True) -> bool:
        """Wait until every record is safe: delivered, or refused and its origin delivered as a dead letter.

        False when something failed and is not wanted any more: who lost the partition should not write late.
        """
        failed = await self._failures(started)
        pause = BACK_OFF_SECONDS_MIN
        since = monotonic()
        while failed:
            if not is_wanted():
                return False
            failed = await self._again(failed)
            if not failed:
                break
            if monotonic() - since > self._away_seconds_max:
                leave(EXIT_GAVE_UP, f"nothing could be delivered for {self._away_seconds_max:.0f} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, BACK_OFF_SECONDS_MAX)
        return True

    async def _failures(self, started: Started) -> list[Failure]:
        if not started.sent:
            return []
        futures = [f for _, f in started.sent if not isinstance(f, Exception)]
        if futures:
            await asyncio.wait(futures, timeout=self._wait_seconds)
        failed = [Failure(item, error) for item, future in started.sent if (error := _error_of(future)) is not None]
        if failed:
            logger.warning("%d of %d deliveries failed: %s", len(failed), len(started.sent), _kinds(failed))
            await self._renew(started.client)
        return failed

    async def _renew(self, stale: aiokafka.AIOKafkaProducer) -> None:
        async with self._renewing:
            with contextlib.suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(self._producer().renew(stale), self._wait_seconds)

    async def _again(self, failed: Sequence[Failure]) -> list[Failure]:
        if any(isinstance(f.error, REFUSALS) for f in failed):
            return await self._one_by_one([f.item for f in failed])
        return await self._failures(await self.start([f.item for f in failed]))

    async def _one_by_one(self, items: Sequence[Outgoing]) -> list[Failure]:
        """Each record alone through a producer that nobody else uses, so that no neighbour falls with it."""
        async with self._alone, self._single_sender() as sender:
            if sender is None:
                return [Failure(item, TimeoutError()) for item in items]
            room = asyncio.Semaphore(ALONE_AT_ONCE_MAX)  # aiokafka wakes all that wait for each batch that leaves

            async def alone(item: Outgoing) -> Exception | None:
                async with room:
                    return await self._deliver_alone(sender, item)

            errors = await asyncio.gather(*map(alone, items))
            return [Failure(item, error) for item, error in zip(items, errors, strict=True) if error is not None]

    @contextlib.asynccontextmanager
    async def _single_sender(self) -> AsyncIterator[aiokafka.AIOKafkaProducer | None]:
        sender = self._producer().single_sender()
        try:
            try:
                await asyncio.wait_for(sender.start(), self._wait_seconds)
            except (KafkaError, TimeoutError):
                yield None
            else:
                yield sender
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(sender.stop(), self._wait_seconds)

    async def _deliver_alone(self, sender: aiokafka.AIOKafkaProducer, item: Outgoing) -> Exception | None:
        self._check_awake()
        try:
            await asyncio.wait_for(await _send(sender, item), self._wait_seconds)
        except REFUSALS as error:
            letter = self._refuse(item, type(error).__name__)
            if letter is None:
                leave(EXIT_GAVE_UP, f"{item.topic} refuses a record that has no origin: {type(error).__name__}")
            return await self._deliver_letter(sender, letter)
        except (KafkaError, TimeoutError) as error:
            return error
        return None

    async def _deliver_letter(self, sender: aiokafka.AIOKafkaProducer, letter: Outgoing) -> Exception | None:
        try:
            await asyncio.wait_for(await _send(sender, letter), self._wait_seconds)
        except REFUSALS as error:
            leave(EXIT_GAVE_UP, f"the dead letter topic {letter.topic} refuses a record: {type(error).__name__}")
        except (KafkaError, TimeoutError) as error:
            return error
        return None


async def _send(client: aiokafka.AIOKafkaProducer, item: Outgoing) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = await client.send(
        item.topic,
        item.current_value(),
        key=item.key,
        partition=item.partition,
        headers=item.current_headers(),
    )
    return future


def _error_of(future: asyncio.Future[Any] | Exception) -> Exception | None:
    if isinstance(future, Exception):
        return future
    if not future.done() or future.cancelled():
        return TimeoutError("no answer")
    error = future.exception()
    if error is not None and not isinstance(error, Exception):
        raise error
    return error


def _kinds(failed: Sequence[Failure]) -> str:
    return ", ".join(sorted({f"{f.item.topic}: {type(f.error).__name__}" for f in failed}))
