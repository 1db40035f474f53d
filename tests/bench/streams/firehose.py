"""A firehose of 3 KB articles, of which few are relevant: word statistics of real prose, decided by a seed.

Ordinary articles are chains of words: each follows the one before it as often as it does in the paragraphs that the
benchmarks carry, so that lengths, frequencies and compression are those of prose. Relevant ones are the annotated
articles with background, under ids of their own.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

import orjson

from tests.bench.articles import ARTICLE_BYTES, ordinary, relevant

TEXTS = 4_000
"""Different ordinary texts; more would not compress differently within one batch of a producer."""

SENTENCE_WORDS_MAX = 40
Chain = dict[str, list[str]]


def chain() -> Chain:
    """Each word and all that follow it, "" for where sentences begin."""
    follows: Chain = defaultdict(list)
    for paragraph in {p for article in ordinary() for p in article.text.split("\n\n")}:
        last = ""
        for word in paragraph.split():
            follows[last].append(word)
            last = "" if word[-1] in ".!?" else word
    return follows


def text(follows: Chain, rng: random.Random, article_bytes: int = ARTICLE_BYTES) -> str:
    words: list[str] = []
    length, last, run = 0, "", 0
    while length < article_bytes:
        word = rng.choice(follows.get(last) or follows[""])
        run = run + 1 if last else 0
        last = "" if word[-1] in ".!?" or run > SENTENCE_WORDS_MAX else word
        words.append(word)
        length += len(word.encode()) + 1
    return " ".join(words)


def firehose(
    seed: int, count: int, relevant_share: float, article_bytes: int = ARTICLE_BYTES
) -> Iterator[tuple[bytes, bytes]]:
    """Key and Article v1 of so many articles; relevant ones are always of about `ARTICLE_BYTES`."""
    rng = random.Random(seed)
    follows = chain()
    texts = [text(follows, rng, article_bytes) for _ in range(min(count, TEXTS))]
    stories = relevant()
    for n in range(count):
        article_id = f"article-{n}"
        body = {"article_id": article_id, "source": f"paper{n % 50}.example", "published_at": "2025-02-05T12:00:00Z"}
        if rng.random() < relevant_share:
            story = stories[rng.randrange(len(stories))]
            body |= {"text": story.text, "title": story.title, "lang": story.lang}
        else:
            body |= {"text": texts[rng.randrange(len(texts))], "title": "In brief"}
        yield article_id.encode(), orjson.dumps(body)
