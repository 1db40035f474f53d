"""Hypothesis strategies, one function a noun of core/model.py.

They are drawn to collide: few places, few articles, round numbers, dates within two months. A law that fails needs two
reports of the same place, not two random strings. Where a test is about hostile content, `hostile_text()` is for it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from muster.core import limits
from muster.core.fingerprint import fingerprint
from muster.core.identity import rank_of, sha256_hex
from muster.core.model import (
    Article,
    Assertion,
    Claim,
    DateSpan,
    Decision,
    Estimate,
    Evidence,
    ExtractedEvent,
    Figures,
    Force,
    ForceCategory,
    LocatedAssertions,
    Location,
    Measure,
    OperationSummary,
    Personnel,
    Place,
    PlaceTotal,
    Provenance,
    Qualifier,
    Quote,
    Rank,
    Reason,
    Rejection,
    Report,
    Role,
    RouteRow,
    Status,
    TimelinePoint,
    Withdrawal,
)

JUAREZ = Place("city:4013708", "Ciudad Juárez", 4013708, "Chihuahua", "MX", 31.72024, -106.46084)
EL_PASO = Place("city:5520993", "El Paso", 5520993, "Texas", "US", 31.75872, -106.48693)
PORTLAND = Place("city:5746545", "Portland", 5746545, "Oregon", "US", 45.52345, -122.67621)
CITIES = (JUAREZ, EL_PASO, PORTLAND)
REGIONS = (
    Place("region:US-TX", "Texas", None, "Texas", "US"),
    Place("region:MX:northern-border", "Northern border", country="MX"),
)
COUNTRIES = (Place("country:HT", "Haiti", 3723988, None, "HT"),)

FIRST_DAY = date(2026, 1, 5)
DAYS = 60

ARTICLE_IDS = tuple(f"article-{letter}" for letter in "abcdef")
SOURCES = ("juarez.example", "elpaso.example", "wire.example")


def text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Any text that JSON can carry: every code point but surrogates, control characters included."""
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=max_size)


