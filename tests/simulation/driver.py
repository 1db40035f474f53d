"""A seeded run of the three roles over a faulty log, judged by the auditor.

The roles' transitions are the product's own; workers, log and faults are simulated. A worker is a generator that stops
after every step: a crash is a generator that nobody resumes, a zombie one that is resumed after its partition has gone
to another worker. `simulate(seed)` gives a verdict that depends on the seed (and the code) only.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from muster.core import reconcile, standing
from muster.core import route as routing
from muster.core.model import Figures, PlaceTotal, Report, RouteRow
from muster.shell import codec, report_rows
from tests.simulation.auditor import Finding, assertions_of, audit
from tests.simulation.faulty_log import FaultyLog, Record
from tests.simulation.mutations import Mutation
from tests.simulation.world import Raw, records_of

ARTICLES, CLAIMS, REPORTS, TOTALS, EVENTS = "articles", "claims", "reports", "totals", "events"
CHANGELOG = {CLAIMS: "route-rows", REPORTS: "fold-rows"}
PARTITIONS = 2
STEPS_MAX = 20_000

Send = tuple[str, int, str, Callable[[], Any]]


def partition_of(key: str) -> int:
    return zlib.crc32(key.encode()) % PARTITIONS


@dataclass
class Worker:
    """One role's owner of one partition: reads `topic`, keeps a table where the role has one."""

    simulation: Simulation
    topic: str
    partition: int
    number: int
    table: dict[Any, Any] = field(default_factory=dict)
    guarded_to: int = 0
    rows_guarded_to: int = 0
    steps: Iterator[None] | None = None

    def __post_init__(self) -> None:
        log = self.simulation.log
        self.generation = log.join(self.topic, self.partition)
        if self.topic in CHANGELOG:
            self._restore(log.read(CHANGELOG[self.topic], self.partition, 0))
        self.position = log.committed.get((self.topic, self.partition), 0)

    def _restore(self, rows: list[Record]) -> None:
        merged: dict[str, bytes] = {}
        for row in rows:
            held = merged.get(row.key, row.value)
            merged[row.key] = (
                row.value if self.simulation.mutation.name == "last_row_stands" else self._merge(held, row)
            )
        read_row = codec.decode_route_row if self.topic == CLAIMS else report_rows.unpack
        self.table = {key: read_row(row) for key, row in merged.items()}

    def _merge(self, held: bytes, row: Record) -> bytes:
        return (codec.merge_route_rows if self.topic == CLAIMS else report_rows.merge)(held, row.value)

    def _row(self, key: str) -> bytes:
        row = self.table[key]
        return codec.encode_route_row(row) if self.topic == CLAIMS else report_rows.pack(row)

    @property
    def is_idle(self) -> bool:
        return self.steps is None and self.position >= self.simulation.log.end(self.topic, self.partition)

    def step(self) -> None:
        """One step of the batch under way, or of the next one."""
        if self.steps is None:
            self.steps = self._batch()
        if next(self.steps, self) is self:
            self.steps = None

    def _batch(self) -> Iterator[None]:
        log, rng, mutation = self.simulation.log, self.simulation.rng, self.simulation.mutation
        records = log.read(self.topic, self.partition, self.position, rng.randint(1, 6))
        if not records:
            return
        self.position = records[-1].offset + 1
        sends = [send for record in records for send in self._process(record)]
        if self.topic == REPORTS:
            sends += [self._total(key) for key in sorted({record.key for record in records})]
        yield
        if mutation.name == "commit_before_send":
            log.commit(self.topic, self.partition, self.position, self.generation)
        for topic, partition, key, value in _interleaved(sends, rng):
            is_row = topic in CHANGELOG.values()
            if not (is_row and mutation.name == "no_changelog"):
                log.append(topic, partition, key, value(), self.number)
            yield
        log.commit(self.topic, self.partition, self.position, self.generation)

    def _process(self, record: Record) -> list[Send]:
        if self.topic == ARTICLES:
            return self._extract(record.value)
        return self._route(record.value) if self.topic == CLAIMS else self._fold(record.value)

    def _extract(self, raw: Raw) -> list[Send]:
        claim = self.simulation.mutation.claim(raw)
        if claim is None:
            return []
        assertions = [assertion for named in claim.located for assertion in named.assertions]
        events = [(EVENTS, 0, assertion.event_id, lambda: None) for assertion in assertions]
        return [(CLAIMS, partition_of(raw.article_id), raw.article_id, lambda: codec.encode_claim(claim)), *events]

    def _route(self, value: bytes) -> list[Send]:
        claim = codec.decode_claim(value)
        article_id = claim.provenance.article_id
        before: RouteRow | None = self.table.get(article_id)
        self.table[article_id], reports = routing.route(before, claim)
        sent = self.simulation.mutation.reports(before, claim, reports)
        row: Send = (CHANGELOG[CLAIMS], self.partition, article_id, lambda: self._row(article_id))
        return [row, *map(_report, sent)]

    def _fold(self, value: bytes) -> list[Send]:
        report = codec.decode_report(value)
        key = f"{report.location.key} {report.provenance.article_id}"
        self.table[key] = self.simulation.mutation.merge(self.table.get(key), report)
        return [(CHANGELOG[REPORTS], self.partition, key, lambda: self._row(key))]

    def _total(self, place: str) -> Send:
        return TOTALS, self.partition, place, lambda: self.total(place)

    def total(self, place: str) -> PlaceTotal:
        reports = [row for key, row in self.table.items() if key.split(" ")[0] == place]
        return reconcile.total_of(standing.location_of(reports), reports)

    def guard(self) -> None:
        """As the guard of the totals: a record of somebody else that is not the own current total is followed by it."""
        log = self.simulation.log
        records = log.read(TOTALS, self.partition, self.guarded_to)
        last = {record.key: record for record in records if record.writer != self.number}
        last.update({record.key: record for record in records})
        places = {key.split(" ")[0] for key in self.table}
        missing = places - log.last_values(TOTALS, self.partition).keys() if self.guarded_to == 0 else set()
        self.guarded_to = log.end(TOTALS, self.partition)
        for place in sorted(last.keys() & places | missing):
            foreign = place in missing or last[place].writer != self.number
            if foreign and (place in missing or last[place].value != self.total(place)):
                log.append(TOTALS, self.partition, place, self.total(place), self.number)

    def guard_rows(self) -> None:
        """As the reader of the changelog: somebody else's row that says less than the own one is followed by it."""
        log, changelog = self.simulation.log, CHANGELOG[self.topic]
        rows = log.read(changelog, self.partition, self.rows_guarded_to)
        self.rows_guarded_to = log.end(changelog, self.partition)
        for row in {row.key: row for row in rows}.values():
            if row.writer == self.number or row.key not in self.table:
                continue
            if self._merge(self._row(row.key), row) != row.value:
                log.append(changelog, self.partition, row.key, self._row(row.key), self.number)


