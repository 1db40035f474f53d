"""The metric catalogue as data, and its one exporter. Prometheus' conventions: base units, _total for counters.

Each worker process has a registry of its own. Labels have few values each: never an id of an article or a text. Cities
are named by one gauge only, which holds no more of them than a setting allows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal, TypeAlias

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

Kind = Literal["counter", "gauge", "histogram"]
Values: TypeAlias = dict[tuple[str, ...], float]
"""The series of a counter or gauge by the values of its labels."""

BATCH_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
EXTRACTION_SECONDS = (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1)
DELAY_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400)
PAUSE_SECONDS = (0.05, 0.25, 1, 2.5, 5, 10, 30, 60)
RECORDS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric: what it is called, what it means, and what to do when it looks wrong."""

    name: str
    kind: Kind
    meaning: str
    action: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


CATALOGUE: tuple[MetricSpec, ...] = (
    MetricSpec(
        "muster_records_total",
        "counter",
        "Records read and worked on, by what came of them",
        "A rate of 0 with lag: see /readyz and the log. A rising share of dead_letter: see the dead letter topic.",
        ("outcome",),
    ),
    MetricSpec(
        "muster_events_total",
        "counter",
        "Deployment events produced, by scope, category of force and language of the article",
        "A sudden drop with steady input: the sources changed their format or language.",
        ("scope", "category", "lang"),
    ),
    MetricSpec(
        "muster_dead_letters_total",
        "counter",
        "Records that became dead letters, by reason",
        "Look at the newest records of the dead letter topic: the header muster.reason and the original tell why.",
        ("reason",),
    ),
    MetricSpec(
        "muster_warnings_total",
        "counter",
        "Optional fields of articles that could not be read and were left out",
        "Tell the scraper's owner which field: the header muster-warning of what came out names it.",
    ),
    MetricSpec(
        "muster_batch_seconds",
        "histogram",
        "Seconds of work on one fetched batch, without its deliveries",
        "Long batches: articles are large, or a city has very many reports.",
        buckets=BATCH_SECONDS,
    ),
    MetricSpec(
        "muster_batch_records",
        "histogram",
        "Records in one fetched batch",
        "Only ever 1 under load: the broker answers too slowly.",
        buckets=RECORDS,
    ),
    MetricSpec(
        "muster_extraction_seconds",
        "histogram",
        "Seconds from the bytes of one article to its claim",
        "A growing tail: find the article by the log and report it.",
        buckets=EXTRACTION_SECONDS,
    ),
    MetricSpec(
        "muster_delay_seconds",
        "histogram",
        "Seconds from the timestamp of an article's record to the moment when this role worked on what came of it",
        "Rising: the role is behind, see muster_consumer_lag_records.",
        buckets=DELAY_SECONDS,
    ),
    MetricSpec(
        "muster_consumer_lag_records",
        "gauge",
        "Records in the partition after the last committed offset, asked of the broker",
        "Steadily rising: add workers up to the number of partitions.",
        ("topic", "partition"),
    ),
    MetricSpec(
        "muster_commit_age_seconds",
        "gauge",
        "Seconds since everything that was finished was last known to be committed",
        "Over 60: the broker refuses commits; the worker leaves by itself at 90.",
    ),
    MetricSpec(
        "muster_table_rows", "gauge", "Rows in the role's table on this worker", "Memory grows with it.", ("table",)
    ),
    MetricSpec(
        "muster_totals_corrected_total",
        "counter",
        "Totals that the owner of a place wrote again because somebody else's older one stood last",
        "A few after a crash or a pause are normal; a steady rate means that two workers own a partition.",
    ),
    MetricSpec(
        "muster_rows_corrected_total",
        "counter",
        "Rows of the table's changelog that were written again because an older one stood last",
        "As for totals: a few after a crash or a pause are normal.",
    ),
    MetricSpec(
        "muster_city_people",
        "gauge",
        "Best figures of the cities that have the most people, planned and deployed; fold workers tell it",
        "Only for boards: ask /api/v1/cities for all of them, with their ranges and sources.",
        ("geonames_id", "city", "status"),
    ),
    MetricSpec(
        "muster_loop_pause_seconds",
        "histogram",
        "Seconds for which the event loop did not turn, every quarter of a second",
        "Long pauses: one batch or one total is too much work at once; at 60 s the worker leaves.",
        buckets=PAUSE_SECONDS,
    ),
    MetricSpec(
        "muster_asyncio_tasks",
        "gauge",
        "Tasks that the event loop has now",
        "A steady rise is a leak.",
    ),
    MetricSpec(
        "muster_assigned_partitions",
        "gauge",
        "Source partitions that this worker owns",
        "0 with other workers busy: more workers than partitions.",
    ),
    MetricSpec(
        "muster_rebalances_total",
        "counter",
        "Rebalances of the consumer group that this worker took part in",
        "Many an hour: workers come and go, or the session timeout is too short for the machine.",
    ),
    MetricSpec(
        "muster_recovery_seconds",
        "gauge",
        "Seconds that the last rebalance and recovery of the table took",
        "Grows with the table; reports cannot be folded meanwhile.",
    ),
    MetricSpec(
        "muster_ready", "gauge", "1 when the worker owns its partitions and works", "0 for long: see /readyz, the log."
    ),
    MetricSpec(
        "muster_build_info",
        "gauge",
        "Always 1; the labels tell which build runs",
        "Different values in one group: a deployment is under way or stuck.",
        ("version", "commit", "extractor_version", "role"),
    ),
)


