"""Laws of the scorer: a group weighs what its features weigh, however they are grouped, ordered or remembered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core import linear
from muster.core.linear import Scorer, total

NAMES = st.sampled_from("abcdefgh")
GROUPS = st.lists(st.lists(NAMES, max_size=4).map(tuple), max_size=6)
WEIGHTS = st.dictionaries(NAMES, st.integers(-500, 500).map(lambda hundredths: hundredths / 100))


@given(WEIGHTS, st.lists(GROUPS, min_size=1, max_size=4), st.lists(NAMES, max_size=4))
def test_groups_weigh_what_their_features_weigh(weights, asked, loose):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear, "GROUPS_REMEMBERED", 3)
        scorer = Scorer(weights)
        for groups in asked:
            features = [feature for group in groups for feature in group] + loose
            assert scorer.total(groups, loose) == round(total(weights, features), linear.SCORE_DIGITS)
            assert scorer.total(groups[::-1], loose[::-1]) == scorer.total(groups, loose)
            assert len(scorer._known) <= 3
