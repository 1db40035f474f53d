"""How the figures of a place came to be: its timeline and its operations, as its total carries them.

Both are functions of the set of reports that stand now, dated by rule 1 of what a number means: an article that arrives
late, is corrected or is retracted changes the past as if that had been known then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date

from muster.core.model import Location, OperationSummary, PlaceTotal, Report, TimelinePoint
from muster.core.operation_total import total_of_operation
from muster.core.operations import Operation, operations_among, operations_of, witnesses_of
from muster.core.sources import date_of


def day_of(report: Report) -> date | None:
    """The UTC day that a report counts from; None for one without any date."""
    moment = date_of(report.provenance)
    return None if moment is None else moment.astimezone(UTC).date()


def days_of(standing: Iterable[Report]) -> list[date | None]:
    """The days that brought a report, ascending; None first where a report has no date: it counts as the oldest."""
    days = {day_of(report) for report in standing}
    dated: list[date | None] = [*sorted(day for day in days if day is not None)]
    return [None, *dated] if None in days else dated


def until(standing: Iterable[Report], day: date | None) -> list[Report]:
    """The reports dated on this UTC day or before, and those without any date; on None the latter only."""
    return [r for r in standing if (at := day_of(r)) is None or (day is not None and at <= day)]


def point_on(day: date | None, location: Location, standing: Iterable[Report]) -> TimelinePoint:
    """The figures as the reports of this day and before give them."""
    operations = operations_of(until(standing, day))
    return point_of(day, total_of_operation(location, operations[-1] if operations else Operation()))


def point_of(day: date | None, total: PlaceTotal) -> TimelinePoint:
    return TimelinePoint(day, total.as_of, total.figures, total.reports, total.sources)


def last_and_all_of(
    location: Location, standing: Iterable[Report]
) -> tuple[PlaceTotal | None, tuple[OperationSummary, ...]]:
    """The total of the last operation, None without one, and all operations from oldest to newest.

    Those included that are only background.
    """
    witnesses = witnesses_of(standing)
    current, background = operations_among(witnesses)
    totals = [(one, total_of_operation(location, one)) for one in (*background, *current)]
    last = totals[-1][1] if current else None
    totals.sort(key=lambda pair: max(witness.order for witness in pair[0].witnesses))
    return last, tuple(summary_of(total, background=not one.current) for one, total in totals)


def summary_of(total: PlaceTotal, *, background: bool) -> OperationSummary:
    start = total.first_reported_at
    return OperationSummary(
        start=None if start is None else start.astimezone(UTC).date(),
        end=total.as_of,
        figures=total.figures,
        reports=total.reports,
        sources=total.sources,
        background=background,
    )
