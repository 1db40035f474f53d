"""The nouns of the core <-> bytes: the internal topics and tables both ways, events and totals out.

Values on deployments.claims, deployments.reports and in the tables are Muster's own, each with its format;
events and totals are public, byte for byte the same on any machine: members in the contract's order, no white space,
dates in RFC 3339 with Z, nothing that depends on when or where they were made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

import msgspec
import orjson

from muster.core import limits
from muster.core.model import (
    Assertion,
    Claim,
    DateSpan,
    Estimate,
    Figures,
    Location,
    OperationSummary,
    Place,
    PlaceTotal,
    Provenance,
    Quote,
    Report,
    RouteRow,
    TimelinePoint,
)
from muster.core.route import merge_rows

Decoded = TypeVar("Decoded")

FORMAT: Final = 1
"""Format of the internal values; another one is not read."""


class CodecError(Exception):
    """A value that this version did not write, or that must not be written. The message holds none of its content."""


@dataclass(frozen=True, slots=True)
class _ClaimRecord:
    schema_version: Literal[1]
    claim: Claim


@dataclass(frozen=True, slots=True)
class _ReportRecord:
    schema_version: Literal[1]
    report: Report


@dataclass(frozen=True, slots=True)
class _RowRecord:
    schema_version: Literal[1]
    row: RouteRow


@dataclass(frozen=True, slots=True)
class _TimelineRecord:
    schema_version: Literal[1]
    points: tuple[TimelinePoint, ...]


_HEAD: Final = re.compile(rb'\{"schema_version":(\d{1,6})[,}]')

_ENCODER: Final = msgspec.json.Encoder()
_CLAIM: Final = msgspec.json.Decoder(_ClaimRecord)
_REPORT: Final = msgspec.json.Decoder(_ReportRecord)
_ROW: Final = msgspec.json.Decoder(_RowRecord)
_TIMELINE: Final = msgspec.json.Decoder(_TimelineRecord)


def encode_claim(claim: Claim) -> bytes:
    return _dump_own(_ClaimRecord(FORMAT, claim))


def decode_claim(value: bytes | None) -> Claim:
    """Raises CodecError."""
    claim = load(_CLAIM, value).claim
    for located in claim.located:
        check(located.location)
    return claim


def encode_report(report: Report) -> bytes:
    return _dump_own(_ReportRecord(FORMAT, report))


def decode_report(value: bytes | None) -> Report:
    """Raises CodecError."""
    report = load(_REPORT, value).report
    check(report.location)
    return report


def encode_route_row(row: RouteRow) -> bytes:
    return _dump_own(_RowRecord(FORMAT, row))


def decode_route_row(value: bytes | None) -> RouteRow:
    """Raises CodecError."""
    row = load(_ROW, value).row
    for location in (*row.current, *row.gone):
        check(location)
    return row


def newer_format(value: bytes) -> int | None:
    """The format of an internal value that a newer Muster wrote; None for any other value, readable or not."""
    found = _HEAD.match(value)
    return int(found[1]) if found and int(found[1]) > FORMAT else None


def encode_timeline(points: Iterable[TimelinePoint]) -> bytes:
    return _dump_own(_TimelineRecord(FORMAT, tuple(points)))


def decode_timeline(value: bytes) -> tuple[TimelinePoint, ...]:
    """Raises CodecError."""
    return load(_TIMELINE, value).points


def merge_route_rows(held: bytes, other: bytes) -> bytes:
    """What two rows of one article know together."""
    return merge_stored(held, other, decode_route_row, merge_rows, encode_route_row)


def merge_stored(
    held: bytes,
    other: bytes,
    decode: Callable[[bytes], Decoded],
    merge: Callable[[Decoded, Decoded], Decoded],
    encode: Callable[[Decoded], bytes],
) -> bytes:
    """Two stored rows as one. A row that cannot be read gives way to one that can."""
    try:
        new = decode(other)
    except CodecError:
        return held
    try:
        old = decode(held)
    except CodecError:
        return other
    merged = merge(old, new)
    # A row that says it already stays as it is, whatever today's encoder would make of it.
    return other if merged == new else held if merged == old else encode(merged)


def event_value(provenance: Provenance, location: Location, assertion: Assertion) -> bytes:
    """One event as DeploymentEvent v1."""
    personnel, force, evidence = assertion.personnel, assertion.force, assertion.evidence
    return _dump(
        {
            "schema_version": 1,
            "event_id": assertion.event_id,
            "article_id": provenance.article_id,
            "article_version": provenance.rank.version,
            "url": provenance.url,
            "source": provenance.source,
            "title": provenance.title,
            "lang": provenance.lang,
            "published_at": provenance.published_at,
            "extractor_version": provenance.extractor_version,
            "scope": location.scope,
            **_where(location),
            "personnel": {
                "low": personnel.low,
                "high": personnel.high,
                "qualifier": personnel.qualifier,
                "measure": personnel.measure,
                "text": personnel.text,
            },
            "status": assertion.status,
            "force": {"category": force.category, "name": force.name, "origin": force.origin},
            "role": assertion.role,
            "historical": assertion.historical,
            "event_date": _span(assertion.event_date),
            "evidence": {"quote": evidence.quote, "start": evidence.start, "end": evidence.end},
            "confidence": assertion.confidence,
        }
    )


def total_value(total: PlaceTotal) -> bytes:
    """One total as CityTotal v1; of a region, a country or several cities as RegionTotal v1."""
    location = total.location
    if location.scope == "city":
        where: dict[str, Any] = {"place": _place(location.places[0])}
    else:
        where = {"scope": location.scope, **_where(location)}
    return _dump(
        {
            "schema_version": 1,
            **where,
            **_figures(total.figures),
            "by_force": {category: _figures(figures) for category, figures in total.by_force},
            "as_of": total.as_of,
            "first_reported_at": total.first_reported_at,
            "reports": total.reports,
            "sources": total.sources,
            "decided_by": [
                {"status": decision.status, "rule": decision.rule, "article_id": decision.article_id}
                for decision in total.decided_by[: limits.DECISIONS_PER_TOTAL_MAX]
            ],
            "evidence": [_quote(quote) for quote in total.evidence[: limits.EVIDENCE_PER_TOTAL_MAX]],
            "evidence_count": total.evidence_count,
            "timeline": [_point(point) for point in total.timeline],
            "timeline_count": total.timeline_count,
            "operations": [_operation(operation) for operation in total.operations],
            "operations_count": total.operations_count,
        }
    )


def state_of(value: bytes) -> str:
    """Hex SHA-256 of a total's value, for the header `muster-state`: equal totals have equal states."""
    return hashlib.sha256(value).hexdigest()


