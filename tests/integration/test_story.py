"""The whole of it on one story: twenty articles in any order, through a real broker, to one number a city."""

from __future__ import annotations

import random
from pathlib import Path

import orjson
import pytest

from muster.shell.inputs import read_articles

pytestmark = pytest.mark.kafka

STORY = Path(__file__).resolve().parents[2] / "seeds" / "story"
WITHDRAWN = b"story-19"
CITIES = {  # planned and deployed: (low, best, high)
    "Tijuana": ((1949, 1949, 1949), (500, 500, 500)),
    "Ciudad Juárez": ((1600, 1650, 7000), None),
    "Nogales": (None, (370, 370, 370)),
}
REGIONS = {"Northern border": 10_000, "Baja California": 3_070, "Chihuahua": 2_400}

Records = list[tuple[bytes | None, bytes | None]]


def records() -> Records:
    """Every version of every article, a withdrawal for good, and a third of all once more."""
    told: Records = [(record.key, record.value) for record in read_articles([STORY])]
    told.append((WITHDRAWN, None))
    return told + told[::3]


def texts() -> dict[str, str]:
    """article_id -> the text of its greatest version."""
    articles = sorted((orjson.loads(value) for _, value in records() if value), key=lambda a: a.get("version", 0))
    return {article["article_id"]: article["text"] for article in articles}


def estimate(cell: dict[str, int] | None) -> tuple[int, int, int] | None:
    return cell and (cell["low"], cell["best"], cell["high"])


def test_one_number_a_city_whatever_the_order(deploy):
    """Three random orders with repetitions give the same last bytes of every key, and those tell the story."""
    runs = []
    for seed in (1, 2, 3):
        shuffled = records()
        random.Random(seed).shuffle(shuffled)
        stream = deploy()
        workers = stream.start()
        stream.produce(shuffled)
        stream.wait_until_read()
        settings = stream.settings
        totals = stream.last_values(settings.topic_city_totals), stream.last_values(settings.topic_region_totals)
        events = {orjson.loads(value)["event_id"] for _, value, _ in stream.read(settings.topic_events)}
        assert stream.read(settings.topic_dead_letters) == []
        runs.append((totals, events))
        assert [worker.end() for worker in workers] == [0, 0, 0]
    assert runs[0] == runs[1] == runs[2]

    (cities, regions), _ = runs[0]
    told = [orjson.loads(value) for value in cities.values()]
    assert {t["place"]["name"]: (estimate(t["planned"]), estimate(t["deployed"])) for t in told} == CITIES
    assert {
        t["place"]["name"]: t["planned"]["best"] for t in map(orjson.loads, regions.values()) if t["scope"] == "region"
    } == REGIONS
    standing = texts()
    for total in (*told, *map(orjson.loads, regions.values())):
        decided = {decision["status"] for decision in total["decided_by"]}
        quoted = {quote["status"] for quote in total["evidence"]}
        assert decided == quoted == {status for status in ("planned", "deployed", "withdrawn") if total[status]}
        assert all(standing[q["article_id"]][q["start"] : q["end"]] == q["quote"] for q in total["evidence"])
