"""Totals by example: what the stories of the explanation do not show."""

import json
import re
from dataclasses import replace
from pathlib import Path

from muster.core.limits import DECISIONS_PER_TOTAL_MAX, EVIDENCE_PER_TOTAL_MAX, FIELD_CHARS_MAX, QUOTE_FIELD_CHARS_MAX
from muster.core.model import Assertion, Evidence, Figures, Force, Personnel, Provenance, Rank, Report
from muster.core.reconcile import history_of, total_of
from tests.core.stories import JUAREZ, story


def total(text):
    return total_of(JUAREZ, story(text).reports)


def test_no_reports_no_figures():
    """A city whose last report is withdrawn has null cells and no reports."""
    empty = total("A 2025-02-05 a.example retracted planned 1650 army")
    assert empty == total("")
    assert (empty.figures, empty.reports, empty.as_of, empty.evidence) == (Figures(), 0, None, ())


def test_background_neither_makes_nor_hides_a_total():
    """Decision 0013: a look back makes no current figure, and starts no operation that hides the one that stands."""
    back = "A 2025-06-20 a.example background@2025-02-20 deployed 1600 army"
    assert total(back).figures == Figures()
    assert [one.figures.deployed.best for one in history_of(JUAREZ, story(back).reports)] == [1600]
    assert total(f"{back}\nB 2025-05-01 b.example planned 300 army").figures.planned.best == 300


def test_earlier_operations_stay_in_the_history():
    """Operations 45 days apart are one; 46 days apart they are two, and the total is the later."""
    lines = "A 2025-01-01 a.example planned 5000 army\nB 2025-02-{} b.example planned 1650 army"
    assert total(lines.format(15)).reports == 2
    history = history_of(JUAREZ, story(lines.format(16)).reports)
    assert [(one.figures.planned.best, one.reports) for one in history] == [(5000, 1), (1650, 1)]
    now = total(lines.format(16))
    assert history[-1] == replace(now, timeline=(), timeline_count=0, operations=(), operations_count=0)


def test_a_quote_carries_no_longer_title_than_a_total_has_room_for():
    """A headline as long as an article may have is cut under a quote of a total; the event has it whole."""
    (one,) = story("A 2025-01-01 a.example planned 5000 army").reports
    long = replace(one, provenance=replace(one.provenance, title="t" * FIELD_CHARS_MAX, source="s" * FIELD_CHARS_MAX))
    (quote,) = total_of(JUAREZ, [long]).evidence
    assert (len(quote.title), len(quote.source)) == (QUOTE_FIELD_CHARS_MAX, QUOTE_FIELD_CHARS_MAX)


def test_increments_survive_a_level_of_the_past_in_the_vote():
    """Decision 0012: a late level that confirms the increment does not take it away from a better supported one."""
    story_of_500 = "\n".join(f"A{n} 2025-02-05 a{n}.example deployed 500 army" for n in range(3))
    later = "B 2025-02-06 b.example deployed +250 army\nC 2025-02-07 c.example deployed 750 army"
    assert total(f"{story_of_500}\n{later}").figures.deployed.best == 750


def test_a_repeated_smaller_cancellation_is_subtracted_once():
    """Decision 0012: the plan that was reported after a cancellation has accounted for it."""
    lines = (
        "A 2025-02-01 a.example planned 1000 army\nB 2025-02-02 b.example cancelled 300 army\n"
        "C 2025-02-03T12:00 c.example planned 700 army\nD 2025-02-04 d.example cancelled 300 army"
    )
    assert total(lines).figures.planned.best == 700
    assert total(lines.replace("C 2025-02-03T12:00 c.example planned 700 army\n", "")).figures.planned.best == 700


def test_a_withdrawal_of_others_leaves_the_figure():
    """Rule 7: police who leave do not reduce the army."""
    lines = "A 2025-02-05 a.example deployed 1650 army\nB 2025-02-15 b.example withdrawn 400 police"
    assert total(lines).figures.deployed.best == 1650


def test_a_report_that_sums_itself_is_not_outvoted_by_its_parts():
    """Decision 0011: where parts exceed the article's own total, the total stands."""
    lines = "A 2025-02-05 a.example total deployed 1000 mixed; part deployed 800 army; part deployed 300 police"
    assert total(lines).figures.deployed.best == 1000


def test_undated_reports_belong_to_the_last_operation():
    """An article without a date counts as the oldest of what is going on, not of what is over."""
    dated = "B 2024-02-05 b.example planned 1 army\nC 2025-02-05 c.example deployed 9 army"
    found = total(f"A - a.example planned 300 army\n{dated}")
    assert (found.figures.planned.best, found.reports) == (300, 2)


def test_sources_are_publishers_a_day_and_texts():
    """Two texts of one publisher on one day are one source, and so are one text of two publishers."""
    assert total("A 2025-02-05 a.example planned 9 army\nB 2025-02-05 a.example deployed 8 army").sources == 1
    two = "A 2025-02-05 a.example text={} planned 9 army\nB 2025-02-05 b.example text=x planned 9 army"
    assert (total(two.format("x")).sources, total(two.format("y")).sources) == (1, 2)


