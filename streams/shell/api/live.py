"""What changes, told to everybody who listens: a bounded memory of messages and a bounded queue for each listener.

Knows nothing of HTTP. Messages are encoded once and shared. Somebody who reads too slowly is dropped, never waited for:
a listener comes back with the id of the last message that it saw and is told what it missed, or, when that is not kept
any more, to load everything again.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import orjson

LISTENERS_MAX = 200
QUEUE_MESSAGES_MAX = 64
KEPT_MESSAGES_MAX = 256
KEPT_BYTES_MAX = 4_000_000

RESET: Final = "reset"
"""The kind of message that says: load everything again."""


class TooManyListenersError(Exception):
    """There is no room for another listener."""


class Listener:
    """Encoded messages for one client, in order. `None` from `next` ends it."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._something = asyncio.Event()
        self._ended = False

    def offer(self, message: bytes) -> None:
        """Hand over a message; a full queue ends the listener, since what is left out could not be told later."""
        if len(self._waiting) >= QUEUE_MESSAGES_MAX:
            self.end()
        elif not self._ended:
            self._waiting.append(message)
            self._something.set()

    def end(self) -> None:
        self._waiting.clear()
        self._ended = True
        self._something.set()

    async def next(self) -> bytes | None:
        """The next message, as soon as there is one; None when no more will come."""
        while not self._waiting:
            if self._ended:
                return None
            self._something.clear()
            await self._something.wait()
        return self._waiting.popleft()


class Hub:
    """Tells every listener every message, in the same order, and remembers the last ones."""

    def __init__(self) -> None:
        # Ids of another process are never ids of this one: a client may come back to any worker.
        self._run = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._kept: deque[tuple[int, bytes]] = deque()
        self._kept_bytes = 0
        self._forgotten = 0
        self._listeners: set[Listener] = set()
        self._closed = False

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def publish(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell a message that can be told again to who comes back."""
        number = next(self._numbers)
        message = encode(kind, data, f"{self._run}-{number}")
        self._kept.append((number, message))
        self._kept_bytes += len(message)
        while len(self._kept) > KEPT_MESSAGES_MAX or self._kept_bytes > KEPT_BYTES_MAX:
            self._forgotten, dropped = self._kept.popleft()
            self._kept_bytes -= len(dropped)
        self._tell(message)

    def pulse(self, data: Mapping[str, Any]) -> None:
        """Tell how things stand now; nobody needs it later."""
        self._tell(encode("pulse", data))

    def close(self) -> None:
        """End every listener; the server stops."""
        self._closed = True
        for listener in self._listeners:
            listener.end()

    @contextmanager
    def listening(self, last_id: str | None) -> Iterator[Listener]:
        """A listener that first gets what came after the message with this id, or a reset when that is not known.

        Raises:
            TooManyListenersError: as said.
        """
        if self._closed or len(self._listeners) >= LISTENERS_MAX:
            raise TooManyListenersError
        listener = Listener()
        missed = self._since(last_id)
        if missed is None:
            newest = self._kept[-1][0] if self._kept else self._forgotten
            listener.offer(encode(RESET, {}, f"{self._run}-{newest}"))
        for message in missed or ():
            listener.offer(message)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def _tell(self, message: bytes) -> None:
        for listener in self._listeners:
            listener.offer(message)

    def _since(self, last_id: str | None) -> list[bytes] | None:
        """What came after the message; None when it is of another run, too old or none of ours."""
        run, _, text = (last_id or "").partition("-")
        if run != self._run or not (text.isascii() and text.isdecimal() and len(text) < 16):
            return None
        missed = [message for number, message in self._kept if number > int(text)]
        return None if int(text) < self._forgotten or len(missed) >= QUEUE_MESSAGES_MAX else missed


def encode(kind: str, data: Mapping[str, Any], message_id: str | None = None) -> bytes:
    """A message of a text/event-stream. JSON has no line ends of its own, so that no text can forge a field."""
    head = f"id: {message_id}\n" if message_id else ""
    return f"{head}event: {kind}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"
