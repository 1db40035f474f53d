"""Judges a run by what lies in Kafka, read plainly by a client that is not Muster's."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import orjson
from confluent_kafka import Consumer, TopicPartition

from muster.shell.settings import Settings
from tests.chaos.story import Story

SETTLE_SECONDS_MAX = 60.0
"""An owner corrects what a paused worker wrote last within a few seconds."""


@dataclass(frozen=True, slots=True)
class Stored:
    key: bytes | None
    value: bytes | None
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `problems` is empty when nothing was lost, doubled or wrong."""

    problems: tuple[str, ...]
    events: int
    repeated_events: int
    totals: int
    total_records: int
    dead_letters: int
    longest_gap_seconds: float
    settled_seconds: float


def read(bootstrap: str, topic: str) -> list[Stored]:
    """Every record of a topic, partition by partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"check-{uuid.uuid4().hex}"})
    found: list[Stored] = []
    try:
        for partition in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)
            consumer.assign([TopicPartition(topic, partition, low)])
            while low < high:
                for message in consumer.consume(2_000, timeout=1.0):
                    assert message.error() is None
                    if message.offset() < high:
                        found.append(Stored(message.key(), message.value(), message.timestamp()[1]))
                    low = message.offset() + 1
    finally:
        consumer.close()
    return found


def last_values(records: Iterable[Stored]) -> dict[bytes, bytes]:
    values = {record.key: record.value for record in records}
    return {key: value for key, value in values.items() if key is not None and value is not None}


def event_problems(story: Story, values: Iterable[bytes]) -> list[str]:
    """Events that are missing, foreign, or two different ones of one article version."""
    ids: dict[tuple[str, int], set[str]] = {}
    for value in values:
        event = orjson.loads(value)
        ids.setdefault((event["article_id"], event["article_version"]), set()).add(event["event_id"])
    return [
        *(f"event of {one} is missing" for one in sorted(story.versions_with_event - set(ids))),
        *(f"event of {one} is foreign" for one in sorted(set(ids) - story.versions_with_event)),
        *(f"{len(found)} different events of {one}" for one, found in sorted(ids.items()) if len(found) > 1),
    ]


def total_problems(story: Story, expected: dict[bytes, bytes], actual: dict[bytes, bytes]) -> list[str]:
    """Totals that differ by a byte from those of one process, or do not count the articles that stand."""
    keys = sorted(set(expected) | set(actual))
    counted = {key.decode(): orjson.loads(value)["reports"] for key, value in actual.items()}
    wrong = [place for place in sorted(set(counted) | set(story.reports)) if counted.get(place) != story.reports[place]]
    return [
        *(
            f"total of {key.decode()} is not that of one process"
            for key in keys
            if expected.get(key) != actual.get(key)
        ),
        *(f"{place} counts {counted.get(place)} of {story.reports[place]} articles" for place in wrong),
    ]


def letter_problems(expected: set[bytes], actual: Counter[bytes | None]) -> list[str]:
    """Dead letters that are missing or foreign; one may be there twice after a crash."""
    return [
        *(f"dead letter {key!r} is missing" for key in sorted(expected - set(actual))),
        *(f"dead letter {key!r} is foreign" for key in sorted(map(repr, set(actual) - expected))),
    ]


def longest_gap_seconds(records: Iterable[Stored]) -> float:
    """Between two records of a topic that were created one after the other."""
    times = sorted(record.timestamp_ms for record in records)
    return max((b - a for a, b in pairwise(times)), default=0) / 1000


def judge(settings: Settings, story: Story, expected: dict[bytes, bytes], oversized: set[bytes]) -> Verdict:
    """Compare all that the run left behind with the truth; waits until the totals are right or time is up."""
    started = time.monotonic()
    while True:
        totals = read(settings.bootstrap, settings.topic_city_totals)
        wrong = total_problems(story, expected, last_values(totals))
        settled = time.monotonic() - started
        if not wrong or settled > SETTLE_SECONDS_MAX:
            break
        time.sleep(0.5)
    events = read(settings.bootstrap, settings.topic_events)
    values = [event.value for event in events if event.value is not None]
    letters = read(settings.bootstrap, settings.topic_dead_letters)
    return Verdict(
        problems=(
            *event_problems(story, values),
            *wrong,
            *letter_problems(oversized, Counter(letter.key for letter in letters)),
        ),
        events=len(story.versions_with_event),
        repeated_events=len(values) - len({orjson.loads(value)["event_id"] for value in values}),
        totals=len(expected),
        total_records=len(totals),
        dead_letters=len(letters),
        longest_gap_seconds=longest_gap_seconds(events),
        settled_seconds=settled,
    )
