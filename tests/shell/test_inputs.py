"""Reading articles: bytes come out as they went in, and whatever is wrong is told with its place."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.shell import inputs
from muster.shell.inputs import InputRecord, article_key, read_articles

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ARTICLES = st.dictionaries(st.text(), JSON_VALUES, min_size=1, max_size=4)
ARTICLE_LISTS = st.lists(ARTICLES, min_size=1, max_size=5)


def read(tmp_path: Path, name: str, content: bytes, *, raw: bool = False) -> list[InputRecord]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_articles([path], raw=raw))


def values(records: list[InputRecord]) -> list[bytes | None]:
    assert [record.error for record in records if record.error] == []
    return [record.value for record in records]


@settings(max_examples=60, deadline=None)
@given(ARTICLE_LISTS, st.sampled_from(["\n", "\r\n", "\n\n \n"]), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_lines_come_out_as_the_bytes_that_went_in(articles: list[dict], newline: str, bom: bytes) -> None:
    """JSON lines pass unchanged, whatever ends the lines, with or without a byte order mark, named or piped."""
    lines = [json.dumps(article, ensure_ascii=False).encode() for article in articles]
    content = bom + newline.encode().join(lines)
    for suffix in (".jsonl", ".json", ""):
        read_back = list(inputs._read_stream(io.BytesIO(content), "x", suffix, raw=False))
        assert values(read_back) == lines


@settings(max_examples=60, deadline=None)
@given(ARTICLE_LISTS, st.sampled_from([None, 0, 2]))
def test_an_array_and_a_row_of_printed_objects_are_their_elements(articles: list[dict], indent: int | None) -> None:
    """Elements of an array and objects as `jq .` prints them come out one by one with the text that they had."""
    printed = [json.dumps(article, indent=indent) for article in articles]
    array = "[\n" + ",\n".join(printed) + "\n]"
    for content in (array, "\n".join(printed)):
        read_back = list(inputs._read_stream(io.BytesIO(content.encode()), "x", ".json", raw=False))
        assert values(read_back) == [one.encode() for one in printed]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", ".json", ".jsonl", ".txt", ".html"]))
def test_no_bytes_make_the_reader_fail(content: bytes, suffix: str) -> None:
    """Whatever a file holds, every record has a value or an error, and a value without an error is a JSON object."""
    for record in inputs._read_stream(io.BytesIO(content), "x", suffix, raw=False):
        assert record.value is not None or record.error
        if not record.error:
            assert isinstance(orjson.loads(record.value or b""), dict)
    for record in inputs._read_stream(io.BytesIO(content), "x", suffix, raw=True):
        assert record.value


def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    """A bad line costs itself only."""
    records = read(tmp_path, "a.jsonl", b'{"id":"1"}\n{"id":\n\n[1]\n{"id":"5"}\n')
    assert [(r.origin.rpartition(":")[2], bool(r.error)) for r in records] == [
        ("1", False),
        ("2", True),
        ("4", True),
        ("5", False),
    ]
    assert records[1].value == b'{"id":'
    broken = read(tmp_path, "b.json", b'[\n{"id":"1"},\n{"id" 2},\n{"id":"3"}]')
    assert [(r.origin.rpartition(":")[2], bool(r.error)) for r in broken] == [("2", False), ("3", True)]


def test_raw_lines_are_not_looked_at(tmp_path: Path) -> None:
    """Raw reading hands on each line that is not empty, of any kind of file."""
    assert values(read(tmp_path, "a.txt", b'not json\n\n{"id": 1}\n', raw=True)) == [b"not json", b'{"id": 1}']


def test_text_and_html_become_articles(tmp_path: Path) -> None:
    """A text or HTML file is one article; other encodings than UTF-8 are told."""
    assert values(read(tmp_path, "a.txt", "2.000 Soldaten\nin Köln".encode())) == [
        orjson.dumps({"text": "2.000 Soldaten\nin Köln"})
    ]
    assert values(read(tmp_path, "a.html", b"<p>2,000</p>")) == [b'{"html":"<p>2,000</p>"}']
    assert values(read(tmp_path, "no-suffix", b"2,000 troops")) == [b'{"text":"2,000 troops"}']
    assert read(tmp_path, "b.txt", "Köln".encode("latin-1"))[0].error == "not UTF-8 (byte 1)"


def test_a_folder_is_read_whole_in_one_order(tmp_path: Path) -> None:
    """Folders are read by name, deep, known kinds only, packed or not; an empty one is told."""
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "2.jsonl.gz").write_bytes(gzip.compress(b'{"id":"2"}\n{"id":"3"}'))
    (tmp_path / "1.json").write_bytes(b'{\n"id": "1"}')
    for ignored in ("notes.md", ".hidden.json", ".git/x.json"):
        (tmp_path / ignored).write_bytes(b"{}")
    (tmp_path / "b" / "4.txt").write_bytes(b"four")
    assert [r.key or r.value for r in read_articles([tmp_path])] == [b"1", b"2", b"3", b'{"text":"four"}']
    assert [bool(r.error) for r in read_articles([tmp_path / ".git" / "none", tmp_path / "b"])] == [True, *[False] * 3]


def test_a_broken_archive_costs_what_is_broken(tmp_path: Path) -> None:
    """A cut gzip file yields what could be read and an error, not an exception."""
    packed = gzip.compress(b"".join(b'{"id":"%d"}\n' % n for n in range(2_000)))
    records = read(tmp_path, "a.jsonl.gz", packed[: len(packed) // 2])
    assert records[-1].error
    assert read(tmp_path, "b.jsonl.gz", b"no archive")[0].error


def test_a_line_without_end_is_not_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line longer than the bound is told and passed over."""
    monkeypatch.setattr(inputs, "RECORD_BYTES_MAX", 100)
    records = read(tmp_path, "a.jsonl", b'{"a":"' + b"x" * 1_000 + b'"}\n{"id":"2"}\n')
    assert [(r.value, bool(r.error)) for r in records] == [(None, True), (b'{"id":"2"}', False)]
    assert read(tmp_path, "a.txt", b"x" * 101)[0].error


@pytest.mark.parametrize(
    ("article", "key"),
    [
        ({"article_id": "a", "id": "b"}, b"a"),
        ({"article_id": None, "id": "b"}, b"b"),
        ({"article_id": " ", "id": "b"}, None),
        ({"id": 7}, None),
        ({"url": "https://example.org/"}, None),
        (["id"], None),
    ],
)
def test_the_key_is_the_article_id_where_there_is_one(article: object, key: bytes | None) -> None:
    """A key that differs from the identity of the article would make it a dead letter; no key never does."""
    assert article_key(article) == key
