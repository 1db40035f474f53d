"""Headers name what a value is, where it came from and why it failed, and leave the record's own alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from muster import schemas
from muster.core.model import Rejection
from muster.shell import headers
from tests.strategies import moments, rejections, text

TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ROWS = b"0123456789abcdef-" + b"0" * 32
NOW = datetime(2025, 2, 4, 18, 30, 0, 123_456, tzinfo=UTC)
SCHEMAS = Path(schemas.__file__).parent

some_headers = st.lists(st.tuples(text(12), st.binary(max_size=12)), max_size=4).map(tuple)


@dataclass(frozen=True)
class Fetched:
    """A record as a consumer gives it."""

    topic: str = "articles.raw"
    partition: int = 3
    offset: int = 1_650
    timestamp: int = 0
    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = field(default=())


@cache
def validator(message: str) -> Draft202012Validator:
    document = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text(encoding="utf-8"))
    return Draft202012Validator(document["components"]["messages"][message]["headers"])


def check_by_contract(message: str, found: headers.Headers) -> None:
    validator(message).validate({name: value.decode() for name, value in found})
    json_schema: Any = validator(message).schema
    assert {name for name, _ in found} <= set(json_schema["properties"])


@given(moments())
def test_event_headers_are_those_of_the_contract(now: datetime) -> None:
    """CloudEvents 1.0 in binary mode: the event's own id, and the time handed in."""
    passed_on = headers.passed_on([("traceparent", TRACE)], ("published_at:unreadable", "title:cut"))
    found = (*headers.event_headers("0" * 64, now), *passed_on)
    check_by_contract("DeploymentEvent", found)
    assert dict(found)["ce_id"] == b"0" * 64
    assert abs(datetime.fromisoformat(dict(found)["ce_time"].decode()) - now).total_seconds() < 0.001


@pytest.mark.parametrize(
    ("scope", "message"), [("city", "CityTotal"), ("region", "RegionTotal"), ("multi", "RegionTotal")]
)
def test_total_headers_are_those_of_the_contract(scope: str, message: str) -> None:
    """The state is that of the value; the id is another one when the same state comes back later."""
    found = headers.total_headers(
        b"{}", NOW, [("traceparent", TRACE)], scope, "0" * 32, b"%s-%s" % (b"0" * 16, b"1" * 32)
    )  # type: ignore[arg-type]
    check_by_contract(message, found)
    later = headers.total_headers(b"{}", NOW.replace(year=2026), ())
    assert dict(found)["muster-state"] == dict(later)["muster-state"]
    assert dict(found)["ce_id"] != dict(later)["ce_id"]


@pytest.mark.parametrize(
    "value",
    [
        TRACE + b"-01",
        TRACE.upper(),
        TRACE + b"\n",
        b"ff" + TRACE[2:],
        b"00-" + b"0" * 32 + TRACE[35:],
        TRACE[:36] + b"0" * 16 + b"-01",
        b"x" * 10_000,
        b"",
    ],
)
def test_what_is_no_trace_context_is_not_passed_on(value: bytes) -> None:
    """Only the form of W3C Trace Context goes through, so that nobody smuggles text; the first valid one counts."""
    assert headers.passed_on([("traceparent", value)]) == ()
    assert headers.passed_on([("traceparent", value), ("traceparent", TRACE)]) == (("traceparent", TRACE),)


@given(some_headers, st.lists(st.sampled_from(["title:cut", "url:unreadable"]), max_size=2))
def test_of_other_headers_nothing_is_passed_on(incoming: headers.Headers, warnings: list[str]) -> None:
    """What a scraper puts into its headers does not reach subscribers; warnings are one header."""
    found = headers.passed_on([h for h in incoming if h[0] != "traceparent"], warnings)
    assert found == ((("muster-warning", ",".join(warnings).encode()),) if warnings else ())


@given(some_headers, rejections())
def test_dead_letters_keep_the_headers_of_the_record_and_add_their_own(
    own: headers.Headers, rejection: Rejection
) -> None:
    """First what the record had, order and repetitions included; then Kafka Connect's names and the reason."""
    record = Fetched(headers=(*own, *own))
    found = headers.dead_letter_headers(record, rejection, stage="extract")
    assert found[: len(record.headers)] == record.headers
    letter = schemas.DeadLetterHeadersV1.of(found)
    assert (letter.topic, letter.partition, letter.offset) == ("articles.raw", 3, 1_650)
    assert (letter.stage, letter.reason, letter.exception_message) == ("extract", rejection.reason, rejection.detail)


@given(some_headers, rejections())
def test_a_replayed_dead_letter_has_its_first_headers_again(own: headers.Headers, rejection: Rejection) -> None:
    """original_headers undoes dead_letter_headers, however often the record came back."""
    once = headers.dead_letter_headers(Fetched(headers=own), rejection, stage="route", exception_class="KeyError")
    twice = headers.dead_letter_headers(Fetched(headers=once), rejection, stage="fold")
    assert headers.original_headers(twice) == headers.original_headers(once) == own
    assert schemas.DeadLetterHeadersV1.of(twice).stage == "fold"


def test_long_messages_are_cut() -> None:
    """No header of a dead letter outgrows its bound, whatever an exception says; lone surrogates do no harm."""
    rejection = Rejection("internal_error", "\ud800" + "x" * 10_000)
    found = headers.dead_letter_headers(Fetched(), rejection, stage="fold", exception_class="E" * 10_000)
    assert max(len(value) for _, value in found) <= headers.VALUE_CHARS_MAX
