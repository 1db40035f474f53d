"""`muster places`: articles in, the cities that they name out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from muster.shell.cli.offline_options import offline_options
from muster.shell.cli.output import Format, data_options, emit

COLUMNS = ("id", "start", "end", "text", "geonames_id", "name", "country", "lat", "lon")


@click.command()
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@data_options
@offline_options
def command(paths: tuple[Path, ...], fmt: Format, cache_dir: Path, article_bytes_max: int) -> None:
    """Find the cities that articles name, and tell which city of each name is meant: one JSON line an article.

    FILE is as for muster extract. Title and source (the publisher's domain) are read as context. Each line out is

    \b
    {"id": ..., "cities": [{"start": ..., "end": ..., "text": ..., "geonames_id": ..., "name": ..., "country": ...,
                            "lat": ..., "lon": ...}]}

    start and end count Unicode code points of the article's text, end exclusive; an article that cannot be read, or is
    in neither English nor Spanish, has no cities. Which cities troops are sent to: muster extract.

    \b
    muster places articles.jsonl
    muster places --format table article.txt
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import places
    from muster.shell.gazetteer import load_atlas

    lines = places.city_lines(load_atlas(cache_dir), paths, article_bytes_max)
    emit(lines if fmt == "json" else _rows(lines), fmt, COLUMNS)


def _rows(lines: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row a city."""
    for line in lines:
        for city in line["cities"]:
            yield {"id": line["id"], **city}
