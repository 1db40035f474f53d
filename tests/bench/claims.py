"""What extraction makes of articles, one line of JSON an article: two builds of the core are compared by it.

    python -m tests.bench.claims     # of the Muster that this Python imports; the first line says where it is

Besides the annotated articles and the demonstrations the long ones of the benchmarks are read, and texts that were
made to be slow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from muster.core import text
from muster.core.limits import ARTICLE_BYTES_MAX
from muster.core.model import Article
from muster.shell import offline
from muster.shell.article_codec import decode_article
from muster.shell.settings import Settings
from tests.bench import articles, hostile

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
HOSTILE_CHARS = 3_000
NAMES = ["Tijuana", "Paris", "San José", "Springfield", "Nogales", "Victoria", "Reading", "La Paz"]


def read_articles() -> Iterator[Article]:
    for path in sorted(SEEDS.glob("[as]*/*.json")):
        article = decode_article(None, path.read_bytes(), bytes_max=ARTICLE_BYTES_MAX).value
        if isinstance(article, Article):
            yield article
    for path in (SEEDS / "gold" / "dev.jsonl", *sorted((SEEDS / "training").glob("*.jsonl"))):
        for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
            row = json.loads(line)
            published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row["published"] else None
            yield Article(row["id"], row["text"], title=row["title"], lang=row["lang"], published_at=published)
    yield from articles.relevant()
    yield from articles.ordinary(20)
    for kind, make in hostile.texts(NAMES).items():
        for lang in ("en", "es"):
            yield Article(f"{kind}-{lang}", make(HOSTILE_CHARS), lang=lang)


def main() -> None:
    extractor = offline.load_extractor(Settings().cache_dir)
    print(text.__file__)
    for article in read_articles():
        told = f"{extractor.claim(article, None)!r}\n{extractor.explain(article)!r}"
        print(json.dumps([article.article_id, hashlib.sha256(told.encode()).hexdigest()]))


if __name__ == "__main__":
    main()
