"""How much memory a fold worker needs a report, and how fast its tables come back: `make bench-fold`.

    python -m tests.bench.fold_memory [REPORTS] [CITIES] [turns|stories]

Reports of one event each go through FoldWork over a table that is a plain dictionary, in this process; then the rows
are indexed again as after a recovery. Kafka is left out: what it adds is fetching, and the batches under way. In turns,
every report is of another city than the one before, which is the worst that can come; as stories, the reports of a city
come together, as news does. Rates are of processor time, so that other work on the machine does not show.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psutil

from muster.core.identity import sha256_hex
from muster.core.model import Assertion, Evidence, Force, Location, Personnel, Place, Provenance, Rank, Report
from muster.shell import codec
from muster.shell.faust.batch import Outgoing
from muster.shell.garbage import collect_seldom
from muster.shell.metrics import Metrics
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.roles.fold import FoldWork
from muster.shell.settings import Settings

START = datetime(2025, 1, 1, tzinfo=UTC)
BATCH = 1_000
WORDS = [
    "army",
    "guard",
    "soldiers",
    "police",
    "officers",
    "will",
    "be",
    "sent",
    "to",
    "have",
    "arrived",
    "in",
    "the",
    "city",
    "on",
    "Friday",
    "Monday",
    "ministry",
    "said",
    "border",
    "northern",
    "patrol",
    "convoy",
    "government",
    "officials",
    "announced",
    "more",
    "than",
    "about",
    "security",
    "operation",
    "week",
    "governor",
    "mayor",
]


class PlainTable:
    """What FoldWork asks of a RawTable."""

    def __init__(self) -> None:
        self.data: dict[bytes, bytes] = {}
        self.partition: dict[bytes, int] = {}

    def put(self, key: bytes, value: bytes, partition: int) -> Outgoing:
        self.data[key] = value
        self.partition[key] = partition
        return Outgoing("changelog", key, value, partition)

    def row(self, key: bytes) -> bytes | None:
        return self.data.get(key)

    def rows(self) -> list[tuple[bytes, bytes, int]]:
        return [(key, value, self.partition[key]) for key, value in self.data.items()]


def report(number: int, cities: int, rng: random.Random, city: int | None = None) -> Report:
    city = number % cities if city is None else city
    moment = START + timedelta(minutes=number % 500_000)
    quote = " ".join(rng.choices(WORDS, k=18))
    source = f"news{number % 5_000}.example"
    provenance = Provenance(
        article_id=sha256_hex(str(number)),
        rank=Rank(0, False, moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), sha256_hex(f"text {number}")),
        published_at=moment,
        fetched_at=moment,
        recorded_at=moment,
        source=source,
        url=f"https://{source}/2025/{number}/" + "-".join(rng.choices(WORDS, k=7)),
        title=" ".join(rng.choices(WORDS, k=9)),
        lang="en",
        extractor_version="2",
        fingerprint=base64.b64encode(b"\x02" + rng.randbytes(256)).decode(),
        publisher=source,
    )
    people = rng.randrange(10, 3_000)
    assertion = Assertion(
        event_id=sha256_hex(f"event {number}"),
        personnel=Personnel(people, people, "exact", "level", f"{people:,}"),
        status=rng.choice(["planned", "deployed"]),
        force=Force("army", "soldiers", "MX"),
        role="single",
        historical=False,
        event_date=None,
        evidence=Evidence(quote, number % 900, number % 900 + len(quote)),
        confidence=0.9,
    )
    place = Place(f"city:{city}", f"City {city}", city, "Chihuahua", "MX", 31.7, -106.5)
    return Report(provenance, Location("city", (place,)), (assertion,))


def main(reports: int, cities: int, order: str) -> dict[str, Any]:
    rng = random.Random(1)
    process = psutil.Process()
    table, settings, metrics = PlainTable(), Settings(), Metrics()
    work = FoldWork(settings, table, DeadLetters(settings, metrics, "fold"), metrics)  # type: ignore[arg-type]
    collect_seldom()
    before = process.memory_info().rss
    folding = 0.0
    for first in range(0, reports, BATCH):
        numbers = range(first, min(first + BATCH, reports))
        told = [report(n, cities, rng, n * cities // reports if order == "stories" else None) for n in numbers]
        records = [_record(codec.encode_report(one), n % 12) for n, one in zip(numbers, told, strict=True)]
        started = time.process_time()
        for record in records:
            work.process(record)
        list(work.flush())
        folding += time.process_time() - started
    after = process.memory_info().rss
    started = time.process_time()
    asyncio.run(work.recover())
    return {
        "reports": reports,
        "cities": cities,
        "order": order,
        "reports_per_second": round(reports / folding),
        "bytes_per_report": round((after - before) / reports),
        "packed_bytes_per_report": round(sum(map(len, table.data.values())) / reports),
        "rss_mib": round(after / 2**20),
        "index_seconds": round(time.process_time() - started, 2),
    }


def _record(value: bytes, partition: int) -> Any:
    return SimpleNamespace(
        topic="reports", partition=partition, offset=0, timestamp=0, key=b"", value=value, headers=()
    )


if __name__ == "__main__":
    given = [*sys.argv[1:], *["1000000", "20000", "stories"][len(sys.argv) - 1 :]]
    sys.stdout.write(json.dumps(main(int(given[0]), int(given[1]), given[2])) + "\n")
