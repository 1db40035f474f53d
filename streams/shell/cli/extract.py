"""`muster extract`: articles in, events out, without a broker."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
def command(paths: tuple[Path, ...]) -> None:
    """Extract deployment events from articles, one JSON line an article.

    FILE is JSON (an object or an array), JSON lines, plain text or HTML; a folder is read whole; - or nothing is
    standard input. Each line out is

    \b
    {"article_id": ..., "events": [...], "city_totals": [...], "rejected": null or {"reason": ..., "detail": ...}}

    `city_totals` is what this article alone says of each city. Reconciled over all articles: muster tally.

    \b
    muster extract seeds/articles/
    cat articles.jsonl | muster extract | jq .events
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import offline
    from muster.shell.settings import Settings

    settings = Settings()
    extractor = offline.load_extractor(settings)
    for line in offline.extract_lines(extractor, paths, settings.article_bytes_max):
        sys.stdout.buffer.write(line + b"\n")