def test_voided_plans_explain_nothing():
    """A plan that was called off is in no force's figure."""
    assert total("A 2025-02-05 a.example planned 9 army\nB 2025-02-06 b.example cancelled 9 army").by_force == ()


def test_forces_explain_the_figure():
    """by_force has the vote of each force that any report names, also where the figure is one number for all."""
    lines = "A 2025-02-05 a.example planned 1650 national_guard\nB 2025-02-05 b.example planned 1650 police"
    assert [(category, f.planned.best) for category, f in total(lines).by_force] == [
        ("national_guard", 1650),
        ("police", 1650),
    ]


def test_evidence_is_bounded_and_the_best_supported_comes_first():
    """At most so many quotes, those of the figure with most support first, newest first; all are counted."""
    many = [f"A{n:02} 2025-02-05T{n % 24:02}:00 a{n}.example planned 1650 army" for n in range(30)]
    lines = "\n".join([*many, "B 2025-02-06 b.example withdrawn 10 army"])
    found = total(lines)
    assert (len(found.evidence), found.evidence_count) == (EVIDENCE_PER_TOTAL_MAX, 31)
    assert [quote.article_id for quote in found.evidence[:3]] == ["A23", "A22", "A21"]


def test_decisions_are_bounded_and_every_status_has_its_own():
    """A hundred increments of one status take no room from another."""
    many = [f"A{n:03} 2025-02-05 a{n}.example planned +{n + 1} army" for n in range(100)]
    found = total("\n".join([*many, "B 2025-02-05 b.example deployed 10 army"])).decided_by
    assert len(found) <= DECISIONS_PER_TOTAL_MAX
    assert {decision.status for decision in found} == {"planned", "deployed"}


MORE = re.compile(r"\b(?:more|another|additional|más|otros)\b")


def gold(shared):
    seeds = Path(__file__).parents[2] / "seeds" / "gold" / "dev.jsonl"
    path = seeds if seeds.exists() else shared / "gold" / "dev.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def first(value):
    return value[0] if isinstance(value, list) else value


def annotated_report(article, city):
    """The article's annotated events in a city as a report; of two fair readings the annotator's first."""
    rank = Rank(0, retracted=False, fetched_at="", text_sha256="")
    said = Provenance(article["id"], rank, None, None, None, None, None, None, None, "1", "")
    assertions = []
    for number, event in enumerate(article["events"]):
        if event["scope"] == "city" and f"{event['place']}|{event['country']}" == city:
            start = article["text"].find(event["evidence"])
            more = event["role"] == "part" and re.search(
                r"\b(?:more|another|additional|más|otros)\b", event["evidence"]
            )
            assertions.append(
                Assertion(
                    event_id=str(number),
                    personnel=Personnel(
                        event["low"], event["high"], event["qualifier"], "increment" if more else "level", ""
                    ),
                    status=first(event["status"]),
                    force=Force(first(event["force"])),
                    role=event["role"],
                    historical=event["historical"],
                    event_date=None,
                    evidence=Evidence(event["evidence"], start, start + len(event["evidence"])),
                    confidence=1.0,
                )
            )
    return Report(said, JUAREZ, tuple(assertions))


def test_one_article_is_tallied_as_its_reader_would(shared):
    """The law of one article: the total of its report is the annotated city total, cell by cell, for every article."""
    wrong = []
    cells = 0
    for article in gold(shared):
        cities = {f"{e['place']}|{e['country']}" for e in article["events"] if e["scope"] == "city"}
        for city in sorted(cities | set(article["city_totals"])):
            figures = total_of(JUAREZ, [annotated_report(article, city)]).figures
            for status in ("planned", "deployed", "withdrawn"):
                estimate = getattr(figures, status)
                have = None if estimate is None else [estimate.low, estimate.high]
                want = article["city_totals"].get(city, {}).get(status)
                cells += want is not None
                if have != want:
                    wrong.append((article["id"], city, status, want, have))
    assert cells > 100
    assert wrong == []


def test_of_many_decisions_the_first_of_each_rule_stays():
    """Repetitions of one rule make room for the others, and the order stays."""
    lines = ["A 2025-02-01 a.example planned 9000 army"]
    lines += [f"B{n} 2025-02-02T{n:02d}:00 b{n}.example planned +{n + 1} army" for n in range(20)]
    lines += [f"C{n} 2025-02-03T{n:02d}:00 c{n}.example cancelled {n + 1} army" for n in range(20)]
    rules = [decision.rule for decision in total("\n".join(lines)).decided_by]
    share = DECISIONS_PER_TOTAL_MAX // 3
    assert rules == ["only_figure", *["increments_added"] * (share - 2), "cancellations_subtracted"]
