"""The reports of a place that stand, kept while they come and go: copies, operations, and the total of the last one."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import UTC, date

from muster.core.copies import CopyGroups
from muster.core.history import summary_of
from muster.core.model import Figures, Location, OperationSummary, PlaceTotal, Report, TimelinePoint
from muster.core.operation_state import Background, OperationState
from muster.core.operation_total import total_of_operation
from muster.core.operations import GAP, background_of, operations_among
from muster.core.sources import UNDATED, Order, order_of, publisher_day
from muster.core.votes import Witness


class StandingState:
    """At most one report an article, each with assertions and not retracted.

    A report costs what it touches: its copy group, its own votes, and the figures of its operation's window. One that
    splits or joins operations costs the operation, and one that goes its copy group.
    """

    def __init__(self) -> None:
        self._witnesses: dict[str, Witness] = {}
        self._copies = CopyGroups()
        self._background: dict[str, list[Background]] = {}
        self._undated: dict[str, Witness] = {}
        self._dated: list[Order] = []  # of the current witnesses
        self._starts: list[Order] = []  # of the operations
        self._last = OperationState()
        self._last_start: Order | None = None
        self._changed: set[str] = set()
        self._others: list[tuple[Order, OperationSummary]] | None = None

    def __len__(self) -> int:
        return len(self._witnesses)

    @property
    def texts_count(self) -> int:
        """Texts that are remembered to find copies, those included that no report has any more."""
        return self._copies.texts_count

    def reports(self) -> Iterator[Report]:
        return (witness.report for witness in self._witnesses.values())

    def update(self, gone: Iterable[str], come: Iterable[Report]) -> None:
        """Take out the reports of these articles, then take these in, each of an article that has none."""
        left = list(gone)
        for article_id in left:
            self._take_out(article_id)
        regrouped = self._copies.remove(left)
        for report in come:
            provenance = report.provenance
            order = order_of(provenance)
            article_id = provenance.article_id
            regrouped |= self._copies.add(article_id, order[0], provenance.fingerprint)
            group = self._copies.of(article_id)
            self._take_in(Witness(report, order, group, publisher_day(provenance, order[0])))
        for article_id in regrouped & self._witnesses.keys():
            before = self._witnesses[article_id]
            group = self._copies.of(article_id)
            if group != before.copy_group:
                self._take_out(article_id)
                self._take_in(Witness(before.report, before.order, group, before.publisher_day))

    def _take_in(self, witness: Witness) -> None:
        article_id = witness.article_id
        self._witnesses[article_id] = witness
        self._changed.add(article_id)
        background = background_of(witness)
        if background:
            self._background[article_id] = background
            self._others = None
        if not witness.is_current:
            return
        if witness.moment == UNDATED:
            self._undated[article_id] = witness
            self._last.add(witness)
            return
        insort(self._dated, witness.order)
        self._mark_starts(witness.order)
        if self._last_start is not None and witness.order >= self._last_start:
            self._last.add(witness)
        else:
            self._others = None

    def _take_out(self, article_id: str) -> None:
        witness = self._witnesses.pop(article_id)
        self._changed.add(article_id)
        if self._background.pop(article_id, None) is not None:
            self._others = None
        if not witness.is_current:
            return
        if witness.moment == UNDATED:
            del self._undated[article_id]
            self._last.remove(article_id)
            return
        at = bisect_left(self._dated, witness.order)
        del self._dated[at]
        self._unmark(witness.order)
        if at < len(self._dated):
            self._mark(at)
        if self._last_start is not None and witness.order >= self._last_start:
            self._last.remove(article_id)
        else:
            self._others = None

    def _mark_starts(self, order: Order) -> None:
        at = bisect_left(self._dated, order)
        self._mark(at)
        if at + 1 < len(self._dated):
            self._mark(at + 1)

    def _mark(self, at: int) -> None:
        """Note whether an operation starts with this one of the dated witnesses."""
        order = self._dated[at]
        self._unmark(order)
        if not at or order[0] - self._dated[at - 1][0] > GAP:
            insort(self._starts, order)

    def _unmark(self, order: Order) -> None:
        at = bisect_left(self._starts, order)
        if at < len(self._starts) and self._starts[at] == order:
            del self._starts[at]

    def _sync(self) -> None:
        """Make the last operation that of the witnesses."""
        start = self._starts[-1] if self._starts else None
        if start != self._last_start:
            self._others = None
            self._follow(start)
            self._last_start = start
        if start is None and not self._undated:
            return
        first = None if start is None else start[0]
        last = self._dated[-1][0] if self._dated else UNDATED
        if self._background:
            self._others = None
        self._last.sync_background(self._background, self._changed, first, last)
        self._changed.clear()

    def _follow(self, start: Order | None) -> None:
        """The last operation begins elsewhere: take in what it now reaches back to, or begin it anew."""
        before = self._last_start
        if start is not None and before is not None and start < before:
            first, end = (bisect_left(self._dated, order) for order in (start, before))
            for order in self._dated[first:end]:
                self._last.add(self._witnesses[order[2]])
            return
        self._last = OperationState()
        self._changed.update(self._background)
        for witness in self._undated.values():
            self._last.add(witness)
        for order in self._dated if start is None else self._dated[bisect_left(self._dated, start) :]:
            self._last.add(self._witnesses[order[2]])

    def total(self, location: Location) -> PlaceTotal | None:
        """The total of the last operation, without timeline and history; None where there is none."""
        self._sync()
        if not len(self._last):
            return None
        start = self._last_start
        return self._last.total(
            location, None if start is None else start[0], self._dated[-1][0] if self._dated else None
        )

    def point(self, day: date | None) -> TimelinePoint:
        """What stands, for the timeline."""
        self._sync()
        if not len(self._last):
            return TimelinePoint(day, None, Figures(), 0, 0)
        newest = self._dated[-1][0].astimezone(UTC).date() if self._dated else None
        return TimelinePoint(day, newest, *self._last.figures())

    def operations(self, location: Location, last: PlaceTotal) -> tuple[OperationSummary, ...]:
        """All operations from oldest to newest; `last` is the total that stands."""
        if self._others is None:
            self._others = self._summarize_others(location)
        newest = self._dated[-1] if self._dated else max(witness.order for witness in self._undated.values())
        told = [*self._others, (newest, summary_of(last, background=False))]
        return tuple(summary for _, summary in sorted(told, key=lambda one: one[0]))

    def _summarize_others(self, location: Location) -> list[tuple[Order, OperationSummary]]:
        if len(self._starts) <= 1 and not self._background:
            return []
        witnesses = sorted(self._witnesses.values(), key=lambda witness: witness.order)
        operations, background = operations_among(witnesses)
        others = [*background, *operations[:-1]]
        return [
            (
                max(witness.order for witness in one.witnesses),
                summary_of(total_of_operation(location, one), background=not one.current),
            )
            for one in others
        ]
