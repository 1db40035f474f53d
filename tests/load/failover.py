"""How long a partition is silent when its worker dies or is stopped: `make failover`.

Two workers of the role, steady traffic; one is ended. For extract the longest wait of an article for its event is the
time to failover, for fold the longest gap on any partition of the totals. Kafka's own part of a kill -9 is the session
timeout.
"""

from __future__ import annotations

import os
import platform
import random
import signal
import sys
import tempfile
import threading
import time
import uuid
from itertools import pairwise, takewhile
from pathlib import Path

import click
from confluent_kafka import Consumer, Producer, TopicPartition

from muster.shell import codec, offline
from muster.shell.broker import EmbeddedBroker
from muster.shell.partitioner import partition_of
from muster.shell.settings import Settings
from tests.bench.fold_memory import report
from tests.chaos.run import commit
from tests.integration.fleet import send
from tests.load.stream import Stream
from tests.load.traffic import Traffic

CITIES = 500
PER_SECOND = 30.0
WINDOW_SECONDS = 25.0
SETTLE_SECONDS = 12.0


def put_reports(stream: Stream, count: int) -> None:
    """So many reports for fold to hold, straight into its topic."""
    rng = random.Random(1)
    producer = Producer({"bootstrap.servers": stream.settings.bootstrap, "linger.ms": 20})
    for n in range(count):
        one = report(n, CITIES, rng)
        key = one.location.key.encode()
        partition = partition_of(key, stream.settings.partitions)
        producer.produce(stream.settings.topic_reports, codec.encode_report(one), key, partition)
        producer.poll(0)
        if n % 20_000 == 0:
            producer.flush()
    assert producer.flush(120) == 0


def longest_gap_seconds(stream: Stream, topic: str, since_ms: int) -> float:
    """Between two records of one partition, from a moment on."""
    consumer = Consumer({"bootstrap.servers": stream.settings.bootstrap, "group.id": uuid.uuid4().hex})
    longest = 0.0
    for number in range(stream.settings.partitions):
        (start,) = consumer.offsets_for_times([TopicPartition(topic, number, since_ms)], timeout=30)
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)
        consumer.assign([start])
        times, read_to = [], start.offset
        while 0 <= read_to < end:
            for message in consumer.consume(1_000, timeout=1.0):
                times.append(message.timestamp()[1])
                read_to = (message.offset() or 0) + 1
        longest = max([longest, *((b - a) / 1000 for a, b in pairwise(sorted(times)))])
    consumer.close()
    return longest


def end_one(stream: Stream, role: str, number: signal.Signals) -> float:
    """End one of two workers, and start another one when the gap was measured."""
    member = stream.fleet.running(role)[0]
    member.wanted = False
    went_ms = max(stream.produced_at.values()) * 1000
    send(member, number)
    time.sleep(WINDOW_SECONDS)
    if role == "extract":  # claims and events are partitioned otherwise than articles: an article's wait tells
        gap = max(stream.event_delays("a", went_ms / 1000))
    else:
        gap = longest_gap_seconds(stream, stream.settings.topic_city_totals, int(went_ms) - 1_000)
    stream.fleet.add(role)
    time.sleep(SETTLE_SECONDS)
    return gap


@click.command()
@click.option("--rows", default="10000,100000", show_default=True, help="Reports that fold holds, one run each.")
@click.option("--roles", default="extract,fold", show_default=True)
@click.option("--report", "path", type=click.Path(path_type=Path), help="Write the report there.")
def main(rows: str, roles: str, path: Path | None) -> None:
    """Measure failover of extract and fold, by SIGTERM and by kill -9."""
    cache_dir = Settings().cache_dir
    traffic = Traffic.load(offline.load_extractor(cache_dir))
    lines = []
    with tempfile.TemporaryDirectory(prefix="failover-") as name, EmbeddedBroker(Path(name) / "k", cache_dir) as broker:
        for count in map(int, rows.split(",")):
            with Stream(Path(name) / f"logs-{count}", broker, cache_dir) as stream:
                put_reports(stream, count)
                stream.start(extract=2, route=1, fold=2)
                stream.wait_until_read()
                done = threading.Event()
                articles = takewhile(lambda _: not done.is_set(), traffic.stream(1, "a", 1.0))  # noqa: B023 - joined below
                feed = threading.Thread(target=stream.produce, args=(articles, sys.maxsize, PER_SECOND))
                feed.start()
                time.sleep(SETTLE_SECONDS)
                for role in roles.split(","):
                    held = f", {count:,} reports held" if role == "fold" else ""
                    for number in (signal.SIGTERM, signal.SIGKILL):
                        gap = end_one(stream, role, number)
                        lines.append(f"| {role}{held} | {number.name} | {gap:.1f} |")
                        click.echo(lines[-1], err=True)
                done.set()
                feed.join()
    text = f"""# Failover

Written by `make failover` at commit `{commit()}` on Python {platform.python_version()} and {os.cpu_count()} cores,
with a session timeout of {Settings().session_timeout_seconds:g} s: the longest silence of a partition whose worker was
ended while another one of its role ran.

| role | by | seconds |
| --- | --- | --- |
{chr(10).join(lines)}
"""
    click.echo(text)
    if path is not None:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
