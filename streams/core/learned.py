"""Choices with the learned models, where the rules are not sure; what they are sure of stays as it is.

Which decisions are left to the rules is what scored better in cross-validation (docs/decisions/0020).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from muster.core import by_rules
from muster.core.attach import Relation
from muster.core.linear import Scorer, Weights, softmax, total
from muster.core.model import Status
from muster.core.options import Option, options
from muster.core.places import Mention
from muster.core.situation import Choice, Situation
from muster.core.status_features import status_features

STATUSES: Final[tuple[Status, ...]] = ("planned", "deployed", "withdrawing", "withdrawn", "cancelled")
CERTAIN_SCORE: Final = 1.0
"""From this score on, the rules' attachment stands unless what was learned speaks clearly against it."""
NONE_MAX: Final = 0.6
RIVAL_MARGIN: Final = 0.2
"""Clearly: no event is more probable than this, or another place is more probable than the rules' by this."""
TIED_NONE_MAX: Final = 0.85
"""The same where the words tie the force to the place: `Tijuana, 1,949 guards`, `300 soldiers to the border`."""
_TYING: Final = frozenset({"list", "to"})
REVIVAL_PROBABILITY_MIN: Final = 0.7
"""A number without a noun that the rules drop needs this probability of some place to count after all."""
_CERTAINTY_MAX: Final = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature: of the place model, and of the status model by "status|feature".

    `calibration` is the offset and slope that turn the log odds of a choice into those of being right.
    """

    place: Scorer
    status: Weights
    calibration: tuple[float, float] = (0.0, 1.0)

    def choose(self, situation: Situation) -> Choice | None:
        """The place and status of a number; None when it is no event."""
        offered = options(situation)
        probabilities = softmax([self.place.total(option.groups, option.loose) for option in offered])
        ruled = [option.ruled for option in offered].index(True)
        if _is_certain(situation) and not _is_contradicted(situation, probabilities, ruled):
            choice = by_rules.choose(situation)
        else:
            choice = _most_probable(situation, offered, probabilities)
        if choice is None:
            return None
        relation = situation.relation_to(choice.mentions)
        status = self._status(situation, relation)
        return choice._replace(status=status, confidence=self._calibrated(choice.confidence))

    def _status(self, situation: Situation, relation: Relation) -> Status:
        """A firm verb decides by rule; without one the most probable status."""
        ruled = by_rules.status_by_rules(situation, relation)
        firm = situation.verdict not in (None, "denied") and not situation.weak
        if firm or (situation.verdict == "planned" and relation == "to"):  # `the deployment of 10,000 to the border`
            return ruled
        features = status_features(situation, relation, ruled)
        scores = {status: total(self.status, [f"{status}|{feature}" for feature in features]) for status in STATUSES}
        return max(STATUSES, key=lambda status: scores[status])

    def _calibrated(self, probability: float) -> float:
        offset, slope = self.calibration
        certainty = min(probability, _CERTAINTY_MAX)
        odds = offset + slope * math.log(certainty / (1 - certainty))
        return 1 / (1 + math.exp(-odds))


def _is_certain(situation: Situation) -> bool:
    """Whether the rules are sure of their place."""
    rule = situation.rule
    if rule is None or situation.refusal or (situation.candidate.bare and situation.referent.is_other):
        return False
    return rule.relation == "list" or rule.score >= CERTAIN_SCORE


def _is_contradicted(situation: Situation, probabilities: Sequence[float], ruled: int) -> bool:
    """Whether what was learned speaks clearly against the rules' place: for none, or for another."""
    tied = situation.rule is not None and situation.rule.relation in _TYING and not situation.candidate.bare
    none_max = TIED_NONE_MAX if tied else NONE_MAX
    rival = max(probabilities[1:], default=0.0)
    return probabilities[0] > none_max or rival > probabilities[ruled] + RIVAL_MARGIN


def _most_probable(situation: Situation, offered: Sequence[Option], probabilities: Sequence[float]) -> Choice | None:
    best = _likeliest(probabilities)
    mentions: Sequence[Mention] = offered[best].mentions
    doubtful = situation.candidate.bare or situation.candidate.suspect != ""
    revived = doubtful and (situation.rule is None or situation.refusal != "")
    if not mentions or (revived and 1 - probabilities[0] < REVIVAL_PROBABILITY_MIN):
        return None
    return Choice(tuple(mentions), "deployed", probabilities[best])


def _likeliest(probabilities: Sequence[float]) -> int:
    """The first of the most probable places; none, which is the first option, where it is more probable than each."""
    top = max(probabilities)
    return probabilities.index(top, 1) if top in probabilities[1:] else 0
