"""The auditor's arithmetic: rules 4 to 7 and decisions 0011 and 0012, from their text and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations

from muster.core.model import Estimate, Figures
from tests.simulation.reading import FAMILIES, GENERIC, NEVER, Number, Statement, add, agree, may_be_same, subtract

HOURS_48 = timedelta(hours=48)


@dataclass(frozen=True)
class Result:
    """A figure, the statements that carry it in groups, and when the newest of those that make its level was made."""

    estimate: Estimate
    groups: tuple[tuple[Statement, ...], ...]
    level_newest: datetime
    is_sum: bool = False

    @property
    def carriers(self) -> list[Statement]:
        return [s for group in self.groups for s in group]

    @property
    def newest(self) -> datetime:
        return max(s.moment for s in self.carriers)


def _add_estimates(estimates: list[Estimate]) -> Estimate:
    span = add([Number(e.low, e.high) for e in estimates])
    return Estimate(span.low, sum(e.best for e in estimates), span.high)


def _subtract_estimates(whole: Estimate, part: Estimate) -> Estimate:
    span = subtract(Number(whole.low, whole.high), Number(part.low, part.high))
    return Estimate(span.low, max(0, whole.best - part.best), span.high)


# Rule 4


def elect(statements: list[Statement]) -> Result | None:
    votes = [s for s in statements if not _has_newer_of_the_day(s, statements)]
    if not votes:
        return None
    newest = max(s.moment for s in votes)
    window = [s for s in votes if s.moment >= newest - HOURS_48] if newest != NEVER else votes
    vaguer = [s.number for s in window if s.number.kind in ("about", "open")]
    older = [s for s in votes if s not in window and s.number.kind == "exact"]
    votes = window + [s for s in older if any(_confirms(v, s.number.best) for v in vaguer)]
    exact = {s.number.best for s in votes if s.number.kind == "exact"}
    groups: dict[tuple[object, ...], list[Statement]] = {}
    for s in sorted(votes, key=lambda s: s.order):
        groups.setdefault(_group_of(s.number, exact), []).append(s)

    def weight(key: tuple[object, ...]) -> tuple[object, ...]:
        own = groups[key]
        support = min(len({s.copies for s in own}), len({s.publisher_day for s in own}))
        return support, key[0] == "exact", max(s.moment for s in own), _estimate(key, own).best

    winner = max(groups, key=weight)
    spans = [_estimate(key, own) for key, own in groups.items()]
    estimate = Estimate(
        _least([e.low for e in spans]), _estimate(winner, groups[winner]).best, _most([e.high for e in spans])
    )
    return Result(estimate, (tuple(groups[winner]),), max(s.moment for s in groups[winner]))


def _has_newer_of_the_day(s: Statement, statements: list[Statement]) -> bool:
    return any(o.publisher_day == s.publisher_day and o.order > s.order for o in statements)


def _confirms(vaguer: Number, exact: int) -> bool:
    n = vaguer.best
    if vaguer.kind == "about":
        return abs(n - exact) <= 0.05 * exact
    if vaguer.high is None:  # at least
        return n <= exact <= 1.25 * n
    return 0.75 * n <= exact <= n  # at most


def _group_of(number: Number, exact: set[int]) -> tuple[object, ...]:
    if number.kind == "exact":
        return "exact", number.best
    if number.kind == "range":
        return "range", number.low, number.high
    near = [e for e in exact if e == number.best]
    if number.kind == "about":
        near = [e for e in exact if abs(number.best - e) <= 0.05 * e]
    if near:
        return "exact", min(near, key=lambda e: (abs(e - number.best), -e))
    return "alone", number.best


def _estimate(key: tuple[object, ...], own: Iterable[Statement]) -> Estimate:
    numbers = [s.number for s in own]
    if key[0] == "exact":
        assert isinstance(key[1], int)
        n = key[1]
        return Estimate(
            min(x.low if x.low is not None else n for x in numbers),
            n,
            max(x.high if x.high is not None else n for x in numbers),
        )
    return Estimate(_least([x.low for x in numbers]), numbers[-1].best, _most([x.high for x in numbers]))


def _least(bounds: list[int | None]) -> int | None:
    return None if None in bounds else min(b for b in bounds if b is not None)


def _most(bounds: list[int | None]) -> int | None:
    return None if None in bounds else max(b for b in bounds if b is not None)


# Rules 5 to 7


def figures_of(statements: list[Statement]) -> Figures:
    by_status = {
        status: sorted((s for s in statements if s.status == status), key=lambda s: s.order)
        for status in ("planned", "deployed", "withdrawn", "cancelled")
    }
    plans, smaller = _plans_that_stand(by_status["planned"], _changes(by_status["cancelled"]))
    planned = _with_increments(plans, _all_forces(_levels(plans)))
    for change in smaller:
        planned = _reduced(planned, change)
    deployed = _with_increments(by_status["deployed"], _all_forces(_levels(by_status["deployed"])))
    if deployed is not None:
        deployed = _after_withdrawals(deployed, by_status["deployed"], by_status["withdrawn"])
    withdrawn = _with_increments(by_status["withdrawn"], _all_forces(_levels(by_status["withdrawn"])))
    return Figures(*(None if r is None else r.estimate for r in (planned, deployed, withdrawn)))


def by_force_of(statements: list[Statement]) -> dict[str, Figures]:
    """The vote on each force by itself, plans that are called off left out."""
    found: dict[str, dict[str, Estimate]] = {}
    ordered = sorted(statements, key=lambda s: s.order)
    plans, _ = _plans_that_stand(
        [s for s in ordered if s.status == "planned"], _changes([s for s in ordered if s.status == "cancelled"])
    )
    standing = [*plans, *(s for s in ordered if s.status in ("deployed", "withdrawn"))]
    for status, force in {(s.status, force) for s in standing for force, _ in s.by_force}:
        own = [
            replace(s, number=number) for s in standing for f, number in s.by_force if (s.status, f) == (status, force)
        ]
        result = _with_increments(own, elect(_levels(own)))
        if result is not None:
            found.setdefault(force, {})[status] = result.estimate
    return {force: Figures(**of_force) for force, of_force in found.items()}


def _levels(statements: list[Statement]) -> list[Statement]:
    return [s for s in statements if not s.increment]


def _changes(statements: list[Statement]) -> list[list[Statement]]:
    """Equal ones of which each is within 48 hours of the one before are one, as old as its first report."""
    runs: list[list[Statement]] = []
    for s in statements:
        same = [run for run in runs if run[0].number.best == s.number.best]
        if same and s.moment - same[-1][-1].moment <= HOURS_48:
            same[-1].append(s)
        else:
            runs.append([s])
    return runs


def _change_estimate(run: list[Statement]) -> Estimate:
    has_exact = any(s.number.kind == "exact" for s in run)
    return _estimate(("exact", run[0].number.best) if has_exact else ("alone", run[0].number.best), run)


def _with_increments(statements: list[Statement], level: Result | None) -> Result | None:
    added = _changes([s for s in statements if s.increment])
    if level is not None:
        added = [run for run in added if run[0].moment > level.newest]
    if not added:
        return level
    estimates = [_change_estimate(run) for run in added]
    if level is None:
        newest = max(s.moment for run in added for s in run)
        return Result(_add_estimates(estimates), tuple(map(tuple, added)), newest)
    together = _add_estimates([level.estimate, *estimates])
    return Result(together, (*level.groups, *map(tuple, added)), level.level_newest)


def _plans_that_stand(
    plans: list[Statement], cancellations: list[list[Statement]]
) -> tuple[list[Statement], list[list[Statement]]]:
    smaller = []
    for run in cancellations:
        reporters = {s.article_id for s in run}
        people = {p for s in run for p in s.people}
        newest = max(s.moment for s in run)
        acted_on = [
            s for s in plans if s.moment <= newest and s.article_id not in reporters and may_be_same(s.people, people)
        ]
        plan = _with_increments(acted_on, elect(_levels(acted_on)))
        if plan is None:
            continue
        is_the_plan = len(plan.groups) == 1 and any(agree(s.number, c.number) for s in run for c in plan.carriers)
        if _change_estimate(run).best >= plan.estimate.best or is_the_plan:
            plans = [s for s in plans if s not in acted_on]
        else:
            smaller.append(run)
    return plans, smaller


def _reduced(planned: Result | None, run: list[Statement]) -> Result | None:
    if planned is None or planned.level_newest > run[0].moment:
        return planned
    if {s.article_id for s in run} & {s.article_id for s in planned.carriers}:
        return planned
    return replace(
        planned,
        estimate=_subtract_estimates(planned.estimate, _change_estimate(run)),
        groups=(*planned.groups, tuple(run)),
    )


def _after_withdrawals(deployed: Result, stated: list[Statement], withdrawn: list[Statement]) -> Result:
    newest = max(s.moment for s in stated)
    people = {p for s in deployed.carriers for p in s.people}
    later = [s for s in withdrawn if s.moment > newest and may_be_same(s.people, people)]
    left = _with_increments(later, elect(_levels(later)))
    if left is None:
        return deployed
    return replace(deployed, estimate=_subtract_estimates(deployed.estimate, left.estimate))


# Rule 6 and decision 0011


def _all_forces(levels: list[Statement]) -> Result | None:
    vote = elect(levels)
    if vote is None:
        return None
    mixed = [s.moment for s in levels if "mixed" in s.people]
    generic = [s.moment for s in levels if s.people & GENERIC]
    families: dict[int, Result] = {}
    for number, family in enumerate(FAMILIES):
        result = _family(levels, family, mixed)
        if result is not None and not _much_newer(mixed, result):
            families[number] = result
    together = [{_family_of(c) for c, _ in s.forces} for s in levels]

    def different(a: int, b: int) -> bool:
        if any({a, b} <= stated for stated in together):
            return True
        return not any(agree(x.number, y.number) for x in families[a].carriers for y in families[b].carriers)

    sums = [r for r in families.values() if r.is_sum] + _sums(families, different)
    sums = [r for r in sums if not _much_newer(generic, r) and not _denied(r, levels)]
    return _larger_of(vote, sums)


def _family(levels: list[Statement], family: set[str], mixed: list[datetime]) -> Result | None:
    own = [_only(s, family) for s in levels if any(c in family for c, _ in s.forces)]
    result = elect(own)
    kinds = sorted({c for s in own for c, _ in s.forces})
    if result is None or len(kinds) == 1:
        return result
    parts = {}
    for number, kind in enumerate(kinds):
        part = elect([_only(s, {kind}) for s in own if any(c == kind for c, _ in s.forces)])
        if part is not None and not _much_newer(mixed, part):
            parts[number] = part

    def together(a: int, b: int) -> bool:
        return any({kinds[a], kinds[b]} <= {c for c, _ in s.forces} for s in own)

    sums = [r for r in _sums(parts, together) if not _much_newer([s.moment for s in own], r)]
    return _larger_of(result, sums)


def _larger_of(vote: Result, sums: list[Result]) -> Result:
    """The largest sum if it is more than the vote; of equal ones the newest, then the first."""
    best = max((r.estimate.best for r in sums), default=0)
    if best <= vote.estimate.best:
        return vote
    largest = [r for r in sums if r.estimate.best == best]
    newest = max(r.newest for r in largest)
    return next(r for r in largest if r.newest == newest)


def _only(s: Statement, categories: set[str]) -> Statement:
    forces = tuple((c, n) for c, n in s.forces if c in categories)
    return replace(s, number=add([n for _, n in forces]), forces=forces, people=frozenset(c for c, _ in forces))


def _family_of(category: str) -> int:
    return next(number for number, family in enumerate(FAMILIES) if category in family)


def _sums(results: dict[int, Result], different: Callable[[int, int], bool]) -> list[Result]:
    found = []
    for size in range(2, len(results) + 1):
        for chosen in combinations(sorted(results), size):
            if all(different(a, b) for a, b in combinations(chosen, 2)):
                parts = [results[c] for c in chosen]
                estimate = _add_estimates([p.estimate for p in parts])
                groups = tuple(group for p in parts for group in p.groups)
                found.append(Result(estimate, groups, max(p.newest for p in parts), is_sum=True))
    return found


def _much_newer(moments: list[datetime], result: Result) -> bool:
    return any(moment - result.newest > HOURS_48 for moment in moments)


def _denied(total: Result, levels: list[Statement]) -> bool:
    """One report carries every part and says itself that they are fewer in all."""
    everywhere = set.intersection(*({s.article_id for s in group} for group in total.groups))
    return any(s.article_id in everywhere and s.number.best < total.estimate.best for s in levels)
