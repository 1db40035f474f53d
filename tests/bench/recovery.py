"""How long a fold worker needs to get its table back from Kafka: `make bench-recovery`.

    python -m tests.bench.recovery [ROWS] [CITIES]

Rows go straight into the changelog; then the table's own reader restores them and the role indexes them, as after a
failover in which one worker gets every partition.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from confluent_kafka import Producer

from muster.shell import report_rows, topics
from muster.shell.broker import EmbeddedBroker
from muster.shell.metrics import Metrics
from muster.shell.partitioner import partition_of
from muster.shell.roles import fold
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.settings import Settings
from muster.shell.worker import Runtime
from tests.bench.fold_memory import report

FLUSH_EVERY = 20_000


def write_rows(settings: Settings, rows: int, cities: int) -> None:
    rng = random.Random(1)
    producer = Producer({"bootstrap.servers": settings.bootstrap, "compression.type": "lz4", "linger.ms": 50})
    changelog = topics.changelog(settings, "fold", fold.TABLE)
    for n in range(rows):
        one = report(n, cities, rng, n * cities // rows)
        key = report_rows.row_key(one.location.key, one.provenance.article_id)
        partition = partition_of(one.location.key.encode(), settings.partitions)
        producer.produce(changelog, report_rows.pack(one), key, partition)
        if n % FLUSH_EVERY == 0:
            producer.flush()
    assert producer.flush(120) == 0


async def recover(settings: Settings) -> dict[str, Any]:
    runtime = Runtime(settings, "fold", await topics.partition_counts(settings))
    table: Any = runtime.app.tables[fold.TABLE]
    metrics = Metrics()
    work = fold.FoldWork(settings, table, DeadLetters(settings, metrics, "fold"), metrics)
    started = time.monotonic()
    assert await table.changelog.restore(set(range(settings.partitions)))
    restored = time.monotonic()
    assert await work.recover()
    ended = time.monotonic()
    await table.changelog.stop()
    return {
        "rows": sum(1 for _ in table.rows()),
        "places": len(work.places()),
        "read_seconds": round(restored - started, 1),
        "index_seconds": round(ended - restored, 1),
        "rss_mib": round(psutil.Process().memory_info().rss / 2**20),
    }


def main(rows: int, cities: int) -> dict[str, Any]:
    cache_dir = Settings().cache_dir
    with tempfile.TemporaryDirectory(prefix="recovery-") as name, EmbeddedBroker(Path(name), cache_dir) as broker:
        settings = Settings(bootstrap=broker.bootstrap, cache_dir=cache_dir)
        asyncio.run(topics.ensure_topics(settings))
        write_rows(settings, rows, cities)
        return asyncio.run(recover(settings))


if __name__ == "__main__":
    given = [*sys.argv[1:], *["1000000", "20000"][len(sys.argv) - 1 :]]
    sys.stdout.write(json.dumps(main(int(given[0]), int(given[1]))) + "\n")
