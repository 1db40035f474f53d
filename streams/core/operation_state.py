"""The last operation of a place, kept while reports come and go: `settlement.settle_operation` of what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from muster.core.cell_state import CellState
from muster.core.changes import Settled, less_cancelled, less_withdrawn, standing_plans
from muster.core.model import Assertion, DateSpan, Estimate, Figures, ForceCategory, Location, PlaceTotal
from muster.core.operation_total import Basis, ByForce, by_force_of, figures_from, total_from
from muster.core.operations import near
from muster.core.poll import Cast, down, up
from muster.core.settlement import CELLS, Cell, Settlement, settle_levels
from muster.core.votes import Group, GroupLike, Vote, Witness
from muster.core.within_article import COUNTED, Counted, Reading, read, read_historical

Background = tuple[DateSpan, Witness, tuple[Assertion, ...]]


class OperationState:
    """Current witnesses and the background that belongs to them.

    `sync_background` is to be called after the witnesses have changed and before a total is asked for.
    """

    def __init__(self) -> None:
        self._cells: dict[Counted, CellState] = {status: CellState() for status in COUNTED}
        self._current: dict[str, Witness] = {}
        self._casts: dict[object, list[tuple[Counted, Cast]]] = {}
        self._copies: dict[int, int] = {}
        self._days: dict[tuple[str, date], int] = {}
        self._background: dict[tuple[str, DateSpan], tuple[Witness, Background]] = {}
        self._span: DateSpan | None = None

    def __len__(self) -> int:
        return len(self._current)

    def add(self, witness: Witness) -> None:
        self._current[witness.article_id] = witness
        up(self._copies, witness.copy_group)
        up(self._days, witness.publisher_day)
        readings = read(witness.report.assertions)
        self._cast(witness.article_id, witness, readings, date.min, date.min)

    def remove(self, article_id: str) -> None:
        witness = self._current.pop(article_id)
        down(self._copies, witness.copy_group)
        down(self._days, witness.publisher_day)
        self._uncast(article_id)

    def _cast(
        self, name: object, witness: Witness, readings: Mapping[Counted, Reading], start: date, end: date
    ) -> None:
        casts: list[tuple[Counted, Cast]] = []
        for status, reading in readings.items():
            vote = Vote(witness, reading, reading.figure, reading.carriers)
            cast = ((witness.order, start, end), vote)
            self._cells[status].add(cast)
            casts.append((status, cast))
        self._casts[name] = casts

    def _uncast(self, name: object) -> None:
        for status, cast in self._casts.pop(name):
            self._cells[status].remove(cast)

    def sync_background(
        self, background: Mapping[str, Iterable[Background]], changed: set[str], first: datetime | None, last: datetime
    ) -> None:
        """Take what belongs to this operation of the background of all articles of the place.

        `changed` are the articles whose report, standing or group is another than at the last call; `first` and `last`
        are the moments of the oldest and newest dated witness, `first` is None without one.
        """
        span = None if first is None else DateSpan(first.date(), last.date())
        for name in [name for name in self._background if name[0] in changed or span != self._span]:
            del self._background[name]
            self._uncast(name)
        asked = background if span != self._span else changed & background.keys()
        self._span = span
        for article_id in asked:
            for one in background.get(article_id, ()):
                if span is not None and article_id not in self._current and near(one[0], span):
                    self._look_back(one, last)
        for name, (witness, one) in list(self._background.items()):
            if witness.moment != min(one[1].moment, last):
                self._uncast(name)
                self._look_back(one, last)

    def _look_back(self, one: Background, last: datetime) -> None:
        about, witness, assertions = one
        name = (witness.article_id, about)
        # No background is newer than the news.
        dated = replace(witness, order=(min(witness.moment, last), *witness.order[1:]))
        self._background[name] = (dated, one)
        self._cast(name, dated, read_historical(assertions), about.start, about.end)

    def figures(self) -> tuple[Figures, int, int]:
        """The figures, reports and sources of the total, for a point of a timeline."""
        _, settlement = self._settle()
        figures = figures_from({name: cell.estimate for name, cell in settlement.cells.items()})
        return figures, len(self._current), min(len(self._copies), len(self._days))

    def total(self, location: Location, first: datetime | None, last: datetime | None) -> PlaceTotal:
        """As `operation_total.total_of_operation`."""
        plans, settlement = self._settle()
        sources = min(len(self._copies), len(self._days))
        basis = Basis(len(self._current), sources, first, last)
        return total_from(location, settlement, self._by_force(plans), basis)

    def _settle(self) -> tuple[list[Vote] | None, Settlement]:
        """The settlement, and the plans that stand where cancellations may have voided some."""
        cells: dict[Cell, Settled] = {}
        plans: list[Vote] | None = None
        voiding: tuple[GroupLike, ...] = ()
        smaller: list[Group] = []
        cancelled = self._cells["cancelled"].votes.votes
        if cancelled:
            plans, smaller, voided = standing_plans(self._cells["planned"].votes.votes, cancelled)
            voiding = tuple(voided)
        for cell in CELLS:
            settled = settle_levels(plans) if cell == "planned" and plans is not None else self._cells[cell].settle()
            if settled is not None:
                cells[cell] = settled
        if "planned" in cells:
            cells["planned"] = less_cancelled(cells["planned"], smaller)
        if "deployed" in cells:
            newest = self._cells["deployed"].votes.votes[-1].moment
            cells["deployed"] = less_withdrawn(cells["deployed"], newest, self._cells["withdrawn"].votes.votes)
        return plans, Settlement(cells, {}, {}, {}, voiding)

    def _by_force(self, plans: list[Vote] | None) -> ByForce:
        found: dict[ForceCategory, dict[Cell, Estimate | None]] = {}
        for cell in CELLS:
            if cell == "planned" and plans is not None:
                continue
            for category, force in self._cells[cell].forces.items():
                found.setdefault(category, {})[cell] = force.estimate
        if plans is not None:
            for category, figures in by_force_of({"planned": plans}, {}):
                found.setdefault(category, {})["planned"] = figures.planned
        return tuple((category, figures_from(found[category])) for category in sorted(found))
