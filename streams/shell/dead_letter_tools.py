"""Dead letters read back, and sent again to where they came from.

Nothing in a dead letter is trusted: it holds what a producer sent, headers included, so a replay goes only to topics
that Muster reads, and what is shown of it is bounded. A replayed record carries its letter's address in a header; if it
becomes a dead letter again, the new letter names the old one by it, and the old one is not sent any more.
"""

from __future__ import annotations

import base64
import heapq
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidMessageError, MessageSizeTooLargeError, RecordListTooLargeError

from muster.core import limits
from muster.shell import clock, headers, topics
from muster.shell.kafka_client import client_options
from muster.shell.readback import read_topic
from muster.shell.settings import Settings

REPLAY_OF = "muster-replay-of"
ADDRESS = re.compile(r"(\d{1,9}):(\d{1,18})")
CELL_CHARS_MAX = 200
REQUEST_ROOM_BYTES = 500_000
REFUSALS = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidMessageError)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant: every condition that is set must hold; `topic` and `partition` are the original's."""

    reasons: tuple[str, ...] = ()
    topic: str | None = None
    partition: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, letter: Letter) -> bool:
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (self.topic is None or letter.topic == self.topic)
            and (self.partition is None or letter.partition == self.partition)
            and (self.since is None or (letter.at is not None and letter.at >= self.since))
            and (self.until is None or (letter.at is not None and letter.at < self.until))
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter. `address` is where it lies on the dead letter topic, as partition:offset."""

    address: str
    at: datetime | None
    reason: str
    detail: str
    stage: str
    topic: str
    partition: int | None
    offset: int | None
    replay_of: str
    key: bytes | None
    value: bytes | None
    headers: headers.Headers

    def summary(self) -> dict[str, Any]:
        """One row of a list: nothing of the value but its length."""
        return {
            "letter": self.address,
            "at": self.at.isoformat(timespec="seconds").replace("+00:00", "Z") if self.at else None,
            "reason": self.reason,
            "topic": self.topic,
            "partition": self.partition,
            "offset": self.offset,
            "stage": self.stage,
            "key": _text(self.key, CELL_CHARS_MAX),
            "bytes": None if self.value is None else len(self.value),
            "replay_of": self.replay_of or None,
            "detail": self.detail,
        }

    def whole(self, value_bytes_max: int) -> dict[str, Any]:
        """All of it, the value cut to so many bytes; what is no UTF-8 is given in base64."""
        value = self.value if self.value is None else self.value[:value_bytes_max]
        readable = _is_text(value)
        return self.summary() | {
            "headers": [[name, _text(content, headers.VALUE_CHARS_MAX)] for name, content in self.headers],
            "value": value.decode(errors="replace") if value is not None and readable else None,
            "value_base64": None if value is None or readable else base64.b64encode(value).decode(),
            "value_is_cut": self.value is not None and len(self.value) > value_bytes_max,
        }


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of one letter: `outcome` is sent, would be sent, or why it was left out."""

    letter: Letter
    outcome: str

    def row(self) -> dict[str, Any]:
        return self.letter.summary() | {"outcome": self.outcome}


class NoSuchLetterError(Exception):
    """There is no letter at that address; the message says what to do."""


async def letters(settings: Settings, chosen: Filter) -> AsyncIterator[Letter]:
    """The letters that are meant, partition by partition, as the topic stands now.

    Raises:
        KafkaError: Kafka cannot be read.
    """
    async for record in read_topic(settings, settings.topic_dead_letters):
        letter = letter_of(record)
        if chosen.takes(letter):
            yield letter


async def newest(settings: Settings, chosen: Filter, count_max: int) -> tuple[list[Letter], int]:
    """The newest letters in order of time, and how many there are in all; holds no more than those in memory.

    Of one millisecond they stand in the order of their addresses, so that the same question has the same answer.
    """
    kept: list[tuple[tuple[float, ...], Letter]] = []
    total = 0
    async for letter in letters(settings, chosen):
        total += 1
        at = letter.at.timestamp() if letter.at else 0.0
        push = heapq.heappush if len(kept) < count_max else heapq.heappushpop
        push(kept, ((at, *map(int, letter.address.split(":"))), letter))  # no two have one address
    return [letter for _, letter in sorted(kept, key=lambda one: one[0])], total


