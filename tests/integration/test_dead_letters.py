"""Dead letters from outside: listed, shown, sent back, and too many of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import orjson
import pytest
from click.testing import CliRunner
from confluent_kafka import Consumer, Producer, TopicPartition

from muster.shell.cli import main
from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
from tests.integration.conftest import Worker
from tests.integration.test_faults import totals_without_faults

pytestmark = pytest.mark.kafka

TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
HOSTILE_KEY = b"bad\x1b[2J"
HANG_SECONDS = 120


def dlq(settings, *arguments: str, code: int = 0) -> list[dict[str, object]]:
    """Rows that `muster dlq ... --json` prints."""
    result = CliRunner().invoke(main, ["dlq", *arguments, "--json"], env=settings.as_environment())
    assert result.exit_code == code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def long_articles(count: int) -> list[tuple[bytes, bytes]]:
    """Articles of one event each that are longer than the limit in force at first."""
    text = "The army will send {} soldiers to Tijuana, Mexico, on Friday, the ministry said. " + "Rain fell. " * 200
    body = {"published_at": "2025-02-05T12:00:00Z"}
    return [
        (f"a{n}".encode(), orjson.dumps(body | {"article_id": f"a{n}", "text": text.format(300 + n)}))
        for n in range(count)
    ]


def produce(settings, records, headers=()) -> None:
    producer = Producer({"bootstrap.servers": settings.bootstrap})
    for key, value in records:
        producer.produce(settings.topic_articles, value, key, headers=list(headers))
    assert producer.flush(60) == 0


@pytest.fixture
def mended(deploy):
    """A stream that refused long articles and one record that is no JSON, and reads long articles by now."""
    stream = deploy(article_bytes_max=1_000)
    workers = stream.start()
    produce(stream.settings, long_articles(4), [("traceparent", TRACE), ("source", b"scraper-7")])
    produce(stream.settings, [(HOSTILE_KEY, b'{"text": "\x1b]0;owned\x07')])
    stream.wait_until_read()
    assert workers[0].end() == 0
    stream.settings = stream.settings.model_copy(update={"article_bytes_max": 1_000_000})
    stream.start("extract")
    return stream


def test_letters_are_listed_by_what_is_asked_for_and_shown_safely(mended):
    """Each filter holds by itself and with others; no byte of a letter reaches the terminal as a control character."""
    settings = mended.settings
    everything = dlq(settings, "list")
    assert Counter(row["reason"] for row in everything) == {"too_large": 4, "not_json": 1}
    assert [row["at"] for row in everything] == sorted(row["at"] for row in everything)
    assert all(row["topic"] == settings.topic_articles and row["stage"] == "extract" for row in everything)
    assert dlq(settings, "list", "--reason", "not_json", "--reason", "too_large") == everything
    partition = everything[0]["partition"]
    chosen = dlq(settings, "list", "--partition", str(partition), "--topic", settings.topic_articles)
    assert chosen == [row for row in everything if row["partition"] == partition]
    assert dlq(settings, "list", "--since", "2000-01-01", "--until", "2100-01-01T00:00:00Z") == everything
    for nothing in (["--topic", "another"], ["--since", "2100-01-01"], ["--until", "2000-01-01"]):
        assert dlq(settings, "list", *nothing) == []
    assert dlq(settings, "list", "--limit", "2") == everything[-2:]

    (bad,) = dlq(settings, "list", "--reason", "not_json")
    (shown,) = dlq(settings, "show", str(bad["letter"]))
    assert shown["value"] == '{"text": "\x1b]0;owned\x07'
    assert ["muster.reason", "not_json"] in shown["headers"]
    (cut,) = dlq(settings, "show", str(everything[0]["letter"]), "--value-bytes", "10")
    assert (len(str(cut["value"])), cut["value_is_cut"]) == (10, True)
    for arguments in (["list"], ["show", str(bad["letter"])]):
        result = CliRunner().invoke(main, ["dlq", *arguments], env=settings.as_environment())
        assert result.exit_code == 0
        assert "\\x1b" in result.stdout
        assert not any(ord(c) < 32 and c != "\n" for c in result.stdout)
    missing = CliRunner().invoke(main, ["dlq", "show", "0:999999"], env=settings.as_environment())
    assert (missing.exit_code, "dlq list" in missing.output) == (1, True)


def test_a_replay_brings_back_what_was_mended_and_doubles_nothing(mended, cache_dir):
    """Originals go back as they came; replaying again changes no total and adds no event id, and what is still bad
    comes back as one newer letter that stands for the old one."""
    settings = mended.settings
    expected = totals_without_faults(long_articles(4), cache_dir)
    assert [row["outcome"] for row in dlq(settings, "replay", "--dry-run")] == ["would be sent"] * 5
    assert len(mended.read(settings.topic_articles)) == 5
    for again in range(2):
        outcomes = Counter(row["outcome"] for row in dlq(settings, "replay"))
        mended.wait_until_read()
        assert outcomes["sent"] == 5
        assert sum(outcomes.values()) == 5 + again
        assert mended.last_values(settings.topic_city_totals) == expected
        events = mended.read(settings.topic_events)
        assert len({orjson.loads(value)["event_id"] for _, value, _ in events}) == 4
    assert all(headers["traceparent"] == TRACE for _, _, headers in events)
    sent = [headers for key, _, headers in mended.read(settings.topic_articles) if key == b"a0"]
    assert [headers.pop("muster-replay-of", None) is not None for headers in sent] == [False, True, True]
    assert sent == [{"traceparent": TRACE, "source": b"scraper-7"}] * 3
    letters = dlq(settings, "list", "--reason", "not_json")
    assert [row["replay_of"] for row in letters] == [None, letters[0]["letter"], letters[1]["letter"]]


def test_a_replay_writes_to_no_topic_that_a_forged_letter_names(deploy):
    """Whoever can write to the dead letter topic cannot make an operator write elsewhere."""
    stream = deploy()
    settings = stream.settings
    producer = Producer({"bootstrap.servers": settings.bootstrap})
    for topic, partition in ((settings.topic_city_totals, b"0"), (settings.topic_articles, b"99"), ("", b"x")):
        headers = [("__connect.errors.topic", topic.encode()), ("__connect.errors.partition", partition)]
        producer.produce(settings.topic_dead_letters, b"{}", b"city:1", headers=headers)
    assert producer.flush(60) == 0
    assert [str(row["outcome"])[:8] for row in dlq(settings, "replay")] == ["left out"] * 3
    assert stream.read(settings.topic_city_totals) == stream.read(settings.topic_articles) == []


def committed(settings, topic: str) -> dict[int, int]:
    """Partition -> offset that the extract role has committed."""
    consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": f"{settings.group_prefix}-extract"})
    partitions = [TopicPartition(topic, n) for n in consumer.list_topics(topic, timeout=30).topics[topic].partitions]
    found = {tp.partition: max(0, tp.offset) for tp in consumer.committed(partitions, timeout=30)}
    consumer.close()
    return found


def below(settings, offsets: dict[int, int]) -> set[bytes]:
    """Keys of the articles before these offsets."""
    consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": f"{settings.group_prefix}-reader"})
    keys = set()
    for partition, end in offsets.items():
        consumer.assign([TopicPartition(settings.topic_articles, partition, 0)])
        keys |= {message.key() for message in consumer.consume(end, timeout=30)} if end else set()
    consumer.close()
    return keys


@pytest.mark.parametrize(
    ("limits", "good_every", "named"),
    [
        ({"dead_letters_in_a_row_max": 100}, 0, "MUSTER_DEAD_LETTERS_IN_A_ROW_MAX"),
        ({"dead_letter_ratio_max": 0.6}, 3, "MUSTER_DEAD_LETTER_RATIO_MAX"),
    ],
)
def test_a_broken_deploy_stops_the_worker_instead_of_draining_the_topic(deploy, tmp_path, limits, good_every, named):
    """Over either limit it leaves with exit 78 and says which; all that it acked lies among the dead letters."""
    stream = deploy(**limits)
    good = b'{"text": "Rain fell on Friday."}'
    records = [(b"k%d" % n, good if good_every and n % good_every == 0 else b"no json") for n in range(2_000)]
    records = [(None if value == good else key, value) for key, value in records]
    stream.produce(records)
    worker = Worker(stream.settings.model_copy(update={"web_port": 0}), "extract", tmp_path / "extract.log")
    assert worker.process.wait(HANG_SECONDS) == EXIT_REFUSED_TO_RUN
    log = worker.log.read_text()
    assert named in log
    assert "Traceback" not in log
    offsets = committed(stream.settings, stream.settings.topic_articles)
    assert sum(offsets.values()) < len(records)
    letters = {key for key, _, _ in stream.read(stream.settings.topic_dead_letters)}
    assert below(stream.settings, offsets) - {None} <= letters


@pytest.mark.parametrize("ready_first", [True, False], ids=["while it runs", "at once"])
def test_muster_up_ends_when_a_role_refuses_to_run(deploy, free_ports, ready_first):
    """Exit 78 of a role becomes that of `muster up`, whenever it comes, with the reason on standard error."""
    stream = deploy(dead_letters_in_a_row_max=20, web_port=free_ports)
    bad = [(b"k%d" % n, b"no json") for n in range(500)]
    if not ready_first:
        stream.produce(bad)
    process = subprocess.Popen(
        [sys.executable, "-m", "muster", "up"],
        env={**os.environ, **stream.settings.as_environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        if ready_first:
            assert any("Ready." in line for line in process.stdout)
            stream.produce(bad)
        output, _ = process.communicate(timeout=HANG_SECONDS)
    finally:
        process.kill()
    assert process.returncode == EXIT_REFUSED_TO_RUN, output
    assert "dead letters in a row (MUSTER_DEAD_LETTERS_IN_A_ROW_MAX)" in output
    assert "extract refuses to run" in output
    assert "Traceback" not in output