def _where(location: Location) -> dict[str, Any]:
    """`place` is the one place, `places` are several; the other one is null."""
    places = [_place(place) for place in location.places]
    if location.scope == "multi":
        return {"place": None, "places": places}
    return {"place": places[0], "places": None}


def _place(place: Place) -> dict[str, Any]:
    return {
        "key": place.key,
        "name": place.name,
        "geonames_id": place.geonames_id,
        "admin1": place.admin1,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "planned": _estimate(figures.planned),
        "deployed": _estimate(figures.deployed),
        "withdrawn": _estimate(figures.withdrawn),
    }


def _point(point: TimelinePoint) -> dict[str, Any]:
    return {
        "date": point.day,
        "as_of": point.as_of,
        **_figures(point.figures),
        "reports": point.reports,
        "sources": point.sources,
    }


def _operation(operation: OperationSummary) -> dict[str, Any]:
    return {
        "start": operation.start,
        "end": operation.end,
        **_figures(operation.figures),
        "reports": operation.reports,
        "sources": operation.sources,
        "background": operation.background,
    }


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    return None if estimate is None else {"low": estimate.low, "best": estimate.best, "high": estimate.high}


def _span(span: DateSpan | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end}


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "event_id": quote.event_id,
        "article_id": quote.article_id,
        "quote": quote.quote,
        "start": quote.start,
        "end": quote.end,
        "url": quote.url,
        "source": quote.source,
        "title": quote.title,
        "date": quote.date,
        "status": quote.status,
        "low": quote.low,
        "high": quote.high,
        "words": quote.words,
    }


def _dump(value: object) -> bytes:
    return bounded(orjson.dumps(value, option=orjson.OPT_UTC_Z))


def _dump_own(record: object) -> bytes:
    return bounded(_ENCODER.encode(record))


def bounded(encoded: bytes) -> bytes:
    """What may be written. Raises CodecError."""
    if len(encoded) > limits.RECORD_BYTES_MAX:
        # The bounds of core/limits.py keep claims, reports, events and totals below; a table row grows with its
        # article's versions, and only an attack makes it grow so far.
        raise CodecError(f"{len(encoded)} bytes, the limit is {limits.RECORD_BYTES_MAX}")
    return encoded


def load(decoder: msgspec.json.Decoder[Decoded] | msgspec.msgpack.Decoder[Decoded], value: bytes | None) -> Decoded:
    """Raises CodecError."""
    if value is None:
        raise CodecError("a null value")
    try:
        return decoder.decode(value)
    except msgspec.ValidationError as error:
        # Only the names of our own fields, behind the last "at": what stands before it may quote the value.
        _, _, where = str(error).rpartition(" - at `$.")
        raise CodecError(f"not a value of format {FORMAT}: wrong at {where.removesuffix('`') or 'its start'}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise CodecError(f"not a value of format {FORMAT}: it cannot be read") from None


def check(location: Location) -> None:
    """A location without places would fail far from here. Raises CodecError."""
    enough = len(location.places) >= 1 if location.scope == "multi" else len(location.places) == 1
    if not enough:
        raise CodecError(f"a location of scope {location.scope} with {len(location.places)} places")
