"""Hostile bytes: random ones, JSON of any kind, and good values with something broken in them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.strategies import hostile_text, json_values

TOKENS = (
    b"", b"null", b"NaN", b"-0", b"1e999", b"1" * 400, b'"\\ud800"', b"[" * 70, b'{"a":' * 70, b"\x00", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b'"', b"\\", b"\x1b]0;x\x07", b"<![CDATA[", b"<!--", b"&#0;",
    b"</p>" * 30, b"%s%n", b"../" * 5, b"=cmd|' /C calc'!A0", "\u202e1,650\u2066".encode(), b"\r\nSet-Cookie: a=b",
)  # fmt: skip
"""What breaks parsers, headers, terminals and spreadsheets."""

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 1e308, "", " ", "\x00", "\x1b[2J", "\u202e", "\ufeff", "=1+1", "x" * 3_000, "9" * 5_000,
    "0001-01-01", "9999-12-31T23:59:59+14:00", "2025-02-30", "24:00", "http://[", "javascript:alert(1)", [], {}, [[]],
    {"a": {}}, [None], "1e400", "city:", "multi:+", "\ud7ff", "e\u0301" * 100,
)  # fmt: skip


def broken(samples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the samples with bytes changed, cut, doubled or put in."""
    return st.builds(_broken, st.sampled_from(samples), st.integers(0, 2**32 - 1))


def _broken(sample: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    data = bytearray(sample)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, kind = chance.randint(0, len(data)), chance.randint(0, 4)
        if kind == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            data[at:at] = chance.choice(TOKENS)
        elif kind == 2:
            del data[at : at + chance.randint(1, 40)]
        elif kind == 3:
            data[at:at] = data[at : at + chance.randint(1, 40)]
        else:
            del data[at:]
    return bytes(data)


def twisted(samples: Sequence[Any]) -> st.SearchStrategy[bytes]:
    """One of the samples as JSON, with members replaced by others, left out or doubled."""
    return st.builds(_twisted, st.sampled_from(samples), st.integers(0, 2**32 - 1))


def _twisted(sample: Any, seed: int) -> bytes:
    chance = random.Random(seed)
    value = json.loads(json.dumps(sample))
    for _ in range(chance.choice((1, 1, 2, 4))):
        _twist(value, chance)
    return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _twist(value: Any, chance: random.Random) -> None:
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
            value = inner
        elif chance.random() < 0.2:
            del value[key]
            return
        else:
            value[key] = chance.choice(VALUES)
            return


def anything(samples: Sequence[Any]) -> st.SearchStrategy[bytes]:
    """Bytes of all kinds, most of them near one of the samples."""
    encoded = [json.dumps(sample, ensure_ascii=False).encode() for sample in samples]
    return st.one_of(
        twisted(samples),
        twisted(samples),
        broken(encoded),
        broken(encoded),
        st.binary(max_size=200),
        json_values().map(lambda value: json.dumps(value).encode()),
        st.lists(st.sampled_from(TOKENS), max_size=6).map(b"".join),
        hostile_text().map(lambda text: text.encode()),
    )


def header_lists() -> st.SearchStrategy[tuple[tuple[str, bytes], ...]]:
    """Headers of a record: the names that Muster reads, with anything in them, repeated and out of order."""
    names = st.sampled_from(
        [
            "traceparent",
            "muster-state",
            "muster-writer",
            "muster-replay-of",
            "muster.reason",
            "ce_id",
            "ce_time",
            "__connect.errors.topic",
            "__connect.errors.partition",
            "__connect.errors.offset",
            "__connect.errors.exception.message",
        ]
    ) | st.text(max_size=8)
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    values = st.binary(max_size=60) | broken([trace, b"0", b"articles.raw", b"1:42"]) | st.just(trace)
    return st.lists(st.tuples(names, values), max_size=5).map(tuple)
