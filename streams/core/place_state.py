"""The reports of one place with what has been made of them, so that a total costs what changed and not what is there.

The law: after any sequence of merges the total is that of `reconcile.total_of` of all these reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from muster.core.history import day_of, days_of, operations_told, point_of, point_on
from muster.core.limits import OPERATIONS_PER_TOTAL_MAX, TIMELINE_POINTS_MAX
from muster.core.model import PlaceTotal, Report, TimelinePoint
from muster.core.operation_total import total_of_operation
from muster.core.operations import Operation, operations_of
from muster.core.standing import location_of, merge_report, standing_reports


class PlaceState:
    """One report an article, and the points of the timeline that no later merge has touched."""

    def __init__(self, reports: Iterable[Report] = ()) -> None:
        self._reports: dict[str, Report] = {}
        self._points: dict[date | None, TimelinePoint] = {}
        for report in reports:
            self.merge(report)

    def __len__(self) -> int:
        return len(self._reports)

    def __iter__(self) -> Iterator[Report]:
        return iter(self._reports.values())

    def merge(self, report: Report) -> tuple[Report, bool]:
        """Take a report of any rank; returns the one that stands of its article, and whether that is a change."""
        article_id = report.provenance.article_id
        before = self._reports.get(article_id)
        merged = merge_report(before, report)
        if before is not None and merged == before:
            return before, False
        self._reports[article_id] = merged
        for changed in (merged,) if before is None else (before, merged):
            self._forget_from(day_of(changed))
        return merged, True

    def _forget_from(self, day: date | None) -> None:
        if day is None:
            self._points.clear()
        for known in [known for known in self._points if known is not None and day is not None and known >= day]:
            del self._points[known]

    def total(self) -> PlaceTotal:
        """The total of the reports; there must be one at least, if only an empty one."""
        location = location_of(self)
        standing = standing_reports(self)
        operations = operations_of(standing)
        total = total_of_operation(location, operations[-1] if operations else Operation())
        if not operations:
            return total
        days = days_of(standing)
        self._points[days[-1]] = point_of(days[-1], total)
        for day in days[-TIMELINE_POINTS_MAX:]:
            if day not in self._points:
                self._points[day] = point_on(day, location, standing)
        told = operations_told(location, standing)
        return replace(
            total,
            timeline=tuple(self._points[day] for day in days[-TIMELINE_POINTS_MAX:]),
            timeline_count=len(days),
            operations=told[-OPERATIONS_PER_TOTAL_MAX:],
            operations_count=len(told),
        )
