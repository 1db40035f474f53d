"""The trainer of both models: a penalised conditional logit each, solved to its optimum.

Deterministic: the sum over all examples at once does not depend on their order but for rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from muster.core.learned import STATUSES, Model
from muster.core.linear import Scorer
from tests.gold.examples import Lesson

STEPS_MAX = 150
SEEN_MIN = 2
"""A feature seen in fewer examples teaches nothing that holds elsewhere."""
PULL = 2.0
WORDS_PULL = 4.0
"""Strength of the belief before any example, in examples: that the rules are right; single words mean nothing."""
PLACE_PRIOR = {"rule": 1.0}
STATUS_PRIOR = 2.0
_WORDS = ("none:<:", "none:>:", "none:head:", "in:word:", "<", ">")
_TINY = 1e-12

Alternatives = Sequence[tuple[Sequence[str], bool]]


def fit(lessons: Sequence[Lesson]) -> Model:
    """The model that these lessons teach."""
    place = _train(
        [list(zip(e.alternatives, e.right, strict=True)) for lesson in lessons for e in lesson.places], PLACE_PRIOR
    )
    status = _train(
        [
            [([_named(status, f) for f in features], status in told) for status in STATUSES]
            for lesson in lessons
            for features, told in lesson.statuses
        ],
        {_named(status, f"rule:{status}"): STATUS_PRIOR for status in STATUSES},
    )
    return Model(Scorer(place), status)


def _named(status: str, feature: str) -> str:
    return f"{status}|{feature}"


def _train(examples: Sequence[Alternatives], prior: Mapping[str, float]) -> dict[str, float]:
    """Weights that make the right alternatives of all examples most probable, less a penalty for leaving the prior."""
    seen = Counter(f for example in examples for f in {f for features, _ in example for f in features})
    names = sorted(feature for feature, count in seen.items() if count >= SEEN_MIN)
    present = _matrix(examples, {name: column for column, name in enumerate(names)})
    right = np.array([is_right for example in examples for _, is_right in example])
    sizes = np.array([len(example) for example in examples])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    believed = np.array([prior.get(name, 0.0) for name in names])
    pull = np.array([PULL * (WORDS_PULL if _is_word(name) else 1.0) for name in names])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = present @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        p = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        p_right = np.where(right, p, 0.0)
        whole = np.maximum(np.add.reduceat(p_right, starts), _TINY)
        away = weights - believed
        slope = present.T @ (p - p_right / np.repeat(whole, sizes)) + pull * away
        return float(-np.log(whole).sum() + 0.5 * (pull * away**2).sum()), slope

    solved = minimize(loss, believed, jac=True, method="L-BFGS-B", options={"maxiter": STEPS_MAX})
    return dict(zip(names, map(float, solved.x), strict=True))


def _matrix(examples: Sequence[Alternatives], column_of: Mapping[str, int]) -> csr_matrix:
    """One row an alternative, one column a feature: how often it is there."""
    features_of = [features for example in examples for features, _ in example]
    cells = [(row, column_of[f]) for row, features in enumerate(features_of) for f in features if f in column_of]
    rows, columns = zip(*cells, strict=True)
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(features_of), len(column_of)))


def _is_word(feature: str) -> bool:
    return feature.rsplit("|", maxsplit=1)[-1].startswith(_WORDS)
