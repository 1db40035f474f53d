"""The vote on one figure: which of several stated numbers stands (rules 2 and 4 of what a number means)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from muster.core.figures import Figure, near
from muster.core.model import Assertion, Estimate, Report
from muster.core.rules import Rule
from muster.core.sources import Order
from muster.core.within_article import Reading

WINDOW = timedelta(hours=48)
"""Figures older than the newest by more than this are history, unless a vaguer one of the window confirms them."""


@dataclass(slots=True)
class Witness:
    """A report as it counts: its place in time, whose copy it is, and of which publisher and UTC day.

    It does not change, nor does a vote or a reading; but frozen classes take three times as long to make.
    """

    report: Report
    order: Order
    copy_group: int
    publisher_day: tuple[str, date]

    @property
    def moment(self) -> datetime:
        return self.order[0]

    @property
    def is_current(self) -> bool:
        """Whether it reports anything as news and not as background."""
        for assertion in self.report.assertions:  # noqa: SIM110 - asked of every report; a generator costs thrice
            if not assertion.historical:
                return True
        return False

    @property
    def article_id(self) -> str:
        return self.report.provenance.article_id


@dataclass(slots=True)
class Vote:
    """One witness's figure of one status (or of some forces in it), with the assertions that carry it."""

    witness: Witness
    reading: Reading
    figure: Figure
    carriers: tuple[Assertion, ...]

    @property
    def is_level(self) -> bool:
        return self.reading.measure == "level"

    @property
    def moment(self) -> datetime:
        return self.witness.moment


Carrier: TypeAlias = tuple[str, str]
"""An assertion by its article_id and event_id."""


def carriers_of(vote: Vote) -> list[Carrier]:
    return [(vote.witness.article_id, assertion.event_id) for assertion in vote.carriers]


class GroupLike(Protocol):
    """What a group of votes is to those who settle a figure, however its votes are kept."""

    @property
    def votes(self) -> Sequence[Vote]: ...
    @property
    def exact(self) -> int | None: ...
    @property
    def support(self) -> int: ...
    @property
    def figures(self) -> set[Figure]: ...
    @property
    def newest(self) -> datetime: ...
    @property
    def estimate(self) -> Estimate: ...
    @property
    def speaker(self) -> Vote: ...
    def newest_first(self) -> Iterator[Vote]: ...
    def carriers(self) -> AbstractSet[Carrier]: ...


@dataclass(slots=True)
class Group:
    """Votes for the same number, from oldest to newest. `exact` is the exact number that the others joined, if any."""

    votes: tuple[Vote, ...]
    exact: int | None
    support: int

    @property
    def figures(self) -> set[Figure]:
        return {vote.figure for vote in self.votes}

    @property
    def newest(self) -> datetime:
        return self.votes[-1].moment

    def newest_first(self) -> Iterator[Vote]:
        return reversed(self.votes)

    def carriers(self) -> AbstractSet[Carrier]:
        """The assertions of all votes."""
        return {carrier for vote in self.votes for carrier in carriers_of(vote)}

    @property
    def estimate(self) -> Estimate:
        """An open bound stays open only where no exact figure closes it."""
        if len(self.votes) == 1 and (self.exact is None or self.votes[0].figure.is_exact):
            return self.votes[0].figure.estimate
        lows = [vote.figure.low if vote.figure.low is not None else self.exact for vote in self.votes]
        highs = [vote.figure.high if vote.figure.high is not None else self.exact for vote in self.votes]
        best = self.exact if self.exact is not None else self.votes[-1].figure.best
        return Estimate(least(lows), best, most(highs))

    @property
    def speaker(self) -> Vote:
        """The newest vote that states the number itself."""
        if self.exact is None:
            return self.votes[-1]
        return next(v for v in reversed(self.votes) if v.figure.is_exact)


@dataclass(slots=True)
class Outcome:
    """What a vote, or a sum of votes, comes to. `groups` carry it."""

    estimate: Estimate
    groups: tuple[GroupLike, ...]
    rule: Rule

    @property
    def newest(self) -> datetime:
        return max(group.newest for group in self.groups)

    @property
    def votes(self) -> list[Vote]:
        return [vote for group in self.groups for vote in group.votes]


