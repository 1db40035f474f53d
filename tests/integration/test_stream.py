"""The stream from outside: articles in by confluent-kafka, events, totals and dead letters out by confluent-kafka."""

from __future__ import annotations

import json
import random
from collections import Counter

import orjson
import pytest

pytestmark = pytest.mark.kafka

GOOD = {
    "article_id": "good-{n}",
    "url": "https://news.example/{n}",
    "published_at": "2025-02-05T12:00:00Z",
    "text": "The army will send {count} soldiers to Tijuana on Friday, the Defense Ministry said. Article {n}.",
}


def article(n: int, count: int = 300, **changes: object) -> tuple[bytes, bytes]:
    body = {k: v.format(n=n, count=count) if isinstance(v, str) else v for k, v in GOOD.items()} | changes
    return str(body["article_id"]).encode(), json.dumps(body).encode()


def quiet(n: int) -> tuple[bytes, bytes]:
    return article(n, text="The city council of Tijuana met on Friday and talked about two new parks.")


BAD: dict[str, tuple[bytes | None, bytes | None]] = {
    "not_json": (b"x1", b'{"article_id": "x1", "text": '),
    "not_utf8": (b"x2", b"\xff\xfe\x00"),
    "not_an_object": (b"x3", b'["text"]'),
    "missing_text": (b"x4", b'{"article_id": "x4", "title": "Only a title"}'),
    "wrong_type": (b"x5", b'{"article_id": "x5", "text": 17}'),
    "too_large": (b"x6", json.dumps({"article_id": "x6", "text": "a" * 1_000_000}).encode()),
    "too_large ": (
        b"x66",
        b'{"article_id": "x66", "text": "' + random.Random(6).randbytes(540_000).hex().encode() + b'"}',
    ),
    "key_mismatch": (b"another", b'{"article_id": "x7", "text": "Some text"}'),
    "unknown_schema_version": (b"x8", b'{"article_id": "x8", "text": "Some text", "schema_version": 99}'),
    "nested_too_deep": (b"x9", b'{"article_id": "x9", "text": "t", "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    "bad_article_id": (b"a\x07b", json.dumps({"article_id": "a\x07b", "text": "Some text"}).encode()),
}


def outcomes(worker) -> Counter[str]:
    lines = worker.get("/metrics")[1].splitlines()
    rows = [line for line in lines if line.startswith("muster_records_total{")]
    return Counter({row.split('outcome="')[1].split('"')[0]: round(float(row.split()[-1])) for row in rows})


def test_bad_records_between_good_ones_are_all_accounted_for(deploy):
    """In = articles with events + without + repeated or superseded + withdrawals + empty + dead letters; no more."""
    stream = deploy()
    extract, route, _ = stream.start()
    records: list[tuple[bytes | None, bytes | None]] = []
    for n, bad in enumerate(BAD.values()):
        records += [article(n, 300 + n), bad, quiet(100 + n)]
    records += [
        (b"unknown", None),  # a null value for an article that was never seen
        (b"empty", b'{"article_id": "empty", "text": "  "}'),
        (b"good-0", None),  # withdraws the first good one
        article(1, 301),  # again
        article(2, 996, fetched_at="2020-01-01T00:00:00Z"),
        article(2, 302, version=3),
        article(2, 998, version=2),  # superseded
        article(3, 303, retracted=True, version=1),
        article(50, text="\u0007 The army will send 410 soldiers to Tijuana on Friday,\u0000 the ministry said."),
    ]
    stream.produce(records)
    stream.wait_until_read()

    counted = outcomes(extract)
    assert sum(counted.values()) == len(records)
    assert counted["dead_letter"] == len(BAD)
    assert counted["without_events"] == len(BAD)
    assert counted["withdrawal"] == 3
    assert counted["empty"] == 1
    assert counted["with_events"] == len(BAD) + 5

    letters = stream.read(stream.settings.topic_dead_letters)
    assert sorted((h["muster.reason"].decode(), k, v) for k, v, h in letters) == sorted(
        (reason.strip(), *record) for reason, record in BAD.items()
    )
    assert all(h["__connect.errors.topic"].decode() == stream.settings.topic_articles for _, _, h in letters)

    routed = outcomes(route)
    claims = stream.read(stream.settings.topic_claims)
    assert sum(routed.values()) == len(claims) == counted["with_events"] + counted["withdrawal"]
    assert routed["superseded"] + routed["repeated"] >= 2

    standing = {f"good-{n}" for n in range(len(BAD))} - {"good-0", "good-3"} | {"good-50"}
    (total,) = (orjson.loads(v) for v in stream.last_values(stream.settings.topic_city_totals).values())
    assert total["place"]["geonames_id"] == 3981609
    assert total["reports"] == len(standing)
    events = [orjson.loads(v) for _, v, _ in stream.read(stream.settings.topic_events)]
    assert {e["article_id"] for e in events} == standing | {"good-0", "good-3"}


def test_seeds_give_the_same_totals_as_without_a_broker(deploy, seed_records, seed_tally):
    """The stream and `muster tally` run the same functions: the cells of every city are equal."""
    stream = deploy()
    workers = stream.start()
    stream.produce(seed_records)
    stream.wait_until_read()
    values = stream.last_values(stream.settings.topic_city_totals)
    totals = {k.decode(): orjson.loads(v) for k, v in values.items()}
    cells = ("planned", "deployed", "withdrawn", "reports", "place")
    assert {k: [t[c] for c in cells] for k, t in totals.items()} == {
        k: [t[c] for c in cells] for k, t in seed_tally.items()
    }
    planned = {t["place"]["name"]: t["planned"] and t["planned"]["best"] for t in totals.values()}
    assert planned["Tijuana"] == 1949
    assert planned["Ciudad Juárez"] == 1650
    assert not any("El Paso" in t["place"]["name"] for t in totals.values())
    for worker in workers:
        listed = json.loads(worker.get("/api/v1/cities?limit=1000")[1])["totals"]
        assert {t["place"]["key"] for t in listed} == set(totals)
    assert json.loads(workers[0].get("/api/v1/cities/3981609")[1]) == totals["city:3981609"]
    texts = {e["article_id"] for e in map(orjson.loads, (v for _, v, _ in stream.read(stream.settings.topic_events)))}
    assert {q["article_id"] for t in totals.values() for q in t["evidence"]} <= texts
