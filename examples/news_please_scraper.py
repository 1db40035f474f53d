"""A scraper that reads what news-please has written: one JSON file an article.

    python examples/news_please_scraper.py localhost:9092 examples/news-please

Muster understands the names that news-please uses (maintext, date_publish, source_domain, language), so its files go to
`articles.raw` as they are. Two things are worth doing on the way: leave out pages without a text, which would become
dead letters, and say when the page was fetched, which news-please calls `date_download`. Records have no key: Muster
identifies an article by its URL. Needs: pip install aiokafka
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from aiokafka import AIOKafkaProducer


def articles(folder: Path) -> Iterator[bytes]:
    """The values of the records."""
    for path in sorted(folder.rglob("*.json")):
        page = json.loads(path.read_bytes())
        if page.get("maintext"):
            yield json.dumps({**page, "fetched_at": page.get("date_download")}).encode()


async def main(bootstrap: str, folder: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        deliveries = [await producer.send("articles.raw", value) for value in articles(Path(folder))]
        await asyncio.gather(*deliveries)  # raises if Kafka did not take one
    print(f"{len(deliveries)} articles delivered")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
