"""The law of the state that is kept of a place: whatever came in which order, its total is the reference's."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.core.place_state import PlaceState
from muster.core.reconcile import total_of
from muster.shell import codec
from tests.laws.test_reconciliation import CITY, SEVERAL


@settings(deadline=None)
@given(SEVERAL.filter(bool), st.data())
def test_a_total_is_that_of_all_reports_after_every_merge(reports, data):
    """After any merges in any order, totals asked for in between or not, the bytes are those of the reference."""
    arriving = data.draw(st.permutations([*reports, *reports[::2]]))
    state = PlaceState()
    for number, report in enumerate(arriving, 1):
        state.merge(report)
        if number == len(arriving) or data.draw(st.booleans()):
            assert codec.total_value(state.total()) == codec.total_value(total_of(CITY, arriving[:number]))
