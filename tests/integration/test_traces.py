"""One article's way through real workers is one trace at a real receiver of OTLP over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from confluent_kafka import Producer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.integration.conftest import SEEDS
from tests.integration.test_upgrade import article

pytestmark = pytest.mark.kafka

TRACE = "0af7651916cd43dd8448eb211c80319c"
SCRAPER = "b7ad6b7169203331"
CONTEXTS = {
    "18-mil-650-a-juarez": f"00-{TRACE}-{SCRAPER}-01".encode(),
    "02-tijuana-takes-the-most": f"00-{TRACE[::-1]}-{SCRAPER}-00".encode(),
    "06-guards-for-juarez": f"00-{TRACE.upper()}-{SCRAPER}-01".encode(),
    "13-nogales-has-120": b"\xff" * 55,
}


class Receiver:
    """Takes spans as a collector does."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces":
                    requests.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: the test's output is its own."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_an_article_is_one_trace_from_its_record_to_the_total(deploy, receiver):
    """Each role's span is the child of the one before it; other articles, and broken contexts, leave none."""
    stream = deploy(traces_endpoint=receiver.url)
    workers = stream.start()
    producer = Producer({"bootstrap.servers": stream.settings.bootstrap})
    for name, context in CONTEXTS.items():
        key, value = article(SEEDS / "story" / f"{name}.json")
        producer.produce(stream.settings.topic_articles, value, key, headers=[("traceparent", context)])
    assert producer.flush(60) == 0
    stream.wait_until_read()
    assert [worker.end() for worker in workers] == [0, 0, 0]

    found = {}
    for request in receiver.requests:
        for resource in request.resource_spans:
            (service,) = (a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
            for scope in resource.scope_spans:
                found |= {(service, span.name): span for span in scope.spans}
    topics = stream.settings
    way = [
        ("muster-extract", f"process {topics.topic_articles}"),
        ("muster-route", f"process {topics.topic_claims}"),
        ("muster-fold", f"process {topics.topic_reports}"),
        ("muster-fold", f"create {topics.topic_city_totals}"),
    ]
    assert set(found) == set(way)
    assert {span.trace_id.hex() for span in found.values()} == {TRACE}
    parents = [SCRAPER, *(found[step].span_id.hex() for step in way)]
    assert [found[step].parent_span_id.hex() for step in way] == parents[:-1]

    for topic, step in ((topics.topic_events, parents[1]), (topics.topic_city_totals, parents[-1])):
        carried = {sent.get("traceparent", b"").decode() for _, _, sent in stream.read(topic)}
        assert f"00-{TRACE}-{step}-01" in carried  # a total may be made once more
