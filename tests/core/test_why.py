"""Why a total is what it is: every figure has one fate, and those that carry the total are its evidence."""

import re
from pathlib import Path

import pytest
from hypothesis import given

from muster.core.reconcile import total_of
from muster.core.why import FATES, verdicts_of
from tests.core.stories import JUAREZ, story
from tests.laws.test_reconciliation import SEVERAL

OLD = "A 2025-02-05T01:00 a.example planned 9 army\n"
CASES = {
    "carries": OLD,
    "outvoted": OLD + "B 2025-02-06 b.example planned 20 army",
    "replaced_same_day": OLD + "B 2025-02-05T02:00 a.example planned 8 army",
    "before_window": OLD + "B 2025-02-15 b.example planned 8 army",
    "absorbed": "A 2025-02-05 a.example planned +9 army\nB 2025-02-06 b.example planned 20 army",
    "voided": OLD + "B 2025-02-06 b.example cancelled 9 army",
    "without_effect": "A 2025-02-05 a.example cancelled 9 army",
    "earlier_operation": OLD + "B 2025-12-06 b.example planned 20 army",
    "background": "A 2025-02-05 a.example background@2019-02-05 deployed 9 army",
}


@pytest.mark.parametrize("fate", FATES)
def test_every_fate_has_its_case(fate):
    """Each fate of the closed list is met by some story."""
    assert [one.fate for one in verdicts_of(story(CASES[fate]).reports) if one.article_id == "A"] == [fate]


def test_verdicts_run_by_status_and_from_the_newest():
    """Planned comes before cancelled; a cancellation that voids a plan carries the total."""
    lines = CASES["voided"] + "\nC 2025-02-07 c.example planned 5 army"
    found = [(one.article_id, one.status, one.fate) for one in verdicts_of(story(lines).reports)]
    assert found == [("C", "planned", "carries"), ("A", "planned", "voided"), ("B", "cancelled", "carries")]


def test_the_page_names_every_fate_as_the_code_does():
    """The closed list of fates is documented word by word."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "what-a-number-means.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\w+) \| (.+) \|$", page, re.MULTILINE))
    assert {fate: means for fate, means in rows.items() if fate != "fate"} == FATES


@given(SEVERAL)
def test_who_carries_is_who_is_quoted(reports):
    """The articles with a carrying verdict are those of the total's evidence."""
    total = total_of(JUAREZ, reports)
    if total.evidence_count == len(total.evidence):
        carrying = {one.article_id for one in verdicts_of(reports) if one.fate == "carries"}
        assert carrying == {quote.article_id for quote in total.evidence}
