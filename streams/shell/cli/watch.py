"""`muster watch`: a running stream in the terminal."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING, Any

import click

from muster.shell.cli.options import connection_options, with_broker
from muster.shell.cli.output import json_line, visible
from muster.shell.cli.up import stop_on_signals
from muster.shell.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from muster.shell.watching import View

STATUSES = ("planned", "deployed", "withdrawn")
LINES_BESIDE_LISTS = 15
LIST_LINES_MIN = 4
LIST_LINES_OF_NO_TERMINAL = 10
BEHIND_SECONDS_WARNED = 5.0


@click.command()
@click.option("--once", is_flag=True, help="Look once and end; also without a terminal.")
@click.option("--every", default=2.0, show_default=True, type=click.FloatRange(min=0.2), help="Seconds between looks.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a look.")
@connection_options
def command(once: bool, every: float, as_json: bool, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """Show how the stream runs: rates and lag of each stage, the totals that change, the newest events.

    It asks Kafka, not the workers, so that it also shows a stage whose worker is stuck or gone. `behind` is the age of
    the oldest record that a stage has not read. Ctrl-C ends it.

    \b
    muster watch
    muster watch --once --json | jq '.stages[].lag_records'
    muster watch --bootstrap kafka-1:9092 --every 10
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from rich.console import Console

    from muster.shell.kafka_client import BrokerUnreachable, quiet_kafka_loggers

    quiet_kafka_loggers()
    console = Console(highlight=False)
    once = once or not (console.is_terminal or as_json)
    try:
        asyncio.run(_main(with_broker(settings), console, every, once=once, as_json=as_json))
    except BrokerUnreachable as error:
        raise click.ClickException(str(error)) from None


async def _main(settings: Settings, console: Console, every: float, *, once: bool, as_json: bool) -> None:
    from muster.shell.kafka_client import check_reachable
    from muster.shell.watching import Watcher

    await check_reachable(settings)
    stop = stop_on_signals()
    async with Watcher(settings) as watcher:
        await watcher.look()
        if once:
            await _pause(stop, min(every, 1.0))  # a rate needs two looks
            _print(await watcher.look(), settings, console, as_json=as_json)
        elif as_json:
            while not stop.is_set():
                _print(await watcher.look(), settings, console, as_json=True)
                await _pause(stop, every)
        else:
            await _show(watcher.look, settings, console, every, stop)


async def _show(look: Any, settings: Settings, console: Console, every: float, stop: asyncio.Event) -> None:
    """Rewrites the screen until it is told to stop; what was on the terminal before comes back."""
    from rich.live import Live

    with Live(console=console, screen=True, auto_refresh=False) as live:
        while not stop.is_set():
            lines = max(LIST_LINES_MIN, (console.height - LINES_BESIDE_LISTS) // 2)
            live.update(_rendered(await look(), settings, lines), refresh=True)
            await _pause(stop, every)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _print(view: View, settings: Settings, console: Console, *, as_json: bool) -> None:
    if as_json:
        row = dataclasses.asdict(view) | {"at": view.at.isoformat(timespec="seconds").replace("+00:00", "Z")}
        click.echo(json_line(row))
    else:
        console.print(_rendered(view, settings, LIST_LINES_OF_NO_TERMINAL))


def _rendered(view: View, settings: Settings, lines: int) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    head = Text(f"Muster at {settings.bootstrap}  {view.at:%Y-%m-%d %H:%M:%S} UTC  ", style="bold")
    regions = "1 region" if view.regions == 1 else f"{view.regions:,} regions"
    head.append(f"{view.cities:,} cities, {regions}", style="default")
    return Group(head, _stages(view), _totals(view, lines), _events(view, lines))


def _stages(view: View) -> RenderableType:
    from rich.text import Text

    if view.stages is None:
        return Text("\nKafka does not say how far the stages are. Try: muster doctor\n", style="yellow")
    table = _table("Stage", "Reads", "Arriving/s", "Read/s", "Lag", "Behind", numbers_from=2)
    for one in view.stages:
        late = one.behind_seconds >= BEHIND_SECONDS_WARNED
        table.add_row(
            one.stage,
            one.topic,
            f"{one.arriving_per_second:,.0f}",
            f"{one.reading_per_second:,.0f}",
            f"{one.lag_records:,}",
            Text(f"{one.behind_seconds:,.0f} s", style="yellow" if late else ""),
        )
    return table


def _totals(view: View, lines: int) -> RenderableType:
    table = _table("City", "Planned", "Deployed", "Withdrawn", "Reports", "Newest", numbers_from=1)
    for row in view.totals[:lines]:
        figures = ("-" if best is None else f"{best:,}" for best in row["best"])
        name = f"{row['name']}, {row['country']}"
        table.add_row(_cell(name), *figures, f"{row['reports']:,}", row["as_of"] or "-")
    return table


def _events(view: View, lines: int) -> RenderableType:
    table = _table("At", "Place", "Number", "Status", "Force", "Source", "Quote")
    for row in view.events[:lines]:
        at = (row["at"] or "")[11:19]
        texts = (row["name"], row["text"], row["status"], row["force"], row["source"] or "-", row["quote"])
        table.add_row(at, *map(_cell, texts))
    return table


def _table(*columns: str, numbers_from: int | None = None) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False)
    for number, column in enumerate(columns):
        numeric = numbers_from is not None and number >= numbers_from
        wide = 1 if column == columns[-1] and not numeric else None
        table.add_column(column, justify="right" if numeric else "left", no_wrap=True, overflow="ellipsis", ratio=wide)
    return table


def _cell(text: str) -> Text:
    from rich.text import Text

    return Text(visible(text))
