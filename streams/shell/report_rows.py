"""Rows of the fold role's table: one report, packed, under (place key, article_id).

A million reports have to fit into one worker, and JSON repeats its member names in every row. So a row is the report's
JSON, deflated (RFC 1951) with a preset dictionary of what every report contains, behind one byte that names the form.
"""

from __future__ import annotations

import zlib

import orjson

from muster.core.model import Report
from muster.core.standing import merge_report
from muster.shell import codec

FORM = b"\x01"
"""First byte of a row. Another dictionary, or another format of the report inside, is another form: the next number, up
to `FORM_MAX`. Rows of older forms must stay readable. The oldest have no such byte but are the report's JSON itself.
"""

PLAIN = b"{"
FORM_MAX = 31
"""Greater bytes are no forms but damage."""

ROW_BYTES_MAX = 1_000_000
RAW_DEFLATE = -15

DICTIONARY = (
    b'"status":"withdrawn""status":"cancelled""status":"withdrawing""qualifier":"range""qualifier":"approx"'
    b'"qualifier":"at_most""qualifier":"at_least""measure":"increment""role":"total""role":"part""category":"marines"'
    b'"category":"federal_agents""category":"paramilitary""category":"peacekeepers""category":"police"'
    b'"category":"mixed""category":"unspecified""category":"national_guard""historical":true"scope":"region"'
    b'"key":"region:"key":"country:"scope":"multi"soldados elementos agentes efectivos de la Guardia Nacional a en '
    b"soldiers officers guardsmen troops police agents will be sent to have arrived in are deployed the National Guard "
    b'{"schema_version":1,"report":{"provenance":{"article_id":"","rank":{"version":0,"retracted":false,"fetched_at":"'
    b'2025-01-01T00:00:00.000000Z","text_sha256":""},"published_at":"2025-01-01T00:00:00Z","fetched_at":null,'
    b'"recorded_at":"2025-01-01T00:00:00.000000Z","source":null,"url":"https:'
    b'//www.","title":null,"lang":"es","lang":'
    b'"en","extractor_version":"1","fingerprint":"","publisher":null},"location":{"scope":"city","places":[{"key":'
    b'"city:","name":"","geonames_id":,"admin1":"","country":"MX","lat":,"lon":-}]},"assertions":[{"event_id":"",'
    b'"personnel":{"low":,"high":null,"qualifier":"exact","measure":"level","text":""},"status":"deployed",'
    b'"status":"planned","force":{"category":"army","name":"soldiers","origin":null},"role":"single","historical":'
    b'false,"event_date":{"start":"2025-01-01","end":"2025-01-01"},"event_date":null,"evidence":{"quote":"","start":,'
    b'"end":},"confidence":0.9}]}}'
)


def row_key(place_key: str, article_id: str) -> bytes:
    return _exact(orjson.dumps([place_key, article_id]))


def place_key_of(key: bytes) -> str:
    """The place of a row, by its key."""
    place_key: str = orjson.loads(key)[0]
    return place_key


def article_id_of(key: bytes) -> str:
    article_id: str = orjson.loads(key)[1]
    return article_id


def pack(report: Report) -> bytes:
    """Raises CodecError when the report is longer than a record may be."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, RAW_DEFLATE, zdict=DICTIONARY)
    return FORM + deflate.compress(codec.encode_report(report)) + deflate.flush()


def unpack(row: bytes) -> Report:
    """Raises CodecError."""
    if row[:1] == PLAIN:
        return codec.decode_report(row)
    if row[:1] != FORM:
        raise codec.CodecError("a row of the reports table has an unknown form")
    inflate = zlib.decompressobj(RAW_DEFLATE, zdict=DICTIONARY)
    try:
        value = inflate.decompress(row[1:], ROW_BYTES_MAX)
    except zlib.error:
        raise codec.CodecError("a row of the reports table is damaged") from None
    return codec.decode_report(value)


def newer_form(row: bytes) -> int | None:
    """The form of a row that a newer Muster wrote; None for any other row, readable or not."""
    form = row[0] if row else 0
    return form if FORM[0] < form <= FORM_MAX else None


def merge(held: bytes, other: bytes) -> bytes:
    """The row of the report that stands."""
    return codec.merge_stored(held, other, unpack, merge_report, pack)


def _exact(encoded: bytes) -> bytes:
    """The same bytes without the room that orjson leaves behind them: 4 KB a key, for as long as it is kept."""
    return bytes(memoryview(encoded))
