"""Feeding a real Kafka: every byte arrives, everything is accounted for, and every way to end is told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from confluent_kafka import Consumer, TopicPartition

from muster.shell.broker import EmbeddedBroker
from muster.shell.cli import main
from muster.shell.feed import FeedResult, feed
from muster.shell.inputs import read_articles
from muster.shell.settings import Settings
from muster.shell.topics import ensure_topics, partition_counts

HANG_SECONDS = 60


def prepared(broker: str, name: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Topics of this test's own; commands find them by their variables."""
    monkeypatch.setenv("MUSTER_BOOTSTRAP", broker)
    monkeypatch.setenv("MUSTER_GROUP_PREFIX", name)
    for field in Settings.model_fields:
        if field.startswith("topic_"):
            monkeypatch.setenv(f"MUSTER_{field.upper()}", f"{name}.{field}")
    settings = Settings(partitions=3)
    asyncio.run(ensure_topics(settings))
    return settings


def in_kafka(settings: Settings) -> list[tuple[bytes | None, bytes | None]]:
    """Key and value of every record of articles.raw, read with another client library."""
    topic = settings.topic_articles
    consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": "check", "enable.partition.eof": True})
    count = asyncio.run(partition_counts(settings))[topic]
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(count)])
    records, ends = [], 0
    while ends < count:
        message = consumer.poll(HANG_SECONDS)
        assert message is not None
        if message.error():
            ends += 1
        else:
            records.append((message.key(), message.value()))
    consumer.close()
    return records


@pytest.mark.kafka
def test_every_article_arrives_as_it_was(broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reader yields is in Kafka afterwards, byte for byte and with its key, once."""
    settings = prepared(broker, "all", monkeypatch)
    lines = [json.dumps({"article_id": f"a{n}", "text": "ü" * n, "n": n}, ensure_ascii=False) for n in range(3_000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "one.json").write_text('{\n  "id": "one",\n  "big": 12345678901234567890.0\n}', encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>2,000 troops</p>", encoding="utf-8")
    result = CliRunner().invoke(main, ["feed", str(tmp_path)])
    assert result.exit_code == 0, result.stderr
    assert "3,002 accepted" in result.stderr
    expected = sorted((record.key or b"", record.value or b"") for record in read_articles([tmp_path]))
    assert sorted((key or b"", value or b"") for key, value in in_kafka(settings)) == expected
    assert len(expected) == 3_002


@pytest.mark.kafka
def test_what_is_refused_is_told_and_the_rest_is_sent(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bad lines and records that the topic is too small for cost themselves only, and make the exit code 1."""
    settings = prepared(broker, "some", monkeypatch)
    path = tmp_path / "some.jsonl"
    huge = json.dumps({"id": "huge", "text": "x" * 1_200_000})
    path.write_text(f'{{"id":"1"}}\nnot json\n{huge}\n{{"id":"4"}}\n{{"id":"5"}}\n\x1b[31m\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["feed", str(path), str(tmp_path / "absent.json")])
    assert result.exit_code == 1
    for told in (f"{path}:2: not JSON", f"{path}:3: 1,200,0", f"{path}:6: not JSON", "absent.json: No such file"):
        assert told in result.stderr
    assert "\x1b" not in result.stderr
    assert "3 accepted" in result.stderr
    assert "4 refused" in result.stderr
    assert sorted(key for key, _ in in_kafka(settings)) == [b"1", b"4", b"5"]


@pytest.mark.kafka
def test_raw_lines_are_sent_as_they_are(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --raw the dead letter queue gets to see what a broken scraper writes."""
    settings = prepared(broker, "raw", monkeypatch)
    result = CliRunner().invoke(main, ["feed", "--raw"], input=b'not json\n{"id":"1"}\n\xff\n')
    assert result.exit_code == 0, result.stderr
    assert sorted(value or b"" for _, value in in_kafka(settings)) == [b"not json", b'{"id":"1"}', b"\xff"]


@pytest.mark.kafka
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_delivers_what_was_read(
    broker: str, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """A line of a slow pipe is delivered at once; Ctrl-C says what was accepted and ends with 130."""
    settings = prepared(broker, f"slow{number.value}", monkeypatch)
    feeder = subprocess.Popen(
        [sys.executable, "-m", "muster", "feed", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"MUSTER_BOOTSTRAP": broker},
    )
    assert feeder.stdin is not None
    feeder.stdin.write(b'{"id":"first"}\n')
    feeder.stdin.flush()
    deadline = time.monotonic() + HANG_SECONDS
    while not (arrived := in_kafka(settings)):
        assert time.monotonic() < deadline
        assert feeder.poll() is None
    feeder.send_signal(number)
    feeder.wait(HANG_SECONDS)  # its standard input is still open
    assert feeder.stderr is not None
    told = feeder.stderr.read().decode()
    feeder.stdin.close()
    feeder.stderr.close()
    assert arrived == [(b"first", b'{"id":"first"}')]
    assert feeder.returncode == 130
    assert told == f"1 accepted by {settings.topic_articles} (0.0 MB), 0 refused. Stopped before the end\n"


@pytest.mark.kafka
def test_a_topic_that_is_not_there_is_told_before_reading(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No topic is made by mistake."""
    monkeypatch.setenv("MUSTER_TOPIC_ARTICLES", "articles.raww")
    result = CliRunner().invoke(main, ["feed", "--bootstrap", broker], input=b'{"id":"1"}\n')
    assert result.exit_code == 1
    assert "no topic articles.raww" in result.stderr
    assert "muster topics --create" in result.stderr


def test_an_absent_broker_is_told(tmp_path: Path) -> None:
    """Exit code 1, the address, what to do."""
    result = CliRunner().invoke(main, ["feed", "--bootstrap", "127.0.0.1:1", str(tmp_path)])
    assert result.exit_code == 1
    assert "127.0.0.1:1: connection refused" in result.stderr
    assert "muster up" in result.stderr


@pytest.mark.kafka
def test_a_broker_that_goes_away_ends_the_feeding(tmp_path: Path, cache_dir: Path) -> None:
    """Articles that were not confirmed are counted as refused, none is counted twice, and the reason is told."""
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "text": "x" * 3_000}) + "\n" for n in range(30_000)), "utf-8")
    with EmbeddedBroker(tmp_path / "kafka", cache_dir) as broker:
        settings = Settings(bootstrap=broker.bootstrap, request_timeout_seconds=2, session_timeout_seconds=2)
        asyncio.run(ensure_topics(settings))

        class Assassin:
            refusals = 0

            def refused(self, origin: str, reason: str) -> None:
                self.refusals += 1

            def advanced(self, result: FeedResult) -> None:
                if result.accepted == 100:
                    broker.kill()

        assassin = Assassin()
        result = asyncio.run(feed(settings, [path], listener=assassin))
    assert result.failure is not None
    assert 100 <= result.accepted < 30_000
    assert result.refused == assassin.refusals > 0