async def find(settings: Settings, address: str) -> Letter:
    """The letter at partition:offset.

    Raises:
        NoSuchLetterError: there is none.
        KafkaError: Kafka cannot be read.
    """
    if ADDRESS.fullmatch(address):
        async for letter in letters(settings, Filter()):
            if letter.address == address:
                return letter
    raise NoSuchLetterError(f"There is no dead letter {address}. `muster dlq list` shows them as partition:offset.")


async def replay(settings: Settings, chosen: Filter, *, dry_run: bool) -> AsyncIterator[Replay]:
    """Sends the originals back, one after the other; each is safe in Kafka before it is told.

    The whole topic is read first for the letters that came back from an earlier replay: only the newest letter of a
    record is sent. Sending a record twice is harmless: the stream counts an article version once.

    Raises:
        KafkaError: Kafka does not answer. What was told before was sent.
    """
    partitions = await topics.partition_counts(settings)
    came_back = {
        (letter.replay_of, letter.topic, letter.key) async for letter in letters(settings, Filter()) if letter.replay_of
    }
    producer = _producer(settings)
    if not dry_run:
        await producer.start()
    try:
        async for letter in letters(settings, chosen):
            why_not = _why_not(settings, letter, partitions, came_back)
            if why_not or dry_run:
                yield Replay(letter, why_not or "would be sent")
            else:
                yield Replay(letter, await _send(producer, letter))
    finally:
        await producer.stop()


def _why_not(
    settings: Settings, letter: Letter, partitions: dict[str, int], came_back: set[tuple[str, str, bytes | None]]
) -> str:
    sources = (settings.topic_articles, settings.topic_claims, settings.topic_reports)
    if letter.topic not in sources:
        return "left out: it names no topic that Muster reads"
    if letter.partition is None or letter.partition >= partitions.get(letter.topic, 0):
        return "left out: its partition does not exist"
    if (letter.address, letter.topic, letter.key) in came_back:  # the header alone proves nothing
        return "left out: it was replayed and came back as a newer letter"
    return ""


async def _send(producer: AIOKafkaProducer, letter: Letter) -> str:
    original = [(name, content) for name, content in headers.original_headers(letter.headers) if name != REPLAY_OF]
    try:
        await producer.send_and_wait(
            letter.topic,
            letter.value,
            key=letter.key,
            # The partition that it came from keeps it in order with other versions of the same article.
            partition=letter.partition,
            headers=[*original, (REPLAY_OF, letter.address.encode())],
        )
    except REFUSALS as error:
        return f"refused by {letter.topic}: {type(error).__name__}"
    return "sent"


def _producer(settings: Settings) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        # Kafka's own limit decides what is refused, not the client's.
        max_request_size=max(settings.article_bytes_max, limits.RECORD_BYTES_MAX) + REQUEST_ROOM_BYTES,
        request_timeout_ms=int(settings.request_timeout_seconds * 1000),
        compression_type="lz4",
    )


def letter_of(record: Any) -> Letter:
    """A record of the dead letter topic; what its headers do not say is empty or None."""
    # The last header of a name is Muster's: an original may have brought some of the same name.
    said = {name: content or b"" for name, content in record.headers}

    def error(name: str) -> str:
        return said.get(headers.ERRORS_PREFIX + name, b"")[: headers.VALUE_CHARS_MAX].decode(errors="replace")

    return Letter(
        address=f"{record.partition}:{record.offset}",
        at=clock.from_millis(record.timestamp),
        reason=said.get(headers.REASON, b"")[:CELL_CHARS_MAX].decode(errors="replace"),
        detail=error("exception.message"),
        stage=error("stage"),
        topic=error("topic"),
        partition=_number(error("partition")),
        offset=_number(error("offset")),
        replay_of=_address(said.get(REPLAY_OF, b"")),
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


def _address(content: bytes) -> str:
    text = content[:CELL_CHARS_MAX].decode(errors="replace")
    return text if ADDRESS.fullmatch(text) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else None


def _text(content: bytes | None, chars_max: int) -> str | None:
    return None if content is None else content[:chars_max].decode(errors="replace")


def _is_text(content: bytes | None) -> bool:
    if content is None:
        return True
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return len(content) - error.start < len("\U0010ffff".encode())  # cut in the middle of a character
    return True
