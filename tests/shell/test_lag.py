"""How far a stage is behind, from what was seen of its topic and its commits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.shell.lag import History

STEPS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20)


def looked(steps: list[tuple[int, int]]) -> tuple[History, int, int]:
    """One look a second; of each step, so many records arrive and at most so many are committed."""
    history, end, committed = History(), 0, 0
    for second, (arrived, read) in enumerate(steps):
        end += arrived
        committed = min(end, committed + read)
        history.add(float(second), {0: end}, {0: committed})
    return history, end, committed


@given(STEPS)
def test_lag_and_delay_agree(steps):
    """The lag is what is not committed; the delay is 0 when there is none, and never older than the first look."""
    history, end, committed = looked(steps)
    assert history.lag_records == end - committed
    assert 0 <= history.behind_seconds <= len(steps) - 1
    if end == committed:
        assert history.behind_seconds == 0


@given(STEPS, st.integers(1, 30))
def test_the_delay_of_a_stuck_stage_grows_with_the_clock(steps, seconds):
    """Nothing is committed any more and records wait: each second adds one second."""
    history, end, committed = looked([*steps, (1, 0)])
    before, now = history.behind_seconds, float(len(steps))
    for second in range(1, seconds + 1):
        history.add(now + second, {0: end}, {0: committed})
    assert history.behind_seconds == before + seconds


def test_the_delay_is_that_of_the_furthest_partition():
    """One stuck partition among busy ones is not averaged away."""
    history = History()
    for second in range(10):
        history.add(float(second), {0: 1 + second, 1: 5 + second}, {0: 1 + second, 1: 4})
    assert history.behind_seconds == 9
    assert history.lag_records == 10


def test_rates_are_of_the_last_ten_seconds():
    """What happened before does not weigh on them."""
    history = History()
    for second in range(60):
        history.add(float(second), {0: 10_000 if second >= 40 else 0}, {0: 20 * max(0, second - 50)})
    assert history.rates() == (0.0, 18.0)
