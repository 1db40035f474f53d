"""The body of an agent: work in slices, and no batch that went stale is worked on to its end."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from faust.types import TP

from muster.shell.faust import pump
from muster.shell.faust.batch import Batch

PIECES = 20


class Slow:
    """Each record gives one item, the flush as many in pieces; every piece uses its turn up."""

    def process(self, record):
        return [record.offset]

    def flush(self):
        for n in range(PIECES):
            yield [PIECES + n]


def work_beside_a_clock(monkeypatch, fresh_turns: int) -> tuple[list[int] | None, int]:
    """What the slices return, and how many turns the loop had meanwhile, when the batch is fresh for so many."""
    monkeypatch.setattr(pump, "SLICE_SECONDS_MAX", -1.0)
    records = [SimpleNamespace(offset=n) for n in range(PIECES)]
    batch = Batch(TP("articles", 0), records, start=0, epoch=1, bytes=0)
    turns = 0

    async def scenario() -> list[int] | None:
        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        counter = asyncio.ensure_future(count())
        app = SimpleNamespace(batches=SimpleNamespace(is_fresh=lambda _: turns <= fresh_turns))
        items = await pump._work_in_slices(app, batch, Slow())
        counter.cancel()
        return items

    return asyncio.run(scenario()), turns


def test_the_loop_turns_between_records_and_between_pieces_of_a_flush(monkeypatch):
    """A large batch never holds the loop for longer than one record or one place takes."""
    items, turns = work_beside_a_clock(monkeypatch, fresh_turns=10**6)
    assert items == list(range(2 * PIECES))
    assert turns >= 2 * PIECES


@pytest.mark.parametrize("fresh_turns", [PIECES // 2, PIECES + PIECES // 2], ids=["records", "flush"])
def test_a_batch_that_goes_stale_meanwhile_sends_nothing(monkeypatch, fresh_turns):
    """Whoever owns the partition now reads it again."""
    items, turns = work_beside_a_clock(monkeypatch, fresh_turns)
    assert items is None
    assert turns <= fresh_turns + 2


class Silent:
    """Nothing comes of any record, as of most articles."""

    def process(self, record):
        return []

    def flush(self):
        return ()


def test_the_loop_turns_between_the_batches_of_a_backlog():
    """Short batches that give nothing to deliver keep no commit and no fetch waiting, however many lie there."""
    turns_at: list[int] = []

    async def scenario() -> None:
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async def started() -> None:
            pass

        queue: asyncio.Queue[Batch] = asyncio.Queue()
        for n in range(PIECES):
            record = SimpleNamespace(offset=n)
            queue.put_nowait(Batch(TP("articles", 0), [record], start=n, epoch=1, bytes=0))

        class Stream:
            channel = SimpleNamespace(queue=queue)
            maybe_start = staticmethod(started)

            @property
            def should_stop(self) -> bool:
                return queue.empty()

        class Delivery:
            async def start(self, items):
                return SimpleNamespace(sent=items)

            async def finish(self, started, is_wanted):
                return True

        batches = SimpleNamespace(is_live=True, is_fresh=lambda _: True, confirm=lambda _: turns_at.append(turns))
        app = SimpleNamespace(busy=0, batches=batches, delivery=Delivery(), on_batch=lambda *_: None)
        counter = asyncio.ensure_future(count())
        await pump.pump(app, Stream(), Silent())
        counter.cancel()

    asyncio.run(scenario())
    assert len(turns_at) == PIECES
    assert turns_at == sorted(set(turns_at))
