"""Headers of the records that Muster writes: CloudEvents 1.0 in Kafka's binary mode, warnings, trace, dead letters.

All values are UTF-8 and bounded. A header never holds an article's words: a rejection's detail has none by contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from muster.core.model import Rejection, Scope
from muster.shell.codec import state_of

if TYPE_CHECKING:
    from muster.shell.faust.batch import Record

Headers: TypeAlias = tuple[tuple[str, bytes], ...]

EVENT_TYPE = "muster.deployment-event.v1"
CITY_TOTAL_TYPE = "muster.city-total.v1"
REGION_TOTAL_TYPE = "muster.region-total.v1"
EVENT_SOURCE = "/muster/extract"
TOTAL_SOURCE = "/muster/fold"

TRACEPARENT = "traceparent"
WARNING = "muster-warning"
WRITER = "muster-writer"
STATE = "muster-state"
ROWS = "muster-rows"
REASON = "muster.reason"
ERRORS_PREFIX = "__connect.errors."
"""Kafka Connect's names, so that its tools read Muster's dead letters."""

VALUE_CHARS_MAX = 500

_TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def event_headers(event_id: str, now: datetime) -> Headers:
    """Of a DeploymentEvent: its id is the event's own, so that a repeated one is known as such."""
    return _cloud_event(event_id, EVENT_TYPE, EVENT_SOURCE, _rfc3339(now))


def total_headers(
    value: bytes,
    now: datetime,
    incoming: Iterable[tuple[str, bytes]],
    scope: Scope = "city",
    writer: str = "",
    rows: bytes = b"",
) -> Headers:
    """Of a CityTotal or RegionTotal.

    `writer` names the worker process, so that it knows its own records again, `rows` the rows that the total was made
    of, so that the next owner knows it for right (see `roles.rows_digest`).

    The id joins state and time: a total that returns to an earlier state is news, and must not pass for a repetition.
    """
    state, time = state_of(value), _rfc3339(now)
    kind = CITY_TOTAL_TYPE if scope == "city" else REGION_TOTAL_TYPE
    return (
        *_cloud_event(f"{state}@{time}", kind, TOTAL_SOURCE, time),
        (STATE, state.encode()),
        *(((WRITER, writer.encode()),) if writer else ()),
        *(((ROWS, rows),) if rows else ()),
        *passed_on(incoming),
    )


def passed_on(incoming: Iterable[tuple[str, bytes]], warnings: Sequence[str] = ()) -> Headers:
    """The trace that a record belongs to, if it names a valid one, and what could not be read of it."""
    trace = trace_of(incoming)
    return (
        *(((TRACEPARENT, trace),) if trace else ()),
        *(((WARNING, _bounded(",".join(warnings))),) if warnings else ()),
    )


def trace_of(incoming: Iterable[tuple[str, bytes]]) -> bytes | None:
    """The first valid W3C traceparent among the headers; whatever else stands under that name counts for nothing."""
    valid = (value for name, value in incoming if name == TRACEPARENT and value and _TRACEPARENT.fullmatch(value))
    return next(valid, None)


def dead_letter_headers(record: Record, rejection: Rejection, *, stage: str, exception_class: str = "") -> Headers:
    """The record's own headers unchanged, then where it came from and why it is a dead letter.

    Args:
        record: the record as it was fetched.
        rejection: the reason of the closed list, and its detail.
        stage: the role that gave it up.
        exception_class: of an unexpected exception, or the broker's name of an error; empty for a rejection.
    """
    errors = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "connector.name": "muster",
        "stage": stage,
        "class.name": f"muster.shell.roles.{stage}",
        "exception.class.name": exception_class or type(rejection).__name__,
        "exception.message": rejection.detail,
    }
    return (
        *record.headers,
        *((ERRORS_PREFIX + name, _bounded(value)) for name, value in errors.items()),
        (REASON, rejection.reason.encode()),
    )


def original_headers(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """The headers of a dead letter as the record had them before it became one, for a replay."""
    return tuple((name, value) for name, value in headers if not (name == REASON or name.startswith(ERRORS_PREFIX)))


def _cloud_event(identity: str, kind: str, source: str, time: str) -> Headers:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", identity.encode()),
        ("ce_type", kind.encode()),
        ("ce_source", source.encode()),
        ("ce_time", time.encode()),
        ("content-type", b"application/json"),
    )


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bounded(value: str) -> bytes:
    return value[:VALUE_CHARS_MAX].encode("utf-8", "replace")
