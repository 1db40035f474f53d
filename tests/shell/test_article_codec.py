"""Whatever stands on articles.raw is an article, a withdrawal, a rejection or nothing to do; never an exception."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core import limits
from muster.core.identity import sha256_hex
from muster.core.model import Article, Rejection, Withdrawal
from muster.schemas.article_forms import ALIASES
from muster.schemas.article_v1 import ArticleV1, read_article
from muster.shell.article_codec import Decoded, Given, decode_article, plain
from tests.strategies import articles, hostile_text, json_values, text

BYTES_MAX = 100_000


def decode(value: Any, key: bytes | None = None) -> Decoded:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return decode_article(key, raw, bytes_max=BYTES_MAX)


def article(value: Any, key: bytes | None = None) -> Article:
    decoded = decode(value, key)
    assert isinstance(decoded.value, Article), decoded
    return decoded.value


def reason(value: Any, key: bytes | None = None) -> str:
    decoded = decode(value, key)
    assert isinstance(decoded.value, Rejection), decoded
    return decoded.value.reason


NAMES = [*ArticleV1.model_fields, *(alias for aliases in ALIASES.values() for alias in aliases), "unknown"]
nearly_articles = st.dictionaries(
    st.sampled_from(NAMES),
    json_values()
    | text()
    | hostile_text()
    | st.sampled_from(["2025-02-04", "http://e.example/a", "<p>5 soldiers", "1"]),
)


@given(st.none() | st.binary(max_size=20), st.none() | st.binary(max_size=200))
def test_any_bytes_are_decoded(key: bytes | None, value: bytes | None) -> None:
    """No bytes raise."""
    assert isinstance(decode_article(key, value, bytes_max=100), Decoded)


@given(nearly_articles, st.sampled_from([None, b"", b"a"]))
def test_any_fields_are_decoded_and_what_comes_out_is_bounded(fields: dict[str, Any], key: bytes | None) -> None:
    """No combination of JSON values in an article's fields raises; what is carried on is short, aware, writable."""
    decoded = decode(fields, key)
    assert all(":" in warning and warning.isascii() and len(warning) < 60 for warning in decoded.warnings)
    if isinstance(decoded.value, Article):
        found = decoded.value
        assert 0 < len(found.article_id) <= limits.ARTICLE_ID_CHARS_MAX
        assert key in (None, b"", found.article_id.encode())
        assert found.text or found.retracted or found.version
        assert all(m is None or m.tzinfo is UTC for m in (found.published_at, found.fetched_at))
        assert all(len(f or "") <= limits.FIELD_CHARS_MAX for f in (found.title, found.url, found.source, found.lang))
        orjson.dumps(found)


@given(st.text(st.characters(min_codepoint=0xE000), min_size=8, max_size=8), st.sampled_from(NAMES))
def test_details_and_warnings_never_hold_the_article(secret: str, name: str) -> None:
    """Whatever field the words stand in, none of them is in a warning or in the detail of a rejection."""
    for value in ({name: secret}, {name: [secret]}, {secret: 1, name: {secret: secret}}):
        decoded = decode(value)
        said = " ".join(decoded.warnings)
        if isinstance(decoded.value, Rejection):
            said += decoded.value.detail
        assert secret not in said


@given(articles())
def test_an_article_written_by_the_contract_is_read_back(written: Article) -> None:
    """Fields of the contract, in JSON, keyed by the article_id: the same article, without a warning."""
    decoded = decode(orjson.dumps(written), written.article_id.encode())
    assert decoded.warnings == ()
    if written.text.strip() or written.version or written.retracted:
        title = written.title if written.title and written.title.strip() else None
        host = written.url.split("/")[2] if written.url else None
        assert decoded.value == Article(
            article_id=written.article_id,
            text=written.text if written.text.strip() else "",
            title=title,
            url=written.url,
            source=written.source or host,
            lang=written.lang,
            published_at=written.published_at,
            fetched_at=written.fetched_at,
            version=written.version,
            retracted=written.retracted,
        )
    else:
        assert decoded.value is None


@given(nearly_articles | articles().map(lambda written: orjson.loads(orjson.dumps(written))))
def test_the_short_way_reads_what_the_contract_reads(fields: dict[str, Any]) -> None:
    """Where `plain` has an answer, it is the model's, value by value and type by type, and without a warning."""
    fields = orjson.loads(json.dumps(fields))
    given = plain(fields)
    if given is not None:
        read, warnings = read_article(fields)
        by_contract = Given(*(getattr(read, name) for name in Given._fields))
        assert (given, warnings) == (by_contract, ())
        assert list(map(type, given)) == list(map(type, by_contract))


