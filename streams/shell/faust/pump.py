"""The body of every agent: batch -> work -> delivery -> confirm. No exception leaves it.

Batches are worked on one after the other, but several may have their deliveries under way. A batch is confirmed when
every record that came of it is safe; batches that went stale meanwhile are dropped un-acked and read again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from muster.shell.faust.batch import Batch, Outgoing, Record, coalesce
from muster.shell.faust.exits import EXIT_GAVE_UP, leave

if TYPE_CHECKING:
    from muster.shell.faust.app import SafeApp

logger = logging.getLogger(__name__)

SLICE_SECONDS_MAX = 0.05
"""Longest work without giving the loop a turn (one record, or one piece of a flush, may take longer)."""


class Work(Protocol):
    """What a role does: plain and synchronous, with every refusal and bug turned into dead letters. Never raises."""

    def process(self, record: Record) -> Sequence[Outgoing]:
        """What comes of one record."""
        ...

    def flush(self) -> Iterable[Sequence[Outgoing]]:
        """What comes of all records since the last flush together, in pieces; asked for at the end of a batch."""
        ...


async def pump(app: SafeApp, stream: Any, work: Work) -> None:
    """Run until Faust cancels the agent by throwing StopAsyncIteration into its queue."""
    await stream.maybe_start()
    queue = stream.channel.queue
    finishing: set[asyncio.Task[None]] = set()
    try:
        while not stream.should_stop:
            batch: Batch = await queue.get()
            # A queue that holds more does not give the loop a turn: commits, fetches and the web would wait for a
            # whole backlog of batches that are each shorter than a slice.
            await asyncio.sleep(0)
            if app.batches.is_live and app.batches.is_fresh(batch):
                await _process(app, batch, work, finishing)
    except StopAsyncIteration:
        return
    except Exception:
        # Raising would make Faust ack what was under way. A bug in the shell itself must not lose a record.
        logger.exception("the agent failed outside its work")
        leave(EXIT_GAVE_UP, "an unexpected exception in the agent")


async def _process(app: SafeApp, batch: Batch, work: Work, finishing: set[asyncio.Task[None]]) -> None:
    app.busy += 1
    try:
        started_at = monotonic()
        items = await _work_in_slices(app, batch, work)
        if items is None:
            app.busy -= 1
            return
        app.on_batch(batch, monotonic() - started_at)
        started = await app.delivery.start(coalesce(items))
    except BaseException:
        app.busy -= 1
        raise

    async def finish() -> None:
        try:
            if await app.delivery.finish(started, lambda: app.batches.is_fresh(batch)):
                app.batches.confirm(batch)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("a delivery failed unexpectedly")
            leave(EXIT_GAVE_UP, "an unexpected exception in a delivery")
        finally:
            app.busy -= 1

    if not started.sent:
        await finish()
        return
    task = asyncio.ensure_future(finish())
    finishing.add(task)
    task.add_done_callback(finishing.discard)


async def _work_in_slices(app: SafeApp, batch: Batch, work: Work) -> list[Outgoing] | None:
    """What comes of a batch; None when it went stale while the loop had a turn: whoever owns it now reads it again."""
    items: list[Outgoing] = []
    turn_ends = monotonic() + SLICE_SECONDS_MAX
    for piece in _pieces(batch, work):
        items.extend(piece)
        if monotonic() > turn_ends:
            await asyncio.sleep(0)
            if not app.batches.is_fresh(batch):
                return None
            turn_ends = monotonic() + SLICE_SECONDS_MAX
    return items


def _pieces(batch: Batch, work: Work) -> Iterator[Sequence[Outgoing]]:
    for record in batch.records:
        yield work.process(record)
    yield from work.flush()
