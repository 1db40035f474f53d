"""The laws of reconciliation: a total is a function of the set of reports that stand, and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.core.limits import EVIDENCE_PER_TOTAL_MAX
from muster.core.model import FOR_GOOD, DateSpan, Location, Rank, Report
from muster.core.reconcile import history_of, total_of
from muster.core.rules import RULES
from muster.core.standing import location_of, merge_report
from tests import strategies
from tests.core.stories import JUAREZ, report, story

CITY = Location("city", (strategies.JUAREZ,))

FACTS = st.builds(
    "{}{} {} {}".format,
    st.sampled_from(["", "", "part ", "total "]),
    st.sampled_from(["planned", "planned", "deployed", "deployed", "withdrawn", "cancelled"]),
    st.sampled_from(["1600", "~1600", "1650", ">=1650", "<=1650", ">=1500", "1600..1700", "500", "~500", "+250"]),
    st.sampled_from(["army", "national_guard", "police", "federal_agents", "mixed", "unspecified"]),
)
DENSE = st.builds(
    "{} 2025-02-{:02d}T{:02d}:00 {}.example v={} text={} {}".format,
    st.sampled_from("ABCDEFGH"),
    st.integers(1, 6),
    st.sampled_from([0, 12]),
    st.sampled_from("abcd"),
    st.integers(0, 1),
    st.sampled_from("xyz"),
    st.lists(FACTS, min_size=1, max_size=2).map("; ".join),
).map(lambda line: replace(report(line), location=CITY))
"""Reports that get in one another's way: one week, few numbers, few publishers, copies."""

SEVERAL = st.lists(DENSE, max_size=10) | strategies.reports_of(CITY, max_size=3)
ONE = DENSE | strategies.reports().map(lambda one: replace(one, location=CITY))
GREATEST = Rank(FOR_GOOD + 1, retracted=False, fetched_at="", text_sha256="")


def of_article(one, article_id):
    return replace(one, provenance=replace(one.provenance, article_id=article_id))


def standing(reports):
    merged = {}
    for one in reports:
        article_id = one.provenance.article_id
        merged[article_id] = merge_report(merged.get(article_id), one)
    return merged


@given(ONE, ONE, ONE)
def test_merging_is_commutative_associative_and_idempotent(a, b, c):
    """Reports of one article merge to the same one in any order, any grouping and any number of times."""
    a, b, c = (of_article(one, "article-a") for one in (a, b, c))
    assert merge_report(a, b) == merge_report(b, a)
    assert merge_report(merge_report(a, b), c) == merge_report(a, merge_report(b, c))
    assert merge_report(a, a) == a
    assert merge_report(merge_report(a, b), b) == merge_report(a, b)


@given(SEVERAL.flatmap(lambda reports: st.tuples(st.just(reports), st.permutations(reports + reports[::2]))))
def test_order_and_repetition_of_the_reports_do_not_matter(both):
    """Any permutation with any repetitions gives the same total and the same history."""
    reports, repeated = both
    assert total_of(CITY, repeated) == total_of(CITY, reports)
    assert history_of(CITY, repeated) == history_of(CITY, reports)
    assert total_of(CITY, standing(repeated).values()) == total_of(CITY, reports)


@given(st.lists(DENSE, min_size=1, max_size=6, unique_by=lambda one: one.provenance.article_id), st.data())
def test_the_description_of_a_place_does_not_depend_on_the_order(reports, data):
    """Where a renewed gazetteer names a place otherwise, the newest report that names it has its way."""
    renamed = Location("city", (replace(strategies.JUAREZ, name="Juárez"),))
    reports = [replace(one, location=data.draw(st.sampled_from([CITY, renamed]))) for one in reports]
    assert location_of(data.draw(st.permutations(reports))) == location_of(reports)


@given(SEVERAL, ONE)
def test_a_greater_rank_leaves_no_trace_of_the_lesser(reports, newer):
    """A place's total with a corrected article is that of the correction alone."""
    newer = replace(newer, provenance=replace(newer.provenance, rank=GREATEST))
    others = [r for r in reports if r.provenance.article_id != newer.provenance.article_id]
    assert total_of(CITY, [*reports, newer]) == total_of(CITY, [*others, newer])