@given(articles())
def test_the_usual_article_goes_the_short_way(written: Article) -> None:
    """An article with nothing unusual about it does not need the model."""
    assert plain(orjson.loads(orjson.dumps(written))) is not None


@pytest.mark.parametrize("levels", [65, 1_000, 10_000, 100_000])
@pytest.mark.parametrize("around", ["[", '{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_nesting_is_refused_and_does_not_touch_the_stack(levels: int, around: str, *, closed: bool) -> None:
    """More than 64 levels are one reason, closed or not, however many."""
    end = {"[": "]", '{"a":': "}"}[around]
    value = around * levels + ("1" + end * levels if closed else "")
    decoded = decode_article(None, b'{"text":"x","m":' + value.encode() + b"}", bytes_max=10**7)
    assert isinstance(decoded.value, Rejection)
    assert decoded.value.reason == "nested_too_deep"


def test_64_levels_and_brackets_within_strings_are_no_deep_nesting() -> None:
    """The object itself is a level; what stands in strings is none."""
    assert article(b'{"text":"x","m":' + b"[" * 63 + b"]" * 63 + b"}").text == "x"
    assert reason(b'{"text":"' + b"[" * 1_000 + b'\\"{{{{",') == "not_json"


def test_a_value_at_the_limit_is_read_and_one_byte_more_is_too_large() -> None:
    """The limit counts bytes of the value, and includes itself."""
    value = b'{"text":"x"}'
    assert isinstance(decode_article(None, value, bytes_max=len(value)).value, Article)
    assert decode_article(None, value, bytes_max=len(value) - 1).value == Rejection(
        "too_large", f"{len(value)} bytes, the limit is {len(value) - 1}"
    )


@pytest.mark.parametrize(
    "value", [b'{"text":NaN}', b'{"text":"x","n":Infinity}', b'{"text":"x","n":1e999}', b'{"text":"\\ud800"}']
)
def test_what_json_does_not_allow_is_no_json(value: bytes) -> None:
    """NaN, infinities, numbers beyond a double and lone surrogates make a dead letter, not a guess."""
    assert reason(value) == "not_json"


def test_byte_order_mark_and_duplicate_names() -> None:
    """A byte order mark is skipped, once; of duplicate names the last one counts."""
    assert article(b'\xef\xbb\xbf{"text":"a","text":"b"}').text == "b"
    assert reason(b"\xef\xbb\xbf" * 20_000 + b'{"text":"a"}') == "not_json"


def test_a_surrogate_pair_is_one_code_point() -> None:
    """An escaped pair is the character that it stands for, so that offsets count it once."""
    assert article(b'{"text":"\\ud83d\\ude00 5"}').text == "\U0001f600 5"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (b"a", Withdrawal("a")),
        ("é".encode(), Withdrawal("é")),
        (None, None),
        (b"", None),
        (b" ", None),
    ],
)
def test_a_null_value_withdraws_the_article_of_its_key(key: bytes | None, expected: Withdrawal | None) -> None:
    """Without a key it names no article, and there is nothing to withdraw."""
    assert decode_article(key, None, bytes_max=100).value == expected


@pytest.mark.parametrize("key", [b"\xff", b"a\nb", b"a" * 513])
def test_a_null_value_whose_key_can_be_no_article_is_a_dead_letter(key: bytes) -> None:
    """No article can have such an id, so that somebody must look at it."""
    decoded = decode_article(key, None, bytes_max=100)
    assert isinstance(decoded.value, Rejection)
    assert decoded.value.reason == "bad_article_id"


def test_blank_text_is_nothing_unless_it_replaces_something() -> None:
    """A first version without words is passed over; a later version or a retraction replaces what was said before."""
    assert decode({"article_id": "a", "text": " \n"}).value is None
    assert decode({"article_id": "a", "html": "<script>1</script>"}).value is None
    assert article({"article_id": "a", "text": "", "version": 1}) == Article("a", "", version=1)
    assert article({"article_id": "a", "retracted": True}) == Article("a", "", retracted=True)
    assert article({"url": "http://e.example/a", "retracted": True}).retracted
    assert reason({"retracted": True}) == "missing_text"


