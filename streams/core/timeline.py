"""The total of a place at a date in the past, and how its figures came to be what they are.

Both are functions of the set of reports that stand now, dated by rule 1: an article that arrives late, is corrected or
is retracted changes the past as if that had been known then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from muster.core.model import Location, PlaceTotal, Report
from muster.core.reconcile import location_of, standing_reports, total_of
from muster.core.settlement import CELLS, Cell
from muster.core.sources import date_of


@dataclass(frozen=True, slots=True)
class Point:
    """A figure as the reports of this UTC day and before give it. None: no figure is known. A null bound is open.

    `reports` is the number of reports in the operation of that day.
    """

    date: date
    low: int | None
    best: int | None
    high: int | None
    reports: int


def reports_until(reports: Iterable[Report], day: date) -> list[Report]:
    """The standing reports dated on this UTC day or before; those without any date count as the oldest of all."""
    return [report for report in standing_reports(reports) if (at := _day_of(report)) is None or at <= day]


def total_as_of(location: Location, reports: Iterable[Report], day: date) -> PlaceTotal:
    """The total as it would stand if nothing later than this UTC day had been reported."""
    return total_of(location, reports_until(reports, day))


def totals_as_of(places: Mapping[str, Mapping[str, Report]], day: date) -> list[PlaceTotal]:
    """The totals of all places that had a report by then, sorted by place key.

    `places` maps a place key to article_id to the article's report there, as `pipeline.reports_of` gives them.
    """
    totals = (total_as_of(location_of(r.values()), r.values(), day) for _, r in sorted(places.items()))
    return [total for total in totals if total.reports]


def timeline(location: Location, reports: Iterable[Report]) -> Mapping[Cell, tuple[Point, ...]]:
    """For each status its figure after every UTC day that brought a report, from oldest to newest.

    The last point is the total. Each point costs a total of the reports until then, so that this is for people who ask
    and not for streams.
    """
    standing = standing_reports(reports)
    days = sorted({day for report in standing if (day := _day_of(report)) is not None})
    totals = [(day, total_as_of(location, standing, day)) for day in days]
    return {cell: tuple(_point(day, total, cell) for day, total in totals) for cell in CELLS}


def _day_of(report: Report) -> date | None:
    moment: datetime | None = date_of(report.provenance)
    return None if moment is None else moment.astimezone(UTC).date()


def _point(day: date, total: PlaceTotal, cell: Cell) -> Point:
    estimate = getattr(total.figures, cell)
    if estimate is None:
        return Point(day, None, None, None, total.reports)
    return Point(day, estimate.low, estimate.best, estimate.high, total.reports)
