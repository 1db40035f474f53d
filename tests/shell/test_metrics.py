"""The metric catalogue keeps Prometheus' conventions, and what is exported is what it says."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from muster.shell.metrics import CATALOGUE, Metrics
from muster.shell.web import WebServer

UNITS = ("_seconds", "_bytes", "_records", "_rows", "_partitions", "_total", "_info", "_ready", "_tasks", "_people")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda s: s.name)
def test_names_follow_the_conventions(spec):
    """A prefix, base units, _total on counters only; every metric says what it means and what to do."""
    assert re.fullmatch(r"muster(_[a-z]+)+", spec.name)
    assert spec.name.endswith(UNITS)
    assert spec.name.endswith("_total") == (spec.kind == "counter")
    assert bool(spec.buckets) == (spec.kind == "histogram")
    assert list(spec.buckets) == sorted(set(spec.buckets))
    assert len(spec.meaning) > 20
    assert len(spec.action) > 10
    unbounded = {"city", "geonames_id", "place", "article_id", "url", "event_id"}
    assert spec.name == "muster_city_people" or not unbounded & set(spec.labels)


def exercised() -> Metrics:
    metrics = Metrics()
    for spec in CATALOGUE:
        labels = tuple(f"some {label}" for label in spec.labels)
        match spec.kind:
            case "counter":
                metrics.count(spec.name, labels)
            case "gauge":
                metrics.set(spec.name, 2, labels)
            case "histogram":
                metrics.observe(spec.name, 2)
    return metrics


async def fetch(path: str, reason: str | None) -> tuple[int, str, str]:
    server = WebServer(exercised(), lambda: reason, "127.0.0.1", 0)
    port = await server.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}{path}") as response,
        ):
            return response.status, response.headers["Content-Type"], await response.text()
    finally:
        await server.stop()


def test_what_is_exported_is_the_catalogue():
    """/metrics parses as Prometheus text and holds every metric of the catalogue, its help and its kind."""
    status, content_type, text = asyncio.run(fetch("/metrics", None))
    assert status == 200
    assert content_type.startswith("text/plain")
    families = {f.name: f for f in text_string_to_metric_families(text) if not f.name.endswith("_created")}
    exported = {f.name + ("_total" if f.type == "counter" else "") for f in families.values()}
    own = {name for name in exported if name.startswith("process_")}
    assert {"process_resident_memory_bytes", "process_start_time_seconds"} <= own
    assert exported - own == {spec.name for spec in CATALOGUE}
    for spec in CATALOGUE:
        family = families[spec.name.removesuffix("_total") if spec.kind == "counter" else spec.name]
        assert (family.type, family.documentation) == (spec.kind, spec.meaning)


def test_health_and_readiness_are_told_apart():
    """A worker that recovers is healthy but not ready, and says why."""
    assert asyncio.run(fetch("/healthz", "starting"))[0] == 200
    assert asyncio.run(fetch("/readyz", None))[0] == 200
    status, _, text = asyncio.run(fetch("/readyz", "the table recovers"))
    assert status == 503
    assert "the table recovers" in text
    assert asyncio.run(fetch("/nothing", None))[0] == 404


def test_metrics_used_in_the_code_are_in_the_catalogue():
    """A name outside the catalogue would fail only when it is counted: find it here."""
    known = {spec.name for spec in CATALOGUE}
    used: set[str] = set()
    for path in (ROOT / "streams").rglob("*.py"):
        used |= set(re.findall(r"\"(muster_[a-z_]+)\"", path.read_text(encoding="utf-8")))
    assert used == known
