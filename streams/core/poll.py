"""The vote on one figure, kept while votes come and go: `votes.elect` without looking at each vote again.

What an election needs of many votes is little: of each different figure its votes in order and the copy groups among
them. So votes are kept in one bucket a figure, and an election costs the different figures of its window.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from typing import TypeAlias, TypeVar

from muster.core.figures import Figure
from muster.core.model import Estimate
from muster.core.sources import Order
from muster.core.votes import (
    WINDOW,
    Carrier,
    GroupLike,
    Outcome,
    Vote,
    carriers_of,
    confirms,
    group_key,
    least,
    most,
    winner_of,
)

Key: TypeAlias = tuple[Order, date, date]
"""Where a vote stands among all: the order of its witness, then the days that it looks back at, if it does."""

Cast: TypeAlias = tuple[Key, Vote]
Counted = TypeVar("Counted")


def up(counts: dict[Counted, int], what: Counted) -> None:
    counts[what] = counts.get(what, 0) + 1


def down(counts: dict[Counted, int], what: Counted) -> None:
    """The opposite; what is counted no more is left out."""
    if counts[what] == 1:
        del counts[what]
    else:
        counts[what] -= 1


class Casts:
    """Votes in their order."""

    __slots__ = ("keys", "votes")

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.votes: list[Vote] = []

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, cast: Cast) -> None:
        at = bisect_left(self.keys, cast[0])
        self.keys.insert(at, cast[0])
        self.votes.insert(at, cast[1])

    def remove(self, cast: Cast) -> None:
        at = bisect_left(self.keys, cast[0])
        del self.keys[at]
        del self.votes[at]

    @property
    def newest(self) -> datetime | None:
        return self.votes[-1].moment if self.votes else None

    def start_of(self, moment: datetime) -> int:
        """The index of the first vote that is not older than this."""
        return bisect_left(self.keys, moment, key=lambda key: key[0][0])


class Bucket(Casts):
    """The votes for one figure; `copies` counts them by copy group.

    The assertions that carry them are counted from when they are asked for: few buckets ever win.
    """

    __slots__ = ("_carriers", "copies", "figure")

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self.copies: dict[int, int] = {}
        self._carriers: dict[Carrier, int] | None = None

    def add(self, cast: Cast) -> None:
        super().add(cast)
        up(self.copies, cast[1].witness.copy_group)
        if self._carriers is not None:
            for carrier in carriers_of(cast[1]):
                up(self._carriers, carrier)

    def remove(self, cast: Cast) -> None:
        super().remove(cast)
        down(self.copies, cast[1].witness.copy_group)
        if self._carriers is not None:
            for carrier in carriers_of(cast[1]):
                down(self._carriers, carrier)

    def carriers(self) -> AbstractSet[Carrier]:
        if self._carriers is None:
            self._carriers = {}
            for vote in self.votes:
                for carrier in carriers_of(vote):
                    up(self._carriers, carrier)
        return self._carriers.keys()


@dataclass(slots=True, eq=False)
class BucketGroup:
    """A group of an election, made of whole buckets: what `votes.Group` is, without a list of its votes.

    Among the votes that are counted no publisher and day comes twice, so that the copy groups alone are its support.
    """

    buckets: tuple[Bucket, ...]
    exact: int | None
    support: int

    @property
    def votes(self) -> Sequence[Vote]:
        if len(self.buckets) == 1:
            return self.buckets[0].votes
        casts = merge(*(zip(bucket.keys, bucket.votes, strict=True) for bucket in self.buckets), key=lambda c: c[0])
        return [vote for _, vote in casts]

    def newest_first(self) -> Iterator[Vote]:
        """The votes from newest to oldest, one after the other."""
        if len(self.buckets) == 1:
            return reversed(self.buckets[0].votes)
        casts = merge(
            *(zip(reversed(bucket.keys), reversed(bucket.votes), strict=True) for bucket in self.buckets),
            key=lambda cast: cast[0],
            reverse=True,
        )
        return (vote for _, vote in casts)

    def carriers(self) -> AbstractSet[Carrier]:
        if len(self.buckets) == 1:
            return self.buckets[0].carriers()
        return set().union(*(bucket.carriers() for bucket in self.buckets))

    @property
    def figures(self) -> set[Figure]:
        return {bucket.figure for bucket in self.buckets}

    @property
    def newest(self) -> datetime:
        return max(bucket.votes[-1].moment for bucket in self.buckets)

    @property
    def estimate(self) -> Estimate:
        lows = [b.figure.low if b.figure.low is not None else self.exact for b in self.buckets]
        highs = [b.figure.high if b.figure.high is not None else self.exact for b in self.buckets]
        best = self.exact if self.exact is not None else self._newest(self.buckets).figure.best
        return Estimate(least(lows), best, most(highs))

    @property
    def speaker(self) -> Vote:
        exact = [bucket for bucket in self.buckets if bucket.figure.is_exact]
        return self._newest(self.buckets if self.exact is None else exact)

    @staticmethod
    def _newest(buckets: Iterable[Bucket]) -> Vote:
        return max(((bucket.keys[-1], bucket) for bucket in buckets), key=lambda one: one[0])[1].votes[-1]


class Numbers:
    """Exact figures: a bucket each, and the numbers in ascending order."""

    __slots__ = ("buckets", "numbers")

    def __init__(self) -> None:
        self.buckets: dict[int, Bucket] = {}
        self.numbers: list[int] = []

    def add(self, figure: Figure, cast: Cast) -> None:
        number = figure.best
        bucket = self.buckets.get(number)
        if bucket is None:
            bucket = self.buckets[number] = Bucket(figure)
            insort(self.numbers, number)
        bucket.add(cast)

    def remove(self, number: int, cast: Cast) -> None:
        bucket = self.buckets[number]
        bucket.remove(cast)
        if not bucket.keys:
            del self.buckets[number]
            del self.numbers[bisect_left(self.numbers, number)]


class Poll:
    """The levels that count in one vote."""

    __slots__ = ("_by_day", "_counted", "_cut", "_exact", "_older", "_outcome", "_stale", "_vague")

    def __init__(self) -> None:
        self._by_day: dict[tuple[str, date], list[Cast]] = {}
        self._counted = Casts()
        self._cut: datetime | None = None  # where the window begins; None: everything is in it
        self._exact = Numbers()  # of the window
        self._vague: dict[Figure, Bucket] = {}  # of the window
        self._older = Numbers()  # what is older counts only where it is exact, and is confirmed
        self._outcome: Outcome | None = None
        self._stale = False

    def __len__(self) -> int:
        return len(self._counted)

    def add(self, cast: Cast) -> None:
        """Of several votes of a publisher and day the newest counts."""
        self._stale = True
        of_day = self._by_day.setdefault(cast[1].witness.publisher_day, [])
        before = of_day[-1] if of_day else None
        insort(of_day, cast, key=lambda one: one[0])
        if of_day[-1][1] is cast[1]:
            if before is not None:
                self._uncount(before)
            self._count(cast)

    def remove(self, cast: Cast) -> None:
        self._stale = True
        day = cast[1].witness.publisher_day
        of_day = self._by_day[day]
        at = bisect_left(of_day, cast[0], key=lambda one: one[0])
        was_counted = at == len(of_day) - 1
        del of_day[at]
        if was_counted:
            self._uncount(cast)
            if of_day:
                self._count(of_day[-1])
        if not of_day:
            del self._by_day[day]

    @property
    def newest(self) -> datetime | None:
        return self._counted.newest

    def elect(self) -> Outcome | None:
        """As `votes.elect` of the votes in here."""
        if self._stale:
            self._move_window()
            self._outcome = self._elect() if self._counted.keys else None
            self._stale = False
        return self._outcome

    def _count(self, cast: Cast) -> None:
        self._counted.add(cast)
        self._put(cast)

    def _uncount(self, cast: Cast) -> None:
        self._counted.remove(cast)
        self._take(cast)

    def _put(self, cast: Cast) -> None:
        figure = cast[1].figure
        in_window = self._cut is None or cast[1].moment >= self._cut
        if figure.is_exact:
            (self._exact if in_window else self._older).add(figure, cast)
        elif in_window:
            bucket = self._vague.get(figure)
            if bucket is None:
                bucket = self._vague[figure] = Bucket(figure)
            bucket.add(cast)

    def _take(self, cast: Cast) -> None:
        figure = cast[1].figure
        in_window = self._cut is None or cast[1].moment >= self._cut
        if figure.is_exact:
            (self._exact if in_window else self._older).remove(figure.best, cast)
        elif in_window:
            self._vague[figure].remove(cast)
            if not self._vague[figure].keys:
                del self._vague[figure]

    def _move_window(self) -> None:
        if not self._counted.votes:
            return
        try:
            cut = self._counted.votes[-1].moment - WINDOW
        except OverflowError:  # without any date, all are equally old
            cut = None
        if cut == self._cut:
            return
        here = 0 if cut is None else self._counted.start_of(cut)
        there = 0 if self._cut is None else self._counted.start_of(self._cut)
        first, last = sorted((here, there))
        moving = list(zip(self._counted.keys[first:last], self._counted.votes[first:last], strict=True))
        for cast in moving:
            self._take(cast)
        self._cut = cut
        for cast in moving:
            self._put(cast)

    def _elect(self) -> Outcome:
        confirmed = self._confirmed(figure for figure in self._vague if not figure.is_range)
        exact = self._exact.numbers
        if confirmed:
            exact = sorted({*confirmed, *exact})
        joined: dict[tuple[str, int, int], list[Bucket]] = {}
        for figure, bucket in self._vague.items():
            joined.setdefault(group_key(figure, exact), []).append(bucket)
        for number in confirmed:
            joined.setdefault(("exact", number, number), []).append(self._older.buckets[number])
        taken: set[int] = set()
        for (kind, number, _), buckets in joined.items():
            if kind == "exact" and number in self._exact.buckets:
                buckets.append(self._exact.buckets[number])
                taken.add(number)
        several = [_group(key, buckets) for key, buckets in sorted(joined.items())]
        alone = [bucket for number, bucket in self._exact.buckets.items() if number not in taken]
        first = [_group(("exact", one.figure.best, one.figure.best), [one]) for one in _likely(alone)]
        winner, rule = winner_of([*first, *several], others=len(alone) - len(first))
        bounds = [group.estimate for group in several]
        ends = (self._exact.numbers[0], self._exact.numbers[-1]) if self._exact.numbers else ()
        # What an exact number bounds does not change when vaguer figures join it: the group spans it anyway.
        low = least([*(bound.low for bound in bounds), *ends])
        high = most([*(bound.high for bound in bounds), *ends])
        return Outcome(Estimate(low, winner.estimate.best, high), (winner,), rule)

    def _confirmed(self, vaguer: Iterable[Figure]) -> set[int]:
        """The older exact numbers that a vaguer figure of the window confirms; none is a third away from it."""
        found: set[int] = set()
        for figure in vaguer:
            start = bisect_left(self._older.numbers, figure.best * 2 // 3)
            end = bisect_right(self._older.numbers, figure.best * 4 // 3 + 1)
            found.update(number for number in self._older.numbers[start:end] if confirms(figure, number))
        return found


def _likely(alone: Sequence[Bucket]) -> list[Bucket]:
    """Of exact figures that nothing joined those that may win, and one that loses to them by its age alone.

    All are alike but for support, age and number, so that with one of the others the same rule decides.
    """
    most_copies = max([len(bucket.copies) for bucket in alone], default=0)
    tied = [bucket for bucket in alone if len(bucket.copies) == most_copies]
    if len(tied) <= 2:
        return tied
    moments = [bucket.keys[-1][0][0] for bucket in tied]
    newest = max(moments)
    likely = [bucket for bucket, moment in zip(tied, moments, strict=True) if moment == newest]
    older = next((bucket for bucket, moment in zip(tied, moments, strict=True) if moment != newest), None)
    return likely if older is None else [older, *likely]


def _group(key: tuple[str, int, int], buckets: Sequence[Bucket]) -> GroupLike:
    support = len(buckets[0].copies) if len(buckets) == 1 else len(set().union(*(b.copies for b in buckets)))
    return BucketGroup(tuple(buckets), key[1] if key[0] == "exact" else None, support)
