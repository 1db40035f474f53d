"""Deterministic identities: the same fact of the same version has the same id on any machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from muster.core.model import FOR_GOOD, Article, ForceCategory, Personnel, Rank, Scope, Status, Withdrawal


def sha256_hex(text: str) -> str:
    """Hex sha256 of the text's UTF-8 (lone surrogates included, as WTF-8)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def rank_of(article: Article | Withdrawal) -> Rank:
    if isinstance(article, Withdrawal):
        return Rank(version=FOR_GOOD, retracted=True, fetched_at="", text_sha256="")
    return Rank(
        version=article.version,
        retracted=article.retracted,
        fetched_at=_sortable(article.fetched_at),
        text_sha256=sha256_hex(article.text),
    )


def _sortable(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_id(
    article_id: str,
    rank: Rank,
    scope: Scope,
    place_keys: Sequence[str],
    personnel: Personnel,
    status: Status,
    force: ForceCategory,
    ordinal: int,
) -> str:
    """Hex sha256 over a canonical JSON array. `ordinal` counts equals of one article by evidence.start, from 0."""
    parts = [
        article_id,
        rank.version,
        rank.text_sha256,
        scope,
        sorted(place_keys),
        personnel.low,
        personnel.high,
        status,
        force,
        ordinal,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
