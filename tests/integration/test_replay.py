"""Rebuilding everything beside the running stream, switching over, and forgetting an article."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.kafka

HANG_SECONDS = 180
TIJUANA = b"city:3981609"


def muster(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "muster", *arguments],
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )


def wait_for(condition) -> None:
    deadline = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_replay_catches_up_and_takes_over_without_a_gap(deploy, seed_records, free_ports):
    """The replay's totals are those of the stream; after the switch stale totals of before are gone."""
    stream = deploy()
    workers = stream.start()
    stream.produce(seed_records)
    stream.wait_until_read()
    topic = stream.settings.topic_city_totals
    before = stream.last_values(topic)
    environment = {**stream.settings.as_environment(), "MUSTER_WEB_PORT": str(free_ports)}
    ended = muster("replay", "next", "--json", environment=environment)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == ""  # no figure changes
    assert stream.last_values(f"{topic}.next") == before
    switched = dict(re.findall(r"export (MUSTER_\w+)=(\S+)", ended.stderr))
    assert set(switched) == {"MUSTER_GROUP_PREFIX", "MUSTER_TOPIC_CLAIMS", "MUSTER_TOPIC_REPORTS"}

    for worker in workers:
        assert worker.end() == 0
    events = len(stream.read(stream.settings.topic_events))
    # A city that the old extractor saw and the new one does not, and an old figure of one that both see.
    stream.write_totals({b"city:1": b'{"place": {}}', TIJUANA: b'{"place": {}}'})
    stream.settings = stream.settings.model_copy(
        update={name.removeprefix("MUSTER_").lower(): value for name, value in switched.items()}
    )
    stream.start()
    wait_for(lambda: stream.last_values(topic) == before)
    assert len(stream.read(stream.settings.topic_events)) == events


def test_an_article_is_forgotten(deploy, seed_records):
    """Its figure goes, no total quotes it, no table holds its words, and a later version does not bring it back."""
    stream = deploy()
    stream.start()
    text = "The army will send 410 soldiers to Ensenada, Mexico, on Friday, the Defense Ministry said."
    article = {"article_id": "to-forget", "text": text, "published_at": "2025-02-05T12:00:00Z"}
    stream.produce([*seed_records, (b"to-forget", json.dumps(article).encode())])
    stream.wait_until_read()
    topic = stream.settings.topic_city_totals
    assert any(b"410 soldiers" in value for value in stream.last_values(topic).values())
    ended = muster("forget", "to-forget", environment=stream.settings.as_environment())
    assert ended.returncode == 0, ended.stderr
    assert "no total and no table" in ended.stdout
    assert f"{stream.settings.topic_events} keeps" in ended.stdout
    stream.produce([(b"to-forget", json.dumps({**article, "version": 7}).encode())])
    stream.wait_until_read()
    assert not any(b"to-forget" in value for value in stream.last_values(topic).values())


def test_a_replay_needs_a_plain_name(deploy):
    """Its topics are named after it."""
    ended = muster("replay", "Next One", environment=deploy().settings.as_environment())
    assert ended.returncode == 2
    assert "lower-case" in ended.stderr
