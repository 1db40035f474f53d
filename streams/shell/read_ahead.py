"""Turns a blocking iterator into an asynchronous one, by a thread that reads ahead."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final, Generic, TypeVar

ITEMS_MAX = 1_000
POLL_SECONDS = 0.1

Item = TypeVar("Item")


class _End:
    """Stands after the last item."""


_END: Final = _End()


class _Reader(threading.Thread, Generic[Item]):
    """Fills a bounded queue; a daemon, so that one that waits for input does not keep the process."""

    def __init__(self, items: Iterable[Item], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="muster-read-ahead", daemon=True)
        self.queue: queue.Queue[Item | _End] = queue.Queue(ITEMS_MAX)
        self.error: BaseException | None = None
        self.unwanted = threading.Event()
        self._items = items
        self._loop = loop
        self._arrived = asyncio.Event()

    def run(self) -> None:
        try:
            for item in self._items:
                self._put(item)
                if self.unwanted.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised where the items are consumed
            self.error = error
        self._put(_END)

    def _put(self, item: Item | _End) -> None:
        while not self.unwanted.is_set():
            try:
                self.queue.put(item, timeout=POLL_SECONDS)
            except queue.Full:
                continue
            if self.queue.qsize() == 1:
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                    self._loop.call_soon_threadsafe(self._arrived.set)
            return

    async def wait(self, stopping: asyncio.Task[Any]) -> None:
        """Returns when there may be an item, or `stopping` is done."""
        self._arrived.clear()
        if self.queue.empty():
            arrived: asyncio.Task[Any] = asyncio.ensure_future(self._arrived.wait())
            await asyncio.wait([arrived, stopping], return_when=asyncio.FIRST_COMPLETED)
            arrived.cancel()


async def read_ahead(items: Iterable[Item], stop: asyncio.Event) -> AsyncIterator[Item]:
    """The items in order, and whatever reading them raises. Ends early when `stop` is set, also between two items."""
    reader = _Reader(items, asyncio.get_running_loop())
    reader.start()
    stopping: asyncio.Task[Any] = asyncio.ensure_future(stop.wait())
    try:
        while not stop.is_set():
            try:
                item = reader.queue.get_nowait()
            except queue.Empty:
                await reader.wait(stopping)
                continue
            if isinstance(item, _End):
                if reader.error is not None:
                    raise reader.error
                return
            yield item
    finally:
        reader.unwanted.set()
        stopping.cancel()
