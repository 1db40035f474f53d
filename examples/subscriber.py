"""A subscriber: keeps the events and the totals in SQLite, and prints every figure that changes.

    python examples/subscriber.py localhost:9092 muster.sqlite            follows for ever; Ctrl-C ends it
    python examples/subscriber.py localhost:9092 muster.sqlite --once     ends when it has read what is there

It may be killed at any moment and started again: what the contracts say makes that safe.

- Records may repeat. An event is stored under its `event_id`, which is the same for the same fact: once more is once.
- A total is state: the last record of a key counts, and a null value (a tombstone) removes the place.
- An event is what an article said, and is never taken back. Whether it still counts, also after a correction or a
  retraction of its article, is told by the total: its `evidence` names the events that carry it. The view `standing`
  joins the two.
- Offsets are committed after the database has been.

Needs: pip install confluent-kafka
"""

import contextlib
import json
import sqlite3
import sys
from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, Message

EVENTS, CITIES, REGIONS = "deployments.events", "deployments.city-totals", "deployments.region-totals"
TABLES = """
CREATE TABLE IF NOT EXISTS events (event_id TEXT PRIMARY KEY, article_id TEXT, value TEXT);
CREATE TABLE IF NOT EXISTS totals (key TEXT PRIMARY KEY, value TEXT);
CREATE VIEW IF NOT EXISTS standing AS
    SELECT totals.key, events.event_id, events.article_id
    FROM totals, json_each(totals.value, '$.evidence') AS quote
    JOIN events ON events.event_id = json_extract(quote.value, '$.event_id');
"""
Figures = dict[str, int]


def messages(consumer: Consumer, *, once: bool) -> Iterator[Message]:
    """Records as they come; with `once` until every partition has been read to its end."""
    unread: set[tuple[str, int]] | None = None
    while unread is None or unread or not once:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if unread is None:
            unread = {(p.topic, p.partition) for p in consumer.assignment()}
        if message.error() is None:
            yield message
        elif message.error().code() == KafkaError._PARTITION_EOF:
            unread.discard((message.topic(), message.partition()))
        else:
            raise RuntimeError(message.error())


def store_event(database: sqlite3.Connection, value: bytes) -> None:
    event = json.loads(value)
    row = (event["event_id"], event["article_id"], value.decode())
    database.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", row)


def store_total(database: sqlite3.Connection, key: str, value: bytes | None) -> None:
    """Keep the total, or forget the place, and say which figures changed."""
    known = database.execute("SELECT value FROM totals WHERE key = ?", (key,)).fetchone()
    before = figures(json.loads(known[0])) if known else {}
    if value is None:
        database.execute("DELETE FROM totals WHERE key = ?", (key,))
        after, name = {}, key
    else:
        total = json.loads(value)
        database.execute("INSERT OR REPLACE INTO totals VALUES (?, ?)", (key, value.decode()))
        after = figures(total)
        name = " + ".join(place["name"] for place in total.get("places") or [total["place"]])
    for status in sorted(before.keys() | after.keys()):
        if before.get(status) != after.get(status):
            print(f"{name}: {status} {before.get(status, 'unknown')} -> {after.get(status, 'unknown')}")


def figures(total: dict) -> Figures:
    """Status -> best figure. An unknown one is absent, which is not the same as 0; they are never added together."""
    return {status: total[status]["best"] for status in ("planned", "deployed", "withdrawn") if total[status]}


def main(bootstrap: str, path: str, *flags: str) -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"subscriber-{path}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    consumer.subscribe([EVENTS, CITIES, REGIONS])
    with contextlib.closing(sqlite3.connect(path)) as database, contextlib.closing(consumer):
        database.executescript(TABLES)
        for message in messages(consumer, once="--once" in flags):
            with database:
                if message.topic() == EVENTS:
                    store_event(database, message.value())
                else:
                    store_total(database, message.key().decode(), message.value())
            consumer.commit(message, asynchronous=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(*sys.argv[1:])
