"""Sends articles from files to articles.raw: many on their way at a time, every delivery awaited and counted.

Sending an article twice is harmless (its numbers are those of one), so whatever went wrong, feeding again is safe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from muster.shell.inputs import InputRecord, read_articles
from muster.shell.kafka_client import BrokerUnreachable, check_reachable, client_options
from muster.shell.read_ahead import read_ahead
from muster.shell.settings import Settings
from muster.shell.topics import describe_topics

IN_FLIGHT_RECORDS_MAX = 10_000
IN_FLIGHT_BYTES_MAX = 64_000_000
BATCH_BYTES = 262_144
LINGER_SECONDS = 0.02
STOP_SECONDS_MAX = 2.0
RECORD_OVERHEAD_BYTES = 200
"""Kafka's framing of a record and its batch, which counts towards the topic's max.message.bytes."""


@dataclass(slots=True)
class FeedResult:
    """What became of the records so far.

    `accepted` were confirmed by Kafka. `refused` counts what was read and not sent, or sent and not taken.
    `failure` is set when Kafka stopped taking anything; `interrupted` when the feeding was told to stop.
    """

    accepted: int = 0
    refused: int = 0
    accepted_bytes: int = 0
    failure: str | None = None
    interrupted: bool = False


class Listener(Protocol):
    """Is told what happens while articles are fed; must return quickly."""

    def refused(self, origin: str, reason: str) -> None:
        """A record was not sent or not taken; `origin` is file:line."""

    def advanced(self, result: FeedResult) -> None:
        """A record was delivered; `result` is what there is so far."""


class _Silent:
    def refused(self, origin: str, reason: str) -> None:
        pass

    def advanced(self, result: FeedResult) -> None:
        pass


async def feed(
    settings: Settings,
    paths: Iterable[Path],
    *,
    raw: bool = False,
    listener: Listener | None = None,
    stop: asyncio.Event | None = None,
) -> FeedResult:
    """Sends every article and waits until Kafka has confirmed it.

    Args:
        settings: with `bootstrap` set.
        paths: files, folders, `-`; none means standard input.
        raw: send every line as it is, also what is not JSON.
        listener: is told what happens.
        stop: when it is set nothing more is read; what is in flight is still confirmed.

    Raises:
        BrokerUnreachable: before anything was sent: no broker, or no topic.
    """
    await check_reachable(settings)
    bytes_max = await _record_bytes_max(settings)
    producer = AIOKafkaProducer(
        **client_options(settings),
        enable_idempotence=True,
        request_timeout_ms=int(settings.request_timeout_seconds * 1000),
        max_request_size=bytes_max,
        max_batch_size=BATCH_BYTES,
        linger_ms=int(LINGER_SECONDS * 1000),
        compression_type="lz4",
    )
    flight = _Flight(listener or _Silent(), settings.request_timeout_seconds)
    try:
        await producer.start()
        await _send_all(producer, settings.topic_articles, read_articles(paths, raw=raw), flight, stop, raw=raw)
        await flight.wait_until(0, 0)
    except KafkaError as error:
        flight.give_up(type(error).__name__)
    finally:
        # Everything is confirmed or given up by now: there is nothing left to flush.
        try:
            await asyncio.wait_for(producer.stop(), STOP_SECONDS_MAX)
        except TimeoutError:
            await producer.client.close()
    return flight.result


async def _record_bytes_max(settings: Settings) -> int:
    """Longest record that the topic takes.

    It is asked for beforehand because an idempotent producer cannot go on after the broker has refused a record.
    """
    topic = (await describe_topics(settings)).get(settings.topic_articles)
    if topic is None:
        raise BrokerUnreachable(
            f"Kafka at {settings.bootstrap} has no topic {settings.topic_articles}. "
            "Create it with `muster topics --create`, or correct MUSTER_TOPIC_ARTICLES."
        )
    return int(topic.config.get("max.message.bytes", settings.article_bytes_max)) - RECORD_OVERHEAD_BYTES


async def _send_all(
    producer: AIOKafkaProducer,
    topic: str,
    records: Iterable[InputRecord],
    flight: _Flight,
    stop: asyncio.Event | None,
    *,
    raw: bool,
) -> None:
    async for record in read_ahead(records, stop or asyncio.Event()):
        if record.value is None or (record.error and not raw):
            flight.refuse(record.origin, record.error or "unreadable")
            continue
        await flight.wait_until(IN_FLIGHT_RECORDS_MAX - 1, IN_FLIGHT_BYTES_MAX)
        if flight.result.failure:
            return
        try:
            delivery = await producer.send(topic, record.value, key=record.key)
        except MessageSizeTooLargeError:
            flight.refuse(record.origin, f"{len(record.value):,} bytes are more than the topic takes")
        else:
            flight.add(delivery, record)
    flight.result.interrupted = stop is not None and stop.is_set()


class _Flight:
    """The records that are on their way, and what became of the others."""

    def __init__(self, listener: Listener, silence_seconds_max: float) -> None:
        self.result = FeedResult()
        self._listener = listener
        self._silence_seconds_max = silence_seconds_max
        self._on_their_way: dict[asyncio.Future[Any], InputRecord] = {}
        self._bytes = 0
        self._landed = asyncio.Event()

    def refuse(self, origin: str, reason: str) -> None:
        self.result.refused += 1
        self._listener.refused(origin, reason)

    def add(self, delivery: asyncio.Future[Any], record: InputRecord) -> None:
        self._on_their_way[delivery] = record
        self._bytes += _size(record)
        delivery.add_done_callback(self._on_landed)

    async def wait_until(self, records: int, bytes_count: int) -> None:
        """Waits until no more than so much is on its way.

        Gives up when nothing arrives for long: an idempotent producer tries for ever.
        """
        while len(self._on_their_way) > records or self._bytes > bytes_count:
            self._landed.clear()
            try:
                await asyncio.wait_for(self._landed.wait(), self._silence_seconds_max)
            except TimeoutError:
                self.give_up(f"no answer for {self._silence_seconds_max:.0f} s")

    def give_up(self, reason: str) -> None:
        """What is on its way now counts as refused, though some of it may have arrived."""
        if self.result.failure is None:
            self.result.failure = f"Kafka stopped taking articles: {reason}"
        abandoned, self._on_their_way, self._bytes = self._on_their_way, {}, 0
        for record in abandoned.values():
            self.refuse(record.origin, "not confirmed")

    def _on_landed(self, delivery: asyncio.Future[Any]) -> None:
        error = asyncio.CancelledError() if delivery.cancelled() else delivery.exception()
        record = self._on_their_way.pop(delivery, None)
        if record is None:
            return  # it was given up
        self._bytes -= _size(record)
        if error is None:
            self.result.accepted += 1
            self.result.accepted_bytes += _size(record)
            self._listener.advanced(self.result)
        else:
            self.refuse(record.origin, f"not delivered ({type(error).__name__})")
            self.give_up(type(error).__name__)
        self._landed.set()


def _size(record: InputRecord) -> int:
    return len(record.value or b"")