def _zero(spec: MetricSpec) -> Values:
    return {} if spec.labels else {(): 0.0}


class Histogram:
    """How many observations fell into each bucket, the last of which has no bound, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Metrics:
    """Every metric of the catalogue on a registry of its own, and process_*: memory, time on the CPU, files, start.

    Counted in plain dictionaries that only one thread may touch, that of the event loop, because some are counted for
    every article: the library's own counters take a lock and find their labels each time, 5 microseconds for what is
    half a microsecond here. The library only writes them down when somebody asks.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._labels = {spec.name: spec.labels for spec in CATALOGUE}
        self._counters = {spec.name: _zero(spec) for spec in CATALOGUE if spec.kind == "counter"}
        self._gauges = {spec.name: _zero(spec) for spec in CATALOGUE if spec.kind == "gauge"}
        self._histograms = {spec.name: Histogram(spec.buckets) for spec in CATALOGUE if spec.kind == "histogram"}
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """For the registry: all families, as they stand."""
        for spec in CATALOGUE:
            match spec.kind:
                case "counter":
                    counter = CounterMetricFamily(spec.name, spec.meaning, labels=spec.labels)
                    for labels, value in self._counters[spec.name].items():
                        counter.add_metric(labels, value)
                    yield counter
                case "gauge":
                    gauge = GaugeMetricFamily(spec.name, spec.meaning, labels=spec.labels)
                    for labels, value in self._gauges[spec.name].items():
                        gauge.add_metric(labels, value)
                    yield gauge
                case "histogram":
                    held = self._histograms[spec.name]
                    bounds = [*(str(float(bound)) for bound in held.bounds), "+Inf"]
                    family = HistogramMetricFamily(spec.name, spec.meaning)
                    family.add_metric((), list(zip(bounds, accumulate(held.counts), strict=True)), held.total)
                    yield family

    def count(self, name: str, labels: tuple[str, ...] = (), amount: float = 1) -> None:
        values = self._counters[name]
        try:
            values[labels] += amount
        except KeyError:
            values[self._fitting(name, labels)] = amount

    def begin(self, name: str, *labels: str) -> None:
        """Let series exist at 0, one a value of the label: Prometheus sees no rise in one that begins with a count."""
        for label in labels:
            self.count(name, (label,), 0)

    def set(self, name: str, value: float, labels: tuple[str, ...] = ()) -> None:
        self._gauges[name][self._fitting(name, labels)] = value

    def observe(self, name: str, value: float) -> None:
        self._histograms[name].observe(value)

    def observe_delay(self, since: datetime | None, now: datetime) -> None:
        """How old an article is when its numbers arrive here; nothing when it has no time."""
        if since is not None:
            self.observe("muster_delay_seconds", max(0.0, (now - since).total_seconds()))

    def clear(self, name: str) -> None:
        """Forget all label values of a gauge, such as the partitions that moved away."""
        self._gauges[name].clear()

    def _fitting(self, name: str, labels: tuple[str, ...]) -> tuple[str, ...]:
        if len(labels) != len(self._labels[name]):
            raise ValueError(f"{name} has the labels {self._labels[name]}, not {len(labels)} of them")
        return labels
