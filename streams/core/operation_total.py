"""From one operation of a place to its figures, decisions and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nsmallest
from typing import TypeAlias

from muster.core.changes import Settled, settle
from muster.core.limits import DECISIONS_PER_TOTAL_MAX, EVIDENCE_PER_TOTAL_MAX, QUOTE_FIELD_CHARS_MAX
from muster.core.model import (
    Assertion,
    Decision,
    Estimate,
    Figures,
    ForceCategory,
    Location,
    PlaceTotal,
    Quote,
    Report,
)
from muster.core.operations import Operation
from muster.core.settlement import CELLS, Cell, Settlement, settle_operation
from muster.core.sources import UNDATED, date_of
from muster.core.votes import Carrier, GroupLike, Vote, carriers_of, support_of

ByForce: TypeAlias = tuple[tuple[ForceCategory, Figures], ...]
"""Sorted by category."""


@dataclass(slots=True)
class Basis:
    """What an operation rests on; the moments are those of its oldest and newest dated report."""

    reports: int
    sources: int
    first: datetime | None
    last: datetime | None


def total_of_operation(location: Location, operation: Operation) -> PlaceTotal:
    """The figures of one operation and what they rest on, without timeline and history."""
    settlement = settle_operation(operation)
    witnesses = operation.witnesses
    dated = [witness.moment for witness in witnesses if witness.moment != UNDATED]
    basis = Basis(len(witnesses), support_of(witnesses), min(dated, default=None), max(dated, default=None))
    return total_from(location, settlement, by_force_of(settlement.standing, settlement.stated), basis)


def total_from(location: Location, settlement: Settlement, by_force: ByForce, basis: Basis) -> PlaceTotal:
    """The total that a settlement comes to."""
    cells = settlement.cells
    quotes, count = _quotes([*(group for cell in cells.values() for group in cell.groups), *settlement.voiding])
    return PlaceTotal(
        location=location,
        figures=figures_from({name: cell.estimate for name, cell in cells.items()}),
        by_force=by_force,
        as_of=None if basis.last is None else basis.last.astimezone(UTC).date(),
        first_reported_at=basis.first,
        reports=basis.reports,
        sources=basis.sources,
        decided_by=_decisions(settlement),
        evidence=tuple(quotes),
        evidence_count=count,
    )


def by_force_of(standing: Mapping[Cell, Sequence[Vote]], stated: Mapping[Cell, Settled]) -> ByForce:
    """The vote on each force by itself: it explains, and need not sum to the figure of all.

    `stated` are the figures of these votes together, where they are known.
    """
    figures: dict[ForceCategory, dict[Cell, Estimate | None]] = {}
    for cell, of_cell in standing.items():
        only = _only_force(of_cell)
        if only is not None and cell in stated:
            figures.setdefault(only, {})[cell] = stated[cell].estimate
            continue
        votes: dict[ForceCategory, list[Vote]] = {}
        for vote in of_cell:
            for force in vote.reading.by_force:
                votes.setdefault(force.category, []).append(
                    Vote(vote.witness, vote.reading, force.figure, force.carriers)
                )
        for category, own in votes.items():
            settled = settle(own)
            if settled is not None:
                figures.setdefault(category, {})[cell] = settled.estimate
    return tuple((category, figures_from(figures[category])) for category in sorted(figures))


def _only_force(votes: Sequence[Vote]) -> ForceCategory | None:
    """The force that all of these are about, and about nobody else; the vote on it is then that on all."""
    named: set[ForceCategory] = set()
    for vote in votes:
        by_force = vote.reading.by_force
        if len(by_force) != 1 or by_force[0].figure != vote.figure:
            return None
        named.add(by_force[0].category)
    return named.pop() if len(named) == 1 else None


def figures_from(estimates: Mapping[Cell, Estimate | None]) -> Figures:
    return Figures(*(estimates.get(cell) for cell in CELLS))


def _decisions(settlement: Settlement) -> tuple[Decision, ...]:
    """The decisions of each status, shortened where many changes add up: their evidence tells the rest."""
    found: list[Decision] = []
    for name in CELLS:
        cell = settlement.cells.get(name)
        own = [Decision(name, rule, article_id) for rule, article_id in cell.decisions] if cell is not None else []
        if cell is not None and cell.newest == UNDATED:
            own.insert(1, Decision(name, "undated", own[0].article_id))
        if name == "planned":
            voiding = (group.speaker.witness.article_id for group in settlement.voiding)
            own.extend(Decision(name, "voided_by_cancellation", article_id) for article_id in voiding)
        found.extend(_shortened(own))
    return tuple(found)


def _shortened(decisions: Sequence[Decision]) -> list[Decision]:
    """At most a status's share, in their order: the first of each rule before the repetitions of any."""
    firsts = {decision.rule: number for number, decision in reversed(list(enumerate(decisions)))}
    by_weight = sorted(range(len(decisions)), key=lambda number: (firsts[decisions[number].rule] != number, number))
    kept = sorted(by_weight[: DECISIONS_PER_TOTAL_MAX // len(CELLS)])
    return [decisions[number] for number in kept]


def _quotes(groups: Sequence[GroupLike]) -> tuple[list[Quote], int]:
    """The assertions that carry a figure, each once, as many as a total has room for, and how many there are.

    By support of their figure, then newest, then article_id.
    """
    found: dict[Carrier, tuple[int, Vote, Assertion]] = {}
    for group in groups:
        support = group.support
        for vote in _newest(group):
            for carrier, assertion in zip(carriers_of(vote), vote.carriers, strict=True):
                if carrier not in found or found[carrier][0] < support:
                    found[carrier] = (support, vote, assertion)
    last = datetime.max.replace(tzinfo=UTC)

    def rank(carrier: tuple[int, Vote, Assertion]) -> tuple[int, timedelta, str, int, str]:
        support, vote, assertion = carrier
        return -support, last - vote.moment, vote.witness.article_id, assertion.evidence.start, assertion.event_id

    first = nsmallest(EVIDENCE_PER_TOTAL_MAX, found.values(), key=rank)
    all_carriers = groups[0].carriers() if len(groups) == 1 else set().union(*(group.carriers() for group in groups))
    return [_quote(vote.witness.report, assertion) for _, vote, assertion in first], len(all_carriers)


def _newest(group: GroupLike) -> Iterator[Vote]:
    """Its newest votes, and all as new as the last of them: what a total has no room for is older than these."""
    seen: set[Carrier] = set()
    moment = None
    for vote in group.newest_first():
        if len(seen) >= EVIDENCE_PER_TOTAL_MAX and vote.moment != moment:
            return
        moment = vote.moment
        seen.update(carriers_of(vote))
        yield vote


def _quote(report: Report, assertion: Assertion) -> Quote:
    provenance = report.provenance
    moment = date_of(provenance)
    return Quote(
        event_id=assertion.event_id,
        article_id=provenance.article_id,
        quote=assertion.evidence.quote,
        start=assertion.evidence.start,
        end=assertion.evidence.end,
        url=provenance.url,
        source=_bounded(provenance.source),
        title=_bounded(provenance.title),
        date=None if moment is None else moment.astimezone(UTC).date(),
        status=assertion.status,
        low=assertion.personnel.low,
        high=assertion.personnel.high,
        words=assertion.personnel.text,
    )


def _bounded(text: str | None) -> str | None:
    return None if text is None else text[:QUOTE_FIELD_CHARS_MAX]
