"""The forms that an article's fields take, without pydantic, so that a reader in a hurry need not load it."""

from __future__ import annotations

from datetime import UTC, datetime

ARTICLE_ID_CHARS_MAX = 512
ARTICLE_ID_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]*$"
HTTP_URL_PATTERN = r"^[hH][tT][tT][pP][sS]?://[^\x00-\x20\x7f/?#\[\]]+[^\x00-\x20\x7f]*$"

VERSION_MAX = 2**63 - 2
"""One less than the version for good, which a null value stands for."""

YEAR_MIN, YEAR_MAX = 1971, 2100
"""0001, 1601, 1900, 1904 and 1970 are the zero dates of computers, not dates of news."""

DATE_PATTERN = (
    r"^(197[1-9]|19[89][0-9]|20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$"
)
"""The same for a JSON Schema. `format` is an annotation there, which few validators check."""

ALIASES: dict[str, tuple[str, ...]] = {
    "article_id": ("id",),
    "text": ("maintext",),
    "published_at": ("date_publish", "published", "date"),
    "source": ("source_domain",),
    "lang": ("language",),
}
"""Field -> other names that scrapers write it under. The first of them that is not null is read."""

REQUIRED = frozenset({"schema_version", "article_id", "text", "html"})
"""Fields that are read right or not at all; an unreadable other one counts as null."""


def moment(given: object) -> datetime:
    """A date in UTC. Numbers are refused: whether they count seconds or milliseconds, and from when, is a guess.

    Raises ValueError.
    """
    if isinstance(given, datetime):
        read = given
    elif isinstance(given, str):
        read = datetime.fromisoformat(given.strip().upper())
    else:
        raise ValueError("a date is a string in RFC 3339, a calendar date or a local time without offset")  # noqa: TRY004
    if not YEAR_MIN <= read.year <= YEAR_MAX:
        raise ValueError(f"the year must be {YEAR_MIN} to {YEAR_MAX}")
    if read.tzinfo is UTC:
        return read
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
