"""Reads articles from files, folders and standard input for the commands `feed`, `extract` and `tally`.

JSON objects come out as the very bytes that were read; whether they are good articles is decided elsewhere. Lines are
streamed: a file of JSON lines may be larger than memory. Everything else (one object, an array, text, HTML) is read
whole, up to a bound. An input that cannot be read is a record with an error, never an exception.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import orjson

RECORD_BYTES_MAX = 16_000_000
"""Longest single record that is read: far above what Kafka takes, so that it is refused with its real size."""

DOCUMENT_BYTES_MAX = 256_000_000
"""Longest file that is not JSON lines."""

STDIN = Path("-")
LINE_SUFFIXES = {".jsonl", ".ndjson"}
TEXT_FIELDS = {".txt": "text", ".html": "html", ".htm": "html"}
SUFFIXES = LINE_SUFFIXES | {".json"} | set(TEXT_FIELDS)
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class InputRecord:
    """One article, or one thing that is none.

    `origin` says where it stands: `file`, `file:line`. `value` are its bytes as they were read (a text or HTML file
    becomes {"text": ...} or {"html": ...}), None where they could not be read. `error` says what is wrong with it as
    JSON; such a value may still be sent on as it is. `key` is its article_id where it names one itself.
    """

    origin: str
    value: bytes | None
    key: bytes | None = None
    error: str | None = None


def read_articles(paths: Iterable[Path], *, raw: bool = False) -> Iterator[InputRecord]:
    """The articles of files, folders (whole, sorted, files of known kinds only) and `-` (standard input), in order.

    Args:
        paths: none at all means standard input.
        raw: every line of every file is a record, unread and unchecked.
    """
    for path in list(paths) or [STDIN]:
        if path == STDIN:
            yield from _read_stream(_stdin(), "stdin", "", raw=raw)
        elif path.is_dir():
            yield from _read_folder(path, raw=raw)
        else:
            yield from _read_file(path, raw=raw)


def article_key(article: object) -> bytes | None:
    """The record key that fits an article: its article_id (or `id`), where it is given as a string.

    Without one the record has no key: the article's identity is derived from its URL or text where it is read, and
    no number depends on which partition it came by.
    """
    if not isinstance(article, dict):
        return None
    given = article.get("article_id")
    given = article.get("id") if given is None else given
    return given.encode() if isinstance(given, str) and given and not given.isspace() else None


def _stdin() -> IO[bytes]:
    """Standard input by a reader of our own: at exit the interpreter needs the lock of sys.stdin's.

    A thread that waits there for a line would make it abort.
    """
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except io.UnsupportedOperation:
        return sys.stdin.buffer


def _read_folder(folder: Path, *, raw: bool) -> Iterator[InputRecord]:
    found = False
    for parent, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and _suffix(path) in SUFFIXES:
                found = True
                yield from _read_file(path, raw=raw)
    if not found:
        yield InputRecord(str(folder), None, error=f"no {', '.join(sorted(SUFFIXES))} file in this folder")


def _read_file(path: Path, *, raw: bool) -> Iterator[InputRecord]:
    try:
        with cast(IO[bytes], gzip.open(path) if path.suffix == ".gz" else path.open("rb")) as stream:
            yield from _read_stream(stream, str(path), _suffix(path), raw=raw)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a whole gzip file"
        yield InputRecord(str(path), None, error=reason)


def _suffix(path: Path) -> str:
    return (path.with_suffix("") if path.suffix == ".gz" else path).suffix.lower()


def _read_stream(stream: IO[bytes], origin: str, suffix: str, *, raw: bool) -> Iterator[InputRecord]:
    """Reads by what the name says, else by how the content begins."""
    if raw or suffix in LINE_SUFFIXES:
        yield from _read_lines(stream, origin, 1, raw=raw)
    elif suffix in TEXT_FIELDS:
        yield _text_record(stream.read(RECORD_BYTES_MAX + 1), origin, TEXT_FIELDS[suffix])
    else:
        yield from _read_unnamed(stream, origin, is_json=suffix == ".json")


def _read_unnamed(stream: IO[bytes], origin: str, *, is_json: bool) -> Iterator[InputRecord]:
    head = b""
    lines_read = 0
    while not head.strip():  # blank lines before the first record
        line = stream.readline(RECORD_BYTES_MAX)
        if not line:
            yield InputRecord(origin, None, error="empty")
            return
        head += line.removeprefix(BOM) if lines_read == 0 else line
        lines_read += 1
    if head.lstrip()[:1] == b"{" and not _is_object(head):
        second = stream.readline(RECORD_BYTES_MAX)
        lines_are_records = _is_object(second)
        head += second
    else:
        lines_are_records = _is_object(head)
    if lines_are_records:
        joined = io.BytesIO(head)
        yield from _read_lines(joined, origin, 1)
        yield from _read_lines(stream, origin, 1 + head.count(b"\n"))
    elif is_json or head.lstrip()[:1] in (b"{", b"["):
        yield from _read_document(head + stream.read(DOCUMENT_BYTES_MAX + 1 - len(head)), origin)
    else:
        field = "html" if head.lstrip()[:1] == b"<" else "text"
        yield _text_record(head + stream.read(RECORD_BYTES_MAX + 1), origin, field)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _read_lines(stream: IO[bytes], origin: str, first_line: int, *, raw: bool = False) -> Iterator[InputRecord]:
    number = first_line - 1
    while line := stream.readline(RECORD_BYTES_MAX + 1):
        number += 1
        if len(line) > RECORD_BYTES_MAX and not line.endswith(b"\n"):
            while (rest := stream.readline(RECORD_BYTES_MAX)) and not rest.endswith(b"\n"):
                pass
            yield InputRecord(f"{origin}:{number}", None, error=f"line is longer than {RECORD_BYTES_MAX:,} bytes")
            continue
        line = (line.removeprefix(BOM) if number == 1 else line).rstrip(b"\r\n")
        if raw and line:
            yield InputRecord(f"{origin}:{number}", line)
        elif line.strip():
            yield _json_record(line, f"{origin}:{number}")


def _json_record(value: bytes, origin: str) -> InputRecord:
    try:
        article = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        return InputRecord(origin, value, error=f"not JSON: {error.msg} (column {error.colno})")
    if not isinstance(article, dict):
        return InputRecord(origin, value, error="not a JSON object")
    return InputRecord(origin, value, key=article_key(article))


def _text_record(content: bytes, origin: str, field: str) -> InputRecord:
    if len(content) > RECORD_BYTES_MAX:
        return InputRecord(origin, None, error=f"longer than {RECORD_BYTES_MAX:,} bytes")
    try:
        text = content.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        return InputRecord(origin, None, error=f"not UTF-8 (byte {error.start})")
    return InputRecord(origin, orjson.dumps({field: text}))


def _read_document(content: bytes, origin: str) -> Iterator[InputRecord]:
    """One object, an array of objects, or objects one after the other as `jq .` prints them."""
    if len(content) > DOCUMENT_BYTES_MAX:
        yield InputRecord(
            origin, None, error=f"longer than {DOCUMENT_BYTES_MAX:,} bytes; JSON lines have no such bound"
        )
        return
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        yield InputRecord(origin, content, error=f"not UTF-8 (byte {error.start})")
        return
    start = _skip_blank(text, 0)
    in_array = text.startswith("[", start)
    position = _skip_blank(text, start + 1) if in_array else start
    line_counted_to, line = 0, 1
    while position < len(text) and not (in_array and text[position] == "]"):
        line += text.count("\n", line_counted_to, position)
        line_counted_to = position
        try:
            _, end = json.JSONDecoder().raw_decode(text, position)
        except (ValueError, RecursionError):
            rest = text[position:].encode() if position == start else None
            yield InputRecord(f"{origin}:{line}", rest, error="not JSON; nothing after this place was read")
            return
        yield _json_record(text[position:end].encode(), f"{origin}:{line}")
        position = _skip_blank(text, end)
        if in_array and text.startswith(",", position):
            position = _skip_blank(text, position + 1)


def _skip_blank(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position
