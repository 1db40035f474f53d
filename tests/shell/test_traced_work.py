"""Spans for sampled records and nothing else: what they are called, whose children they are, what goes on from them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from muster.core.model import Rejection
from muster.shell import headers, tracing
from muster.shell.faust.batch import Outgoing, Record
from muster.shell.settings import Settings
from muster.shell.traced_work import Tracing
from tests.shell.test_headers import Fetched

TRACE = "0af7651916cd43dd8448eb211c80319c"
SAMPLED = f"00-{TRACE}-b7ad6b7169203331-01".encode()
OTHER = b"00-11f7651916cd43dd8448eb211c80319c-b7ad6b7169203332-01"
UNSAMPLED = f"00-{TRACE}-b7ad6b7169203331-00".encode()
SETTINGS = Settings(_env_prefix="MUSTER_NOWHERE_")


@dataclass
class Copy:
    """Each record goes out once, with its trace and a row of a changelog, and once more in the flush, by key."""

    touched: dict[bytes | None, Record] = field(default_factory=dict)

    def process(self, record: Record) -> Sequence[Outgoing]:
        self.touched[record.key] = record
        if record.value == b"bad":
            rejection = Rejection("not_json", "no")
            return [Outgoing(SETTINGS.topic_dead_letters, record.key, record.value, headers=letter(record, rejection))]
        out = Outgoing("out", record.key, record.value, headers=headers.passed_on(record.headers), origin=record)
        return [out, Outgoing("log", record.key, b"row", headers=(("writer", b"me"),))]

    def flush(self) -> Iterable[Sequence[Outgoing]]:
        touched, self.touched = self.touched, {}
        for key, record in touched.items():
            yield [Outgoing("totals", key, lambda: b"1", headers=lambda r=record: headers.passed_on(r.headers))]


def letter(record: Record, rejection: Rejection) -> headers.Headers:
    return headers.dead_letter_headers(record, rejection, stage="extract")


def traced():
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return Tracing(provider, SETTINGS, "extract").of(Copy()), spans


def record(trace: bytes | None, key: bytes = b"a", value: bytes = b"v") -> Fetched:
    return Fetched(key=key, value=value, headers=((headers.TRACEPARENT, trace),) if trace is not None else ())


def trace_of(item: Outgoing) -> bytes | None:
    return dict(item.current_headers()).get(headers.TRACEPARENT)


def traceparent(span) -> bytes:
    own = span.get_span_context()
    return f"00-{own.trace_id:032x}-{own.span_id:016x}-01".encode()


@given(st.one_of(st.none(), st.just(UNSAMPLED), st.binary(max_size=80), st.text(max_size=60).map(str.encode)))
def test_whatever_is_no_sampled_trace_passes_by(value):
    """Hostile, malformed, missing and unsampled contexts give the work's own records, and no span."""
    work, spans = traced()
    given_record = record(value)
    plain = Copy()
    found = [*work.process(given_record), *(item for piece in work.flush() for item in piece)]
    wanted = [*plain.process(given_record), *(item for piece in plain.flush() for item in piece)]
    assert [(i.topic, i.key, i.current_value(), i.current_headers()) for i in found] == [
        (i.topic, i.key, i.current_value(), i.current_headers()) for i in wanted
    ]
    assert spans.get_finished_spans() == ()


def test_a_sampled_record_has_a_span_and_its_results_go_on_from_it():
    """The span's parent is the record's context; what goes out carries the span; a changelog row carries nothing."""
    work, spans = traced()
    out, row = work.process(record(SAMPLED))
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind.name) == ("process articles.raw", "CONSUMER")
    assert span.get_span_context().trace_id == int(TRACE, 16)
    assert span.parent.span_id == 0xB7AD6B7169203331
    assert trace_of(out) == traceparent(span)
    assert row.current_headers() == [("writer", b"me")]
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.destination.name": "articles.raw",
        "messaging.destination.partition.id": "3",
        "messaging.kafka.offset": 1_650,
        "messaging.consumer.group.name": "muster-extract",
        "messaging.message.body.size": 1,
    }


def test_a_total_links_to_every_sampled_report_of_its_batch():
    """It follows the newest of them; totals of other places are left alone."""
    work, spans = traced()
    for one in (record(SAMPLED), record(None), record(OTHER), record(None, key=b"b"), record(None)):
        work.process(one)
    first, second = spans.get_finished_spans()
    totals = {item.key: item for piece in work.flush() for item in piece}
    create = spans.get_finished_spans()[-1]
    assert (create.name, create.kind.name) == ("create totals", "PRODUCER")
    assert create.parent.span_id == second.get_span_context().span_id
    assert [link.context for link in create.links] == [first.get_span_context(), second.get_span_context()]
    assert trace_of(totals[b"a"]) == traceparent(create)
    assert trace_of(totals[b"b"]) is None
    assert [item for piece in work.flush() for item in piece] == []


def test_a_dead_letter_keeps_its_own_headers_and_marks_the_span():
    """The original is untouched, and the reason is the type of the error."""
    work, spans = traced()
    (letter_out,) = work.process(record(SAMPLED, value=b"bad"))
    (span,) = spans.get_finished_spans()
    assert trace_of(letter_out) == SAMPLED
    assert (span.status.status_code, span.attributes["error.type"]) == (StatusCode.ERROR, "not_json")


def test_the_standard_sampler_has_the_last_word(monkeypatch):
    """What it leaves out costs no span, and its record goes on as it came."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    work, spans = traced()
    out, _ = work.process(record(SAMPLED))
    assert trace_of(out) == SAMPLED
    assert spans.get_finished_spans() == ()


@pytest.mark.parametrize(
    ("environment", "endpoint", "wanted"),
    [
        ({}, "", False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, "", True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, "", True),
        ({}, "http://127.0.0.1:4318", True),
        ({"OTEL_SDK_DISABLED": "true"}, "http://127.0.0.1:4318", False),
        ({"OTEL_TRACES_EXPORTER": "none"}, "http://127.0.0.1:4318", False),
    ],
)
def test_traces_are_wanted_where_an_address_is_named(environment, endpoint, wanted):
    """By Muster's setting or the standard's, and never against its switches."""
    assert tracing.is_wanted(SETTINGS.model_copy(update={"traces_endpoint": endpoint}), environment) is wanted


def test_a_worker_without_an_address_imports_nothing_of_it():
    """Off is off: the packages of the extra may as well not be installed."""
    code = (
        "import sys; from muster.shell import worker; from muster.shell.settings import Settings;"
        "from muster.shell.tracing import start_tracing; assert start_tracing(Settings(), 'extract') is None;"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})
    assert ended.stdout == "[]\n"


def test_a_missing_extra_is_said_and_stops_nothing(monkeypatch, caplog):
    """An address alone, as a platform may set it for all, is a warning that names the extra."""
    monkeypatch.setitem(sys.modules, "muster.shell.traced_work", None)
    assert (
        tracing.start_tracing(SETTINGS.model_copy(update={"traces_endpoint": "http://127.0.0.1:4318"}), "fold") is None
    )
    assert "muster[otel]" in caplog.text
