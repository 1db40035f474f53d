"""Spans of the records that belong to a sampled trace, after OpenTelemetry's conventions for messaging.

A batch holds records of many traces, so each sampled record has a span of its own, `process <topic>`, whose parent is
the context in its header. What comes of the record carries the span's context on. A total is made once for all reports
of a batch: its span, `create <topic>`, follows the newest sampled report and links to all of them.

Attributes are Muster's and Kafka's own words only, never those of an article or of a key.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from muster import __version__
from muster.shell import headers
from muster.shell.faust.batch import Headers, Outgoing, Record
from muster.shell.faust.pump import Work
from muster.shell.settings import Settings

STOP_SECONDS_MAX = 3.0
NAMELESS = "unknown_service"
"""With this the library begins the name of a service that nobody named."""


class Tracing:
    """One for a worker: makes the spans of its work, and hands them to an exporter of a bounded queue.

    Args:
        provider: where spans go.
        settings: names of topics and of the consumer group.
        role: whose work it is.
    """

    def __init__(self, provider: TracerProvider, settings: Settings, role: str) -> None:
        self._provider = provider
        self._settings = settings
        self._group = f"{settings.group_prefix}-{role}"

    @classmethod
    def over_http(cls, settings: Settings, role: str) -> Tracing:
        """Spans go to the address of the settings, else of the standard's variables, as OTLP over HTTP."""
        named = Resource.create()  # what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say
        own = {"service.version": __version__}
        if str(named.attributes.get("service.name", NAMELESS)).startswith(NAMELESS):
            own["service.name"] = f"muster-{role}"
        provider = TracerProvider(resource=named.merge(Resource(own)), shutdown_on_exit=False)
        base = settings.traces_endpoint.rstrip("/")
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{base}/v1/traces" if base else None)))
        return cls(provider, settings, role)

    def of(self, work: Work) -> Work:
        """The same work, with spans."""
        return TracedWork(
            work, self._provider.get_tracer("muster", __version__), self._settings.topic_dead_letters, self._group
        )

    def stop(self) -> None:
        """Send what is left, if the receiver takes it soon: a worker that stops waits for no dead collector."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(STOP_SECONDS_MAX)


class TracedWork:
    """Work of any role, with a span for each sampled record; all others pass it by."""

    def __init__(self, work: Work, tracer: trace.Tracer, dead_letters: str, group: str) -> None:
        self._work = work
        self._tracer = tracer
        self._dead_letters = dead_letters
        self._group = group
        self._sampled: dict[bytes | None, list[SpanContext]] = {}

    def process(self, record: Record) -> Sequence[Outgoing]:
        parent = sampled_context(record.headers) if record.headers else None
        if parent is None:
            return self._work.process(record)
        name, attributes = f"process {record.topic}", self._attributes("process", record.topic)
        attributes["messaging.consumer.group.name"] = self._group
        attributes["messaging.destination.partition.id"] = str(record.partition)
        attributes["messaging.kafka.offset"] = record.offset
        attributes["messaging.message.body.size"] = len(record.value or b"")
        with self._tracer.start_as_current_span(name, _after(parent), SpanKind.CONSUMER, attributes) as span:
            items = self._work.process(record)
            if any(item.topic == self._dead_letters for item in items):
                _failed(span, items)
        own = span.get_span_context()
        if not own.trace_flags.sampled:  # the standard's variables may choose fewer than the header asks for
            return items
        self._sampled.setdefault(record.key, []).append(own)
        return [item if item.topic == self._dead_letters else _carrying(item, own) for item in items]

    def flush(self) -> Iterable[Sequence[Outgoing]]:
        if not self._sampled:
            return self._work.flush()
        sampled, self._sampled = self._sampled, {}
        return self._traced(sampled)

    def _traced(self, sampled: dict[bytes | None, list[SpanContext]]) -> Iterator[Sequence[Outgoing]]:
        for piece in self._work.flush():
            contexts = sampled.get(piece[0].key) if piece else None
            yield self._created(piece, contexts) if contexts else piece

    def _created(self, piece: Sequence[Outgoing], contexts: Sequence[SpanContext]) -> Sequence[Outgoing]:
        """What the records of these spans came to together: a total, and the tombstone behind it."""
        topic = piece[0].topic
        if topic == self._dead_letters:
            return piece
        span = self._tracer.start_span(
            f"create {topic}",
            _after(contexts[-1]),
            SpanKind.PRODUCER,
            self._attributes("create", topic),
            links=[Link(context) for context in contexts],
        )
        span.end()
        return [_carrying(item, span.get_span_context()) for item in piece]

    @staticmethod
    def _attributes(operation: str, topic: str) -> dict[str, str | int]:
        return {
            "messaging.system": "kafka",
            "messaging.operation.type": operation,
            "messaging.operation.name": operation,
            "messaging.destination.name": topic,
        }


def sampled_context(incoming: Iterable[tuple[str, bytes]]) -> SpanContext | None:
    """The context in a record's headers, if it is a valid one of a sampled trace."""
    value = headers.trace_of(incoming)
    if value is None:
        return None
    _, trace_id, span_id, flags = value.decode().split("-")
    if not int(flags, 16) & TraceFlags.SAMPLED:
        return None
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _after(parent: SpanContext) -> Context:
    return trace.set_span_in_context(NonRecordingSpan(parent))


def _failed(span: Span, items: Sequence[Outgoing]) -> None:
    """The reason is of a closed list."""
    reasons = [value for item in items for name, value in item.current_headers() if name == headers.REASON]
    span.set_attribute("error.type", reasons[-1].decode() if reasons else "_OTHER")
    span.set_status(Status(StatusCode.ERROR))


def _carrying(item: Outgoing, context: SpanContext) -> Outgoing:
    """The same record with this context in the place of the one that came; a row of a changelog carries none."""
    own = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}".encode()
    held = item.headers
    if callable(held):
        return replace(item, headers=lambda: _with(held(), own))
    known = any(name == headers.TRACEPARENT for name, _ in held)
    return replace(item, headers=_with(held, own)) if known else item


def _with(held: Headers, own: bytes) -> Headers:
    return (*(one for one in held if one[0] != headers.TRACEPARENT), (headers.TRACEPARENT, own))
