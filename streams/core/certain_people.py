"""Forces that are certainly different people, and what they add up to (rule 6 of what a number means)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations, product

from muster.core.figures import FAMILY, GENERIC, agree, sum_of, sum_of_estimates
from muster.core.votes import WINDOW, Outcome, Vote, elect
from muster.core.within_article import ForceFigure


def sum_of_forces(votes: Sequence[Vote], all_forces: Outcome) -> Outcome | None:
    """The sum of forces that are certainly different people, where it is more than the vote on all forces says.

    `votes` are the levels of one status from oldest to newest. Each family of forces has its own vote and so its own
    window: that 500 police came today does not make the 1,650 guards of last week go away. A later figure that counts
    soldiers and police together does, and so does one of "troops" that is later than all parts of the sum.
    """
    joint = [vote.moment for vote in votes if any(a.force.category == "mixed" for a in vote.carriers)]
    outcomes: dict[str, Outcome] = {}
    for family in sorted({FAMILY[force.category] for vote in votes for force in vote.reading.forces}):
        outcome = _elect_family(votes, family, joint)
        if outcome is not None and not _superseded(outcome, joint):
            outcomes[family] = outcome
    together = _stated_together(votes, lambda force: FAMILY[force.category])
    totals = [outcome for outcome in outcomes.values() if outcome.rule == "sum_of_forces"]
    totals += _sums(outcomes, lambda a, b: frozenset((a, b)) in together or not _agree(outcomes[a], outcomes[b]))
    generic = [vote.moment for vote in votes if any(a.force.category in GENERIC for a in vote.carriers)]
    standing = [t for t in totals if not _superseded(t, generic) and not _denied(t, votes)]
    return _largest(standing, all_forces)


def _elect_family(votes: Iterable[Vote], family: str, joint: Sequence[datetime]) -> Outcome | None:
    """The vote on a family's figure, or the larger sum of its forces that one report states apart.

    `joint` are the dates of figures that count several families together.
    """
    own = [(vote, forces) for vote in votes if (forces := _forces_of(vote, family))]
    outcome = elect(_of_forces(vote, forces) for vote, forces in own)
    categories = sorted({force.category for _, forces in own for force in forces})
    if outcome is None or len(categories) == 1:
        return outcome
    parts: dict[str, Outcome] = {}
    for category in categories:
        part = elect(_of_forces(vote, [f]) for vote, forces in own for f in forces if f.category == category)
        if part is not None and not _superseded(part, joint):
            parts[category] = part
    together = _stated_together([vote for vote, _ in own], lambda force: force.category)
    sums = _sums(parts, lambda a, b: frozenset((a, b)) in together)
    dates = [vote.moment for vote, _ in own]
    return _largest([total for total in sums if not _superseded(total, dates)], outcome) or outcome


def _largest(totals: Iterable[Outcome], vote: Outcome) -> Outcome | None:
    """The largest sum, if it is more than the vote says; of equal ones the newest, then the first by name."""
    total = max(totals, key=lambda outcome: (outcome.estimate.best, outcome.newest), default=None)
    return total if total is not None and total.estimate.best > vote.estimate.best else None


def _forces_of(vote: Vote, family: str) -> list[ForceFigure]:
    return [force for force in vote.reading.forces if FAMILY[force.category] == family]


def _of_forces(vote: Vote, forces: Sequence[ForceFigure]) -> Vote:
    if len(forces) == 1:
        return Vote(vote.witness, vote.reading, forces[0].figure, forces[0].carriers)
    figure = sum_of(force.figure for force in forces)
    return Vote(vote.witness, vote.reading, figure, tuple(carrier for force in forces for carrier in force.carriers))


def _stated_together(votes: Iterable[Vote], kind: Callable[[ForceFigure], str]) -> set[frozenset[str]]:
    """Pairs of kinds that one report states, each with its own figure."""
    sets = {frozenset(kind(force) for force in vote.reading.forces) for vote in votes}
    return {frozenset(pair) for kinds in sets for pair in combinations(sorted(kinds), 2)}


def _sums(outcomes: Mapping[str, Outcome], different: Callable[[str, str], bool]) -> list[Outcome]:
    """The sums over at least two kinds of which each differs from each other. There are at most nine kinds."""
    return [
        _sum([outcomes[kind] for kind in kinds])
        for size in range(2, len(outcomes) + 1)
        for kinds in combinations(outcomes, size)
        if all(different(a, b) for a, b in combinations(kinds, 2))
    ]


def _sum(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        estimate=sum_of_estimates([outcome.estimate for outcome in outcomes]),
        groups=tuple(group for outcome in outcomes for group in outcome.groups),
        rule="sum_of_forces",
    )


def _agree(a: Outcome, b: Outcome) -> bool:
    figures = [{vote.figure for vote in outcome.votes} for outcome in (a, b)]
    return any(agree(one, other) for one, other in product(*figures))


def _superseded(outcome: Outcome, moments: Iterable[datetime]) -> bool:
    return max(moments, default=outcome.newest) - outcome.newest > WINDOW


def _denied(total: Outcome, votes: Iterable[Vote]) -> bool:
    """Whether a report that carries every part of the sum says itself that they are fewer in all."""
    carrying = [{vote.witness.article_id for vote in group.votes} for group in total.groups]
    every_part = set.intersection(*carrying)
    return any(v.witness.article_id in every_part and v.figure.best < total.estimate.best for v in votes)
