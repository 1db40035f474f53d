"""`muster demo`: the main job on a real Kafka, from articles in a folder to the table of cities."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from muster.shell.cli.options import connection_options, embedded_options, web_options
from muster.shell.cli.output import json_line
from muster.shell.cli.up import say, stop_on_signals
from muster.shell.settings import Settings

READ_SECONDS_MAX = 120.0
STATUSES = ("planned", "deployed", "withdrawn")
WIDTH_OF_NO_TERMINAL = 140

Show = Callable[[dict[bytes, bytes]], None]
"""Prints the last value of each key of the totals topic."""


@click.command()
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--once", is_flag=True, help="Stop after the table instead of waiting for Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON lines instead of a table.")
@connection_options
@embedded_options
@web_options
def command(paths: tuple[Path, ...], once: bool, as_json: bool, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """Start everything, feed articles, and print what deployments.city-totals then says.

    The whole stream runs: the articles go through articles.raw, the three roles work on them, and the table is read
    back from the compacted topic, with one line of evidence for each city.

    \b
    muster demo seeds/articles            stays up afterwards: open the page, feed more, stop with Ctrl-C
    muster demo seeds/articles --once     stops by itself
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.logs import configure_logging

    configure_logging("WARNING", "demo")
    quiet = settings.model_copy(update={"log_level": "WARNING"})
    sys.exit(asyncio.run(_main(paths, quiet, _print_json if as_json else _print_table, once=once)))


async def _main(paths: tuple[Path, ...], settings: Settings, show: Show, *, once: bool) -> int:
    from muster.shell.broker import BrokerError
    from muster.shell.broker_install import InstallError
    from muster.shell.cluster import NotReadyError, RoleRefusedError, running_cluster
    from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
    from muster.shell.gazetteer import load_gazetteer
    from muster.shell.kafka_client import BrokerUnreachable
    from muster.shell.web_access import ExposedError

    stop = stop_on_signals()
    say("Compiling place names (once)")
    load_gazetteer(settings.cache_dir)
    try:
        async with running_cluster(settings, say) as cluster:
            code = await _feed_and_show(cluster.settings, paths, show)
            say("Metrics: " + "  ".join(cluster.metrics_urls))
            say(f"The map with the evidence: {cluster.page_url}")
            if not once and code == 0:
                say(f"Feed more: muster feed --bootstrap {cluster.settings.bootstrap} FILE...   Stop: Ctrl-C")
                await stop.wait()
            say("Stopping")
            return code
    except (RoleRefusedError, ExposedError) as error:
        click.echo(str(error), err=True)
        return EXIT_REFUSED_TO_RUN
    except (BrokerError, InstallError, BrokerUnreachable, NotReadyError) as error:
        click.echo(str(error), err=True)
        return 1


async def _feed_and_show(settings: Settings, paths: tuple[Path, ...], show: Show) -> int:
    from muster.shell.feed import feed
    from muster.shell.readback import last_values, wait_until_read
    from muster.shell.replay import stages

    result = await feed(settings, paths)
    say(f"{result.accepted} articles are in {settings.topic_articles}; the roles are reading them")
    if not await wait_until_read(settings, stages(settings), READ_SECONDS_MAX):
        click.echo(f"the roles did not read everything within {READ_SECONDS_MAX:.0f} s; try: muster doctor", err=True)
        return 1
    values = await last_values(settings, settings.topic_city_totals)
    show(values)
    return 0 if values else 1


def _print_json(values: dict[bytes, bytes]) -> None:
    import orjson

    for _, value in sorted(values.items()):
        click.echo(json_line(orjson.loads(value)))


def _print_table(values: dict[bytes, bytes]) -> None:
    import orjson
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    totals = [orjson.loads(value) for value in values.values()]
    shown = sorted((t for t in totals if _bests(t)), key=lambda t: -max(_bests(t)))
    without = len(totals) - len(shown)
    table = Table(title="deployments.city-totals", box=SIMPLE_HEAD, expand=True)
    table.title_justify = table.caption_justify = "left"
    table.caption = f"{without} more named without a standing figure" if without else None
    for column in ("City", "Planned", "Deployed", "Withdrawn"):
        table.add_column(column, no_wrap=True)
    table.add_column("Evidence (one quote of several)", no_wrap=True, overflow="ellipsis", ratio=1)
    for total in shown:
        place = total["place"]
        cells = [f"{place['name']}, {place['country']}", *(_cell(total[status]) for status in STATUSES)]
        table.add_row(*(Text(_one_line(cell)) for cell in (*cells, _quote(total))))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_NO_TERMINAL)
    console.print(table)


def _bests(total: dict[str, Any]) -> list[int]:
    return [total[status]["best"] for status in STATUSES if total[status]]


def _quote(total: dict[str, Any]) -> str:
    """A quote that states one of the figures, else the first."""
    quotes = total["evidence"]
    exact = (q for q in quotes if {q["low"], q["high"]} & set(_bests(total)))
    best = next(exact, quotes[0] if quotes else None)
    return str(best["quote"]) if best else ""


def _cell(estimate: dict[str, Any] | None) -> str:
    if estimate is None:
        return "-"
    low, best, high = estimate["low"], estimate["best"], estimate["high"]
    if low == best == high:
        return f"{best:,}"
    return f"{best:,} ({'…' if low is None else f'{low:,}'}-{'…' if high is None else f'{high:,}'})"


def _one_line(quote: str) -> str:
    return "".join(c if c.isprintable() else " " for c in quote)