def hostile_text(max_size: int = 200) -> st.SearchStrategy[str]:
    """Text of what breaks readers of text: quotes, brackets, tags, escapes, separators, right-to-left marks."""
    pieces = [
        '"',
        "\\",
        "{",
        "[",
        "]",
        "}",
        "<script>",
        "</p>",
        "&nbsp;",
        "\x00",
        "\x1b[2J",
        "\u2028",
        "\u202e",
        "\U0001f600",
    ]
    pieces += ["1,650", " soldiers ", "\n", "\r\n", "\ufeff", "%s", "{0}", "é", "e\u0301"]
    return st.lists(st.sampled_from(pieces), max_size=max_size // 4).map("".join)


def days() -> st.SearchStrategy[date]:
    return st.integers(0, DAYS).map(lambda n: FIRST_DAY + timedelta(days=n))


def moments() -> st.SearchStrategy[datetime]:
    """Aware, UTC, mostly on the hour, so that some are equal."""
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    hours = st.integers(0, DAYS * 24).map(lambda n: start + timedelta(hours=n))
    return hours | st.integers(0, DAYS * 86_400_000_000 - 1).map(lambda n: start + timedelta(microseconds=n))


def article_ids() -> st.SearchStrategy[str]:
    return st.sampled_from(ARTICLE_IDS)


def articles() -> st.SearchStrategy[Article]:
    """Versions of few articles. Their texts are short and need not name a deployment."""
    return st.builds(
        Article,
        article_id=article_ids(),
        text=st.sampled_from(["Mexico will send 1,650 guards to Ciudad Juárez.", "Nothing happened."]) | _words(),
        title=st.none() | _words(),
        url=st.none() | st.sampled_from(SOURCES).map(lambda domain: f"https://{domain}/news/1"),
        source=st.none() | st.sampled_from(SOURCES),
        lang=st.sampled_from([None, "en", "es"]),
        published_at=st.none() | moments(),
        fetched_at=st.none() | moments(),
        version=st.integers(0, 3),
        retracted=st.booleans(),
    )


def withdrawals() -> st.SearchStrategy[Withdrawal]:
    return st.builds(Withdrawal, article_ids())


def rejections() -> st.SearchStrategy[Rejection]:
    return st.builds(Rejection, st.sampled_from(get_args(Reason)), _words())


def ranks() -> st.SearchStrategy[Rank]:
    """Ranks of versions 0 to 3 and the one of a null value; few texts, so that ranks are equal now and then."""
    of_articles = st.builds(
        Rank,
        version=st.integers(0, 3),
        retracted=st.booleans(),
        fetched_at=st.just("") | moments().map(lambda m: m.strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
        text_sha256=st.sampled_from([sha256_hex("a"), sha256_hex("b")]),
    )
    return st.one_of(of_articles, of_articles, st.just(rank_of(Withdrawal("any"))))


def places() -> st.SearchStrategy[Place]:
    return st.sampled_from(CITIES + REGIONS + COUNTRIES)


def locations() -> st.SearchStrategy[Location]:
    """One place, or several cities that share a number."""
    multis = st.lists(st.sampled_from(CITIES), min_size=2, max_size=len(CITIES), unique=True).map(
        lambda cities: Location("multi", tuple(sorted(cities, key=lambda place: place.key)))
    )
    return st.one_of(
        st.sampled_from(CITIES).map(lambda place: Location("city", (place,))),
        st.sampled_from(REGIONS).map(lambda place: Location("region", (place,))),
        st.sampled_from(COUNTRIES).map(lambda place: Location("country", (place,))),
        multis,
    )


def people() -> st.SearchStrategy[int]:
    """Numbers that press reports share, and now and then any other."""
    return st.sampled_from([100, 250, 300, 1_600, 1_650, 2_000, 4_800, 5_000]) | st.integers(1, limits.PERSONNEL_MAX)


@st.composite
def personnels(draw: st.DrawFn) -> Personnel:
    """Bounds that fit the qualifier."""
    qualifier: Qualifier = draw(st.sampled_from(get_args(Qualifier)))
    number = draw(people())
    low, high = {
        "exact": (number, number),
        "approx": (number, number),
        "at_least": (number, None),
        "at_most": (None, number),
        "range": (number, min(number + draw(st.sampled_from([50, 500])), limits.PERSONNEL_MAX)),
        "vague": (None, None),
    }[qualifier]
    measure: Measure = draw(st.sampled_from(["level", "level", "increment"]))
    return Personnel(low, high, qualifier, measure, "hundreds of" if low is high is None else f"{number:,} soldiers")


def forces() -> st.SearchStrategy[Force]:
    return st.builds(
        Force,
        category=st.sampled_from(get_args(ForceCategory)),
        name=st.sampled_from([None, "National Guard"]),
        origin=st.sampled_from([None, "MX", "US"]),
    )


def date_spans() -> st.SearchStrategy[DateSpan]:
    return st.tuples(days(), days()).map(lambda pair: DateSpan(min(pair), max(pair)))


def evidences() -> st.SearchStrategy[Evidence]:
    """A quote and where it stands; it is not the text of any article."""
    return st.builds(
        lambda quote, start: Evidence(quote, start, start + len(quote)),
        _words().filter(bool) | hostile_text(limits.QUOTE_CHARS_MAX).filter(bool),
        st.integers(0, 10_000),
    )


def assertions() -> st.SearchStrategy[Assertion]:
    return st.builds(
        Assertion,
        event_id=st.integers(0, 10**9).map(lambda n: sha256_hex(str(n))),
        personnel=personnels(),
        status=st.sampled_from(get_args(Status)),
        force=forces(),
        role=st.sampled_from(get_args(Role)),
        historical=st.sampled_from([False, False, False, True]),
        event_date=st.none() | date_spans(),
        evidence=evidences(),
        confidence=st.integers(0, 100).map(lambda percent: percent / 100),
    )


def extracted_events() -> st.SearchStrategy[ExtractedEvent]:
    return st.builds(ExtractedEvent, locations(), assertions())


def fingerprints() -> st.SearchStrategy[str]:
    """Of few texts, so that copies occur."""
    return st.sampled_from(["", fingerprint("one two three four five six"), fingerprint("seven eight nine ten eleven")])


def provenances() -> st.SearchStrategy[Provenance]:
    return st.builds(
        Provenance,
        article_id=article_ids(),
        rank=ranks(),
        published_at=st.none() | moments(),
        fetched_at=st.none() | moments(),
        recorded_at=st.none() | moments(),
        source=st.none() | st.sampled_from(SOURCES),
        url=st.none() | st.just("https://juarez.example/news/1"),
        title=st.none() | text(),
        lang=st.sampled_from([None, "en", "es"]),
        extractor_version=st.just("1"),
        fingerprint=fingerprints(),
        publisher=st.none() | st.sampled_from(SOURCES),
    )


def located_assertions() -> st.SearchStrategy[LocatedAssertions]:
    return st.builds(LocatedAssertions, locations(), st.lists(assertions(), min_size=1, max_size=3).map(tuple))


def claims() -> st.SearchStrategy[Claim]:
    """Claims that can occur: each place once, and no place in a retraction."""
    located = st.lists(located_assertions(), max_size=3, unique_by=lambda one: one.location.key).map(tuple)
    return st.builds(Claim, provenances(), located).map(
        lambda claim: Claim(claim.provenance, ()) if claim.provenance.rank.retracted else claim
    )


def reports() -> st.SearchStrategy[Report]:
    """Reports that can occur: an empty one stands for a place that is no longer named."""
    return st.builds(Report, provenances(), locations(), st.lists(assertions(), max_size=3).map(tuple)).map(
        lambda report: Report(report.provenance, report.location, ()) if report.provenance.rank.retracted else report
    )


def reports_of(location: Location, max_size: int = 8) -> st.SearchStrategy[list[Report]]:
    """Reports of one place, several versions of an article among them."""
    one = reports().map(lambda report: Report(report.provenance, location, report.assertions))
    return st.lists(one, max_size=max_size)


def route_rows() -> st.SearchStrategy[RouteRow]:
    some = st.lists(locations(), max_size=3, unique_by=lambda location: location.key).map(tuple)
    return st.builds(RouteRow, ranks(), st.none() | moments(), some, some)


def estimates() -> st.SearchStrategy[Estimate]:
    """low <= best <= high, an open bound being no bound."""
    three = st.lists(people(), min_size=3, max_size=3).map(sorted)
    return st.builds(
        lambda numbers, open_low, open_high: Estimate(
            None if open_low else numbers[0], numbers[1], None if open_high else numbers[2]
        ),
        three,
        st.booleans(),
        st.booleans(),
    )


def figures() -> st.SearchStrategy[Figures]:
    return st.builds(Figures, st.none() | estimates(), st.none() | estimates(), st.none() | estimates())


def quotes() -> st.SearchStrategy[Quote]:
    return st.builds(
        lambda event, provenance: Quote(
            event_id=event.event_id,
            article_id=provenance.article_id,
            quote=event.evidence.quote,
            start=event.evidence.start,
            end=event.evidence.end,
            url=provenance.url,
            source=provenance.source,
            title=provenance.title,
            date=provenance.published_at.date() if provenance.published_at else None,
            status=event.status,
            low=event.personnel.low,
            high=event.personnel.high,
            words=event.personnel.text,
        ),
        assertions(),
        provenances(),
    )


def place_totals() -> st.SearchStrategy[PlaceTotal]:
    """Totals by shape only: no report need lead to them."""
    decisions = st.builds(
        Decision,
        st.sampled_from(["planned", "deployed", "withdrawn"]),
        st.sampled_from(["most_support"]),
        article_ids(),
    )
    by_force = st.dictionaries(st.sampled_from(get_args(ForceCategory)), figures(), max_size=3)
    counts = st.integers(0, 100)
    day = st.none() | days()
    points = st.builds(TimelinePoint, day, day, figures(), counts, counts)
    operations = st.builds(OperationSummary, day, day, figures(), counts, counts, st.booleans())
    return st.builds(
        PlaceTotal,
        location=locations(),
        figures=figures(),
        by_force=by_force.map(lambda found: tuple(sorted(found.items()))),
        as_of=st.none() | days(),
        first_reported_at=st.none() | moments(),
        reports=st.integers(0, 100),
        sources=st.integers(0, 100),
        decided_by=st.lists(decisions, max_size=3).map(tuple),
        evidence=st.lists(quotes(), max_size=3).map(tuple),
        evidence_count=st.integers(0, 1_000),
        timeline=st.lists(points, max_size=3).map(tuple),
        timeline_count=st.integers(0, 1_000),
        operations=st.lists(operations, max_size=3).map(tuple),
        operations_count=st.integers(0, 1_000),
    )


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON value, finite numbers only, of modest depth."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text()
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text(8), inner, max_size=4), max_leaves=12
    )


def _words() -> st.SearchStrategy[str]:
    vocabulary = ["the", "governor", "said", "soldiers", "1,650", "Juárez", "border", "on", "Tuesday"]
    return st.lists(st.sampled_from(vocabulary), max_size=12).map(" ".join)
