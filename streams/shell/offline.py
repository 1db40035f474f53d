"""The stream's functions without a stream: what `muster extract` and `muster tally` run on files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from muster.core.model import Article, Claim, Rejection
from muster.core.pipeline import Extractor, reports_of, totals_of
from muster.core.timeline import totals_as_of
from muster.shell import codec
from muster.shell.article_codec import decode_article
from muster.shell.gazetteer import load_atlas
from muster.shell.inputs import InputRecord, read_articles
from muster.shell.model_file import load_model
from muster.shell.publishers import registrable_domain


@dataclass(slots=True)
class Tally:
    """`city_totals` are CityTotal values sorted by place key; `rejected` says where and why, never what."""

    city_totals: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


def _not_counted() -> None:
    pass


def load_extractor(cache_dir: Path) -> Extractor:
    """The extractor with its places; compiles the gazetteer at the first use on a machine."""
    return Extractor(load_atlas(cache_dir), registrable_domain, load_model().choose)


def extract_lines(extractor: Extractor, paths: Iterable[Path], bytes_max: int) -> Iterator[dict[str, Any]]:
    """One object an article: its events and what it alone says of each city."""
    for record in read_articles(paths):
        article_id, claim, rejection = _claim(extractor, record, bytes_max)
        yield {
            "article_id": article_id,
            **reading_of([claim] if claim else []),
            "rejected": {"reason": rejection.reason, "detail": rejection.detail} if rejection else None,
        }


def tally(
    extractor: Extractor,
    paths: Iterable[Path],
    bytes_max: int,
    as_of: date | None = None,
    counted: Callable[[], None] = _not_counted,
) -> Tally:
    """The reconciled total of each city over all these articles together, or over those dated until `as_of`.

    `counted` is called once an article.
    """
    result = Tally()
    result.city_totals = _city_totals(claims_of(extractor, paths, bytes_max, result.rejected, counted), as_of)
    return result


def claims_of(
    extractor: Extractor,
    paths: Iterable[Path],
    bytes_max: int,
    rejected: list[str],
    counted: Callable[[], None] = _not_counted,
) -> list[Claim]:
    """The claims of all articles that make one; what cannot be read is added to `rejected`, by place and reason."""
    claims = []
    for record in read_articles(paths):
        counted()
        _, claim, rejection = _claim(extractor, record, bytes_max)
        if claim is not None:
            claims.append(claim)
        if rejection is not None:
            rejected.append(f"{record.origin}: {rejection.reason}: {rejection.detail}")
    return claims


def _claim(
    extractor: Extractor, record: InputRecord, bytes_max: int
) -> tuple[str | None, Claim | None, Rejection | None]:
    article_id, article, rejection = article_of(record, bytes_max)
    return article_id, extractor.claim(article, recorded_at=None) if article else None, rejection


def article_of(record: InputRecord, bytes_max: int) -> tuple[str | None, Article | None, Rejection | None]:
    """(its id where it names one, the article, why it could not be read)."""
    named = record.key.decode(errors="replace") if record.key else None
    if record.value is None:
        return named, None, Rejection("not_json", record.error or "could not be read")
    decoded = decode_article(None, record.value, bytes_max=bytes_max).value
    if isinstance(decoded, Article):
        return decoded.article_id, decoded, None
    return named, None, decoded if isinstance(decoded, Rejection) else None


def reading_of(claims: list[Claim]) -> dict[str, Any]:
    """The events of claims and what they together say of each city, as the contracts have them."""
    return {"events": [event for claim in claims for event in _events(claim)], "city_totals": _city_totals(claims)}


def _events(claim: Claim) -> list[Any]:
    return [
        orjson.loads(codec.event_value(claim.provenance, located.location, assertion))
        for located in claim.located
        for assertion in located.assertions
    ]


def _city_totals(claims: list[Claim], as_of: date | None = None) -> list[dict[str, Any]]:
    totals = totals_of(claims) if as_of is None else totals_as_of(reports_of(claims), as_of)
    return [orjson.loads(codec.total_value(total)) for total in totals if total.location.scope == "city"]
