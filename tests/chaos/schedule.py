"""What is done to the workers and the broker, as data: the same seed gives the same schedule."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "kill",  # kill -9 of a worker; it is started again
    "terminate",  # SIGTERM of a worker; it is started again
    "pause",  # SIGSTOP of a worker, SIGCONT after `seconds`
    "interrupt",  # SIGTERM of a worker, kill -9 of another one of its role while that one recovers
    "add",  # one more worker
    "remove",  # SIGTERM of a worker for good
    "oversize",  # a few records over the size limit
    "kill broker",  # kill -9 of Kafka, which is away for `seconds`
    "restart broker",  # an orderly stop of Kafka, which is away for `seconds`
    "fill disk",  # Kafka's files may not grow for `seconds`; then it is killed and comes back with room
]

ROLES = ("extract", "route", "fold", "fold")
"""Where a worker is chosen from: fold has the most to lose."""

STEP_SECONDS = (3.0, 7.0)
SETTLE_SECONDS = 5.0
"""Faults begin when the first workers had time to start."""

ROUND: tuple[Action, ...] = (
    "kill",
    "kill",
    "kill",
    "terminate",
    "pause",
    "pause",
    "interrupt",
    "add",
    "remove",
    "oversize",
    "kill broker",
    "restart broker",
    "fill disk",
)
"""Each round does all of these, in an order of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    at_seconds: float
    action: Action
    role: str
    pick: float
    """0..1: which of the role's workers."""
    seconds: float
    """How long it lasts, where it lasts."""


def make_schedule(seed: int, seconds: float) -> list[Step]:
    """Rounds of faults until `seconds` are over; the last round may be cut."""
    rng = random.Random(seed)
    steps: list[Step] = []
    at = SETTLE_SECONDS
    while True:
        for action in rng.sample(ROUND, len(ROUND)):
            at += rng.uniform(*STEP_SECONDS)
            if at > seconds:
                return steps
            lasts = {"pause": rng.uniform(2, 20), "interrupt": rng.uniform(0.1, 1.5)}.get(action, rng.uniform(1, 5))
            steps.append(Step(round(at, 1), action, rng.choice(ROLES), rng.random(), round(lasts, 1)))
