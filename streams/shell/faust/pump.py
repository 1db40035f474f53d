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
from muster.shell.faust.delivery import Started
from muster.shell.faust.exits import EXIT_GAVE_UP, leave

if TYPE_CHECKING:
    from muster.shell.faust.app import SafeApp

logger = logging.getLogger(__name__)

SLICE_SECONDS_MAX = 0.05
"""Longest work without giving the loop a turn (one record, or one piece of a flush, may take longer)."""

PROMPT_SLICE_SECONDS_MAX = 0.005
"""The same for a worker that is not behind: what comes of a relevant article leaves before the next one is read."""

BEHIND_BYTES = 1024 * 1024
"""With so much fetched and not yet safe a worker is behind: it does better to send much at once."""

TURNS_TO_SEND = 8
"""Turns of the loop in which what was handed over reaches the socket: aiokafka needs three, and as many again to take
the answer to what it sent before. A turn without events takes three microseconds."""


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
    sent: list[Started] = []
    try:
        is_whole = await _work_in_slices(app, batch, work, sent)
    except BaseException:
        app.busy -= 1
        raise

    async def finish() -> None:
        try:
            # One after the other, though all are under way: the first that fails is the first to be sent again.
            safe = [await app.delivery.finish(one, lambda: app.batches.is_fresh(batch)) for one in sent]
            if is_whole and all(safe):
                app.batches.confirm(batch)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("a delivery failed unexpectedly")
            leave(EXIT_GAVE_UP, "an unexpected exception in a delivery")
        finally:
            app.busy -= 1

    if not sent:
        await finish()
        return
    task = asyncio.ensure_future(finish())
    finishing.add(task)
    task.add_done_callback(finishing.discard)


async def _work_in_slices(app: SafeApp, batch: Batch, work: Work, sent: list[Started]) -> bool:
    """Work on a batch and start to send what comes of each slice, which is added to `sent`.

    False when the batch went stale while the loop had a turn: whoever owns it now reads it again. What was sent until
    then may repeat, as after a crash.
    """
    seconds = 0.0
    slice_began = monotonic()
    slice_ends = slice_began + _slice_seconds(app)
    items: list[Outgoing] = []
    for piece in _pieces(batch, work):
        items.extend(piece)
        if monotonic() > slice_ends:
            seconds += monotonic() - slice_began
            await _give_turns(app, items, sent)
            if not app.batches.is_fresh(batch):
                return False
            items = []
            slice_began = monotonic()
            slice_ends = slice_began + _slice_seconds(app)
    app.on_batch(batch, seconds + monotonic() - slice_began)
    if items:
        await _give_turns(app, items, sent)
    return True


def _slice_seconds(app: SafeApp) -> float:
    return SLICE_SECONDS_MAX if app.batches.pending_bytes > BEHIND_BYTES else PROMPT_SLICE_SECONDS_MAX


async def _give_turns(app: SafeApp, items: Sequence[Outgoing], sent: list[Started]) -> None:
    """Let the loop turn, as often as it takes for these items to leave."""
    if items:
        sent.append(await app.delivery.start(coalesce(items)))
    for _ in range(TURNS_TO_SEND if items else 1):
        await asyncio.sleep(0)


def _pieces(batch: Batch, work: Work) -> Iterator[Sequence[Outgoing]]:
    for record in batch.records:
        yield work.process(record)
    yield from work.flush()
