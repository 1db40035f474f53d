"""A deployment of one test: its own topics and groups on the shared broker, workers as real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from muster.shell import offline, topics
from muster.shell.inputs import read_articles
from muster.shell.partitioner import partition_of
from muster.shell.readback import wait_until_read
from muster.shell.settings import Settings
from muster.shell.worker import ROLES

PARTITIONS = 3
READY_SECONDS = 60
READ_SECONDS = 300
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TOPIC_SETTINGS = [name for name in Settings.model_fields if name.startswith("topic_")]


def _ends(consumer: Consumer, partition: TopicPartition) -> tuple[int, int]:
    """The first offset and the one after the last; a broker that has just come back may not lead the partition yet."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            low, high = consumer.get_watermark_offsets(partition, timeout=30)
            return int(low), int(high)
        except KafkaException as error:
            if error.args[0].code() not in _LEADERLESS or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


_LEADERLESS = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Worker:
    """One `muster worker ROLE` process."""

    def __init__(self, settings: Settings, role: str, log: Path) -> None:
        self.role = role
        self.port = settings.web_port + ROLES.index(role)
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "muster", "worker", role],
                env={**os.environ, **settings.as_environment()},
                stdout=out,
                stderr=out,
            )

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self.get("/readyz")[0] != 200:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.1)

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)


class Deployment:
    """Topics and settings of one test, and the client that is not Muster's: confluent-kafka."""

    def __init__(self, bootstrap: str, cache_dir: Path, folder: Path, **changes: object) -> None:
        name = f"t{uuid.uuid4().hex[:10]}"
        renamed = {f: f"{name}.{Settings.model_fields[f].default}" for f in TOPIC_SETTINGS}
        self.settings = Settings(
            bootstrap=bootstrap, group_prefix=name, partitions=PARTITIONS, cache_dir=cache_dir, **renamed, **changes
        )
        self.folder = folder
        self.workers: list[Worker] = []
        asyncio.run(topics.ensure_topics(self.settings))

    def start(self, *roles: str) -> list[Worker]:
        """Start one worker of each of these roles and wait until they are ready."""
        started = [self.launch(role) for role in roles or ("extract", "route", "fold")]
        for worker in started:
            worker.wait_ready()
        return started

    def launch(self, role: str) -> Worker:
        """Start one worker without waiting for it."""
        settings = self.settings.model_copy(update={"web_port": free_port() - ROLES.index(role)})
        self.workers.append(Worker(settings, role, self.folder / f"{role}-{len(self.workers)}.log"))
        return self.workers[-1]

    def produce(self, records: list[tuple[bytes | None, bytes | None]]) -> None:
        """Key and value of records for articles.raw, in order."""
        errors: list[object] = []
        producer = Producer({"bootstrap.servers": self.settings.bootstrap, "message.max.bytes": 2_000_000})
        for key, value in records:
            producer.produce(
                self.settings.topic_articles, value, key, on_delivery=lambda e, _: errors.append(e) if e else None
            )
            producer.poll(0)
        assert producer.flush(60) == 0
        assert not errors

    def write_totals(self, values: dict[bytes, bytes | None]) -> None:
        """Write city totals as a worker would that does not own them any more."""
        producer = Producer({"bootstrap.servers": self.settings.bootstrap})
        for key, value in values.items():
            headers = [("muster-writer", b"another")]
            producer.produce(
                self.settings.topic_city_totals, value, key, partition_of(key, PARTITIONS), headers=headers
            )
        assert producer.flush(60) == 0

    def wait_until_read(self) -> None:
        """Wait until the three roles have committed everything that was produced."""
        s = self.settings
        stages = [
            (f"{s.group_prefix}-extract", s.topic_articles),
            (f"{s.group_prefix}-route", s.topic_claims),
            (f"{s.group_prefix}-fold", s.topic_reports),
        ]
        assert asyncio.run(wait_until_read(s, stages, READ_SECONDS)), "\n".join(
            w.log.read_text()[-2000:] for w in self.workers
        )

    def read(self, topic: str) -> list[tuple[bytes | None, bytes | None, dict[str, bytes]]]:
        """Key, value and headers of every record of a topic, read by confluent-kafka."""
        consumer = Consumer({"bootstrap.servers": self.settings.bootstrap, "group.id": f"r{uuid.uuid4().hex}"})
        metadata = consumer.list_topics(topic, timeout=30).topics[topic]
        found = []
        for partition in metadata.partitions:
            low, high = _ends(consumer, TopicPartition(topic, partition))
            consumer.assign([TopicPartition(topic, partition, low)])
            while low < high:
                message = consumer.poll(30)
                assert message is not None
                assert message.error() is None
                found.append((message.key(), message.value(), dict(message.headers() or [])))
                low = message.offset() + 1
        consumer.close()
        return found

    def last_values(self, topic: str) -> dict[bytes, bytes]:
        """The last value of each key whose last record is no tombstone."""
        values = {key: value for key, value, _ in self.read(topic)}
        return {key: value for key, value in values.items() if key is not None and value is not None}

    def close(self) -> None:
        for worker in self.workers:
            worker.end(signal.SIGKILL)


@pytest.fixture
def free_ports() -> int:
    """The first of three free ports in a row, one for each role."""
    for _ in range(100):
        first = free_port()
        with socket.socket() as second, socket.socket() as third:
            try:
                second.bind(("127.0.0.1", first + 1))
                third.bind(("127.0.0.1", first + 2))
            except (OSError, OverflowError):
                continue
            return first
    raise AssertionError


@pytest.fixture
def deploy(broker: str, cache_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Deployment]]:
    """Make a deployment; keyword arguments are settings. Its workers are gone after the test."""
    made: list[Deployment] = []

    def make(**changes: object) -> Deployment:
        made.append(Deployment(broker, cache_dir, tmp_path, **changes))
        return made[-1]

    yield make
    for deployment in made:
        deployment.close()


@pytest.fixture(scope="session")
def seed_records() -> list[tuple[bytes | None, bytes | None]]:
    """Key and value of every article in seeds/."""
    return [(record.key, record.value) for record in read_articles([SEEDS / "articles"])]


@pytest.fixture(scope="session")
def seed_tally(cache_dir: Path) -> dict[str, dict[str, object]]:
    """What `muster tally` says of the articles in seeds/, by place key."""
    tally = offline.tally(offline.load_extractor(cache_dir), [SEEDS / "articles"], 1_000_000)
    return {total["place"]["key"]: total for total in tally.city_totals}
