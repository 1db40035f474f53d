"""Feeds a story through two workers of each role while a schedule of faults runs over them and their broker."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition

from muster.shell import topics
from muster.shell.broker import EmbeddedBroker
from muster.shell.readback import wait_until_read
from muster.shell.replay import stages
from muster.shell.settings import Settings
from tests.chaos.schedule import Step
from tests.chaos.story import Story
from tests.integration.fleet import Fleet, Member, fill_disk, send

WORKERS_PER_ROLE = 2
WORKERS_MAX = 4
PARTITIONS = 6
OVERSIZED_BYTES = 1_020_000
OVERSIZED_AT_ONCE = 3
FEED_UNTIL = 0.85
"""Share of the run during which articles are fed; faults go on after the last one."""

READ_SECONDS_MAX = 400


@dataclass
class Happened:
    """What was done, for the report and the checker."""

    log: list[tuple[float, str]] = field(default_factory=list)
    oversized: set[bytes] = field(default_factory=set)
    exit_codes: list[tuple[str, int]] = field(default_factory=list)
    fed_seconds: float = 0.0
    drained_seconds: float = 0.0
    broker_away_seconds: float = 0.0


class Feeder(threading.Thread):
    """Produces the story at a steady rate, through broker restarts, and remembers what Kafka did not take."""

    def __init__(self, bootstrap: str, topic: str, story: Story, seconds: float) -> None:
        super().__init__(daemon=True)
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "enable.idempotence": True,
                "message.timeout.ms": 600_000,
                "message.max.bytes": 2_000_000,
                "log_level": 2,
            }
        )
        self._topic = topic
        self._story = story
        self._seconds = seconds
        self.errors: list[str] = []
        self.seconds = 0.0

    def run(self) -> None:
        started = time.monotonic()
        for n, (key, value) in enumerate(self._story.records):
            pause = started + self._seconds * n / len(self._story.records) - time.monotonic()
            if pause > 0:
                self._producer.poll(0)
                time.sleep(pause)
            self.send(key, value)
        self.seconds = time.monotonic() - started

    def send(self, key: bytes, value: bytes | None) -> None:
        self._producer.produce(self._topic, value, key, on_delivery=self._delivered)

    def finish(self) -> None:
        self.join()
        assert self._producer.flush(READ_SECONDS_MAX) == 0
        assert not self.errors, self.errors[:3]

    def _delivered(self, error: object, _: object) -> None:
        if error is not None:
            self.errors.append(str(error))


def _lags(settings: Settings) -> str:
    """What each group has not read: topic, partition, committed offset and end."""
    lines = []
    for group, topic in stages(settings):
        consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": group, "log_level": 2})
        numbers = consumer.list_topics(topic, timeout=30).topics[topic].partitions
        for found in consumer.committed([TopicPartition(topic, n) for n in numbers], timeout=30):
            _, end = consumer.get_watermark_offsets(TopicPartition(topic, found.partition), timeout=30)
            if max(found.offset, 0) < end:
                lines.append(f"{group}: {topic}-{found.partition} committed {found.offset}, ends at {end}")
        consumer.close()
    return "\n".join(lines)


class Chaos:
    """One run. `folder` gets the broker's data and the logs of the workers."""

    def __init__(self, folder: Path, cache_dir: Path, story: Story, schedule: list[Step], seconds: float) -> None:
        self.happened = Happened()
        self._story = story
        self._schedule = schedule
        self._seconds = seconds
        self._broker = EmbeddedBroker(folder / "kafka", cache_dir)
        self._logs = folder / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._settings = Settings(
            group_prefix=f"chaos-{uuid.uuid4().hex[:8]}", partitions=PARTITIONS, cache_dir=cache_dir
        )
        self._paused: list[tuple[float, Member]] = []

    @property
    def settings(self) -> Settings:
        return self._settings

    def __enter__(self) -> Self:
        self._broker.start()
        self._settings = self._settings.model_copy(update={"bootstrap": self._broker.bootstrap})
        return self

    def __exit__(self, *_: object) -> None:
        self._broker.stop()

    def run(self) -> None:
        """Do all of it; returns when everything that was fed is read and committed. Kafka runs on for the checker."""
        asyncio.run(topics.ensure_topics(self.settings))
        with Fleet(self.settings, self._logs) as fleet:
            for role in ("extract", "route", "fold"):
                for _ in range(WORKERS_PER_ROLE):
                    fleet.add(role)
            self._feeder = Feeder(
                self.settings.bootstrap, self.settings.topic_articles, self._story, self._seconds * FEED_UNTIL
            )
            self._started = time.monotonic()
            self._feeder.start()
            for step in self._schedule:
                self._wait_until(step.at_seconds)
                self._note(step, self._do(fleet, step))
            self._wait_until(self._seconds)
            self._continue_paused(everything=True)
            self._feeder.finish()
            self.happened.fed_seconds = self._feeder.seconds
            self._wait_until_read(fleet)
            self.happened.exit_codes = list(fleet.exit_codes)

    def _wait_until_read(self, fleet: Fleet) -> None:
        started, s = time.monotonic(), self.settings
        assert asyncio.run(wait_until_read(s, stages(s), READ_SECONDS_MAX)), f"{_lags(s)}\n{fleet.logs()}"
        self.happened.drained_seconds = time.monotonic() - started

    def _wait_until(self, at_seconds: float) -> None:
        while (left := self._started + at_seconds - time.monotonic()) > 0:
            self._continue_paused()
            time.sleep(min(left, 0.1))

    def _continue_paused(self, *, everything: bool = False) -> None:
        now = time.monotonic()
        for until, member in list(self._paused):
            if everything or now >= until:
                send(member, signal.SIGCONT)
                self._paused.remove((until, member))

    def _note(self, step: Step, what: str) -> None:
        self.happened.log.append((step.at_seconds, what))

    def _do(self, fleet: Fleet, step: Step) -> str:
        """Does one step; returns what was done in words."""
        if step.action in ("kill broker", "restart broker", "fill disk"):
            return self._end_broker(step)
        if step.action == "oversize":
            return self._send_oversized(step)
        if step.action == "add":
            if len(fleet.running(step.role)) >= WORKERS_MAX:
                return f"add {step.role}: there are enough"
            fleet.add(step.role)
            return f"add {step.role}"
        members = fleet.running(step.role)
        if not members:
            return f"{step.action} {step.role}: none runs"
        member = members[int(step.pick * len(members))]
        return self._hurt(fleet, step, member, [m for m in members if m is not member])

    def _hurt(self, fleet: Fleet, step: Step, member: Member, others: list[Member]) -> str:
        match step.action:
            case "kill":
                send(member, signal.SIGKILL)
            case "terminate":
                send(member, signal.SIGTERM)
            case "pause":
                send(member, signal.SIGSTOP)
                self._paused.append((time.monotonic() + step.seconds, member))
                return f"pause {step.role} for {step.seconds} s"
            case "interrupt":
                send(member, signal.SIGTERM)
                time.sleep(step.seconds)
                for other in others[:1]:
                    send(other, signal.SIGKILL)
                return f"terminate {step.role}, kill another one {step.seconds} s later"
            case "remove":
                if not others:
                    return f"remove {step.role}: it is the last one"
                fleet.remove(member)
            case _:
                raise AssertionError(step.action)
        return f"{step.action} {step.role}"

    def _end_broker(self, step: Step) -> str:
        went = time.monotonic()
        if step.action == "fill disk":
            fill_disk(self._broker)
            time.sleep(step.seconds)
            self._broker.kill()
        elif step.action == "kill broker":
            self._broker.kill()
            time.sleep(step.seconds)
        else:
            self._broker.stop()
            time.sleep(step.seconds)
        self._broker.start()
        away = time.monotonic() - went
        self.happened.broker_away_seconds = max(self.happened.broker_away_seconds, away)
        return f"{step.action}, away for {away:.1f} s"

    def _send_oversized(self, step: Step) -> str:
        rng = random.Random(step.pick)
        for n in range(OVERSIZED_AT_ONCE):
            key = f"large-{step.at_seconds}-{n}".encode()
            text = rng.randbytes(OVERSIZED_BYTES // 2).hex()  # does not compress below Kafka's own limit
            self.happened.oversized.add(key)
            self._feeder.send(key, orjson.dumps({"article_id": key.decode(), "text": text}))
        return f"{OVERSIZED_AT_ONCE} oversized records"
