"""Each boundary of the rules, from both sides."""

import pytest

from muster.core.reconcile import total_of
from tests.core.stories import JUAREZ, story

STORIES = {
    "figures exactly 48 hours old vote": """
        A 2025-02-05T00:00 a.example planned 1650 army
        B 2025-02-05T00:00 b.example planned 1650 army
        C 2025-02-07T00:00 c.example planned 1400 army
        = planned 1650 [1400, 1650] by most_support
    """,
    "older ones do not": """
        A 2025-02-05T00:00 a.example planned 1650 army
        B 2025-02-05T00:00 b.example planned 1650 army
        C 2025-02-07T01:00 c.example planned 1400 army
        = planned 1400 [1400, 1400] by only_figure
    """,
    "at least confirms up to 25 % above": """
        A 2025-02-05 a.example planned 1250 army
        B 2025-02-15 b.example planned >=1000 army
        = planned 1250 [1000, ?] by exact_figure
    """,
    "at least confirms nothing beyond 25 % above": """
        A 2025-02-05 a.example planned 1251 army
        B 2025-02-15 b.example planned >=1000 army
        = planned 1000 [1000, ?] by only_figure
    """,
    "at least confirms nothing below": """
        A 2025-02-05 a.example planned 999 army
        B 2025-02-15 b.example planned >=1000 army
        = planned 1000 [1000, ?] by only_figure
    """,
    "up to confirms down to 25 % below": """
        A 2025-02-05 a.example planned 750 army
        B 2025-02-15 b.example planned <=1000 army
        = planned 750 [?, 1000] by exact_figure
    """,
    "up to confirms nothing beyond 25 % below": """
        A 2025-02-05 a.example planned 749 army
        B 2025-02-15 b.example planned <=1000 army
        = planned 1000 [?, 1000] by only_figure
    """,
    "up to confirms nothing above": """
        A 2025-02-05 a.example planned 1001 army
        B 2025-02-15 b.example planned <=1000 army
        = planned 1000 [?, 1000] by only_figure
    """,
    "about joins within 5 %": """
        A 2025-02-05 a.example planned 1000 army
        B 2025-02-05 b.example planned ~1050 army
        = planned 1000 [1000, 1050] by only_figure
    """,
    "about does not join beyond 5 %": """
        A 2025-02-05 a.example planned 1000 army
        B 2025-02-05 b.example planned ~1051 army
        = planned 1000 [1000, 1051] by exact_figure
    """,
    "about joins the larger of two exact figures as near": """
        A 2025-02-05T02:00 a.example planned 1580 army
        B 2025-02-05T01:00 b.example planned 1620 army
        C 2025-02-05T00:00 c.example planned ~1600 army
        = planned 1620 [1580, 1620] by most_support
    """,
    "an increment as old as the level is absorbed": """
        A 2025-02-05 a.example deployed 500 army
        B 2025-02-05 b.example deployed +250 army
        = deployed 500 [500, 500] by only_figure
    """,
    "an increment that is repeated after the level is as old as its first report": """
        A 2025-02-05 a.example deployed +250 army
        B 2025-02-06 b.example deployed 750 army
        C 2025-02-07 c.example deployed +250 army
        = deployed 750 [750, 750] by only_figure
    """,
    "an equal increment more than 48 hours later is another one": """
        A 2025-02-05 a.example deployed 500 army
        B 2025-02-06T00:00 b.example deployed +250 army
        C 2025-02-08T01:00 c.example deployed +250 army
        = deployed 1000 [1000, 1000] by only_figure, increments_added, increments_added
    """,
    "more cannot leave than are there": """
        A 2025-02-05 a.example deployed 1000..1200 army
        B 2025-02-15 b.example withdrawn 1150 army
        = deployed 0 [0, 50] by only_figure, withdrawals_subtracted
    """,
    "a withdrawal of the same moment changes nothing": """
        A 2025-02-05 a.example deployed 1000 army
        B 2025-02-05 b.example withdrawn 400 army
        = deployed 1000 [1000, 1000] by only_figure
    """,
    "a larger cancellation voids": """
        A 2025-02-05 a.example planned 1650 army
        B 2025-02-06 b.example cancelled 2000 mixed
        = planned none by voided_by_cancellation
    """,
    "a cancellation that agrees voids": """
        A 2025-02-05 a.example planned 1650 army
        B 2025-02-06 b.example cancelled ~1600 army
        = planned none by voided_by_cancellation
    """,
    "a cancellation of others voids nothing": """
        A 2025-02-05 a.example planned 1650 army
        B 2025-02-06 b.example cancelled 2000 police
        = planned 1650 [1650, 1650] by only_figure
    """,
    "a cancellation of one increment leaves the rest of the plan": """
        A 2025-02-05 a.example planned 1000 army
        B 2025-02-06 b.example planned +250 army
        C 2025-02-07 c.example cancelled 250 army
        = planned 1000 [1000, 1000] by only_figure, increments_added, cancellations_subtracted
    """,
    "a cancellation of one force leaves the others": """
        A 2025-02-05 a.example planned 1000 army
        B 2025-02-05 b.example planned 500 police
        C 2025-02-07 c.example cancelled 500 unspecified
        = planned 1000 [1000, 1000] by sum_of_forces, sum_of_forces, cancellations_subtracted
    """,
    "an increment after a cancellation does not undo it": """
        A 2025-02-05 a.example planned 1000 army
        B 2025-02-06 b.example cancelled 300 army
        C 2025-02-10 c.example planned +250 army
        = planned 950 [950, 950] by only_figure, increments_added, cancellations_subtracted
    """,
    "a laggard does not bring a voided plan back": """
        A 2025-02-05 a.example planned 1650 army
        B 2025-02-06 b.example cancelled 1650 army
        C 2025-02-07 c.example planned 1650 army
        D 2025-02-08 d.example cancelled 1650 army
        = planned none by voided_by_cancellation
    """,
    "an article that cancels one plan and brings another": """
        A 2025-02-05 a.example planned 1650 army
        B 2025-02-06 b.example cancelled 1650 army; planned 600 army
        = planned 600 [600, 600] by only_figure, voided_by_cancellation
    """,
    "an article that has reduced its plan itself": """
        A 2025-02-05 a.example planned 1000 army
        B 2025-02-06 b.example total planned 1000 army; part cancelled 300 army
        = planned 700 [700, 1000] by newest
    """,
    "a figure of troops later than all parts of a sum supersedes it": """
        A 2025-02-05 a.example deployed 1000 army
        B 2025-02-05 b.example deployed 500 police
        C 2025-02-15 c.example deployed 400 unspecified
        = deployed 400 [400, 400] by only_figure
    """,
    "a figure of troops between the parts of a sum does not": """
        A 2025-02-05 a.example deployed 1000 army
        C 2025-02-10 c.example deployed 1100 unspecified
        B 2025-02-15 b.example deployed 500 police
        = deployed 1500 [1500, 1500] by sum_of_forces, sum_of_forces
    """,
    "a figure of all forces supersedes the families that are older": """
        A 2025-02-05 a.example deployed 1000 army
        B 2025-02-15 b.example deployed 400 mixed
        C 2025-02-17 c.example deployed 500 police
        D 2025-02-17 d.example deployed 300 paramilitary
        = deployed 800 [800, 800] by sum_of_forces, sum_of_forces
    """,
    "equal figures of two families are two where one report states both": """
        A 2025-02-05 a.example deployed 500 army; deployed 500 police
        B 2025-02-15 b.example deployed 500 police
        = deployed 1000 [1000, 1000] by sum_of_forces, sum_of_forces
    """,
    "forces of one family add up where one report states both": """
        A 2025-06-08 a.example deployed 4100 national_guard; deployed 700 marines
        B 2025-06-18 b.example deployed 5000 national_guard
        = deployed 5700 [5700, 5700] by sum_of_forces, sum_of_forces
    """,
    "and do not where none does": """
        A 2025-06-08 a.example deployed 4100 national_guard
        C 2025-06-08 c.example deployed 700 marines
        B 2025-06-18 b.example deployed 5000 national_guard
        = deployed 5000 [5000, 5000] by only_figure
    """,
    "a later figure of the family supersedes a sum within it": """
        A 2025-06-08 a.example deployed 4100 army; deployed 700 marines
        B 2025-06-18 b.example deployed 3000 national_guard
        = deployed 3000 [3000, 3000] by only_figure
    """,
    "an article sets its background apart from its news": """
        A 2025-02-05 a.example planned 300 army; background@2025-02-01 deployed 400 army
        = deployed none
        = planned 300 [300, 300]
    """,
    "background is no newer than the operation that it joins": """
        A 2025-02-05 a.example deployed 500 army
        B 2025-06-20 b.example background@2025-03-01 deployed 400 army
        = deployed 500 [400, 500] by largest
    """,
    "what an article tells of one earlier time is read together": """
        A 2025-02-05 a.example deployed 500 army
        B 2025-06-20 b.example background@2025-02-06 deployed 400 army; background@2025-02-06 deployed 200 army
        = deployed 600 [500, 600] by largest
    """,
    "a larger total of an article includes a smaller one": """
        A 2025-02-05 a.example total deployed 5000 army; total deployed 1000 mixed
        = deployed 5000 [5000, 5000]
    """,
    "the exact figure of one article beside its vaguer one": """
        A 2025-02-05 a.example deployed ~1600 mixed; deployed 1650 army
        = deployed 1650 [1650, 1650]
    """,
    "a generic part is no total": """
        A 2025-02-05 a.example part deployed 1000 mixed; deployed 1000 army
        = deployed 2000 [2000, 2000]
    """,
    "a plan and those of it who are there": """
        A 2025-02-05 a.example planned 1949 national_guard
        B 2025-02-06 b.example part deployed 500 national_guard; total planned 1949 national_guard
        = planned 1949 [1949, 1949] by only_figure
        = deployed 500 [500, 500] by only_figure
    """,
}


@pytest.mark.parametrize("text", STORIES.values(), ids=STORIES)
def test_boundary(text):
    """A rule applies on one side of its boundary and not on the other."""
    one = story(text)
    one.check(total_of(JUAREZ, one.reports))
