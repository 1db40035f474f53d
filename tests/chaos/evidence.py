"""What a bad run leaves for the one who looks for the cause: every record of every topic, and the workers' logs."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import orjson
from confluent_kafka import Consumer, TopicPartition

from muster.shell.settings import Settings


def keep_evidence(target: Path, settings: Settings, folder: Path) -> None:
    """Write <topic>.jsonl for each topic (partition, offset, time, key, value, headers) and copy the logs."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder / "logs", target / "logs", dirs_exist_ok=True)
    consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": f"evidence-{uuid.uuid4().hex}"})
    try:
        for topic in consumer.list_topics(timeout=30).topics:
            with (target / f"{topic}.jsonl").open("wb") as out:
                for line in _records(consumer, topic):
                    out.write(line + b"\n")
    finally:
        consumer.close()


def _records(consumer: Consumer, topic: str) -> list[bytes]:
    lines: list[bytes] = []
    for partition in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)
        consumer.assign([TopicPartition(topic, partition, low)])
        while low < high:
            for message in consumer.consume(2_000, timeout=1.0):
                low = (message.offset() or 0) + 1
                lines.append(
                    orjson.dumps(
                        {
                            "partition": partition,
                            "offset": message.offset(),
                            "time_ms": message.timestamp()[1],
                            "key": _text(message.key()),
                            "value": _text(message.value()),
                            "headers": [(name, _text(value)) for name, value in message.headers() or ()],
                        }
                    )
                )
    return lines


def _text(raw: object) -> str | None:
    return raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else None
