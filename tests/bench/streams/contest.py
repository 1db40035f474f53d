"""Runs one contender over the articles that lie in a topic, and measures from outside what it gets done."""

from __future__ import annotations

import asyncio
import contextlib
import mmap
import os
import struct
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import psutil
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from muster.shell import topics
from muster.shell.settings import Settings

POLL_SECONDS = 0.1
ASK_SECONDS_MAX = 2.0
"""A broker that has never coordinated a group leaves the first question open: meanwhile all might be done."""

START_SECONDS_MAX = 90.0
STOP_SECONDS_MAX = 20.0
QUIET_SECONDS_MAX = 30.0
MIB = 1024 * 1024


@dataclass(frozen=True)
class Contender:
    name: str
    command: tuple[str, ...]
    processes: int = 1
    commits: bool = True
    """False: it keeps no offsets in Kafka, so that it counts what it has processed."""


def own(module: str, *options: str) -> tuple[str, ...]:
    return ("-m", f"tests.bench.streams.contenders.{module}", *options)


CONTENDERS = (
    Contender("Muster, 1 worker", ("-m", "muster", "worker", "extract")),
    Contender("Muster, 2 workers", ("-m", "muster", "worker", "extract"), processes=2),
    Contender("quixstreams", own("quix")),
    Contender("bytewax", own("bytewax_flow"), commits=False),
    Contender("Faust as documented", own("plain_faust")),
    Contender("aiokafka loop", own("bare_aiokafka")),
    Contender("confluent-kafka loop", own("bare_confluent")),
    Contender("confluent-kafka loop, careless", own("bare_confluent", "--careless")),
)


@dataclass(frozen=True)
class Round:
    """What a contender did in one round."""

    articles: int
    seconds: float
    cpu_seconds: float
    rss_mib: float

    @property
    def per_second(self) -> float:
        return self.articles / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU microseconds an article, of all its processes."""
        return 1e6 * self.cpu_seconds / self.articles


def create_articles(bootstrap: str, topic: str, partitions: int) -> None:
    """A topic for articles, beside all the others that Muster needs."""
    asyncio.run(topics.ensure_topics(Settings(bootstrap=bootstrap, partitions=partitions, topic_articles=topic)))


class Running:
    """The processes of a contender at work, with topics of their own for what comes of the articles."""

    def __init__(self, contender: Contender, bootstrap: str, articles: str, partitions: int, cache_dir: Path) -> None:
        self.contender = contender
        name = f"bench-{uuid.uuid4().hex[:8]}"
        renamed = {f: f"{name}.{m.default}" for f, m in Settings.model_fields.items() if f.startswith("topic_")}
        self.settings = Settings(
            bootstrap=bootstrap, group_prefix=name, partitions=partitions, cache_dir=cache_dir, web_port=0,
            **(renamed | {"topic_articles": articles}),
        )  # fmt: skip
        asyncio.run(topics.ensure_topics(self.settings))
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 2})
        # Asks for the group's offsets and never joins it. The AdminClient of the version that quixstreams needs crashes
        # when it asks a broker that coordinates no groups yet.
        group = f"{self.settings.group_prefix}-extract"
        self._group = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "log_level": 2})
        self._partitions = [TopicPartition(articles, n) for n in range(partitions)]
        self._progress = tempfile.NamedTemporaryFile(suffix=".progress")  # noqa: SIM115 - closed by stop
        self._progress.write(bytes(8))
        self._progress.flush()
        environment = {**os.environ, **self.settings.as_environment(), "BENCH_PROGRESS": self._progress.name}
        self._counter = mmap.mmap(self._progress.fileno(), 8)
        self.log = tempfile.NamedTemporaryFile(suffix=".log")  # noqa: SIM115 - closed by stop
        self._seen = 0
        self._processes = [
            subprocess.Popen([sys.executable, *contender.command], env=environment, stdout=self.log, stderr=self.log)
            for _ in range(contender.processes)
        ]

    def done(self) -> int:
        """Articles committed (or processed, where nothing is committed)."""
        if not self.contender.commits:
            return int(struct.unpack("q", self._counter[:])[0])
        with contextlib.suppress(KafkaException):  # a new broker coordinates no groups yet, a busy one is slow
            committed = self._group.committed(self._partitions, timeout=ASK_SECONDS_MAX)
            self._seen = sum(max(0, tp.offset) for tp in committed)
        return self._seen

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def usage(self) -> tuple[float, float]:
        """CPU seconds and resident MiB of all processes."""
        cpu, rss = 0.0, 0.0
        for process in self._processes:
            assert process.poll() is None, Path(self.log.name).read_text()[-3000:]
            for one in (handle := psutil.Process(process.pid), *handle.children(recursive=True)):
                times = one.cpu_times()
                cpu += times.user + times.system
                rss += one.memory_info().rss / MIB
        return cpu, rss

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._group.close()
        self._counter.close()
        self._progress.close()
        self.log.close()
        s = self.settings
        kept = {s.topic_articles}
        for answer in self._admin.delete_topics([t.name for t in topics.specs(s) if t.name not in kept]).values():
            answer.result()
        del self._admin  # while its broker is there: it would wait for one that is gone


def run_round(running: Running, total: int, seconds: float) -> Round:
    """From the next articles that are done, for so long or until all are done; both ends are moments of progress."""
    deadline, before = time.monotonic() + START_SECONDS_MAX, running.done()
    while (first := running.done()) == before:
        running.usage()
        assert time.monotonic() < deadline, f"{running.contender.name} does not begin"
        time.sleep(POLL_SECONDS)
    started = last_moved = time.monotonic()
    cpu_first, peak = running.usage()
    done, cpu_last = first, cpu_first
    while done < total and (time.monotonic() - started < seconds or done == first):
        time.sleep(POLL_SECONDS)
        now_done, now = running.done(), time.monotonic()
        cpu, rss = running.usage()
        peak = max(peak, rss)
        if now_done > done:
            done, last_moved, cpu_last = now_done, now, cpu
        assert now - last_moved < QUIET_SECONDS_MAX, f"{running.contender.name} stands still"
    assert done > first, f"{running.contender.name} did all between two looks: give it more articles"
    return Round(done - first, last_moved - started, cpu_last - cpu_first, peak)


Output = tuple[str, bytes, bytes]


def outputs(running: Running, total: int, expected: set[Output] | None) -> set[Output]:
    """What a contender produced of all the articles: topic, key and value, the topic without the contender's name.

    Who does not await deliveries has some under way when all is committed: it is read again until it is as expected.
    """
    deadline = time.monotonic() + START_SECONDS_MAX
    while running.done() < total:
        running.usage()
        assert time.monotonic() < deadline, f"{running.contender.name} does not finish"
        time.sleep(POLL_SECONDS)
    while True:
        s = running.settings
        found: set[Output] = set()
        for topic in (s.topic_claims, s.topic_events, s.topic_dead_letters):
            found |= {(topic.removeprefix(s.group_prefix), key, value) for key, value in _read(s.bootstrap, topic)}
        if expected is None or found == expected or time.monotonic() > deadline:
            return found
        time.sleep(POLL_SECONDS)


def _read(bootstrap: str, topic: str) -> list[tuple[bytes, bytes]]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "log_level": 2})
    found = []
    for number in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)
        consumer.assign([TopicPartition(topic, number, low)])
        while low < high:
            for message in consumer.consume(1_000, timeout=1.0):
                found.append((message.key() or b"", message.value() or b""))
                low = (message.offset() or 0) + 1
    consumer.close()
    return found
