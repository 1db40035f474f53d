"""The short form of `make fuzz`: every parser, a few hundred hostile inputs each."""

from __future__ import annotations

import pytest

from tests.fuzz.run import feed
from tests.fuzz.targets import TARGETS, Target

INPUTS = 100
SEED = 1


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_input_crashes_hangs_or_is_lost(target: Target) -> None:
    """Each ends in one of the outcomes that the target knows, and most targets see more than one."""
    outcomes = feed(target, INPUTS * max(1, target.share // 5), SEED)
    assert outcomes
    if target.name == "articles":
        assert set(outcomes) == {"accepted", "ignored", "dead letter"}
