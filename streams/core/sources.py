"""Who says it and when: the publisher, the date and the order of reports (rules 1 and 2 of what a number means)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from muster.core.model import Provenance, Rank

FUTURE_TOLERANCE = timedelta(hours=24)
"""A publication date later than this after the fetch is a mistake: of a clock, a time zone or a scheduled page."""

UNDATED = datetime.min.replace(tzinfo=UTC)
"""Sorts a report without any date before all others, so that it counts last."""

Order: TypeAlias = tuple[datetime, Rank, str]


def publisher_of(source: str | None, url: str | None, registrable: Callable[[str], str | None]) -> str | None:
    """The registrable domain of the source, else of the URL's host; None when neither has one.

    `registrable` maps a lower-case host to its registrable domain by the Public Suffix List. Extract calls this once
    for a version of an article and the claim carries the answer: a total then depends on its reports alone and not on
    which edition of the list the machine has that folds them.
    """
    for given in (source, url):
        host = _host(given) if given else ""
        domain = registrable(host) if host else None
        if domain:
            return domain
    return None


def _host(given: str) -> str:
    """The host of a domain or URL as scrapers write them: no scheme, user, port or path."""
    authority = given.strip().split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return authority.rsplit("@", 1)[-1].split(":", 1)[0].strip(".").lower()


def date_of(provenance: Provenance) -> datetime | None:
    """The moment a report counts from: published_at, unless it is missing or more than 24 h after the fetch.

    The timestamp of the record on articles.raw stands in for a missing fetched_at. None: the article has no date.
    """
    seen_at = provenance.fetched_at or provenance.recorded_at
    published_at = provenance.published_at
    if published_at is None or (seen_at is not None and published_at - seen_at > FUTURE_TOLERANCE):
        return seen_at
    return published_at


def order_of(provenance: Provenance) -> Order:
    """Sort key from oldest to newest: date, then rank, then article_id."""
    return (date_of(provenance) or UNDATED, provenance.rank, provenance.article_id)


def publisher_day(provenance: Provenance, moment: datetime) -> tuple[str, date]:
    """Who reported on which UTC day. An article that names no source stands for itself."""
    publisher = provenance.publisher or provenance.source or f"article {provenance.article_id}"
    return publisher.lower(), moment.astimezone(UTC).date()
