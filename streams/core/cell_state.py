"""The votes on one status of an operation, kept while they come and go: in one poll for each question that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from muster.core.certain_people import MIXED, forces_of, is_of, sum_of_levels, vote_of
from muster.core.changes import Settled, with_increments
from muster.core.figures import FAMILY, GENERIC
from muster.core.model import Estimate, ForceCategory
from muster.core.poll import Cast, Casts, Key, Poll, down, up
from muster.core.votes import Outcome, Vote


class ForceState:
    """What is said of one force by itself; it explains."""

    __slots__ = ("_estimate", "_increments", "_levels", "_stale")

    def __init__(self) -> None:
        self._levels = Poll()
        self._increments = Casts()
        self._estimate: Estimate | None = None
        self._stale = True

    def __len__(self) -> int:
        return len(self._levels) + len(self._increments)

    def add(self, cast: Cast) -> None:
        self._stale = True
        (self._levels if cast[1].is_level else self._increments).add(cast)

    def remove(self, cast: Cast) -> None:
        self._stale = True
        (self._levels if cast[1].is_level else self._increments).remove(cast)

    @property
    def estimate(self) -> Estimate | None:
        if self._stale:
            settled = with_increments(self._levels.elect(), self._increments.votes)
            self._estimate = None if settled is None else settled.estimate
            self._stale = False
        return self._estimate


class CellState:
    """One status. It answers what `certain_people.Levels` asks."""

    def __init__(self) -> None:
        self.votes = Casts()
        self.forces: dict[ForceCategory, ForceState] = {}
        self._increments = Casts()
        self._all = Poll()
        self._families: dict[str, Poll] = {}
        self._categories: dict[ForceCategory, Poll] = {}
        self._joint = Casts()
        self._generic = Casts()
        self._by_forces = False  # whether the two above are kept: only where several forces are named
        self._kinds: dict[frozenset[ForceCategory], int] = {}
        self._of_article: dict[str, list[Vote]] = {}
        self._places: dict[Key, list[tuple[Poll | Casts | ForceState, Cast]]] = {}

    def add(self, cast: Cast) -> None:
        vote = cast[1]
        places = self._places[cast[0]] = self._places_of(cast)
        for place, own in places:
            place.add(own)
        if vote.is_level:
            up(self._kinds, frozenset(force.category for force in vote.reading.forces))
            if not self._by_forces and len(self._named()) > 1:
                self._part()
            self._of_article.setdefault(vote.witness.article_id, []).append(vote)

    def remove(self, cast: Cast) -> None:
        """Take out the vote of that key."""
        for place, own in self._places.pop(cast[0]):
            place.remove(own)
        vote = cast[1]
        if vote.is_level:
            down(self._kinds, frozenset(force.category for force in vote.reading.forces))
            of_article = self._of_article[vote.witness.article_id]
            of_article[:] = [other for other in of_article if other is not vote]
            if not of_article:
                del self._of_article[vote.witness.article_id]
        for force in vote.reading.by_force:
            if not len(self.forces[force.category]):
                del self.forces[force.category]

    def _places_of(self, cast: Cast) -> list[tuple[Poll | Casts | ForceState, Cast]]:
        key, vote = cast
        reading = vote.reading
        places: list[tuple[Poll | Casts | ForceState, Cast]] = [(self.votes, cast)]
        for force in reading.by_force:
            state = self.forces.setdefault(force.category, ForceState())
            places.append((state, (key, vote_of(vote, [force]))))
        if not vote.is_level:
            return [*places, (self._increments, cast)]
        places.append((self._all, cast))
        if self._by_forces:
            places += self._polls_of(cast)
        if is_of(vote, GENERIC):
            places.append((self._generic, cast))
            if is_of(vote, MIXED):
                places.append((self._joint, cast))
        return places

    def _part(self) -> None:
        """From now on, and for the votes that are here, there is a poll for each family and each force."""
        self._by_forces = True
        for cast in zip(self.votes.keys, self.votes.votes, strict=True):
            if cast[1].is_level:
                polls = self._polls_of(cast)
                self._places[cast[0]] += polls
                for poll, own in polls:
                    poll.add(own)

    def _polls_of(self, cast: Cast) -> list[tuple[Poll, Cast]]:
        key, vote = cast
        reading = vote.reading
        polls: list[tuple[Poll, Cast]] = []
        for family in {FAMILY[force.category] for force in reading.forces}:
            poll = self._families.setdefault(family, Poll())
            polls.append((poll, (key, vote_of(vote, forces_of(vote, family)))))
        for force in reading.forces:
            poll = self._categories.setdefault(force.category, Poll())
            polls.append((poll, (key, vote_of(vote, [force]))))
        return polls

    def settle(self) -> Settled | None:
        """As `settlement.settle_levels` of these votes."""
        outcome = self._all.elect()
        if outcome is not None:
            outcome = sum_of_levels(self, outcome) or outcome
        return with_increments(outcome, self._increments.votes)

    # What a sum of forces asks

    @property
    def joint(self) -> datetime | None:
        return self._joint.newest

    @property
    def generic(self) -> datetime | None:
        return self._generic.newest

    def families(self) -> Sequence[str]:
        return sorted({FAMILY[category] for category in self._named()})

    def categories(self, family: str) -> Sequence[ForceCategory]:
        return sorted(category for category in self._named() if FAMILY[category] == family)

    def _named(self) -> set[ForceCategory]:
        return {category for kinds in self._kinds for category in kinds}

    def elect_family(self, family: str) -> Outcome | None:
        return self._families[family].elect()

    def elect_category(self, category: ForceCategory) -> Outcome | None:
        return self._categories[category].elect()

    def newest_of(self, family: str) -> datetime | None:
        return self._families[family].newest

    def stated_together(self) -> set[frozenset[ForceCategory]]:
        return set(self._kinds)

    def says_fewer(self, article_ids: set[str], than: int) -> bool:
        return any(vote.figure.best < than for one in article_ids for vote in self._of_article.get(one, ()))
