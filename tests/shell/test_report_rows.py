"""Rows of the reports table: small, exact, and refused when they are damaged."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.fingerprint import SIGNATURE_BYTES
from muster.core.model import Report
from muster.core.standing import merge_report
from muster.shell import codec, report_rows
from tests import strategies

DICTIONARY_OF_JSON_SHA256 = "38caa759a60213d586473e2ffeb3ee683b423f048e63dcf3451a5ecf06e428a1"
DICTIONARY_SHA256 = "8953537342115c6e65649c4147ca1d8d8650a55e0e4d7b3fe12306179d0a12c6"
LAYOUT = {
    "Rank(version, retracted, fetched_at, text_sha256)",
    (
        "Provenance(article_id, rank, published_at, fetched_at, recorded_at, source, url, title, lang,"
        " extractor_version, fingerprint, publisher)"
    ),
    "Place(key, name, geonames_id, admin1, country, lat, lon)",
    "Location(scope, places)",
    "Personnel(low, high, qualifier, measure, text)",
    "Force(category, name, origin)",
    "DateSpan(start, end)",
    "Evidence(quote, start, end)",
    "Assertion(event_id, personnel, status, force, role, historical, event_date, evidence, confidence)",
    "Report(provenance, location, assertions)",
}

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
SIGNATURES = st.binary(min_size=SIGNATURE_BYTES, max_size=SIGNATURE_BYTES).map(base64.b64encode).map(bytes.decode)


def identified(one: Report, digests: tuple[str, ...], fingerprint: str) -> Report:
    """The report with identities and a fingerprint such as extract gives them, or nearly so."""
    article_id, text_sha256, event_id = digests
    provenance = replace(one.provenance, article_id=article_id, fingerprint=fingerprint)
    provenance = replace(provenance, rank=replace(one.provenance.rank, text_sha256=text_sha256))
    return replace(
        one, provenance=provenance, assertions=tuple(replace(told, event_id=event_id) for told in one.assertions)
    )


ODD = DIGESTS.map(str.upper) | DIGESTS.map(lambda digest: digest[:-1] + "g") | DIGESTS.map(lambda digest: digest[:-2])
ODD_SIGNATURES = SIGNATURES.map(lambda one: one + "\n") | SIGNATURES.map(lambda one: one[:-4]) | st.just("=é")
IDENTIFIED = st.builds(
    identified, strategies.reports(), st.tuples(*[DIGESTS | DIGESTS | ODD] * 3), SIGNATURES | ODD_SIGNATURES
)
REPORTS = strategies.reports() | IDENTIFIED


def as_form_one(one: Report) -> bytes:
    deflate = zlib.compressobj(1, zlib.DEFLATED, report_rows.RAW_DEFLATE, zdict=report_rows.DICTIONARY_OF_JSON)
    return b"\x01" + deflate.compress(codec.encode_report(one)) + deflate.flush()


@given(REPORTS)
def test_a_row_is_the_report(report):
    """What is packed comes back equal, to the letter: ties between reports are broken by how they are written."""
    row = report_rows.pack(report)
    assert report_rows.unpack(row) == report
    assert repr(report_rows.unpack(row)) == repr(report)
    assert report_rows.pack(report_rows.unpack(row)) == row


@given(REPORTS)
def test_a_row_pays(report):
    """It is smaller than the JSON of its report."""
    assert len(report_rows.pack(report)) < len(codec.encode_report(report))


@given(IDENTIFIED, st.integers(1, 400))
def test_a_row_that_was_cut_or_goes_on_is_damaged(report, count):
    """Identities and fingerprint stand behind what is deflated: none may be missing, nor may more follow."""
    row = report_rows.pack(report)
    for damaged in (row[:-count], row + row[-count:]):
        with pytest.raises(codec.CodecError):
            report_rows.unpack(damaged)


@given(strategies.reports(), strategies.reports())
def test_rows_merge_as_their_reports_do(some, other):
    """The better row stays as it is to the byte, and one that cannot be read gives way."""
    held, late = report_rows.pack(some), report_rows.pack(other)
    merged = report_rows.merge(held, late)
    assert report_rows.unpack(merged) == merge_report(some, other)
    assert report_rows.merge(merged, held) == report_rows.merge(held, merged) == merged
    assert report_rows.merge(held, b"damaged") == report_rows.merge(b"damaged", held) == held


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_key_tells_place_and_article(place_key, article_id):
    """Whatever characters an article_id has."""
    key = report_rows.row_key(place_key, article_id)
    assert (report_rows.place_key_of(key), report_rows.article_id_of(key)) == (place_key, article_id)


@given(st.binary(max_size=200))
def test_any_other_bytes_are_a_codec_error(row):
    """A damaged row never crashes otherwise, and never expands without bound."""
    with pytest.raises(codec.CodecError):
        report_rows.unpack(row)


@given(strategies.reports(), st.integers(3, report_rows.FORM_MAX))
def test_forms_of_the_past_are_read_and_those_of_the_future_known(report, later):
    """The oldest rows are plain JSON; a row of a later form is told from a damaged one."""
    for old in (codec.encode_report(report), as_form_one(report)):
        assert report_rows.unpack(old) == report
        assert report_rows.newer_form(old) is None
    row = report_rows.pack(report)
    assert report_rows.newer_form(row) is None
    assert report_rows.newer_form(bytes([later]) + row[1:]) == later
    assert [report_rows.newer_form(damaged) for damaged in (b"", b"damaged", b"\x00", b"\xff")] == [None] * 4


@given(st.integers(0, 999_999))
def test_a_row_of_route_of_the_future_is_known(later):
    """By the number with which its JSON begins."""
    value = b'{"schema_version":%d,"row":{}}' % later
    assert codec.newer_format(value) == (later if later > codec.FORMAT else None)
    assert codec.newer_format(b"[" + value) is None


def test_the_form_of_old_rows_stays_readable():
    """Rows lie in changelogs for years: neither a dictionary nor the places of the values may change in a form.

    A new value at the end of its kind, with a default, is read from old rows; an older Muster passes over it.
    """
    assert report_rows.FORM == b"\x02"
    assert hashlib.sha256(report_rows.DICTIONARY_OF_JSON).hexdigest() == DICTIONARY_OF_JSON_SHA256
    assert hashlib.sha256(report_rows.DICTIONARY).hexdigest() == DICTIONARY_SHA256
    assert set(report_rows.layout()) == LAYOUT
