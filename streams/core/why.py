"""Why a place's total is what it is: what became of every figure that any report states there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from muster.core.figures import Figure
from muster.core.model import Assertion, Measure, Report
from muster.core.operations import operations_among, witnesses_of
from muster.core.settlement import CELLS, Settlement, settle_operation
from muster.core.sources import UNDATED
from muster.core.standing import standing_reports
from muster.core.votes import WINDOW, Vote
from muster.core.within_article import COUNTED, Counted

Fate = Literal[
    "carries",
    "outvoted",
    "replaced_same_day",
    "before_window",
    "absorbed",
    "voided",
    "without_effect",
    "earlier_operation",
    "background",
]

FATES: Final[dict[Fate, str]] = {
    "carries": "is part of the figure",
    "outvoted": "another figure of the window won the vote",
    "replaced_same_day": "its publisher reported another figure later that day",
    "before_window": "is more than 48 hours older than the newest figure, and nothing newer confirms it",
    "absorbed": "is an increment that a level as new or newer contains",
    "voided": "is a plan that was called off",
    "without_effect": "is a cancellation of no plan that stood",
    "earlier_operation": "belongs to an operation that ended more than 45 days before the next report",
    "background": "is background to another story, about a time of which no report is news",
}
"""What each fate says, for people."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One article's figure of one status, and what became of it. `dated` is the moment that it counts from."""

    article_id: str
    dated: datetime | None
    status: Counted
    figure: Figure
    measure: Measure
    fate: Fate


def verdicts_of(reports: Iterable[Report]) -> tuple[Verdict, ...]:
    """The verdict on every figure in the reports of one place, by status and from the newest to the oldest."""
    operations, background = operations_among(witnesses_of(standing_reports(reports)))
    found: list[tuple[Vote, Counted, Fate]] = []
    if operations:
        found += _verdicts(settle_operation(operations[-1]))
    for operation in operations[:-1]:
        found += [(vote, s, "earlier_operation") for s, votes in operation.votes().items() for vote in votes]
    for operation in background:
        found += [(vote, s, "background") for s, votes in operation.votes().items() for vote in votes]
    found.sort(key=lambda one: one[0].witness.order, reverse=True)
    found.sort(key=lambda one: COUNTED.index(one[1]))
    return tuple(_verdict(*one) for one in found)


def _verdict(vote: Vote, status: Counted, fate: Fate) -> Verdict:
    dated = None if vote.moment == UNDATED else vote.moment
    return Verdict(vote.witness.article_id, dated, status, vote.figure, vote.reading.measure, fate)


def _verdicts(settlement: Settlement) -> list[tuple[Vote, Counted, Fate]]:
    cells = settlement.cells.values()
    carrying = {_said(vote) for cell in cells for vote in cell.votes}
    carrying.update(_said(vote) for group in settlement.voiding for vote in group.votes)
    found: list[tuple[Vote, Counted, Fate]] = []
    for cell in CELLS:
        standing = settlement.standing[cell]
        kept = {_said(vote) for vote in standing}
        for vote in settlement.votes[cell]:
            if _said(vote) not in kept:
                found.append((vote, cell, "voided"))
            else:
                found.append((vote, cell, "carries" if _said(vote) in carrying else _fate(vote, standing)))
    found.extend(
        (vote, "cancelled", "carries" if _said(vote) in carrying else "without_effect")
        for vote in settlement.votes["cancelled"]
    )
    return found


def _said(vote: Vote) -> tuple[str, tuple[Assertion, ...]]:
    """What tells a reading from any other, also in a vote on one of its forces."""
    return vote.witness.article_id, vote.reading.carriers


def _fate(vote: Vote, standing: Sequence[Vote]) -> Fate:
    """Why a figure that does not carry the total lost."""
    if not vote.is_level:
        return "absorbed"
    levels = [other for other in standing if other.is_level]
    by_same = [other for other in levels if other.witness.publisher_day == vote.witness.publisher_day]
    if by_same[-1].witness.order > vote.witness.order:
        return "replaced_same_day"
    return "before_window" if levels[-1].moment - vote.moment > WINDOW else "outvoted"
