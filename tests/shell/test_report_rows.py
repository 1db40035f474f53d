"""Rows of the reports table: small, exact, and refused when they are damaged."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.standing import merge_report
from muster.shell import codec, report_rows
from tests import strategies

DICTIONARY_SHA256 = "38caa759a60213d586473e2ffeb3ee683b423f048e63dcf3451a5ecf06e428a1"


@given(strategies.reports())
def test_a_row_is_the_report(report):
    """What is packed comes back equal."""
    assert report_rows.unpack(report_rows.pack(report)) == report


@given(strategies.reports())
def test_the_dictionary_pays(report):
    """A row is smaller than the JSON of its report."""
    assert len(report_rows.pack(report)) < len(codec.encode_report(report))


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


@given(strategies.reports(), st.integers(2, report_rows.FORM_MAX))
def test_forms_of_the_past_are_read_and_those_of_the_future_known(report, later):
    """The oldest rows are plain JSON; a row of a later form is told from a damaged one."""
    assert report_rows.unpack(codec.encode_report(report)) == report
    assert report_rows.newer_form(codec.encode_report(report)) is None
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
    """Rows lie in changelogs for years: this one was packed by the first form, and its dictionary must not change."""
    assert report_rows.FORM == b"\x01"
    assert hashlib.sha256(report_rows.DICTIONARY).hexdigest() == DICTIONARY_SHA256
