"""`muster extract`: articles in, events out, without a broker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from muster.shell.cli.offline_options import offline_options
from muster.shell.cli.output import Format, data_options, emit

COLUMNS = ("article_id", "place", "country", "personnel", "status", "force", "evidence", "rejected")


@click.command()
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--explain",
    is_flag=True,
    help="Show the articles with the words that made each event marked; with --format json the spans.",
)
@data_options
@offline_options
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    explain: bool,  # noqa: FBT001 - click gives it by name
    fmt: Format,
    cache_dir: Path,
    article_bytes_max: int,
) -> None:
    """Extract deployment events from articles: one JSON line an article, or one row an event.

    FILE is JSON (an object or an array), JSON lines, plain text or HTML; a folder is read whole; - or nothing is
    standard input. Each line out is

    \b
    {"article_id": ..., "events": [...], "city_totals": [...], "rejected": null or {"reason": ..., "detail": ...}}

    `city_totals` is what this article alone says of each city. Reconciled over all articles: muster tally.

    \b
    muster extract seeds/articles/
    muster extract --format table article.txt
    muster extract --explain article.txt
    cat articles.jsonl | muster extract | jq .events
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import offline
    from muster.shell.cli.progress import counting_articles

    extractor = offline.load_extractor(cache_dir)
    if explain:
        from muster.shell.cli.explain import show
        from muster.shell.explained import explanations

        if fmt == "csv":
            raise click.UsageError("--explain shows pages (--format table) or JSON lines (--format json), no CSV")
        chosen = context.get_parameter_source("fmt") is not click.core.ParameterSource.DEFAULT
        show(explanations(extractor, paths, article_bytes_max), fmt if chosen else "table")
        return
    # Where the output is a terminal its lines are the progress.
    with counting_articles(quiet=sys.stdout.isatty()) as counted:
        lines = _counting(offline.extract_lines(extractor, paths, article_bytes_max), counted)
        emit(lines if fmt == "json" else _rows(lines), fmt, COLUMNS)


def _counting(lines: Iterator[dict[str, Any]], counted: Callable[[], None]) -> Iterator[dict[str, Any]]:
    for line in lines:
        counted()
        yield line


def _rows(lines: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row an event; an article without one has a row that says so, or why it was rejected."""
    for line in lines:
        rejected = line["rejected"] and f"{line['rejected']['reason']}: {line['rejected']['detail']}"
        if not line["events"]:
            yield {"article_id": line["article_id"], "rejected": rejected}
        for event in line["events"]:
            places = event["places"] or [event["place"]]
            yield {
                "article_id": line["article_id"],
                "place": " + ".join(place["name"] for place in places),
                "country": places[0]["country"],
                "personnel": event["personnel"]["text"],
                "status": event["status"] + (" (historical)" if event["historical"] else ""),
                "force": event["force"]["category"],
                "evidence": event["evidence"]["quote"],
            }
