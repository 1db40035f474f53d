"""What one more report costs in a city that has many: `make bench-hot-city`.

    python -m tests.bench.hot_city

The reports of a city come in the order of their dates, over 60 days; then the processor time of one more is taken, and
of one that is dated ten days back, from merging it to the bytes of the total.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from muster.core.model import Report
from muster.core.place_state import PlaceState
from muster.shell import codec
from muster.shell.garbage import collect_seldom
from tests.bench.fold_memory import START, report

DAYS = 60
SAMPLES = 40


def dated(number: int, minutes: float, rng: random.Random) -> Report:
    one = report(number, 1, rng)
    moment = START + timedelta(minutes=minutes)
    return replace(one, provenance=replace(one.provenance, published_at=moment, fetched_at=moment))


def milliseconds_each(state: PlaceState, reports: Iterable[Report]) -> float:
    spent, count = 0.0, 0
    for one in reports:
        started = time.process_time()
        state.merge(one)
        codec.total_value(state.total())
        spent += time.process_time() - started
        count += 1
    return round(1_000 * spent / count, 2)


def main(count: int) -> dict[str, float]:
    rng = random.Random(1)
    step = DAYS * 24 * 60 / count
    state = PlaceState()
    for number in range(count):
        state.merge(dated(number, number * step, rng))
        if number % 100 == 0:
            state.total()
    newest = [dated(count + n, (count + n / SAMPLES) * step, rng) for n in range(SAMPLES)]
    late = [dated(2 * count + n, (DAYS - 10) * 24 * 60 + n, rng) for n in range(5)]
    state.total()
    return {
        "reports_of_the_city": count,
        "newest_ms": milliseconds_each(state, newest),
        "ten_days_late_ms": milliseconds_each(state, late),
    }


if __name__ == "__main__":
    collect_seldom()
    for size in (100, 1_000, 10_000):
        sys.stdout.write(json.dumps(main(size)) + "\n")
