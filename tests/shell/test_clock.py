"""Kafka's timestamps are whatever a producer said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.shell.clock import MILLIS_MAX, from_millis


@given(st.integers(-(2**63), 2**63 - 1) | st.integers(MILLIS_MAX - 2, MILLIS_MAX + 2))
def test_any_64_bits_are_a_moment_or_none(milliseconds: int) -> None:
    """What no calendar holds counts as not said."""
    moment = from_millis(milliseconds)
    assert (moment is not None) == (0 <= milliseconds <= MILLIS_MAX)
