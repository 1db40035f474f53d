"""Explanations of articles without a stream: what `muster extract --explain` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from muster.core.explanation import PARTS, Explained, Offsets, Part
from muster.core.model import Article, Claim
from muster.core.pipeline import Extractor
from muster.shell import codec, offline
from muster.shell.inputs import read_articles


@dataclass(frozen=True, slots=True)
class Explanation:
    """One article. Without `article` it could not be read: `line["rejected"]` says why.

    `line` is what `muster extract` prints for it, each event with its spans.
    """

    article: Article | None
    events: tuple[Explained, ...]
    line: dict[str, Any]


def explanations(extractor: Extractor, paths: Iterable[Path], bytes_max: int) -> Iterator[Explanation]:
    """One explanation an article, in order."""
    for record in read_articles(paths):
        article_id, article, rejection = offline.article_of(record, bytes_max)
        claim = extractor.claim(article, recorded_at=None) if article else None
        found = extractor.explain(article) if article else ()
        line = {
            "article_id": article_id,
            "events": [_event(claim, article, one) for one in found] if claim and article else [],
            "city_totals": offline.reading_of([claim] if claim else [])["city_totals"],
            "rejected": {"reason": rejection.reason, "detail": rejection.detail} if rejection else None,
        }
        yield Explanation(article, found, line)


def _event(claim: Claim, article: Article, one: Explained) -> dict[str, Any]:
    event: dict[str, Any] = orjson.loads(codec.event_value(claim.provenance, one.event.location, one.event.assertion))
    return {**event, "spans": {part: [_span(article.text, at) for at in one.spans[part]] for part in PARTS}}


def _span(text: str, at: Offsets) -> dict[str, Any]:
    start, end = at
    return {"text": text[start:end], "start": start, "end": end}


def parts_by_place(events: Iterable[Explained]) -> list[tuple[int, int, Part]]:
    """All spans in text order, none overlapping: of two that do, the one that starts first stands."""
    spans = sorted({(start, end, part) for one in events for part in PARTS for start, end in one.spans[part]})
    kept: list[tuple[int, int, Part]] = []
    for start, end, part in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, part))
    return kept
