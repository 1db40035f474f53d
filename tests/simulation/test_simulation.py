"""The stream under faults, judged by an independent recount. A failure names its seed: `make simulate SEED=n`."""

from __future__ import annotations

import pytest

from tests.simulation.__main__ import describe
from tests.simulation.driver import simulate
from tests.simulation.mutations import ALL, STREAM, Mutation

SEEDS = 100
BATCH = 20
CANARY_SEEDS = 300
STORM = 0.2  # a fault in every fifth step


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_the_auditor_agrees_with_every_total(first):
    """Whatever dies, is repeated or comes late, the last total of each place is what the rules say of the records."""
    for seed in range(first, first + BATCH):
        verdict = simulate(seed)
        assert verdict.is_right, describe(verdict)


def test_the_auditor_agrees_in_a_storm_of_faults():
    """The same where hardly a batch is ended by the worker that began it."""
    for seed in range(BATCH):
        verdict = simulate(seed, fault_rate=STORM)
        assert verdict.is_right, describe(verdict)


def test_a_seed_gives_the_same_run_every_time():
    """A failure can be run again: steps, faults and verdict follow from the seed."""
    assert simulate(7) == simulate(7)


@pytest.mark.parametrize("name", ALL)
def test_the_auditor_catches_a_canary(name):
    """A fault put in on purpose, one a rule, does not go unnoticed."""
    fault_rate = STORM if name in STREAM else None
    assert any(not simulate(seed, Mutation(name), fault_rate).is_right for seed in range(CANARY_SEEDS))
