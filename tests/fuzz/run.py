"""Feeds a target its inputs under Hypothesis, with a guard that no input holds it for ever."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.targets import Target

HANG_SECONDS = 20
"""A hundred times what the slowest input takes; not a goal."""


class HangError(AssertionError):
    """One input took too long."""


def feed(target: Target, inputs: int, first_seed: int) -> Counter[str]:
    """What came of so many inputs; raises with the smallest input for which something does not hold."""
    outcomes: Counter[str] = Counter()

    @seed(first_seed)
    @settings(
        max_examples=inputs,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs())
    def every(given_input: Any) -> None:
        with guarded(HANG_SECONDS):
            outcomes[target.check(given_input)] += 1

    every()
    return outcomes


@contextmanager
def guarded(seconds: float) -> Iterator[None]:
    """Raises HangError in the main thread after so long."""

    def hung(*_: object) -> None:
        raise HangError(f"more than {seconds:.0f} s for one input")

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
