"""The laws of looking back: the past is a function of the reports that stand now, each at its own date."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.core.limits import TIMELINE_POINTS_MAX
from muster.core.model import Figures
from muster.core.reconcile import history_of, total_of
from muster.core.sources import date_of
from muster.core.timeline import reports_until, timeline, total_as_of, totals_as_of
from tests import strategies
from tests.core.stories import JUAREZ, story
from tests.laws.test_reconciliation import CITY, SEVERAL, standing


def days_of(reports):
    moments = [date_of(one.provenance) for one in standing(reports).values() if one.assertions]
    return sorted({moment.astimezone(UTC).date() for moment in moments if moment})


@settings(deadline=None)
@given(SEVERAL)
def test_the_newest_day_has_the_total(reports):
    """As of the newest date of any report, and of every later day, the total is the total."""
    for newest in days_of(reports)[-1:]:
        assert total_as_of(CITY, reports, newest) == total_of(CITY, reports)
        assert total_as_of(CITY, reports, newest + timedelta(days=400)) == total_of(CITY, reports)


@settings(deadline=None)
@given(SEVERAL, strategies.days())
def test_what_is_dated_later_leaves_no_trace(reports, day):
    """The total as of a day is that of the reports dated until then, and looking back twice is looking back once."""
    known = reports_until(reports, day)
    assert total_as_of(CITY, reports, day) == total_of(CITY, known)
    assert reports_until(known, day) == known
    assert total_as_of(CITY, reports, day).as_of in (None, *(d for d in days_of(reports) if d <= day))


@settings(deadline=None)
@given(SEVERAL)
def test_a_timeline_is_the_totals_of_its_days(reports):
    """Every day with a report has a point, equal to the total as of that day; a total carries the newest of them."""
    points = timeline(CITY, reports)
    assert [point.day for point in points if point.day] == days_of(reports)
    for point in points:
        total = total_as_of(CITY, reports, point.day or date.min)
        assert (point.figures, point.reports, point.sources) == (total.figures, total.reports, total.sources)
        assert point.as_of == total.as_of
    total = total_of(CITY, reports)
    if total.reports:
        assert total.timeline == points[-TIMELINE_POINTS_MAX:]
        assert (points[-1].figures, points[-1].reports) == (total.figures, total.reports)
    assert total.timeline_count == (len(points) if total.reports else 0)


@settings(deadline=None)
@given(SEVERAL)
def test_the_operations_are_those_of_the_history(reports):
    """A total tells of every operation, from old to new, with its own figures; the one that stands is among them."""
    total, history = total_of(CITY, reports), history_of(CITY, reports)
    if total.reports:
        told = [(one.end, one.figures, one.reports, one.sources) for one in total.operations]
        assert told == [(one.as_of, one.figures, one.reports, one.sources) for one in history]
        assert (total.as_of, total.figures, total.reports, total.sources) in told


@settings(deadline=None)
@given(SEVERAL.flatmap(lambda reports: st.tuples(st.just(reports), st.permutations(reports + reports[::2]))))
def test_order_and_repetition_do_not_change_the_past(both):
    """Any permutation with any repetitions gives the same timeline."""
    reports, repeated = both
    assert timeline(CITY, repeated) == timeline(CITY, reports)


def test_a_late_article_changes_the_past_from_its_own_date():
    """What arrives last but is dated first counts from its date; a correction counts in the past as well."""
    one = story("""
        A 2025-02-05 a.example planned 1000 army
        C 2025-03-10 c.example planned 3000 army
        B 2025-02-15 b.example planned 2000 army
        A 2025-02-05 a.example v=1 planned 1100 army
    """)
    points = [(p.day.isoformat(), p.figures.planned.best, p.reports) for p in timeline(JUAREZ, one.reports)]
    assert points == [("2025-02-05", 1100, 1), ("2025-02-15", 2000, 2), ("2025-03-10", 3000, 3)]


def test_a_place_is_left_out_until_its_first_report():
    """Totals of several places as of a day: those that had a report by then, sorted by key."""
    one = story("A 2025-02-05 a.example planned 1000 army\nB 2025-02-07 b.example deployed 1000 army")
    places = {JUAREZ.key: standing(one.reports)}
    (total,) = totals_as_of(places, one.reports[0].provenance.published_at.date())
    assert total.figures == Figures(planned=total.figures.planned)
    assert totals_as_of(places, one.reports[0].provenance.published_at.date() - timedelta(days=1)) == []