@given(SEVERAL, ONE)
def test_a_retraction_equals_never_having_seen_the_article(reports, gone):
    """The greatest rank without assertions takes the article out of the total altogether."""
    retraction = Report(replace(gone.provenance, rank=replace(GREATEST, retracted=True)), CITY, ())
    others = [r for r in reports if r.provenance.article_id != gone.provenance.article_id]
    assert total_of(CITY, [*reports, retraction]) == total_of(CITY, others)


@given(SEVERAL)
def test_all_evidence_exists_and_every_figure_has_some(reports):
    """Each quote is an assertion of a report that stands; a figure has evidence and a decision of a known rule."""
    total = total_of(CITY, reports)
    known = {
        (r.provenance.article_id, a.event_id, a.evidence.quote, a.personnel.text)
        for r in standing(reports).values()
        for a in r.assertions
    }
    assert {(q.article_id, q.event_id, q.quote, q.words) for q in total.evidence} <= known
    assert len(total.evidence) == min(total.evidence_count, EVIDENCE_PER_TOTAL_MAX)
    articles = {article_id for article_id, *_ in known}
    assert all(d.rule in RULES and d.article_id in articles for d in total.decided_by)
    for status in ("planned", "deployed", "withdrawn"):
        if getattr(total.figures, status) is not None:
            assert total.evidence
            assert status in {d.status for d in total.decided_by}


@given(SEVERAL)
def test_the_best_value_lies_between_the_bounds(reports):
    """low <= best <= high in every figure of every operation, an open bound being no bound."""
    for total in history_of(CITY, reports):
        for figures in (total.figures, *(of_force for _, of_force in total.by_force)):
            for estimate in filter(None, (figures.planned, figures.deployed, figures.withdrawn)):
                assert 0 <= (estimate.low or 0) <= estimate.best
                assert estimate.high is None or estimate.best <= estimate.high


@given(SEVERAL)
def test_the_total_is_an_operation_of_the_history(reports):
    """What stands now is one of the operations; without any the total is empty."""
    total, history = total_of(CITY, reports), history_of(CITY, reports)
    bare = replace(total, timeline=(), timeline_count=0, operations=(), operations_count=0)
    assert bare in history or (total.reports == 0 and total.figures == type(total.figures)())


@given(SEVERAL, st.integers(-300, 300))
def test_no_clock_shifts_a_total(reports, days):
    """Reports that are all so many days later give the same figures, so many days later."""
    by = timedelta(days=days)

    def later(one):
        said = one.provenance
        moved = {
            name: getattr(said, name) and getattr(said, name) + by
            for name in ("published_at", "fetched_at", "recorded_at")
        }
        assertions = tuple(
            replace(a, event_date=a.event_date and DateSpan(a.event_date.start + by, a.event_date.end + by))
            for a in one.assertions
        )
        return replace(one, provenance=replace(said, **moved), assertions=assertions)

    stands = list(standing(reports).values())
    before, after = total_of(CITY, stands), total_of(CITY, map(later, stands))
    assert (after.figures, after.by_force, after.decided_by) == (before.figures, before.by_force, before.decided_by)
    assert after.as_of == (before.as_of and before.as_of + by)


@given(strategies.people(), strategies.people(), st.lists(st.integers(0, 48), min_size=1, max_size=5))
def test_a_change_that_other_articles_repeat_is_one_change(level, increment, gaps):
    """Equal increments of different articles, each within 48 hours of the one before, are added once."""
    lines = [f"A 2025-02-01 a.example deployed {level} army"]
    moment = datetime(2025, 2, 2, tzinfo=UTC)
    for number, gap in enumerate(gaps):
        moment += timedelta(hours=gap)
        lines.append(f"B{number} {moment:%Y-%m-%dT%H:%M} b{number}.example deployed +{increment} army")
    total = total_of(JUAREZ, story("\n".join(lines)).reports)
    assert total.figures.deployed.best == level + increment
