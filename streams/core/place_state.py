"""The reports of one place with what has been made of them, so that a total costs what changed and not what is there.

The law: after any sequence of merges the total is that of `reconcile.total_of` of all these reports.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from muster.core.history import day_of, last_and_all_of, point_of
from muster.core.limits import OPERATIONS_PER_TOTAL_MAX, TIMELINE_POINTS_MAX
from muster.core.model import Location, PlaceTotal, Report, TimelinePoint
from muster.core.operation_total import total_of_operation
from muster.core.operations import Operation
from muster.core.sources import Order, order_of
from muster.core.standing import merge_report, stands
from muster.core.standing_state import StandingState

_FEW = 64
"""So few reports are cheaper to total once than to take in: a place that is rarely asked for comes from its rows each
time, and only its past is kept."""

_GONE_TEXTS_MAX = 64
"""So many texts of reports that are gone, beside as many as there are reports, are not worth starting anew."""


class PlaceState:
    """One report an article, and the points of the timeline that no later merge has touched."""

    def __init__(self, reports: Iterable[Report] = (), points: Iterable[TimelinePoint] = ()) -> None:
        """`points` are those that an earlier state of the same reports had, if any."""
        self._reports: dict[str, Report] = {}
        self._state = StandingState()
        self._asked = False
        self._gone: set[str] = set()
        self._come: dict[str, Report] = {}
        self._days: dict[date, int] = {}  # that brought a report -> how many
        self._sorted_days: list[date] = []
        self._undated: int = 0
        self._points: dict[date | None, TimelinePoint] = {}
        self._newest_describer: tuple[tuple[bool, Order], str] | None = None
        for report in reports:
            self.merge(report)
        self._points.update((point.day, point) for point in points)

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
        self._describe(article_id, merged)
        if before is not None and stands(before):
            self._leave(article_id, before)
        if stands(merged):
            self._come[article_id] = merged
            self._count(day_of(merged), 1)
        return merged, True

    def _leave(self, article_id: str, before: Report) -> None:
        if self._come.pop(article_id, None) is None:
            self._gone.add(article_id)
        self._count(day_of(before), -1)

    def _count(self, day: date | None, by: int) -> None:
        self._forget_from(day)
        if day is None:
            self._undated += by
            return
        held = self._days.get(day, 0) + by
        if not self._days.get(day):
            insort(self._sorted_days, day)
        self._days[day] = held
        if not held:
            del self._days[day]
            del self._sorted_days[bisect_left(self._sorted_days, day)]

    def _forget_from(self, day: date | None) -> None:
        if day is None:
            self._points.clear()
            return
        for later in self._sorted_days[bisect_left(self._sorted_days, day) :]:
            self._points.pop(later, None)

    def _describe(self, article_id: str, report: Report) -> None:
        """Remember whose words describe the place, as `standing.location_of` chooses them."""
        mine = ((bool(report.assertions), order_of(report.provenance)), article_id)
        newest = self._newest_describer
        if newest is None or (mine[0] >= newest[0] and newest[1] != article_id):
            self._newest_describer = mine
        elif newest[1] == article_id:
            self._newest_describer = max(
                ((bool(r.assertions), order_of(r.provenance)), name) for name, r in self._reports.items()
            )

    @property
    def points(self) -> tuple[TimelinePoint, ...]:
        """What is known of the timeline, for a later state of the same reports."""
        return tuple(self._points.values())

    @property
    def texts_count(self) -> int:
        """Texts that are remembered to find copies of them."""
        return self._state.texts_count

    @property
    def location(self) -> Location:
        assert self._newest_describer is not None, "a place has one report at least, if only an empty one"
        return self._reports[self._newest_describer[1]].location

    def total(self) -> PlaceTotal:
        """The total of the reports; there must be one at least, if only an empty one."""
        location = self.location
        missing = [day for day in self._shown_days()[:-1] if day not in self._points]
        if missing:
            self._tell_past(missing)
        if self._asked or len(self._state) or len(self._reports) > _FEW:
            self._update(self._gone, self._come.values())
            self._gone.clear()
            self._come.clear()
            total = self._state.total(location)
            told = self._state.operations(location, total) if total is not None else ()
        else:
            total, told = last_and_all_of(location, self._come.values())
        self._asked = True
        if total is None:
            return total_of_operation(location, Operation())
        days = self._shown_days()
        self._points[days[-1]] = point_of(days[-1], total)
        return replace(
            total,
            timeline=tuple(self._points[day] for day in days),
            timeline_count=len(self._days) + bool(self._undated),
            operations=told[-OPERATIONS_PER_TOTAL_MAX:],
            operations_count=len(told),
        )

    def _shown_days(self) -> list[date | None]:
        days: list[date | None] = [*self._sorted_days[-TIMELINE_POINTS_MAX:]]
        return [None, *days] if self._undated and len(days) < TIMELINE_POINTS_MAX else days

    def _update(self, gone: Iterable[str], come: Iterable[Report]) -> None:
        self._state.update(gone, come)
        if self.texts_count > 2 * len(self._state) + _GONE_TEXTS_MAX:
            held = list(self._state.reports())
            self._state = StandingState()
            self._state.update((), held)

    def _tell_past(self, missing: list[date | None]) -> None:
        """Go back to the first of these days, and forward again from day to day: it costs what came since."""
        first = missing[0]
        held = {report.provenance.article_id: report for report in self._state.reports()}
        back = [one for one, report in held.items() if one in self._gone or _is_later(day_of(report), first)]
        again = [held[article_id] for article_id in back if article_id not in self._gone]
        waiting: dict[date | None, list[Report]] = {}
        for report in [*again, *self._come.values()]:
            day = day_of(report)
            waiting.setdefault(first if not _is_later(day, first) else day, []).append(report)
        self._gone.clear()
        self._come.clear()
        self._update(back, waiting.pop(first, ()))
        for number, day in enumerate(days := [first, *(d for d in self._sorted_days if _is_later(d, first))]):
            if number:
                self._update((), waiting.pop(day, ()))
            if number < len(days) - 1 and day in missing:
                self._points[day] = self._state.point(day)


def _is_later(day: date | None, than: date | None) -> bool:
    return day is not None and (than is None or day > than)
