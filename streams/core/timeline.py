"""The total of a place at a date in the past, for people who ask.

A function of the set of reports that stand now, dated by rule 1: an article that arrives late, is corrected or is
retracted changes the past as if that had been known then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from muster.core.history import days_of, point_on, until
from muster.core.model import Location, PlaceTotal, Report, TimelinePoint
from muster.core.reconcile import total_of
from muster.core.standing import location_of, standing_reports


def reports_until(reports: Iterable[Report], day: date) -> list[Report]:
    """The standing reports dated on this UTC day or before; those without any date count as the oldest of all."""
    return until(standing_reports(reports), day)


def total_as_of(location: Location, reports: Iterable[Report], day: date) -> PlaceTotal:
    """The total as it would stand if nothing later than this UTC day had been reported."""
    return total_of(location, reports_until(reports, day))


def totals_as_of(places: Mapping[str, Mapping[str, Report]], day: date) -> list[PlaceTotal]:
    """The totals of all places that had a report by then, sorted by place key.

    `places` maps a place key to article_id to the article's report there, as `pipeline.reports_of` gives them.
    """
    totals = (total_as_of(location_of(r.values()), r.values(), day) for _, r in sorted(places.items()))
    return [total for total in totals if total.reports]


def timeline(location: Location, reports: Iterable[Report]) -> tuple[TimelinePoint, ...]:
    """What stood after every UTC day that brought a report, from oldest to newest, without a bound.

    The last point is the total. Each point costs a total of the reports until then.
    """
    standing = standing_reports(reports)
    return tuple(point_on(day, location, standing) for day in days_of(standing))
