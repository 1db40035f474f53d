"""A small trainer of linear models, in plain Python: gradient descent with a pull towards what the rules say.

Deterministic up to the order of floating-point sums, which is that of the examples.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from muster.core.learned import STATUSES, Model
from muster.core.linear import softmax, total
from tests.gold.examples import Lesson

EPOCHS = 20
STEP = 0.1
STEP_FALL = 0.15
"""By how much of the first step each epoch shortens the next one's."""
SEEN_MIN = 2
"""A feature seen in fewer examples teaches nothing that holds elsewhere."""
PLACE_PULL = 1.0
PLACE_PRIOR = {"rule": 1.0}
STATUS_PULL = 1.0
STATUS_PRIOR = 2.0
"""What is believed before any example: that the rules are right. `pull` is the strength of belief, in examples."""
WORDS_PULL = 4.0
"""Features that are single words are believed to mean nothing four times as firmly."""
_WORDS = ("none:<:", "none:>:", "none:head:", "in:word:", "<", ">")

Alternatives = Sequence[tuple[Sequence[str], bool]]


def fit(lessons: Sequence[Lesson]) -> Model:
    """The model that these lessons teach."""
    place = _train(
        [list(zip(e.alternatives, e.right, strict=True)) for lesson in lessons for e in lesson.places],
        PLACE_PRIOR,
        PLACE_PULL,
    )
    status = _train(
        [
            [([_named(status, f) for f in features], status in told) for status in STATUSES]
            for lesson in lessons
            for features, told in lesson.statuses
        ],
        {_named(status, f"rule:{status}"): STATUS_PRIOR for status in STATUSES},
        STATUS_PULL,
    )
    return Model(place, status)


def _named(status: str, feature: str) -> str:
    return f"{status}|{feature}"


def _train(examples: Sequence[Alternatives], prior: Mapping[str, float], strength: float) -> dict[str, float]:
    """Weights that make the right alternatives of each example probable, by stochastic gradient descent."""
    seen = Counter(f for example in examples for f in {f for features, _ in example for f in features})
    known = {feature for feature, count in seen.items() if count >= SEEN_MIN}
    weights: dict[str, float] = defaultdict(float, prior)
    pull = {f: strength * (WORDS_PULL if _is_word(f) else 1.0) / seen[f] for f in known}
    for epoch in range(EPOCHS):
        step = STEP / (1 + STEP_FALL * epoch)
        for example in examples:
            p = softmax([total(weights, features) for features, _ in example])
            whole = sum(pk for pk, (_, right) in zip(p, example, strict=True) if right)
            for pk, (features, right) in zip(p, example, strict=True):
                push = step * ((pk / whole if right and whole > 0 else 0.0) - pk)
                for feature in features:
                    if feature in known:
                        weights[feature] += push
            for feature in {f for features, _ in example for f in features} & known:
                weights[feature] -= step * pull[feature] * (weights[feature] - prior.get(feature, 0.0))
    return dict(weights)


def _is_word(feature: str) -> bool:
    return feature.rpartition("|")[2].startswith(_WORDS)
