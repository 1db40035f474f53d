"""Today's workers go on from the state that earlier versions left, and keep off that of later ones."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from confluent_kafka import Producer

from muster.shell import codec, offline, report_rows, topics
from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
from muster.shell.partitioner import partition_of
from muster.shell.state_format import STATE_FORMAT
from muster.shell.worker import ROLES
from tests.integration.conftest import PARTITIONS, SEEDS, Deployment

pytestmark = pytest.mark.kafka

FORMS = ("rows-as-json.json", "rows-packed.json")
STATES = Path(__file__).parent / "state"
LATER = SEEDS / "story" / "18-mil-650-a-juarez.json"
TABLES = {"route": "articles", "fold": "reports"}

Rows = dict[bytes, bytes]


def recorded() -> tuple[list[Path], dict[str, Rows]]:
    """The articles that earlier versions had read, and the rows of their tables by role, in turn of either form."""
    states: list[dict[str, Any]] = [json.loads((STATES / name).read_text(encoding="utf-8")) for name in FORMS]
    rows = {
        role: {
            key.encode(): base64.b64decode(states[number % len(states)][role][key])
            for number, key in enumerate(sorted(states[0][role]))
        }
        for role in TABLES
    }
    return [SEEDS / "story" / f"{article}.json" for article in states[0]["articles"]], rows


def write_rows(stream: Deployment, role: str, rows: Rows) -> None:
    producer = Producer({"bootstrap.servers": stream.settings.bootstrap})
    for key, value in rows.items():
        owner = report_rows.place_key_of(key).encode() if role == "fold" else key
        topic = topics.changelog(stream.settings, role, TABLES[role])
        producer.produce(topic, value, key, partition_of(owner, PARTITIONS))
    assert producer.flush(60) == 0


async def commit(stream: Deployment, note: str) -> None:
    """What the extract role had read, all of what is there, as its group would commit it; `note` goes along."""
    own = [TopicPartition(stream.settings.topic_articles, partition) for partition in range(PARTITIONS)]
    group = f"{stream.settings.group_prefix}-extract"
    async with AIOKafkaConsumer(
        bootstrap_servers=stream.settings.bootstrap, group_id=group, enable_auto_commit=False
    ) as consumer:
        consumer.assign(own)
        ends = await consumer.end_offsets(own)
        await consumer.commit({partition: OffsetAndMetadata(end, note) for partition, end in ends.items()})


def article(path: Path) -> tuple[bytes, bytes]:
    value = path.read_bytes()
    return orjson.loads(value)["article_id"].encode(), value


def test_an_earlier_state_counts(deploy, cache_dir):
    """One more article on top of the recorded rows gives the totals of all articles, none of them read again."""
    before, rows = recorded()
    stream = deploy()
    stream.produce([article(path) for path in before])
    asyncio.run(commit(stream, ""))
    for role in TABLES:
        write_rows(stream, role, rows[role])
    workers = stream.start()
    stream.produce([article(LATER)])
    stream.wait_until_read()
    assert [worker.end() for worker in workers] == [0, 0, 0]
    assert stream.read(stream.settings.topic_dead_letters) == []

    tally = offline.tally(offline.load_extractor(cache_dir), [*before, LATER], 1_000_000)
    totals = [orjson.loads(value) for value in stream.last_values(stream.settings.topic_city_totals).values()]
    said = ("planned", "deployed", "withdrawn", "reports", "sources", "as_of", "first_reported_at")
    assert {t["place"]["name"]: [t[field] for field in said] for t in totals} == {
        t["place"]["name"]: [t[field] for field in said] for t in tally.city_totals
    }
    assert {t["place"]["name"]: t["reports"] for t in totals} == {"Ciudad Juárez": 3, "Tijuana": 2}


def test_a_later_state_is_refused(deploy):
    """A worker that finds it ends with the exit code that wants a person, says why, and neither writes nor commits."""
    stream = deploy()
    stream.produce([article(LATER)])
    asyncio.run(commit(stream, f"muster-state={STATE_FORMAT + 1}"))
    rows = {
        "route": {b"a": b'{"schema_version":%d,"row":{}}' % (codec.FORMAT + 1)},
        "fold": {report_rows.row_key("city:1", "a"): bytes([report_rows.FORM[0] + 1]) + b"later"},
    }
    for role in TABLES:
        write_rows(stream, role, rows[role])
    for worker in [stream.launch(role) for role in ROLES]:
        assert worker.process.wait(timeout=60) == EXIT_REFUSED_TO_RUN
        assert "which a newer Muster wrote" in worker.log.read_text()
    for role, table in TABLES.items():
        assert {key: value for key, value, _ in stream.read(topics.changelog(stream.settings, role, table))} == rows[
            role
        ]
    for topic in (stream.settings.topic_claims, stream.settings.topic_reports, stream.settings.topic_city_totals):
        assert stream.read(topic) == []
