"""What happens to a figure after it was reported: increments, withdrawals, cancellations (rules 5 and 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from muster.core.figures import agree, difference_of_estimates, same_people, sum_of_estimates
from muster.core.model import Estimate, ForceCategory
from muster.core.rules import Rule
from muster.core.votes import Group, GroupLike, Outcome, Vote, elect, support_of

SAME_CHANGE_WINDOW = timedelta(hours=48)
"""Equal changes that different articles report within this time of one another are one change."""


@dataclass(slots=True)
class Settled:
    """The figure of a status so far.

    `groups` carry it, `decisions` say by which rules and whose articles. `newest` is when it was last reported,
    `level_newest` when its level was, before any change to it; where only increments are known they are the level.
    """

    estimate: Estimate | None
    newest: datetime
    level_newest: datetime
    groups: tuple[GroupLike, ...]
    decisions: tuple[tuple[Rule, str], ...]

    @property
    def votes(self) -> list[Vote]:
        return [vote for group in self.groups for vote in group.votes]


def settled(outcome: Outcome) -> Settled:
    decisions = tuple((outcome.rule, group.speaker.witness.article_id) for group in outcome.groups)
    return Settled(outcome.estimate, outcome.newest, outcome.newest, outcome.groups, decisions)


def settle(votes: Sequence[Vote], outcome: Outcome | None = None) -> Settled | None:
    """Levels by vote (or the outcome given in its stead), then the increments that no level has absorbed.

    `votes` run from oldest to newest. Increments without any level stand for themselves.
    """
    return with_increments(outcome or elect(levels(votes)), increments(votes))


def with_increments(outcome: Outcome | None, increments_told: Sequence[Vote]) -> Settled | None:
    """A level, if there is one, and the increments that it has not absorbed, from oldest to newest."""
    changes = _merged(increments_told)
    if outcome is None:
        return _sum_of_increments(changes) if changes else None
    base = settled(outcome)
    newer = [change for change in changes if _first(change) > base.newest]
    if not newer:
        return base
    added = _sum_of_increments(newer)
    return Settled(
        estimate=sum_of_estimates([outcome.estimate, *(change.estimate for change in newer)]),
        newest=added.newest,
        level_newest=base.level_newest,
        groups=(*base.groups, *newer),
        decisions=(*base.decisions, *(("increments_added", article_id) for _, article_id in added.decisions)),
    )


def levels(votes: Iterable[Vote]) -> list[Vote]:
    return [vote for vote in votes if vote.is_level]


def increments(votes: Iterable[Vote]) -> list[Vote]:
    return [vote for vote in votes if not vote.is_level]


def less_withdrawn(deployed: Settled, newest_deployed: datetime, withdrawn: Sequence[Vote]) -> Settled:
    """The deployed figure less what was pulled out after the newest report of any deployed figure."""
    later = list(takewhile(lambda vote: vote.moment > newest_deployed, reversed(withdrawn)))[::-1]
    people = _people(deployed.votes) if later else set()
    left = settle([vote for vote in later if _may_be_of(vote, people)])
    if left is None or left.estimate is None or deployed.estimate is None:
        return deployed
    return Settled(
        estimate=difference_of_estimates(deployed.estimate, left.estimate),
        newest=left.newest,
        level_newest=deployed.level_newest,
        groups=(*deployed.groups, *left.groups),
        decisions=(*deployed.decisions, *(("withdrawals_subtracted", who) for _, who in left.decisions)),
    )


def standing_plans(planned: Sequence[Vote], cancelled: Sequence[Vote]) -> tuple[list[Vote], list[Group], list[Group]]:
    """Plans that no cancellation voids, the cancellations that only reduce them, and those that voided some.

    A cancellation acts on the plans that are not newer than itself. It does not act on those of an article that
    reports it, whose own reading has accounted for it.
    """
    standing = list(planned)
    smaller: list[Group] = []
    voiding: list[Group] = []
    for change in _merged(cancelled):
        articles = {vote.witness.article_id for vote in change.votes}
        people = _people(change.votes)
        affected = [
            vote
            for vote in standing
            if vote.moment <= change.newest and vote.witness.article_id not in articles and _may_be_of(vote, people)
        ]
        plan = settle(affected)
        if plan is None or plan.estimate is None:
            continue
        if change.estimate.best >= plan.estimate.best or _say_the_same(change.votes, plan):
            gone = {vote.witness.article_id for vote in affected}
            standing = [vote for vote in standing if vote.witness.article_id not in gone]
            voiding.append(change)
        else:
            smaller.append(change)
    return standing, smaller, voiding


def less_cancelled(planned: Settled, smaller: Sequence[Group]) -> Settled:
    """The planned figure less the smaller cancellations that came after its level."""
    for change in smaller:
        reporters = {vote.witness.article_id for vote in change.votes}
        known = any(vote.witness.article_id in reporters for vote in planned.votes)
        if known or planned.estimate is None or planned.level_newest > _first(change):
            continue
        planned = replace(
            planned,
            estimate=difference_of_estimates(planned.estimate, change.estimate),
            groups=(*planned.groups, change),
            decisions=(*planned.decisions, ("cancellations_subtracted", change.speaker.witness.article_id)),
        )
    return planned


def _sum_of_increments(changes: Sequence[Group]) -> Settled:
    newest = max(change.newest for change in changes)
    return Settled(
        estimate=sum_of_estimates([change.estimate for change in changes]),
        newest=newest,
        level_newest=newest,
        groups=tuple(changes),
        decisions=tuple(("increments_alone", change.speaker.witness.article_id) for change in changes),
    )


def _merged(votes: Iterable[Vote]) -> list[Group]:
    """Changes in order of their first report; equal numbers within 48 hours of the last such report are one."""
    runs: list[list[Vote]] = []
    open_runs: dict[int, list[Vote]] = {}
    for vote in votes:
        run = open_runs.get(vote.figure.best)
        if run is not None and vote.moment - run[-1].moment <= SAME_CHANGE_WINDOW:
            run.append(vote)
            continue
        run = [vote]
        open_runs[vote.figure.best] = run
        runs.append(run)
    return [_group(run) for run in runs]


def _group(run: Sequence[Vote]) -> Group:
    exact = next((vote.figure.best for vote in run if vote.figure.is_exact), None)
    return Group(tuple(run), exact, support_of(vote.witness for vote in run))


def _first(change: Group) -> datetime:
    return change.votes[0].moment


def _people(votes: Iterable[Vote]) -> set[ForceCategory]:
    return {assertion.force.category for vote in votes for assertion in vote.carriers}


def _may_be_of(vote: Vote, people: Iterable[ForceCategory]) -> bool:
    """Whether a vote can be about some of these people."""
    return any(same_people(assertion.force.category, other) for assertion in vote.carriers for other in people)


def _say_the_same(votes: Sequence[Vote], plan: Settled) -> bool:
    """Whether a cancelled figure is that of the plan, and not of one increment or one force of several in it."""
    figures = plan.groups[0].figures if len(plan.groups) == 1 else set()
    return any(agree(vote.figure, figure) for vote in votes for figure in figures)
