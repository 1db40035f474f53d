"""One operation settled: which figure stands of each status, and on which votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from muster.core.certain_people import sum_of_forces
from muster.core.changes import Settled, less_cancelled, less_withdrawn, levels, settle, standing_plans
from muster.core.operations import Operation
from muster.core.votes import GroupLike, Vote, elect
from muster.core.within_article import Counted

Cell: TypeAlias = Literal["planned", "deployed", "withdrawn"]
CELLS: tuple[Cell, ...] = ("planned", "deployed", "withdrawn")


@dataclass(slots=True)
class Settlement:
    """The figures of an operation.

    `cells` are the statuses that have one; `votes` all that was said; `standing` the votes of each cell that were
    counted, plans that are voided left out, and `stated` what they come to before anything is taken off; `voiding` the
    cancellations that voided them.
    """

    cells: dict[Cell, Settled]
    votes: dict[Counted, list[Vote]]
    standing: dict[Cell, list[Vote]]
    stated: dict[Cell, Settled]
    voiding: tuple[GroupLike, ...]


def settle_operation(operation: Operation) -> Settlement:
    votes = operation.votes()
    plans, smaller, voiding = standing_plans(votes["planned"], votes["cancelled"])
    standing: dict[Cell, list[Vote]] = {
        "planned": plans,
        "deployed": votes["deployed"],
        "withdrawn": votes["withdrawn"],
    }
    cells: dict[Cell, Settled] = {}
    for cell in CELLS:
        settled = settle_levels(standing[cell])
        if settled is not None:
            cells[cell] = settled
    stated = dict(cells)
    if "planned" in cells:
        cells["planned"] = less_cancelled(cells["planned"], smaller)
    if "deployed" in cells:
        newest = max(vote.moment for vote in votes["deployed"])
        cells["deployed"] = less_withdrawn(cells["deployed"], newest, votes["withdrawn"])
    return Settlement(cells, votes, standing, stated, tuple(voiding))


def settle_levels(votes: Sequence[Vote]) -> Settled | None:
    """The figure of one status, before withdrawals and cancellations."""
    stated = levels(votes)
    outcome = elect(stated)
    if outcome is not None:
        outcome = sum_of_forces(stated, outcome) or outcome
    return settle(votes, outcome)
