"""From the set of reports of one place to its total: what a number means across articles.

The total is a pure function of the set of reports and of nothing else: no clock, no order of arrival, no state. The
rules are explained, with examples, in docs/explanation/what-a-number-means.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from muster.core.history import days_of, last_and_all_of, point_on
from muster.core.limits import OPERATIONS_PER_TOTAL_MAX, TIMELINE_POINTS_MAX
from muster.core.model import Location, PlaceTotal, Report
from muster.core.operation_total import total_of_operation
from muster.core.operations import Operation, operations_among, witnesses_of
from muster.core.standing import standing_reports


def total_of(location: Location, reports: Iterable[Report]) -> PlaceTotal:
    """The reconciled state of a place: that of the last operation that any report tells as news.

    Of several reports of one article the one that stands counts. Reports without assertions and retracted ones count
    as if the article had never been seen. Without a report, or with background only, every figure is None, `reports`
    is 0, and there is no timeline.
    """
    standing = standing_reports(reports)
    total, told = last_and_all_of(location, standing)
    if total is None:
        return total_of_operation(location, Operation())
    days = days_of(standing)
    return replace(
        total,
        timeline=tuple(point_on(day, location, standing) for day in days[-TIMELINE_POINTS_MAX:]),
        timeline_count=len(days),
        operations=told[-OPERATIONS_PER_TOTAL_MAX:],
        operations_count=len(told),
    )


def history_of(location: Location, reports: Iterable[Report]) -> tuple[PlaceTotal, ...]:
    """The totals of all operations of the place from oldest to newest, those included that are only background."""
    current, background = operations_among(witnesses_of(standing_reports(reports)))
    ordered = sorted(
        [*background, *current], key=lambda operation: max(witness.order for witness in operation.witnesses)
    )
    return tuple(total_of_operation(location, operation) for operation in ordered)
