"""The documentation and the examples, run as a reader runs them, against a real stream.

One module, so that one stream serves all of it and is gone before other tests.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from confluent_kafka import Producer

from tests.docs.blocks import ROOT, Page
from tests.docs.pages import RUN, named

pytestmark = pytest.mark.kafka

FEED = "examples/feeds/border-ledger.xml"
MATAMOROS, PIEDRAS_NEGRAS, NUEVO_LAREDO = "city:3523466", "city:3992619", "city:3522551"


def rows(database: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def figures(database: Path) -> dict[str, tuple[int | None, int | None]]:
    """Place key -> planned and deployed, of the places in the examples."""
    totals = {key: json.loads(value) for key, value in rows(database, "SELECT key, value FROM totals")}
    best = {key: tuple(t[s] and t[s]["best"] for s in ("planned", "deployed")) for key, t in totals.items()}
    return {key: best[key] for key in (MATAMOROS, PIEDRAS_NEGRAS, NUEVO_LAREDO) if key in best}


def test_scrapers_and_a_subscriber_through_corrections_and_retractions(stream, tmp_path):
    """What scrapers send are the subscriber's figures; corrected, withdrawn and repeated: still one number a city."""
    database = tmp_path / "one.sqlite"

    def subscribe(path: Path = database) -> str:
        stream.wait_until_read()
        return stream.python("examples/subscriber.py", stream.bootstrap, str(path), "--once")

    assert "3 of 3" in stream.python("examples/rss_scraper.py", stream.bootstrap, FEED)
    assert "1 articles" in stream.python("examples/news_please_scraper.py", stream.bootstrap, "examples/news-please")
    printed = subscribe()
    assert "Heroica Matamoros: planned unknown -> 320" in printed
    assert figures(database) == {MATAMOROS: (320, None), PIEDRAS_NEGRAS: (None, 210), NUEVO_LAREDO: (None, 480)}

    corrected = tmp_path / "corrected.xml"
    corrected.write_text((ROOT / FEED).read_text(encoding="utf-8").replace("320 marines", "350 marines"))
    stream.python("examples/rss_scraper.py", stream.bootstrap, str(corrected))
    producer = Producer({"bootstrap.servers": stream.bootstrap})
    producer.produce("articles.raw", None, "border-ledger-2002")
    assert producer.flush(30) == 0
    printed = subscribe()
    assert "Heroica Matamoros: planned 320 -> 350" in printed
    assert (
        f"{PIEDRAS_NEGRAS}: deployed 210 -> unknown" in printed or "Piedras Negras: deployed 210 -> unknown" in printed
    )
    assert figures(database)[MATAMOROS] == (350, None)
    standing = rows(database, f"SELECT count(*), count(DISTINCT event_id) FROM standing WHERE key = '{MATAMOROS}'")
    assert standing == [(1, 1)]

    again = tmp_path / "again.sqlite"
    shutil.copy(database, again)  # a group of its own: it reads everything once more
    subscribe(again)
    for table in ("events", "totals", "standing"):
        query = f"SELECT * FROM {table} ORDER BY 1, 2"
        assert rows(again, query) == rows(database, query)


@pytest.mark.parametrize("path", RUN, ids=named)
def test_what_a_page_tells_a_reader_to_do_works(path, stream, request, tmp_path, monkeypatch):
    """Every command and program of the page runs, in its order, and prints what the page says that it prints."""
    monkeypatch.chdir(ROOT)
    instead = {
        "localhost:9092": stream.bootstrap,
        "kafka-1:9092": stream.bootstrap,
        "localhost:9464": f"127.0.0.1:{stream.settings.web_port}",
    }
    if "kafka-1:9093" in path.read_text(encoding="utf-8"):
        instead |= request.getfixturevalue("instead_of_a_secured_cluster")
    Page(path, tmp_path, stream.environment, instead, stream.wait_until_read).check()
