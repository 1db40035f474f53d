"""Forces that are certainly different people, and what they add up to (rule 6 of what a number means)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import combinations, product
from typing import Final, Protocol

from muster.core.figures import FAMILY, GENERIC, agree, sum_of, sum_of_estimates
from muster.core.model import ForceCategory
from muster.core.votes import WINDOW, Outcome, Vote, elect
from muster.core.within_article import ForceFigure

MIXED: Final[frozenset[ForceCategory]] = frozenset({"mixed"})


class Levels(Protocol):
    """The levels of one status, as far as a sum of forces asks for them; a moment is None where there is no vote."""

    @property
    def joint(self) -> datetime | None:
        """The newest figure that counts several families together."""
        ...

    @property
    def generic(self) -> datetime | None:
        """The newest figure of people of any force."""
        ...

    def families(self) -> Sequence[str]: ...
    def categories(self, family: str) -> Sequence[ForceCategory]: ...
    def elect_family(self, family: str) -> Outcome | None: ...
    def elect_category(self, category: ForceCategory) -> Outcome | None: ...
    def newest_of(self, family: str) -> datetime | None: ...
    def stated_together(self) -> set[frozenset[ForceCategory]]:
        """Sets of specific forces that one report states, each with its own figure."""
        ...

    def says_fewer(self, article_ids: set[str], than: int) -> bool:
        """Whether one of these articles says that they are fewer in all."""
        ...


def sum_of_forces(votes: Sequence[Vote], all_forces: Outcome) -> Outcome | None:
    """`sum_of_levels` of a list of votes from oldest to newest."""
    return sum_of_levels(ListedLevels(votes), all_forces)


def sum_of_levels(levels: Levels, all_forces: Outcome) -> Outcome | None:
    """The sum of forces that are certainly different people, where it is more than the vote on all forces says.

    Each family of forces has its own vote and so its own window: that 500 police came today does not make the 1,650
    guards of last week go away. A later figure that counts soldiers and police together does, and so does one of
    "troops" that is later than all parts of the sum.
    """
    families = levels.families()
    if len(families) == 1 and len(levels.categories(families[0])) == 1:
        return None
    outcomes: dict[str, Outcome] = {}
    for family in families:
        outcome = _elect_family(levels, family)
        if outcome is not None and not _superseded(outcome, levels.joint):
            outcomes[family] = outcome
    totals = [outcome for outcome in outcomes.values() if outcome.rule == "sum_of_forces"]
    if len(outcomes) > 1:
        together = _pairs({FAMILY[category] for category in kinds} for kinds in levels.stated_together())
        totals += _sums(outcomes, lambda a, b: frozenset((a, b)) in together or not _agree(outcomes[a], outcomes[b]))
    standing = [t for t in totals if not _superseded(t, levels.generic) and not _denied(t, levels)]
    return _largest(standing, all_forces)


def _elect_family(levels: Levels, family: str) -> Outcome | None:
    """The vote on a family's figure, or the larger sum of its forces that one report states apart."""
    outcome = levels.elect_family(family)
    categories = levels.categories(family)
    if outcome is None or len(categories) == 1:
        return outcome
    parts: dict[str, Outcome] = {}
    for category in categories:
        part = levels.elect_category(category)
        if part is not None and not _superseded(part, levels.joint):
            parts[category] = part
    together = _pairs(levels.stated_together())
    sums = _sums(parts, lambda a, b: frozenset((a, b)) in together)
    newest = levels.newest_of(family)
    return _largest([total for total in sums if not _superseded(total, newest)], outcome) or outcome


class ListedLevels:
    """Levels that are a list of votes, from oldest to newest."""

    def __init__(self, votes: Sequence[Vote]) -> None:
        self._votes = votes

    @property
    def joint(self) -> datetime | None:
        return _newest(vote for vote in self._votes if is_of(vote, MIXED))

    @property
    def generic(self) -> datetime | None:
        return _newest(vote for vote in self._votes if is_of(vote, GENERIC))

    def families(self) -> list[str]:
        return sorted({FAMILY[force.category] for vote in self._votes for force in vote.reading.forces})

    def categories(self, family: str) -> list[ForceCategory]:
        return sorted({force.category for vote in self._votes for force in forces_of(vote, family)})

    def elect_family(self, family: str) -> Outcome | None:
        return elect(vote_of(vote, forces) for vote in self._votes if (forces := forces_of(vote, family)))

    def elect_category(self, category: ForceCategory) -> Outcome | None:
        return elect(
            vote_of(v, [force]) for v in self._votes for force in v.reading.forces if force.category == category
        )

    def newest_of(self, family: str) -> datetime | None:
        return _newest(vote for vote in self._votes if forces_of(vote, family))

    def stated_together(self) -> set[frozenset[ForceCategory]]:
        return {frozenset(force.category for force in vote.reading.forces) for vote in self._votes}

    def says_fewer(self, article_ids: set[str], than: int) -> bool:
        return any(v.witness.article_id in article_ids and v.figure.best < than for v in self._votes)


def is_of(vote: Vote, categories: AbstractSet[ForceCategory]) -> bool:
    return any(assertion.force.category in categories for assertion in vote.carriers)


def forces_of(vote: Vote, family: str) -> list[ForceFigure]:
    return [force for force in vote.reading.forces if FAMILY[force.category] == family]


def vote_of(vote: Vote, forces: Sequence[ForceFigure]) -> Vote:
    """A vote on some forces of a reading only."""
    if len(forces) == 1:
        return Vote(vote.witness, vote.reading, forces[0].figure, forces[0].carriers)
    figure = sum_of(force.figure for force in forces)
    return Vote(vote.witness, vote.reading, figure, tuple(carrier for force in forces for carrier in force.carriers))


def _newest(votes: Iterable[Vote]) -> datetime | None:
    return max((vote.moment for vote in votes), default=None)


def _pairs(sets: Iterable[AbstractSet[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for kinds in sets for pair in combinations(sorted(kinds), 2)}


def _largest(totals: Iterable[Outcome], vote: Outcome) -> Outcome | None:
    """The largest sum, if it is more than the vote says; of equal ones the newest, then the first by name."""
    total = max(totals, key=lambda outcome: (outcome.estimate.best, outcome.newest), default=None)
    return total if total is not None and total.estimate.best > vote.estimate.best else None


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
    figures = [{figure for group in outcome.groups for figure in group.figures} for outcome in (a, b)]
    return any(agree(one, other) for one, other in product(*figures))


def _superseded(outcome: Outcome, newer: datetime | None) -> bool:
    return newer is not None and newer - outcome.newest > WINDOW


def _denied(total: Outcome, levels: Levels) -> bool:
    """Whether a report that carries every part of the sum says itself that they are fewer in all."""
    carrying = [{vote.witness.article_id for vote in group.votes} for group in total.groups]
    return levels.says_fewer(set.intersection(*carrying), total.estimate.best)
