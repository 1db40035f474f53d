"""The body of an agent: work in slices, each sent at once, and no batch that went stale is worked on to its end."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from types import SimpleNamespace

import pytest
from faust.types import TP

from muster.shell.faust import pump
from muster.shell.faust.batch import Batch, Outgoing

PIECES = 20


class Slow:
    """Each record gives one item, the flush as many in pieces; every piece uses its turn up."""

    def process(self, record):
        return [Outgoing("claims", b"%d" % record.offset, b"")]

    def flush(self):
        for n in range(PIECES):
            yield [Outgoing("claims", b"%d" % (PIECES + n), b"")]


class Delivery:
    """Notes what is handed over, and in which turn of the loop; all of it is safe at once."""

    def __init__(self, turns: Turns) -> None:
        self.parts: list[list[int]] = []
        self.turns_at: list[int] = []
        self._turns = turns

    async def start(self, items):
        self.parts.append([int(item.key) for item in items])
        self.turns_at.append(self._turns.count)
        return SimpleNamespace(sent=items)

    async def finish(self, started, is_wanted):
        return True


class Turns:
    """Counts the turns of the loop."""

    count = 0

    async def run(self) -> None:
        while True:
            self.count += 1
            await asyncio.sleep(0)


def work_on_a_batch(*, fresh_turns: int = 10**6, pending_bytes: int = 0) -> tuple[Delivery, list[Batch]]:
    """What is sent of a batch that is fresh for so many turns of the loop, and the batches confirmed."""
    confirmed: list[Batch] = []

    async def scenario() -> Delivery:
        turns, finishing = Turns(), set()
        counter = asyncio.ensure_future(turns.run())
        batches = SimpleNamespace(
            is_fresh=lambda _: turns.count <= fresh_turns, confirm=confirmed.append, pending_bytes=pending_bytes
        )
        app = SimpleNamespace(busy=0, batches=batches, delivery=Delivery(turns), on_batch=lambda *_: None)
        records = [SimpleNamespace(offset=n) for n in range(PIECES)]
        await pump._process(app, Batch(TP("articles", 0), records, start=0, epoch=1, bytes=0), Slow(), finishing)
        await asyncio.gather(*finishing)
        assert app.busy == 0
        counter.cancel()
        return app.delivery

    return asyncio.run(scenario()), confirmed


def test_what_comes_of_a_slice_leaves_before_the_next_is_worked_on(monkeypatch):
    """Records and pieces of a flush alike: nobody waits for the rest of a large batch, and neither does the loop."""
    monkeypatch.setattr(pump, "PROMPT_SLICE_SECONDS_MAX", -1.0)
    delivery, confirmed = work_on_a_batch()
    assert delivery.parts == [[n] for n in range(2 * PIECES)]
    gaps = [later - earlier for earlier, later in pairwise(delivery.turns_at)]
    assert min(gaps) >= pump.TURNS_TO_SEND
    assert len(confirmed) == 1


def test_a_worker_that_is_behind_sends_much_at_once(monkeypatch):
    monkeypatch.setattr(pump, "PROMPT_SLICE_SECONDS_MAX", -1.0)
    monkeypatch.setattr(pump, "SLICE_SECONDS_MAX", 3_600.0)
    delivery, confirmed = work_on_a_batch(pending_bytes=pump.BEHIND_BYTES + 1)
    assert delivery.parts == [list(range(2 * PIECES))]
    assert len(confirmed) == 1


@pytest.mark.parametrize("pieces", [PIECES // 2, PIECES + PIECES // 2], ids=["records", "flush"])
def test_a_batch_that_goes_stale_is_worked_on_no_further_and_never_confirmed(monkeypatch, pieces):
    """Whoever owns the partition now reads it again, from before this batch."""
    monkeypatch.setattr(pump, "PROMPT_SLICE_SECONDS_MAX", -1.0)
    delivery, confirmed = work_on_a_batch(fresh_turns=pieces * pump.TURNS_TO_SEND)
    assert pieces - 1 <= len(delivery.parts) <= pieces + 1
    assert confirmed == []


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
        turns = Turns()

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

        batches = SimpleNamespace(
            is_live=True,
            is_fresh=lambda _: True,
            confirm=lambda _: turns_at.append(turns.count),
            pending_bytes=0,
        )
        app = SimpleNamespace(busy=0, batches=batches, delivery=Delivery(turns), on_batch=lambda *_: None)
        counter = asyncio.ensure_future(turns.run())
        await pump.pump(app, Stream(), Silent())
        counter.cancel()

    asyncio.run(scenario())
    assert len(turns_at) == PIECES
    assert turns_at == sorted(set(turns_at))
