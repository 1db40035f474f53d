"""Articles of 3 KB, as long as news articles are, for the benchmarks: ones with deployments, and ordinary ones.

The annotated articles are shorter, so each is followed by paragraphs of background in its language, taken in turn:
names of people, towns and offices, and numbers that count no one who is sent anywhere. Ordinary articles are made of
paragraphs about other things, in which no force is named.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from muster.core.model import Article

HERE = Path(__file__).resolve().parent
GOLD = HERE.parents[1] / "seeds" / "gold" / "dev.jsonl"
ARTICLE_BYTES = 3_000


def relevant() -> list[Article]:
    """Every annotated article with events, with background until it has `ARTICLE_BYTES`."""
    background = {lang: _paragraphs(f"background-{lang}") for lang in ("en", "es")}
    articles = []
    for number, line in enumerate(GOLD.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        if not row["events"]:
            continue
        text = _padded(row["text"], background[row["lang"]], number)
        published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row["published"] else None
        articles.append(Article(row["id"], text, title=row["title"], lang=row["lang"], published_at=published))
    return articles


def ordinary(count: int = 200) -> list[Article]:
    """Different mixtures of paragraphs without a deployment."""
    paragraphs = _paragraphs("ordinary")
    return [Article(f"ordinary-{n}", _padded("", paragraphs, n), title=f"In brief, part {n}") for n in range(count)]


def _paragraphs(name: str) -> list[str]:
    return (HERE / "paragraphs" / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n")


def _padded(text: str, paragraphs: list[str], turn: int) -> str:
    """`text` and then paragraphs from the given turn on, until `ARTICLE_BYTES` of UTF-8 are reached."""
    parts = [text] if text else []
    length = len(text.encode())
    for paragraph in islice(cycle(paragraphs), turn % len(paragraphs), None):
        if length >= ARTICLE_BYTES:
            break
        parts.append(paragraph)
        length += len(paragraph.encode()) + 2
    return "\n\n".join(parts)
