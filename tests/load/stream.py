"""A stream of real workers on a Kafka of its own, fed by confluent-kafka and watched from outside by psutil."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Self

import orjson
import psutil
from confluent_kafka import Consumer, Message, Producer

from muster.shell import topics
from muster.shell.broker import EmbeddedBroker
from muster.shell.readback import wait_until_read
from muster.shell.replay import stages
from muster.shell.settings import Settings
from tests.integration.fleet import Fleet
from tests.load.traffic import Record

SAMPLE_SECONDS = 0.5
READ_SECONDS_MAX = 3_600.0
MIB = 1024 * 1024


@dataclass
class Peak:
    """The most memory that any worker of a role had, by role, in MiB."""

    rss_mib: dict[str, float] = field(default_factory=dict)

    def see(self, role: str, rss_bytes: int) -> None:
        self.rss_mib[role] = max(self.rss_mib.get(role, 0.0), rss_bytes / MIB)


class Stream:
    """Broker, topics and workers of one scenario; `peak` is kept while it runs."""

    def __init__(self, folder: Path, broker: EmbeddedBroker, cache_dir: Path, partitions: int = 6) -> None:
        name = f"load-{uuid.uuid4().hex[:8]}"
        renamed = {f: f"{name}.{m.default}" for f, m in Settings.model_fields.items() if f.startswith("topic_")}
        self.settings = Settings(
            bootstrap=broker.bootstrap, group_prefix=name, partitions=partitions, cache_dir=cache_dir, **renamed
        )
        folder.mkdir(parents=True, exist_ok=True)
        self.fleet = Fleet(self.settings, folder)
        self.peak = Peak()
        self.produced_at: dict[str, float] = {}
        self._done = threading.Event()
        asyncio.run(topics.ensure_topics(self.settings))
        options = {"bootstrap.servers": broker.bootstrap, "enable.idempotence": True, "compression.type": "lz4"}
        self._producer = Producer(options | {"message.max.bytes": 2_000_000, "linger.ms": 5, "log_level": 2})
        self._refused: list[object] = []

    def __enter__(self) -> Self:
        self.fleet.__enter__()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._done.set()
        self._sampler.join()
        self.fleet.__exit__(*unused)

    def start(self, **workers: int) -> None:
        for role, count in workers.items():
            for _ in range(count):
                self.fleet.add(role)

    def produce(self, records: Iterable[Record], count: int, per_second: float | None = None, **options: int) -> None:
        """Send so many; at a steady rate, or as fast as they are taken."""
        started = time.monotonic()
        for n, (key, value) in enumerate(islice(records, count)):
            if per_second is not None:
                while (early := started + n / per_second - time.monotonic()) > 0:
                    self._producer.poll(0)
                    time.sleep(min(early, 0.05))
            while True:
                try:
                    self._producer.produce(
                        self.settings.topic_articles, value, key, on_delivery=self._delivered, **options
                    )
                    break
                except BufferError:
                    self._producer.poll(0.1)
            self._producer.poll(0)
        assert self._producer.flush(120) == 0
        assert not self._refused, self._refused[:3]

    def _delivered(self, error: object, message: Message) -> None:
        if error is not None:
            self._refused.append(error)
        else:
            self.produced_at[(message.key() or b"").decode()] = message.timestamp()[1] / 1000

    def wait_until_read(self) -> float:
        """Until every role has committed all that there is; returns the seconds that it took."""
        started, s = time.monotonic(), self.settings
        assert asyncio.run(wait_until_read(s, stages(s), READ_SECONDS_MAX)), self.fleet.logs()
        return time.monotonic() - started

    def event_delays(self, prefix: str, since: float = 0.0) -> list[float]:
        """Seconds from the production of an article to its event, of each event of such articles since a moment."""
        consumer = Consumer({"bootstrap.servers": self.settings.bootstrap, "group.id": uuid.uuid4().hex,
                             "auto.offset.reset": "earliest", "enable.partition.eof": True})  # fmt: skip
        consumer.subscribe([self.settings.topic_events])
        delays, ended = [], set()
        while len(ended) < self.settings.partitions:
            message = consumer.poll(10)
            assert message is not None
            if message.error():
                ended.add(message.partition())
                continue
            article_id = orjson.loads(message.value() or b"")["article_id"]
            if article_id.startswith(prefix) and self.produced_at.get(article_id, 0.0) > since:
                delays.append(message.timestamp()[1] / 1000 - self.produced_at[article_id])
        consumer.close()
        return sorted(delays)

    def deaths(self) -> list[tuple[str, int]]:
        """Workers that ended by themselves."""
        return list(self.fleet.exit_codes)

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            for member in list(self.fleet.members):
                try:
                    self.peak.see(member.role, psutil.Process(member.process.pid).memory_info().rss)
                except psutil.NoSuchProcess:
                    continue
