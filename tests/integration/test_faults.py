"""Workers that die at any moment: nothing is lost, no total is wrong. A short form of what a chaos run does."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import orjson
import pytest

from muster.core.pipeline import totals_of
from muster.shell import codec, offline
from muster.shell.article_codec import decode_article

pytestmark = pytest.mark.kafka

ARTICLES = 3_000
CITIES = ("Tijuana", "Mexicali", "Tecate", "Ensenada", "Reynosa", "Saltillo", "Nogales", "Monterrey")
KILLS = 6


def truth() -> list[tuple[bytes, bytes]]:
    """Articles with one event each."""
    records = []
    for n in range(ARTICLES):
        city = CITIES[n % len(CITIES)]
        text = f"The army will send {100 + n} soldiers to {city}, Mexico, on Friday, the ministry said."
        body = {"article_id": f"a{n}", "text": text, "published_at": "2025-02-05T12:00:00Z"}
        records.append((f"a{n}".encode(), orjson.dumps(body)))
    return records


def totals_without_faults(records: list[tuple[bytes, bytes]], cache_dir: Path) -> dict[bytes, bytes]:
    """Place key -> CityTotal of the same articles, by the same functions in one process."""
    extractor = offline.load_extractor(cache_dir)
    articles = (decode_article(key, value, bytes_max=1_000_000).value for key, value in records)
    totals = totals_of(extractor.claim(article, None) for article in articles)
    return {total.location.key.encode(): codec.total_value(total) for total in totals}


def test_kills_at_random_moments_lose_nothing_and_double_nothing(deploy, cache_dir):
    """Two workers a role, kill -9 and SIGTERM by a seeded schedule while articles flow."""
    rng = random.Random(20250205)
    records = truth()
    stream = deploy()
    workers = {role: stream.start(role) + stream.start(role) for role in ("extract", "route", "fold")}
    step = len(records) // KILLS
    for n in range(KILLS):
        stream.produce(records[n * step : (n + 1) * step])
        time.sleep(rng.random())
        role = rng.choice(["extract", "route", "fold", "fold"])
        victim = workers[role].pop(rng.randrange(2))
        number = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        code = victim.end(number)
        assert code == (0 if number == signal.SIGTERM else -signal.SIGKILL)
        workers[role] += stream.start(role)
    stream.wait_until_read()

    events = [orjson.loads(value) for _, value, _ in stream.read(stream.settings.topic_events)]
    assert {e["article_id"] for e in events} == {key.decode() for key, _ in records}
    assert len({e["event_id"] for e in events}) == len(records)
    assert stream.last_values(stream.settings.topic_city_totals) == totals_without_faults(records, cache_dir)
    assert stream.read(stream.settings.topic_dead_letters) == []


def test_a_stale_total_of_somebody_else_is_corrected(deploy):
    """An older total that a paused worker writes late does not stay the last record of its key."""
    stream = deploy()
    stream.start()
    records = truth()
    stream.produce(records[:8])
    stream.wait_until_read()
    topic = stream.settings.topic_city_totals
    before = stream.last_values(topic)
    keys = sorted(before)
    stale = {keys[0]: b'{"stale": true}', keys[1]: None}
    stream.write_totals(stale)
    deadline = time.monotonic() + 60
    while stream.last_values(topic) != before:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_stale_total_is_corrected_by_a_worker_that_starts_later(deploy):
    """A worker compares the last record of each key with its own total as soon as its table is back."""
    stream = deploy()
    workers = stream.start()
    records = truth()
    stream.produce(records[:8])
    stream.wait_until_read()
    topic = stream.settings.topic_city_totals
    before = stream.last_values(topic)
    assert workers[2].end() == 0
    stream.write_totals(dict.fromkeys(before, b'{"stale": true}'))
    stream.start("fold")
    deadline = time.monotonic() + 60
    while stream.last_values(topic) != before:
        assert time.monotonic() < deadline
        time.sleep(0.2)
