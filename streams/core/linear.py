"""Linear models over named features, as plain arithmetic: what training has learned, applied.

A feature is a short string; a model is a table of weights by feature. Unknown features weigh nothing, so that a
model outlives small changes of the features.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Weights = Mapping[str, float]
Group: TypeAlias = tuple[str, ...]
"""Features that come together: they are named once, and weighed once."""
Features: TypeAlias = tuple[list[Group], list[str]]
"""Groups, and features that are in none: those of single words, which rarely come again."""

GROUPS_REMEMBERED: Final = 16_384
SCORE_DIGITS: Final = 9
"""Equal sums are equal in whatever order they were added up."""


class Scorer:
    """Adds up the weights of features, those of a group once: a few thousand groups make up most of what is read."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._known: dict[Group, float] = {}

    def total(self, groups: Iterable[Group], loose: Iterable[str]) -> float:
        """The sum of the weights of the features that are there."""
        known = self._known
        whole = 0.0
        for group in groups:
            weight = known.get(group)
            if weight is None:
                if len(known) >= GROUPS_REMEMBERED:
                    known.clear()
                weight = known[group] = total(self.weights, group)
            whole += weight
        return round(whole + total(self.weights, loose), SCORE_DIGITS)


def total(weights: Weights, features: Iterable[str]) -> float:
    """The sum of the weights of the features that are there."""
    get = weights.get
    whole = 0.0
    for feature in features:
        whole += get(feature, 0.0)
    return whole


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores -> probabilities that add up to 1."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]
