"""Stated numbers of persons as intervals: what they add up to, and which of them say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from muster.core.model import Estimate, ForceCategory, Personnel

Bounds: TypeAlias = tuple[int | None, int | None]

GENERIC: Final[frozenset[ForceCategory]] = frozenset({"mixed", "unspecified"})
"""Words like "troops" and "soldiers and police": they may include people of every force."""

FAMILY: Final[dict[ForceCategory, str]] = {
    "army": "military",
    "national_guard": "military",
    "marines": "military",
    "navy": "military",
    "air_force": "military",
    "police": "police",
    "federal_agents": "police",
    "paramilitary": "paramilitary",
    "peacekeepers": "peacekeepers",
}
"""Forces that the press takes for one another share a family; a soldier is never counted among the police."""


@dataclass(slots=True, unsafe_hash=True)  # sooner made than a frozen one; nothing changes it
class Figure:
    """A number of persons between two bounds, both inclusive; None is an open bound, and at most one is open."""

    low: int | None
    high: int | None
    approximate: bool = False

    @property
    def is_exact(self) -> bool:
        return self.low == self.high and not self.approximate

    @property
    def is_approximate(self) -> bool:
        return self.low == self.high and self.approximate

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None and self.low != self.high

    @property
    def best(self) -> int:
        """Its number; the midpoint of a range, rounded down."""
        if self.low is None or self.high is None:
            return self.high or 0 if self.low is None else self.low
        return (self.low + self.high) // 2

    @property
    def estimate(self) -> Estimate:
        return Estimate(self.low, self.best, self.high)


def figure_of(personnel: Personnel) -> Figure | None:
    """The figure of a stated number; None for words without a number ("hundreds")."""
    if personnel.qualifier == "vague" or (personnel.low is None and personnel.high is None):
        return None
    return Figure(personnel.low, personnel.high, approximate=personnel.qualifier == "approx")


def sum_of(figures: Iterable[Figure]) -> Figure:
    """Interval sum of at least one figure: an open low bound counts as 0, an open high bound opens the sum."""
    stated = list(figures)
    if len(stated) == 1:
        return stated[0]
    low, high = _sum_of_bounds([(figure.low, figure.high) for figure in stated])
    return Figure(low, high, approximate=any(figure.approximate for figure in stated))


def difference(whole: Figure, part: Figure) -> Figure:
    """Interval difference, never below 0: the least and the most that can be left."""
    low, high = _difference_of_bounds((whole.low, whole.high), (part.low, part.high))
    return Figure(low, high, approximate=whole.approximate or part.approximate)


def sum_of_estimates(estimates: Iterable[Estimate]) -> Estimate:
    """As `sum_of`; the best values add up."""
    stated = list(estimates)
    low, high = _sum_of_bounds([(one.low, one.high) for one in stated])
    return Estimate(low, sum(one.best for one in stated), high)


def difference_of_estimates(whole: Estimate, part: Estimate) -> Estimate:
    """As `difference`; the best value is never below 0 either."""
    low, high = _difference_of_bounds((whole.low, whole.high), (part.low, part.high))
    return Estimate(low, max(0, whole.best - part.best), high)


def _sum_of_bounds(bounds: Sequence[Bounds]) -> Bounds:
    lows = [low for low, _ in bounds if low is not None]
    highs = [high for _, high in bounds if high is not None]
    return (sum(lows) if lows else None, sum(highs) if len(highs) == len(bounds) else None)


def _difference_of_bounds(whole: Bounds, part: Bounds) -> Bounds:
    low = 0 if whole[0] is None or part[1] is None else max(0, whole[0] - part[1])
    return (low, None if whole[1] is None else max(0, whole[1] - (part[0] or 0)))


def agree(a: Figure, b: Figure) -> bool:
    """Whether two figures can be the same number, as rule 4 joins them.

    Equal bounds agree; an approximate figure agrees with an exact one within 5 %; an open one with an exact one of its
    own number, and with any figure of the same shape and number.
    """
    if (a.low, a.high) == (b.low, b.high):
        return True
    exact, other = (a, b) if a.is_exact else (b, a)
    if not exact.is_exact or other.is_range:
        return False
    return near(other.best, exact.best) if other.is_approximate else other.best == exact.best and not other.is_exact


def near(approximate: int, exact: int) -> bool:
    """Within 5 % of the exact number."""
    return 20 * abs(approximate - exact) <= exact


def same_people(a: ForceCategory, b: ForceCategory) -> bool:
    """Whether figures of these two forces can be about the same people."""
    return a in GENERIC or b in GENERIC or FAMILY[a] == FAMILY[b]
