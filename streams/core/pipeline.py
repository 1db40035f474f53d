"""The three transitions of the stream as pure functions: article -> claim, claim -> reports, reports -> total.

Agents, `muster extract` and `muster tally` are thin drivers of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from muster.core import fingerprint, prefilter, sources
from muster.core.explanation import Explained
from muster.core.extract import explain
from muster.core.identity import rank_of
from muster.core.model import (
    Article,
    Assertion,
    Claim,
    ExtractedEvent,
    LocatedAssertions,
    Location,
    PlaceTotal,
    Provenance,
    Report,
    RouteRow,
    Withdrawal,
)
from muster.core.place_atlas import Atlas
from muster.core.reconcile import total_of
from muster.core.route import route
from muster.core.situation import Chooser
from muster.core.standing import location_of, merge_report
from muster.core.version import EXTRACTOR_VERSION


@dataclass(frozen=True, slots=True)
class Extractor:
    """Article -> claim, with what it knows of the world.

    `registrable_domain` maps a lower-case host to its registrable domain, None where it has none.
    """

    atlas: Atlas
    registrable_domain: Callable[[str], str | None]
    choose: Chooser

    def claim(self, article: Article | Withdrawal, recorded_at: datetime | None) -> Claim | None:
        """The claim of an article version, or None when it is a first version that names no deployment.

        Args:
            article: the version, or a null value.
            recorded_at: timestamp of its record on articles.raw; None for files.
        """
        if isinstance(article, Withdrawal):
            return Claim(_provenance_of_withdrawal(article, recorded_at), ())
        events = self._events(article)
        if not events and article.version == 0 and not article.retracted:
            return None
        publisher = sources.publisher_of(article.source, article.url, self.registrable_domain)
        return Claim(_provenance(article, recorded_at, publisher), locate(events))

    def explain(self, article: Article) -> tuple[Explained, ...]:
        """The events of the article's claim with the words that made them."""
        if article.retracted or not prefilter.relevant(article.text, article.title):
            return ()
        return explain(article, self.atlas, self.choose)

    def _events(self, article: Article) -> tuple[ExtractedEvent, ...]:
        return tuple(explained.event for explained in self.explain(article))


def locate(events: Iterable[ExtractedEvent]) -> tuple[LocatedAssertions, ...]:
    """Group events by place, in the order of the places' first mention."""
    places: dict[str, tuple[Location, list[Assertion]]] = {}
    for event in events:
        places.setdefault(event.location.key, (event.location, []))[1].append(event.assertion)
    return tuple(LocatedAssertions(location, tuple(assertions)) for location, assertions in places.values())


def _provenance(article: Article, recorded_at: datetime | None, publisher: str | None) -> Provenance:
    return Provenance(
        article_id=article.article_id,
        rank=rank_of(article),
        published_at=article.published_at,
        fetched_at=article.fetched_at,
        recorded_at=recorded_at,
        source=article.source,
        url=article.url,
        title=article.title,
        lang=article.lang,
        extractor_version=EXTRACTOR_VERSION,
        fingerprint="" if article.retracted else fingerprint.fingerprint(article.text),
        publisher=publisher,
    )


def _provenance_of_withdrawal(withdrawal: Withdrawal, recorded_at: datetime | None) -> Provenance:
    return Provenance(
        article_id=withdrawal.article_id,
        rank=rank_of(withdrawal),
        published_at=None,
        fetched_at=None,
        recorded_at=recorded_at,
        source=None,
        url=None,
        title=None,
        lang=None,
        extractor_version=EXTRACTOR_VERSION,
        fingerprint="",
    )


def reports_of(claims: Iterable[Claim]) -> dict[str, dict[str, Report]]:
    """Place key -> article_id -> its report, after all these claims in any order."""
    rows: dict[str, RouteRow] = {}
    places: dict[str, dict[str, Report]] = {}
    for claim in claims:
        article_id = claim.provenance.article_id
        row, reports = route(rows.get(article_id), claim)
        rows[article_id] = row
        for report in reports:
            held = places.setdefault(report.location.key, {})
            held[article_id] = merge_report(held.get(article_id), report)
    return places


def totals_of(claims: Iterable[Claim]) -> list[PlaceTotal]:
    """The reconciled total of every place that these claims name now, sorted by place key."""
    totals = (_total(reports) for _, reports in sorted(reports_of(claims).items()))
    return [total for total in totals if total.reports]


def _total(reports: dict[str, Report]) -> PlaceTotal:
    return total_of(location_of(reports.values()), reports.values())