def test_identity_without_an_article_id_is_the_canonical_url_else_the_text() -> None:
    """Equal addresses are one article, however they are spelled; without an address the text is the identity."""
    spelled = ["https://E.example/a?y=1&x=2#part", "HTTPS://e.example/a?x=2&y=1", " https://e.example/a?x=2&y=1 "]
    ids = {
        article({"text": t, "url": u, "article_id": i}).article_id
        for t, u, i in zip("abc", spelled, [None, "", " "], strict=True)
    }
    assert ids == {sha256_hex("https://e.example/a?x=2&y=1")}
    assert article({"text": "a"}).article_id == sha256_hex("a")
    assert article({"text": "a", "url": "https://e.example:99999/"}).article_id == sha256_hex("a")
    assert reason({"text": "a", "url": "https://e.example/a"}, b"https://e.example/a") == "key_mismatch"
    assert article({"text": "a"}, sha256_hex("a").encode()).text == "a"


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [
        ("2025-02-04", datetime(2025, 2, 4, tzinfo=UTC)),
        ("2025-02-04T10:00:00", datetime(2025, 2, 4, 10, tzinfo=UTC)),
        ("2025-02-04 10:00:00", datetime(2025, 2, 4, 10, tzinfo=UTC)),
        ("2025-02-04t10:00:00.5z", datetime(2025, 2, 4, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2025-02-04T23:30:00-07:00", datetime(2025, 2, 5, 6, 30, tzinfo=UTC)),
        ("2100-12-31T23:59:59-12:00", datetime(2101, 1, 1, 11, 59, 59, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2025-02-30", None),
        ("Tue, 04 Feb 2025 10:00:00 GMT", None),
        ("1738663200", None),
        (1738663200, None),
        (True, None),
        ({"$date": 0}, None),
        ("", None),
    ],
)
def test_dates_are_rfc_3339_calendar_dates_or_local_times_in_utc(given_date: object, expected: datetime | None) -> None:
    """Anything else is unknown and said to be unreadable."""
    decoded = decode({"text": "x", "published_at": given_date})
    assert isinstance(decoded.value, Article)
    assert decoded.value.published_at == expected
    assert decoded.warnings == (() if expected else ("published_at:unreadable",))


@given(
    st.datetimes(
        datetime(1971, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        datetime(2100, 12, 31),  # noqa: DTZ001
        timezones=st.integers(-14, 14).map(lambda h: timezone(timedelta(hours=h))),
    )
)
def test_a_moment_is_the_same_in_any_offset(moment: datetime) -> None:
    """Offsets change how a moment is written, not when it was."""
    assert article({"text": "x", "fetched_at": moment.isoformat()}).fetched_at == moment


def test_an_alias_counts_where_the_field_is_absent_null_or_unreadable() -> None:
    """The first name that can be read is read, in the order of the contract."""
    fields = {
        "text": None,
        "maintext": "x",
        "published_at": "soon",
        "date_publish": None,
        "published": "2025-02-04",
        "date": "2020-01-01",
    }
    decoded = decode(fields)
    assert isinstance(decoded.value, Article)
    assert (decoded.value.text, decoded.value.published_at) == ("x", datetime(2025, 2, 4, tzinfo=UTC))
    assert decoded.warnings == ("published_at:unreadable",)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (3, 3),
        ("3", 3),
        (3.0, 3),
        (2**63 - 2, 2**63 - 2),
        (2**63 - 1, None),
        (10**30, None),
        (-1, None),
        (1.5, None),
        (True, None),
        ("", None),
    ],
)
def test_versions_are_whole_numbers_below_the_one_for_good(version: object, expected: int | None) -> None:
    """No version outranks a null value; true is no number; what cannot be read is version 0."""
    decoded = decode({"text": "x", "version": version})
    assert isinstance(decoded.value, Article)
    assert decoded.value.version == (expected or 0)
    assert decoded.warnings == (() if expected is not None else ("version:unreadable",))


def test_long_fields_are_cut_or_dropped_and_said_so() -> None:
    """A cut title is a title; a cut address or domain would be another one."""
    long = "t" * (limits.FIELD_CHARS_MAX + 1)
    decoded = decode({"text": "x", "title": long, "url": "https://e.example/" + long, "source": long, "lang": long})
    assert isinstance(decoded.value, Article)
    assert decoded.value.title == long[:-1]
    assert (decoded.value.url, decoded.value.source, decoded.value.lang) == (None, None, None)
    assert set(decoded.warnings) == {"title:cut", "url:too_long", "source:too_long", "lang:too_long"}


def test_source_is_the_host_of_the_url_where_it_is_missing() -> None:
    """A given source stands as it is; else it is the host, without www."""
    assert article({"text": "x", "url": "https://www.E.example:8080/a"}).source == "e.example"
    assert article({"text": "x", "url": "https://e.example/a", "source": "Other.example"}).source == "Other.example"
