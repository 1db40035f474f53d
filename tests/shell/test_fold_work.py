"""The work of the fold role without a broker: what goes out does not depend on what is kept in memory."""

from __future__ import annotations

import asyncio
import random
from types import SimpleNamespace

from muster.core.reconcile import total_of
from muster.core.standing import location_of
from muster.shell import codec
from muster.shell.metrics import Metrics
from muster.shell.roles import fold, rows_digest
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.settings import Settings
from tests.bench.fold_memory import PlainTable, report


def record(one):
    return SimpleNamespace(
        topic="reports", partition=0, offset=0, timestamp=0, key=b"", value=codec.encode_report(one), headers=()
    )


def test_a_place_that_left_memory_comes_back_with_its_past(monkeypatch):
    """Totals of places that are dropped and read again from their rows are those of all their reports."""
    monkeypatch.setattr(fold, "DECODED_REPORTS_MAX", 4)
    rng, settings, metrics = random.Random(1), Settings(), Metrics()
    work = fold.FoldWork(settings, PlainTable(), DeadLetters(settings, metrics, "fold"), metrics)
    seen = {}
    for one in (report(number * 997, 3, rng) for number in range(45)):
        reports = seen.setdefault(one.location.key, [])
        reports.append(one)
        work.process(record(one))
        (total, *_) = next(work.flush())
        assert total.current_value() == codec.total_value(total_of(location_of(reports), reports))
    assert len(seen) == 3


def test_an_owner_knows_a_total_that_was_made_of_its_rows(monkeypatch):
    """After a restore a total of the same rows is known without making it again, one of fewer rows is not."""
    rng, settings, metrics = random.Random(1), Settings(), Metrics()
    table = PlainTable()
    work = fold.FoldWork(settings, table, DeadLetters(settings, metrics, "fold"), metrics)
    made = []
    for one in (report(number, 1, rng) for number in range(3)):
        work.process(record(one))
        (total, *_) = next(work.flush())
        made.append(dict(total.current_headers())["muster-rows"])
    heir = fold.FoldWork(settings, table, DeadLetters(settings, metrics, "fold"), metrics)
    asyncio.run(heir.recover())
    assert [heir.is_made_of_these_rows("city:0", rows) for rows in made] == [False, False, True]
    assert not heir.is_made_of_these_rows("city:0", b"")
    assert not heir.is_made_of_these_rows("city:1", made[-1])
    monkeypatch.setattr(rows_digest, "code_digest", lambda: "0" * 16)
    assert not heir.is_made_of_these_rows("city:0", made[-1])


def test_an_index_that_another_rebalance_overtakes_says_so(monkeypatch):
    """Only the last of two recoveries may be built upon, and its index is whole."""
    monkeypatch.setattr(fold, "TURN_SECONDS", 0.0)
    rng, settings, metrics = random.Random(1), Settings(), Metrics()
    table = PlainTable()
    work = fold.FoldWork(settings, table, DeadLetters(settings, metrics, "fold"), metrics)
    for one in (report(number, 5, rng) for number in range(20)):
        work.process(record(one))

    async def twice() -> list[bool]:
        first = asyncio.ensure_future(work.recover())
        await asyncio.sleep(0)
        return [await work.recover(), await first]

    assert asyncio.run(twice()) == [True, False]
    assert sorted(work.places()) == [f"city:{n}" for n in range(5)]
