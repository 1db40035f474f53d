"""A scraper: every entry of an RSS or Atom feed becomes an article on `articles.raw`.

    python examples/rss_scraper.py localhost:9092 examples/feeds/border-ledger.xml

The feed is a file or an address. Run it as often as you like, for instance from cron: the same entry again changes
nothing, and one whose text has changed since is a correction, of which the newest `fetched_at` stands.
Needs: pip install confluent-kafka feedparser
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import feedparser
from confluent_kafka import Producer


def article(entry: Any, fetched_at: datetime) -> dict[str, str]:
    """An entry as an Article v1. What the feed does not say is left out; Muster does without it."""
    made = {
        "article_id": entry.get("id") or entry.get("link"),
        "url": entry.get("link"),
        "title": entry.get("title"),
        "html": entry.content[0].value if "content" in entry else entry.get("summary"),
        "fetched_at": fetched_at.isoformat(),
    }
    if published := entry.get("published_parsed"):
        made["published_at"] = datetime(*published[:6], tzinfo=UTC).isoformat()
    return {name: value for name, value in made.items() if value}


def main(bootstrap: str, feed: str) -> int:
    refused: list[str] = []

    def delivered(error: object, _message: object) -> None:
        if error is not None:
            refused.append(str(error))

    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
    entries = feedparser.parse(feed).entries
    for entry in entries:
        made = article(entry, datetime.now(UTC))
        producer.produce("articles.raw", json.dumps(made), key=made.get("article_id"), on_delivery=delivered)
        producer.poll(0)  # hands over what was delivered meanwhile
    waiting = producer.flush(30)
    print(f"{len(entries) - waiting - len(refused)} of {len(entries)} articles delivered")
    return 1 if waiting or refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