def _report(report: Report) -> Send:
    return REPORTS, partition_of(report.location.key), report.location.key, lambda: codec.encode_report(report)


def _interleaved(sends: list[Send], rng: random.Random) -> Iterator[Send]:
    """Order holds within a partition only."""
    queues: dict[tuple[str, int], list[Send]] = {}
    for send in sends:
        queues.setdefault(send[:2], []).append(send)
    while queues:
        chosen = rng.choice(sorted(queues))
        yield queues[chosen].pop(0)
        if not queues[chosen]:
            del queues[chosen]


@dataclass
class Verdict:
    """What a run came to.

    `wrong` are the places whose last total is not what the auditor says, with both; `unfounded` those whose total
    quotes what no standing version asserts, or has a figure and no quote.
    """

    seed: int
    records: int
    steps: int
    faults: dict[str, int]
    wrong: dict[str, tuple[Finding | None, Finding | None]]
    lost_events: int
    unfounded: list[str]

    @property
    def is_right(self) -> bool:
        return not self.wrong and not self.lost_events and not self.unfounded


class Simulation:
    """One run. All chance comes from `rng`."""

    def __init__(self, seed: int, mutation: Mutation | None = None, fault_rate: float | None = None) -> None:
        self.rng = random.Random(seed)
        self.seed = seed
        self.mutation = mutation or Mutation("none")
        self.log = FaultyLog()
        self.raws = records_of(self.rng)
        self.fault_rate = self.rng.choice([0.0, 0.02, 0.1]) if fault_rate is None else fault_rate
        self.faults = dict.fromkeys(("crash", "rebalance", "zombie", "compaction"), 0)
        self.zombies: list[Worker] = []
        self.workers_count = 0
        self.workers = {(t, p): self._worker(t, p) for t in (ARTICLES, CLAIMS, REPORTS) for p in range(PARTITIONS)}

    def _worker(self, topic: str, partition: int) -> Worker:
        self.workers_count += 1
        return Worker(self, topic, partition, self.workers_count)

    def run(self) -> Verdict:
        pending = list(self.raws)
        steps = 0
        while pending or self.zombies or not all(worker.is_idle for worker in self.workers.values()):
            steps += 1
            assert steps < STEPS_MAX, f"seed {self.seed} does not come to rest"
            if pending and self.rng.random() < 0.3:
                raw = pending.pop()
                self.log.append(ARTICLES, self.rng.randrange(PARTITIONS), raw.article_id, raw)
            if self.rng.random() < self.fault_rate and (pending or steps < 2_000):
                self._fault()
            elif self.zombies and self.rng.random() < 0.1:
                self._wake(self.rng.choice(self.zombies))
            else:
                worker = self.rng.choice(
                    [w for w in self.workers.values() if not w.is_idle] or [*self.workers.values()]
                )
                worker.step()
                if self.rng.random() < 0.2:
                    self._guard(worker)
        for worker in self.workers.values():
            self._guard(worker)
        return self._verdict(steps)

    def _guard(self, worker: Worker) -> None:
        if worker.topic == REPORTS and self.mutation.name != "no_guard":
            worker.guard()
        if worker.topic in CHANGELOG and self.mutation.name != "no_row_guard":
            worker.guard_rows()

    def _fault(self) -> None:
        topic, partition = self.rng.choice(sorted(self.workers))
        kind = self.rng.choice(sorted(self.faults))
        self.faults[kind] += 1
        if kind == "compaction":
            for source, changelog in CHANGELOG.items():
                # The topics' compaction lag: what the owner has not looked at is too young.
                below = self.workers[source, partition].rows_guarded_to
                if self.mutation.name == "no_row_guard":
                    below = self.log.end(changelog, partition)
                self.log.compact(changelog, partition, self.rng.randint(0, below))
            return
        old = self.workers[topic, partition]
        if kind == "rebalance":  # it finishes what it has begun and leaves
            while old.steps is not None:
                old.step()
        elif kind == "zombie" and old.steps is not None:
            self.zombies.append(old)
        self.workers[topic, partition] = self._worker(topic, partition)

    def _wake(self, zombie: Worker) -> None:
        """It goes on with the batch that it was in, unaware that others own its partition; then it sees and ends."""
        zombie.step()
        if zombie.steps is None:
            self.zombies.remove(zombie)

    def _verdict(self, steps: int) -> Verdict:
        totals: dict[str, PlaceTotal] = {}
        for partition in range(PARTITIONS):
            totals.update(self.log.last_values(TOTALS, partition))
        found = {place: _finding(total) for place, total in totals.items() if total.reports}
        known = assertions_of(self.raws)
        unfounded = [place for place, total in totals.items() if not _is_founded(place, total, known)]
        expected = {place: finding for place, finding in audit(self.raws).items() if finding.reports}
        wrong = {
            place: (expected.get(place), found.get(place))
            for place in sorted(expected.keys() | found.keys())
            if expected.get(place) != found.get(place)
        }
        said = {a.event_id for raw in self.raws for named in raw.located for a in named.assertions}
        events = {record.key for record in self.log.read(EVENTS, 0, 0)}
        return Verdict(self.seed, len(self.raws), steps, self.faults, wrong, len(said ^ events), unfounded)


def _finding(total: PlaceTotal) -> Finding:
    return Finding(
        total.figures, dict(total.by_force), total.as_of, total.first_reported_at, total.reports, total.sources
    )


def _is_founded(place: str, total: PlaceTotal, known: set[tuple[str, str, str]]) -> bool:
    quoted = {(place, quote.article_id, quote.event_id) for quote in total.evidence}
    return quoted <= known and (bool(quoted) or total.figures == Figures())


def simulate(seed: int, mutation: Mutation | None = None, fault_rate: float | None = None) -> Verdict:
    with (mutation or Mutation("none")).applied():
        return Simulation(seed, mutation, fault_rate).run()
