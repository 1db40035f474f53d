"""Choices by the rules alone: what stands where nothing has been learned, and what learning starts from."""

from __future__ import annotations

import math

from muster.core.attach import Relation
from muster.core.model import Status
from muster.core.situation import Choice, Situation


def choose(situation: Situation) -> Choice | None:
    """The rules' own place and status; the confidence rises with the score of the attachment."""
    rule = situation.rule
    if rule is None or situation.refusal:
        return None
    score = 0.55 * rule.score + (-0.4 if situation.candidate.bare else 0.6)
    return Choice(rule.mentions, status_by_rules(situation, rule.relation), 1 / (1 + math.exp(-score)))


def status_by_rules(situation: Situation, relation: Relation) -> Status:
    """The status that the verb gives; without one, that of the list, else what the relation to the place suggests."""
    verdict = situation.verdict
    if verdict in ("withdrawn", "withdrawing") and relation == "to":
        verdict = "planned"  # they leave somewhere else for this place
    if verdict is not None and verdict != "denied" and not situation.weak:
        return verdict
    if relation == "list" and situation.carried is not None:
        return situation.carried
    if verdict is not None and verdict != "denied":
        return verdict
    return "planned" if relation == "to" else "deployed"
