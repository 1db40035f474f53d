"""Who says it and when."""

from datetime import UTC, datetime, timedelta

import pytest
from publicsuffixlist import PublicSuffixList

from muster.core.model import Provenance, Rank
from muster.core.sources import date_of, publisher_of

NOON = datetime(2025, 2, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def provenance(**dates):
    unknown = {"published_at": None, "fetched_at": None, "recorded_at": None}
    rank = Rank(0, retracted=False, fetched_at="", text_sha256="")
    return Provenance(
        article_id="a",
        rank=rank,
        source=None,
        url=None,
        title=None,
        lang=None,
        extractor_version="1",
        fingerprint="",
        **{**unknown, **dates},
    )


@pytest.mark.parametrize(
    ("dates", "moment"),
    [
        ({"published_at": NOON}, NOON),
        ({"published_at": NOON + DAY, "fetched_at": NOON}, NOON + DAY),
        ({"published_at": NOON + DAY + timedelta(seconds=1), "fetched_at": NOON}, NOON),
        ({"published_at": NOON + 2 * DAY, "recorded_at": NOON}, NOON),
        ({"published_at": NOON + 2 * DAY, "fetched_at": NOON + 2 * DAY, "recorded_at": NOON}, NOON + 2 * DAY),
        ({"fetched_at": NOON, "recorded_at": NOON + DAY}, NOON),
        ({"recorded_at": NOON}, NOON),
        ({}, None),
        (
            {"published_at": datetime.max.replace(tzinfo=UTC), "fetched_at": datetime.max.replace(tzinfo=UTC)},
            datetime.max.replace(tzinfo=UTC),
        ),
    ],
)
def test_the_date_of_a_report(dates, moment):
    """published_at, unless it is missing or more than 24 h after the fetch, or else the record's timestamp."""
    assert date_of(provenance(**dates)) == moment


@pytest.mark.parametrize(
    ("source", "url", "publisher"),
    [
        ("www.EXAMPLE.co.uk", None, "example.co.uk"),
        ("https://news.example.com.mx:443/a?b#c", None, "example.com.mx"),
        ("user@diario.mx.", None, "diario.mx"),
        (None, "https://edition.example.org/2025/02/05/x", "example.org"),
        ("Some Agency", "https://www.example.com/x", "example.com"),
        ("", "not a url", None),
        (None, None, None),
    ],
)
def test_the_publisher_is_the_registrable_domain(source, url, publisher):
    """Editions and sub-domains of one publisher are one source; what has no domain names none."""
    assert publisher_of(source, url, PublicSuffixList().privatesuffix) == publisher
