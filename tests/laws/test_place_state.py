"""The law of the state that is kept of a place: whatever came in which order, its total is the reference's."""

from __future__ import annotations

import base64
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.core.copies import CopyGroups, copy_groups
from muster.core.fingerprint import PERMUTATIONS
from muster.core.place_state import PlaceState
from muster.core.reconcile import total_of
from muster.core.standing import location_of
from muster.shell import codec
from tests import strategies
from tests.core.stories import report
from tests.laws.test_reconciliation import CITY, DENSE, SEVERAL

BACKGROUND = st.builds("background@2025-{:02d}-20 ".format, st.integers(1, 7))
FACTS = st.builds(
    "{}{}{} {} {}".format,
    st.sampled_from(["", "", "part ", "total "]),
    st.just("") | st.just("") | BACKGROUND,
    st.sampled_from(["planned", "planned", "deployed", "deployed", "withdrawn", "cancelled"]),
    st.sampled_from(["1600", "~1600", "1650", ">=1650", "<=1650", "1600..1700", "500", "~500", "+250"]),
    st.sampled_from(["army", "national_guard", "police", "mixed", "unspecified"]),
)


def signature(text: int, differing: int) -> str:
    """A fingerprint of one of few texts; texts that differ in at most 25 minima from one another are copies."""
    minima = bytearray(random.Random(text).randbytes(2 * PERMUTATIONS))
    for place in random.Random(f"{text} {differing}").sample(range(PERMUTATIONS), differing):
        minima[2 * place] ^= 0xFF
    return base64.b64encode(b"\x02" + minima).decode()


SIGNATURES = st.just("") | st.builds(signature, st.integers(0, 2), st.sampled_from([0, 0, 10, 13, 20, 25, 26, 30]))
WIDE = st.builds(
    lambda line, fingerprint: replace(
        one := report(line), location=CITY, provenance=replace(one.provenance, fingerprint=fingerprint)
    ),
    st.builds(
        "{} {} {}.example v={} {}{}".format,
        st.sampled_from("ABCDEFGHIJKL"),
        st.just("-") | st.builds("2025-{:02d}-{:02d}T{:02d}:00".format, *(st.integers(1, n) for n in (6, 28, 2))),
        st.sampled_from("abcd"),
        st.integers(0, 2),
        st.sampled_from(["", "", "", "", "", "retracted "]),
        st.lists(FACTS, max_size=3).map("; ".join),
    ),
    SIGNATURES,
)
"""Reports over half a year: operations that late reports join and retractions part, background, undated ones."""


@settings(deadline=None)
@given(SEVERAL.filter(bool) | st.lists(WIDE | DENSE, min_size=1, max_size=25), st.data())
def test_a_total_is_that_of_all_reports_after_every_merge(reports, data):
    """After any merges in any order, totals asked for in between or not, the bytes are those of the reference."""
    arriving = data.draw(st.permutations([*reports, *reports[::3]]))
    state = PlaceState()
    for number, one in enumerate(arriving, 1):
        state.merge(one)
        if data.draw(st.integers(0, 5)) == 0:
            state = PlaceState(state, state.points)
        if number == len(arriving) or data.draw(st.integers(0, 3)) == 0:
            seen = arriving[:number]
            assert codec.total_value(state.total()) == codec.total_value(total_of(location_of(seen), seen))


@settings(deadline=None)
@given(st.lists(st.tuples(strategies.moments(), SIGNATURES), max_size=40), st.data())
def test_copies_are_the_same_however_reports_come_and_go(dated, data):
    """Groups that are kept are those of all reports that are there, and every changed number is told."""
    groups, told = CopyGroups(), {}
    there = {}
    for name in data.draw(st.permutations([str(number) for number in range(len(dated))] * 2)):
        if name in there:
            del there[name]
            del told[name]
            changed = groups.remove([name])
        else:
            there[name] = dated[int(name)]
            changed = groups.add(name, *there[name])
            told[name] = groups.of(name)
        told.update((other, groups.of(other)) for other in changed & there.keys())
        assert told == {other: groups.of(other) for other in there}
        ordered = sorted(there.items(), key=lambda one: (one[1][0], one[0]))
        wanted = copy_groups([moment_and_text for _, moment_and_text in ordered])
        held = [told[other] for other, _ in ordered]
        assert [held.index(one) for one in held] == [wanted.index(one) for one in wanted]


def test_a_place_that_saw_many_versions_forgets_their_texts():
    """The texts of versions that are gone do not pile up, and the total stays the reference's."""
    state = PlaceState()
    for version in range(200):
        one = report(f"A 2025-02-05 a.example v={version} planned {100 + version} army")
        state.merge(replace(one, provenance=replace(one.provenance, fingerprint=signature(version, 0))))
        total = state.total()
    assert (total.reports, total.figures.planned.best) == (1, 299)
    assert state.texts_count < 100
