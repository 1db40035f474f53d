"""`muster why CITY`: which rule and which reports made a figure, which lost and why."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from muster.shell.cli.as_of import as_of_option
from muster.shell.cli.options import connection_options, with_broker
from muster.shell.cli.output import Format, emit, output_options, visible
from muster.shell.settings import Settings

TIMELINE_COLUMNS = ("status", "date", "low", "best", "high", "reports")
COLUMNS = ("status", "low", "high", "measure", "date", "because", "article_id", "source")


@click.command()
@click.argument("city")
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@as_of_option
@click.option("--timeline", is_flag=True, help="Show the figures after every day that brought a report instead.")
@output_options
@connection_options
def command(
    city: str, paths: tuple[Path, ...], as_of: datetime | None, *, timeline: bool, fmt: Format, settings: Settings
) -> None:
    """Explain the figures of a city: the rule that decided, and what became of every figure that a report states.

    CITY is a name, a GeoNames id or a place key (regions and countries have keys too). With FILE the articles are read
    from files; without, from the running stream: what the fold role knows now. With --as-of the reports dated later are
    left out; an article that came late counts from its own date.

    \b
    muster why "Ciudad Juárez"
    muster why Tijuana seeds/articles
    muster why region:MX:northern-border --json
    muster why Tijuana --as-of 2025-02-05
    muster why Tijuana --timeline --format csv
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import why
    from muster.shell.gazetteer import load_gazetteer
    from muster.shell.kafka_client import BrokerUnreachable, quiet_kafka_loggers

    if paths:
        places = why.reports_in_files(settings, paths)
    else:
        quiet_kafka_loggers()
        try:
            places = asyncio.run(why.reports_on_kafka(with_broker(settings)))
        except BrokerUnreachable as error:
            raise click.ClickException(str(error)) from None
    if as_of is not None:
        places = why.until(places, as_of.date())
    keys = why.matching(places, city, load_gazetteer(settings.cache_dir))
    if not keys:
        raise click.ClickException(
            "No report names this place. Those that are named: muster tally, or the totals topic."
        )
    for key in keys:
        if fmt == "table":
            _print_total(why.total_row(places[key]))
        if timeline:
            emit(why.timeline_rows(places[key]), fmt, TIMELINE_COLUMNS)
        else:
            emit(why.verdict_rows(places[key]), fmt, COLUMNS)


def _print_total(total: dict[str, Any]) -> None:
    named = total.get("places") or [total["place"]]
    click.echo(visible(f"{' + '.join(place['name'] for place in named)}, {named[0]['country']}"))
    for status in ("planned", "deployed", "withdrawn"):
        cell = total[status]
        click.echo(f"  {status}: " + ("unknown" if cell is None else f"{cell['best']:,}"))
        for decision in total["decided_by"]:
            if decision["status"] == status:
                click.echo(visible(f"    {decision['rule']}: {decision['meaning']} ({decision['article_id']})"))
