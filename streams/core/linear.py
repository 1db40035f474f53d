"""Linear models over named features, as plain arithmetic: what training has learned, applied.

A feature is a short string; a model is a table of weights by feature. Unknown features weigh nothing, so that a
model outlives small changes of the features.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

Weights = Mapping[str, float]


def total(weights: Weights, features: Iterable[str]) -> float:
    """The sum of the weights of the features that are there."""
    get = weights.get
    return sum(get(feature, 0.0) for feature in features)


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores -> probabilities that add up to 1."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]
