"""Rows of the fold role's table: one report, packed, under (place key, article_id).

A million reports have to fit into one worker. So a row has the values of a report by their places and not by their
names: as MessagePack, deflated (RFC 1951) with a preset dictionary of what every report contains. What does not become
smaller by that, the fingerprint and the identities, follows as plain bytes. One byte in front names the form.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

import msgspec
import orjson

from muster.core.fingerprint import SIGNATURE_BYTES
from muster.core.model import Assertion, Provenance, Rank, Report
from muster.core.standing import merge_report
from muster.shell import codec

FORM: Final = b"\x02"
"""First byte of a row. Another dictionary, or another format of the report inside, is another form: the next number, up
to `FORM_MAX`. Rows of older forms must stay readable. The oldest have no such byte but are the report's JSON itself.
"""

DEFLATED_JSON: Final = b"\x01"
PLAIN: Final = b"{"
FORM_MAX: Final = 31
"""Greater bytes are no forms but damage."""

ROW_BYTES_MAX: Final = 1_000_000
RAW_DEFLATE: Final = -15
WINDOW_4_KB: Final = -12  # nearly all reports are shorter, and what is small is sooner ready
MEMORY: Final = 6
DIGEST_BYTES: Final = 32

DAMAGED: Final = "a row of the reports table is damaged"

DICTIONARY_OF_JSON: Final = (
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
DICTIONARY: Final = (
    b" soldados elementos agentes efectivos de la Guardia Nacional para reforzar la seguridad en la ciudad de a los"
    b" soldiers officers guardsmen troops police agents will be sent to have arrived in are deployed the National Guard"
    b"\xabwithdrawing\xa9withdrawn\xa9cancelled\xa5range\xa6approx\xa7at_most\xa8at_least\xa5vague\xa9increment\xa5total"
    b"\xa4part\xa7marines\xa4navy\xaefederal_agents\xabparamilitary\xacpeacekeepers\xa6police\xa5mixed\xabunspecified"
    b"\xaenational_guard\xa9guardsmen\xa6region\x91\x97\xb9region:MX:northern-border\xa5multi\x92\x97\xaacountry:"
    b"\x93\x9c\xc0\x94\x00\xc2\xbb2025-01-01T00:00:00.000000Z\xc0\xd6\xffg\xd6\xffg\xd6\xffg\xc0\xad"
    b"\xd9/https:"
    b"//www..com/news/2025/\xc0\xa2es\xa14\xa2en\xa14\xc0\xad.com\x92\xa4city\x91\x97\xaccity:"
    b"\xa2MX\xcb@\xcb\xc0Z\x91\x99\xc0\x95\xcd\xcd\xa5exact\xa5level\xa3\xa7planned\xa8deployed\x93\xa4army\xa8soldiers"
    b"\xc0\xa6single\xc2\xc0\x93\xd9\x00\xcc\xcb?\xec\xcc\xcc\xcc\xcc\xcc\xcd"
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
    row: Any = msgspec.convert(report, _Row, from_attributes=True)
    provenance = row.provenance
    plain = [_signature(provenance.fingerprint), _digest(provenance.article_id), _digest(provenance.rank.text_sha256)]
    if plain[0]:
        provenance.fingerprint = None
    if plain[1]:
        provenance.article_id = None
    if plain[2]:
        provenance.rank.text_sha256 = None
    for assertion in row.assertions:
        digest = _digest(assertion.event_id)
        if digest:
            assertion.event_id = None
            plain.append(digest)
    deflate = zlib.compressobj(1, zlib.DEFLATED, WINDOW_4_KB, MEMORY, zdict=DICTIONARY)
    return b"".join((FORM, deflate.compress(codec.bounded(_ENCODER.encode(row))), deflate.flush(), *plain))


def unpack(row: bytes) -> Report:
    """Raises CodecError."""
    form = row[:1]
    if form == FORM:
        return _unpack(row)
    if form == DEFLATED_JSON:
        return codec.decode_report(_inflated(row, DICTIONARY_OF_JSON)[0])
    if form == PLAIN:
        return codec.decode_report(row)
    raise codec.CodecError("a row of the reports table has an unknown form")


def _unpack(packed: bytes) -> Report:
    value, plain = _inflated(packed, DICTIONARY)
    row: Any = codec.load(_DECODER, value)
    at = 0

    def taken(count: int) -> bytes:
        nonlocal at
        at += count
        return plain[at - count : at]

    provenance = row.provenance
    if provenance.fingerprint is None:
        provenance.fingerprint = binascii.b2a_base64(taken(SIGNATURE_BYTES), newline=False).decode()
    if provenance.article_id is None:
        provenance.article_id = taken(DIGEST_BYTES).hex()
    if provenance.rank.text_sha256 is None:
        provenance.rank.text_sha256 = taken(DIGEST_BYTES).hex()
    for assertion in row.assertions:
        if assertion.event_id is None:
            assertion.event_id = taken(DIGEST_BYTES).hex()
    if at != len(plain):
        raise codec.CodecError(DAMAGED)
    report: Report = msgspec.convert(row, Report, from_attributes=True)
    codec.check(report.location)
    return report


def _inflated(row: bytes, dictionary: bytes) -> tuple[bytes, bytes]:
    """What is deflated behind the first byte, and what follows that."""
    inflate = zlib.decompressobj(RAW_DEFLATE, zdict=dictionary)
    try:
        value = inflate.decompress(memoryview(row)[1:], ROW_BYTES_MAX)
    except zlib.error:
        raise codec.CodecError(DAMAGED) from None
    if not inflate.eof:
        raise codec.CodecError(DAMAGED)
    return value, inflate.unused_data


def _digest(text: str) -> bytes:
    """The bytes of what identities are, 64 lower-case hexadecimal digits; none of anything else."""
    if len(text) != 2 * DIGEST_BYTES:
        return b""
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        return b""
    return digest if digest.hex() == text else b""


def _signature(fingerprint: str) -> bytes:
    """The bytes of a fingerprint; none of anything else."""
    try:
        signature = binascii.a2b_base64(fingerprint)
    except ValueError:
        return b""
    is_one = len(signature) == SIGNATURE_BYTES and binascii.b2a_base64(signature, newline=False).decode() == fingerprint
    return signature if is_one else b""


def newer_form(row: bytes) -> int | None:
    """The form of a row that a newer Muster wrote; None for any other row, readable or not."""
    form = row[0] if row else 0
    return form if FORM[0] < form <= FORM_MAX else None


def merge(held: bytes, other: bytes) -> bytes:
    """The row of the report that stands."""
    return codec.merge_stored(held, other, unpack, merge_report, pack)


def layout() -> Iterator[str]:
    """Which value stands at which place of a row: another layout is another form."""
    for kind, row in _ROWS.items():
        yield f"{kind.__name__}({', '.join(row.__struct_fields__)})"


def _exact(encoded: bytes) -> bytes:
    """The same bytes without the room that orjson leaves behind them: 4 KB a key, for as long as it is kept."""
    return bytes(memoryview(encoded))


_PLAIN_FIELDS: Final = {
    (Provenance, "fingerprint"),
    (Provenance, "article_id"),
    (Rank, "text_sha256"),
    (Assertion, "event_id"),
}
"""None where they follow behind the row."""

_ROWS: Final[dict[Any, Any]] = {}


def _row_of(kind: Any) -> Any:
    """A type whose values are written by their places for one whose values are written by their names."""
    if isinstance(kind, type) and is_dataclass(kind):
        if kind not in _ROWS:
            hints = get_type_hints(kind)
            values: list[tuple[str, Any, Any]] = []
            for field in fields(kind):
                of_field = _row_of(hints[field.name])
                if (kind, field.name) in _PLAIN_FIELDS:
                    of_field |= None
                values.append((field.name, of_field, msgspec.NODEFAULT if field.default is MISSING else field.default))
            _ROWS[kind] = msgspec.defstruct(kind.__name__, values, array_like=True, gc=False)
        return _ROWS[kind]
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple[_row_of(arguments[0]), ...]  # type: ignore[misc]
    if isinstance(kind, UnionType):
        made = _row_of(arguments[0])
        for other in arguments[1:]:
            made |= None if other is type(None) else _row_of(other)
        return made
    return kind


_Row: Final = _row_of(Report)
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final[msgspec.msgpack.Decoder[Any]] = msgspec.msgpack.Decoder(_Row)
