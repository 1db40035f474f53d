"""A fetched batch of one partition, and the records that come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from faust.types import TP

Headers = tuple[tuple[str, bytes], ...]


class Record(Protocol):
    """A record as aiokafka fetches it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int:
        """Milliseconds since the epoch."""
        ...

    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass(slots=True, eq=False)
class Batch:
    """What one fetch brought of one partition.

    `start` is where the batch before it ended, or where the seek put the partition: batches of a partition form a chain
    by position, so offsets need not be consecutive (compaction and transactions leave holes). `epoch` counts seeks.
    """

    partition: TP
    records: Sequence[Record]
    start: int
    epoch: int
    bytes: int
    confirmed: bool = False

    @property
    def end(self) -> int:
        """The offset after the last record: what is committed when the batch is done."""
        return self.records[-1].offset + 1


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be produced.

    `value` is a callable where the newest state must win (totals, changelog rows): it is called at each try to send,
    so that a late retry cannot write an older value over a newer one. `origin` is the record that it came of.
    """

    topic: str
    key: bytes | None
    value: bytes | Callable[[], bytes | None] | None
    partition: int | None = None
    headers: Headers | Callable[[], Headers] = ()
    origin: Record | None = None
    slot: str = ""  # tells apart records of one topic and key that must both be sent, such as a total and its tombstone

    def current_value(self) -> bytes | None:
        return self.value() if callable(self.value) else self.value

    def current_headers(self) -> list[tuple[str, bytes]]:
        return list(self.headers() if callable(self.headers) else self.headers)


def coalesce(items: Sequence[Outgoing]) -> list[Outgoing]:
    """Drop all but the last of those items of one topic, key and slot that read their value when they are sent."""
    last = {(i.topic, i.key, i.slot): n for n, i in enumerate(items) if callable(i.value)}
    return [i for n, i in enumerate(items) if not callable(i.value) or last[i.topic, i.key, i.slot] == n]
