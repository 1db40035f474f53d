"""The page that explains what a number means, replayed story by story."""

import re
from pathlib import Path

import pytest

from muster.core.reconcile import total_of
from muster.core.rules import RULES
from tests.core.stories import JUAREZ, story

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "what-a-number-means.md").read_text(encoding="utf-8")
STORIES = re.findall(r"## ([^\n]+)|```story\n(.*?)```", PAGE, re.DOTALL)


def told():
    heading, number = "", 0
    for title, text in STORIES:
        if title:
            heading, number = title, 0
        else:
            number += 1
            yield pytest.param(text, id=f"{heading.lower().replace(' ', '-')}-{number}")


@pytest.mark.parametrize("text", list(told()))
def test_every_story_of_the_page_comes_to_its_total(text):
    """The rules give what the page says that they give."""
    one = story(text)
    assert one.expectations
    one.check(total_of(JUAREZ, one.reports))


def test_the_page_names_every_rule_as_the_code_does():
    """The vocabulary of decided_by is closed and documented word by word."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert rows == RULES


def test_every_rule_decides_some_story():
    """No rule is only a name: the page has an example of each."""
    decided = {
        rule for _, text in STORIES if text for wanted in story(text).expectations for rule in wanted.rules or ()
    }
    assert decided == set(RULES)
