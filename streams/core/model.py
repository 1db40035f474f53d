"""The nouns of Muster, as plain frozen data.

Every datetime is aware and UTC; every count is a number of persons; every offset is a count of Unicode code points
of the article's text, end exclusive. Nothing here reads or writes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

Scope = Literal["city", "region", "country", "multi"]
Status = Literal["planned", "deployed", "withdrawing", "withdrawn", "cancelled"]
Qualifier = Literal["exact", "at_least", "at_most", "approx", "range", "vague"]
Measure = Literal["level", "increment"]
Role = Literal["single", "total", "part"]
ForceCategory = Literal[
    "army",
    "national_guard",
    "marines",
    "navy",
    "air_force",
    "police",
    "federal_agents",
    "paramilitary",
    "peacekeepers",
    "mixed",
    "unspecified",
]
Reason = Literal[
    "not_utf8",
    "not_json",
    "not_an_object",
    "nested_too_deep",
    "missing_text",
    "wrong_type",
    "too_large",
    "bad_article_id",
    "key_mismatch",
    "unknown_schema_version",
    "refused_by_broker",
    "internal_error",
]
"""The closed list of reasons in `muster.reason` of a dead letter."""

FOR_GOOD = 2**63 - 1
"""The version of a null value: it withdraws an article for good."""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article as a scraper sent it, validated; `text` is what evidence offsets count in."""

    article_id: str
    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None  # domain of the publisher, as given
    lang: str | None = None  # as given; None when the scraper does not say
    published_at: datetime | None = None
    fetched_at: datetime | None = None
    version: int = 0
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A null value on articles.raw: the article is withdrawn for good, whatever its version."""

    article_id: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a record becomes a dead letter. `detail` is for people and never contains the article's own words."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """Which version of an article stands: the greatest, in any order of arrival.

    A retraction of version n outranks every content of version n, so `retracted` is compared before `fetched_at`.
    `fetched_at` is RFC 3339 in UTC with six decimals ("" when unknown), so that text order is time order.
    """

    version: int
    retracted: bool
    fetched_at: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. `key` is city:<geonames_id>, region:<ISO 3166-2>, region:<CC>:<slug> or country:<CC>."""

    key: str
    name: str
    geonames_id: int | None = None
    admin1: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    lat: float | None = None  # degrees north, WGS 84
    lon: float | None = None  # degrees east, WGS 84


@dataclass(frozen=True, slots=True)
class Location:
    """Where a number belongs: one place, or for `multi` several cities that share it, sorted by key."""

    scope: Scope
    places: tuple[Place, ...]

    @property
    def key(self) -> str:
        """The place key: of the one place, or `multi:` and the GeoNames ids in ascending order, joined by `+`."""
        if self.scope != "multi":
            return self.places[0].key
        return "multi:" + "+".join(sorted((p.key.removeprefix("city:") for p in self.places), key=_as_number))


def _as_number(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isdecimal() else (2**63, text)


@dataclass(frozen=True, slots=True)
class Personnel:
    """A stated number of persons. A null bound is open; `text` is the phrase that says it."""

    low: int | None
    high: int | None
    qualifier: Qualifier
    measure: Measure
    text: str


@dataclass(frozen=True, slots=True)
class Force:
    category: ForceCategory
    name: str | None = None  # as the text names it
    origin: str | None = None  # ISO 3166-1 alpha-2 of the country whose force it is, where the text tells


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Calendar dates, both inclusive."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry a number: article.text[start:end] == quote."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an article says of one number at one place: the event without its article and its location."""

    event_id: str
    personnel: Personnel
    status: Status
    force: Force
    role: Role
    historical: bool
    event_date: DateSpan | None
    evidence: Evidence
    confidence: float


@dataclass(frozen=True, slots=True)
class ExtractedEvent:
    location: Location
    assertion: Assertion


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything about the article that reconciliation and readers need, without its text."""

    article_id: str
    rank: Rank
    published_at: datetime | None
    fetched_at: datetime | None
    recorded_at: datetime | None  # timestamp of the record on articles.raw; None for files
    source: str | None
    url: str | None
    title: str | None
    lang: str | None
    extractor_version: str
    fingerprint: str  # base64 of the MinHash of the text's word shingles; "" for a withdrawal
    publisher: str | None = None  # registrable domain of the source, set once by extract (`sources.publisher_of`)


@dataclass(frozen=True, slots=True)
class LocatedAssertions:
    """All that one article says of one place."""

    location: Location
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One version of one article on deployments.claims. Nothing located means: this version names no place."""

    provenance: Provenance
    located: tuple[LocatedAssertions, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One article's say about one place on deployments.reports. Without assertions: no longer named there."""

    provenance: Provenance
    location: Location
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class RouteRow:
    """What the route role remembers of an article: the greatest rank, and where it is named now and was before.

    `current` is sorted by key; `gone` runs from what was given up last, and is bounded.
    """

    rank: Rank
    recorded_at: datetime | None
    current: tuple[Location, ...]
    gone: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A reconciled number of persons. A null bound is open."""

    low: int | None
    best: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One estimate a status; None is unknown, not zero."""

    planned: Estimate | None = None
    deployed: Estimate | None = None
    withdrawn: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule made the figure of a status, and the article whose figure it is."""

    status: Literal["planned", "deployed", "withdrawn"]
    rule: str
    article_id: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One line of evidence under a total."""

    event_id: str
    article_id: str
    quote: str
    start: int
    end: int
    url: str | None
    source: str | None
    title: str | None
    date: date | None
    status: Status
    low: int | None
    high: int | None
    words: str  # of the quote, that state the number


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """What stood on a day that brought a report: the total of the reports dated until then, in short.

    `day` is None for what reports without any date say; `as_of` is the date of the newest report of the operation.
    """

    day: date | None
    as_of: date | None
    figures: Figures
    reports: int
    sources: int


@dataclass(frozen=True, slots=True)
class OperationSummary:
    """One operation of a place. `background` says that articles only look back at it."""

    start: date | None
    end: date | None
    figures: Figures
    reports: int
    sources: int
    background: bool


@dataclass(frozen=True, slots=True)
class PlaceTotal:
    """The reconciled state of one place: a pure function of the set of its reports.

    `timeline` runs from old to new and is cut at its beginning, as `operations` is; the counts tell how many there are.
    """

    location: Location
    figures: Figures
    by_force: tuple[tuple[ForceCategory, Figures], ...]  # sorted by category; explains, need not sum
    as_of: date | None
    first_reported_at: datetime | None
    reports: int
    sources: int
    decided_by: tuple[Decision, ...]
    evidence: tuple[Quote, ...]
    evidence_count: int
    timeline: tuple[TimelinePoint, ...] = ()
    timeline_count: int = 0
    operations: tuple[OperationSummary, ...] = ()
    operations_count: int = 0


@dataclass(frozen=True, slots=True)
class City:
    """A populated place of the gazetteer."""

    geonames_id: int
    name: str
    country: str
    admin1_code: str  # GeoNames' code within the country
    lat: float
    lon: float
    population: int


class Gazetteer(Protocol):
    """Looks places up by name. Implementations are read-only and safe to share."""

    def lookup(self, folded_name: str) -> tuple[City, ...]:
        """Cities that any of whose names folds (`places.fold_name`) to this, most populous first."""
        ...

    def begins(self, folded_words: str) -> bool:
        """Whether a name begins so: "new y" does."""
        ...

    def city(self, geonames_id: int) -> City | None: ...