def elect(votes: Iterable[Vote]) -> Outcome | None:
    """The outcome among levels, given from oldest to newest; None without any."""
    counted = sorted({vote.witness.publisher_day: vote for vote in votes}.values(), key=lambda vote: vote.witness.order)
    if not counted:
        return None
    newest = counted[-1].moment
    window = [vote for vote in counted if newest - vote.moment <= WINDOW]
    confirmed = _confirmed([vote for vote in counted if newest - vote.moment > WINDOW], window)
    groups = _groups([*confirmed, *window])
    winner, rule = winner_of(groups)
    bounds = [group.estimate for group in groups]
    estimate = Estimate(least([b.low for b in bounds]), winner.estimate.best, most([b.high for b in bounds]))
    return Outcome(estimate, (winner,), rule)


def support_of(witnesses: Iterable[Witness]) -> int:
    """How many independent sources: the copy groups, or the (publisher, day) pairs where those are fewer."""
    stated = list(witnesses)
    if len(stated) == 1:
        return 1
    return min(len({w.copy_group for w in stated}), len({w.publisher_day for w in stated}))


def _confirmed(older: Sequence[Vote], window: Sequence[Vote]) -> list[Vote]:
    vaguer = {vote.figure for vote in window if not vote.figure.is_exact and not vote.figure.is_range}
    exact = {vote.figure.best for vote in older if vote.figure.is_exact}
    standing = {number for number in exact if any(confirms(figure, number) for figure in vaguer)}
    return [vote for vote in older if vote.figure.is_exact and vote.figure.best in standing]


def confirms(vaguer: Figure, exact: int) -> bool:
    if vaguer.is_approximate:
        return near(vaguer.best, exact)
    if vaguer.high is None:
        return vaguer.best <= exact and 4 * exact <= 5 * vaguer.best
    return 3 * vaguer.best <= 4 * exact and exact <= vaguer.best


def _groups(votes: Sequence[Vote]) -> list[Group]:
    exact = sorted({vote.figure.best for vote in votes if vote.figure.is_exact})
    members: dict[tuple[str, int, int], list[Vote]] = {}
    for vote in votes:
        members.setdefault(group_key(vote.figure, exact), []).append(vote)
    return [
        Group(tuple(joined), exact=key[1] if key[0] == "exact" else None, support=support_of(v.witness for v in joined))
        for key, joined in sorted(members.items())
    ]


def group_key(figure: Figure, exact: Sequence[int]) -> tuple[str, int, int]:
    """The group of a figure, given the exact numbers in the vote, ascending."""
    number = figure.best
    if figure.is_range and figure.low is not None and figure.high is not None:
        return ("range", figure.low, figure.high)
    at = bisect_left(exact, number)
    neighbours = exact[max(0, at - 1) : at + 1]
    if figure.is_approximate:
        close = [e for e in neighbours if near(number, e)]
    else:
        close = [e for e in neighbours if e == number]
    if not close:
        return ("number", number, number)
    joined = min(close, key=lambda e: (abs(e - number), -e))
    return ("exact", joined, joined)


def winner_of(groups: Sequence[GroupLike], others: int = 0) -> tuple[GroupLike, Rule]:
    """Most support; of a tie the group with an exact figure, then the newest, then the largest.

    The rule is the first of these that left one group. `others` is the number of groups with less support than one of
    these that are not given.
    """
    if len(groups) == 1 and not others:
        return groups[0], "only_figure"
    standing = list(groups)
    for rule, measure in _TESTS:
        measured = [measure(group) for group in standing]
        highest = max(measured)
        standing = [group for group, own in zip(standing, measured, strict=True) if own == highest]
        if len(standing) == 1:
            return standing[0], rule
    return standing[0], "largest"


_TESTS: tuple[tuple[Rule, Callable[[GroupLike], Any]], ...] = (
    ("most_support", lambda group: group.support),
    ("exact_figure", lambda group: group.exact is not None),
    ("newest", lambda group: group.newest),
    ("largest", lambda group: group.estimate.best),
)


def least(bounds: Sequence[int | None]) -> int | None:
    known = [bound for bound in bounds if bound is not None]
    return min(known) if len(known) == len(bounds) else None


def most(bounds: Sequence[int | None]) -> int | None:
    known = [bound for bound in bounds if bound is not None]
    return max(known) if len(known) == len(bounds) else None
