"""The cities that articles in files name: what `muster places` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from muster.core import text
from muster.core.model import Article
from muster.core.place_atlas import Atlas
from muster.core.places import PlaceFinder
from muster.shell.article_codec import decode_article
from muster.shell.inputs import InputRecord, read_articles


def city_lines(atlas: Atlas, paths: Iterable[Path], bytes_max: int) -> Iterator[dict[str, Any]]:
    """One object an article, in the order of the files; `id` is the article's own where it has one."""
    for record in read_articles(paths):
        article = _article(record, bytes_max)
        own = record.key.decode(errors="replace") if record.key else None
        yield {
            "id": own if article is None else article.article_id,
            "cities": [] if article is None else cities_of(article, atlas),
        }


def cities_of(article: Article, atlas: Atlas) -> list[dict[str, Any]]:
    """The cities that an article names, in text order."""
    document = text.read(article.text, article.title, article.lang)
    if document is None:
        return []
    found = []
    for mention in PlaceFinder(document, atlas, article.source).cities():
        start, end = document.starts[mention.first], document.end(mention.last - 1)
        city = mention.city
        found.append(
            {
                "start": start,
                "end": end,
                "text": article.text[start:end],
                "geonames_id": city.geonames_id,
                "name": city.name,
                "country": city.country,
                "lat": city.lat,
                "lon": city.lon,
            }
        )
    return found


def _article(record: InputRecord, bytes_max: int) -> Article | None:
    decoded = None if record.value is None else decode_article(None, record.value, bytes_max=bytes_max).value
    return decoded if isinstance(decoded, Article) else None
