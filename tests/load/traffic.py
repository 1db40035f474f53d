"""Streams of articles as scrapers send them: mostly about something else, a few about deployments, all known."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from muster.core.pipeline import Extractor
from tests.bench.articles import ordinary
from tests.chaos.story import usable_cities

CITIES = 500
PUBLISHED_AT = "2025-02-05T12:00:00Z"

Record = tuple[bytes, bytes]


@dataclass(frozen=True)
class Traffic:
    """Makes articles of one seed.

    Args:
        texts: of ordinary articles, about 3 KB each.
        cities: names with their countries that mean just one city.
    """

    texts: list[str]
    cities: list[tuple[str, str]]

    @classmethod
    def load(cls, extractor: Extractor) -> Traffic:
        return cls([article.text for article in ordinary()], [names for _, names in usable_cities(extractor, CITIES)])

    def stream(self, seed: int, prefix: str, relevant_share: float, cities_count: int = CITIES) -> Iterator[Record]:
        """Endless (key, Article v1) pairs; a relevant article is about one of the first `cities_count` cities."""
        rng = random.Random(seed)
        n = 0
        while True:
            article_id = f"{prefix}{n}"
            is_relevant = rng.random() < relevant_share
            story = self._story(rng, cities_count) if is_relevant else ""
            yield article_id.encode(), article(article_id, story + self.texts[rng.randrange(len(self.texts))], n)
            n += 1

    def _story(self, rng: random.Random, cities_count: int) -> str:
        name, country = self.cities[rng.randrange(min(cities_count, len(self.cities)))]
        people = 100 + rng.randrange(900)
        return f"The army will send {people} soldiers to {name}, {country}, on Friday, the ministry said.\n\n"

    def large(self, seed: int, prefix: str, length: int) -> Iterator[Record]:
        """Relevant articles of about so many bytes, under the size limit, each with other words in another order."""
        rng = random.Random(seed)
        n = 0
        while True:
            parts, size = [self._story(rng, CITIES)], 0
            while size < length - 6_000:
                parts.append(self.texts[rng.randrange(len(self.texts))])
                size += len(parts[-1].encode()) + 2
            yield f"{prefix}{n}".encode(), article(f"{prefix}{n}", "\n\n".join(parts), n)
            n += 1


def article(article_id: str, text: str, n: int) -> bytes:
    return orjson.dumps(
        {"article_id": article_id, "text": text, "published_at": PUBLISHED_AT, "source": f"paper{n % 7}.example"}
    )
