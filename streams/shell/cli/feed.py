"""`muster feed`: articles from files into Kafka."""

from __future__ import annotations

import asyncio
import dataclasses
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.shell.cli.options import connection_options, with_broker
from muster.shell.cli.output import json_line, visible
from muster.shell.cli.progress import bar
from muster.shell.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

    from muster.shell.feed import FeedResult

PROGRESS = "{task.completed:,.0f} articles, {task.fields[megabytes]:,.1f} MB, {task.fields[rate]:,.0f}/s"

REFUSALS_SHOWN_MAX = 20


@click.command()
@click.argument("paths", metavar="[PATH...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--raw", is_flag=True, help="Send every line as it is, also what is not JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of the articles as one JSON line.")
@connection_options
def command(paths: tuple[Path, ...], raw: bool, as_json: bool, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """Send articles to articles.raw and wait until Kafka has them.

    PATH is a file of JSON lines (streamed), JSON (an object or an array), plain text or HTML, any of them with .gz, or
    a folder of such files; - or a pipe is standard input. JSON objects are sent unchanged. What cannot be read or sent
    is reported with its line and makes the exit code 1; the rest is sent all the same. Feeding twice is harmless.

    \b
    muster feed seeds/articles
    zcat dump.jsonl.gz | muster feed
    muster feed --bootstrap kafka-1:9092 dump.jsonl
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    if not paths and sys.stdin.isatty():
        raise click.UsageError("Nothing to feed: name a file or folder, or pipe articles in.")
    import uvloop

    from muster.shell.kafka_client import BrokerUnreachable, quiet_kafka_loggers

    quiet_kafka_loggers()
    try:
        result = uvloop.run(_main(with_broker(settings), paths, raw=raw))
    except BrokerUnreachable as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json_line(dataclasses.asdict(result)))
    sys.exit(_report(result, settings.topic_articles))


async def _main(settings: Settings, paths: tuple[Path, ...], *, raw: bool) -> FeedResult:
    from muster.shell.feed import feed

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)  # a second one ends the process at once

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal, number)
    with bar(PROGRESS) as shown:
        return await feed(settings, paths, raw=raw, listener=_Narrator(shown), stop=stop)


class _Narrator:
    """Prints refusals above the bar, as many as a person reads, and moves the bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, megabytes=0.0, rate=0.0)
        self._shown = 0

    def refused(self, origin: str, reason: str) -> None:
        self._shown += 1
        if self._shown <= REFUSALS_SHOWN_MAX:
            self._bar.console.print(visible(f"{origin}: {reason}"), markup=False, soft_wrap=True)
        elif self._shown == REFUSALS_SHOWN_MAX + 1:
            self._bar.console.print("further ones are counted only")

    def advanced(self, result: FeedResult) -> None:
        if self._bar.disable:
            return
        elapsed = self._bar.tasks[self._task].elapsed or 0.0
        rate = result.accepted / elapsed if elapsed else 0.0
        self._bar.update(self._task, completed=result.accepted, megabytes=result.accepted_bytes / 1e6, rate=rate)


def _report(result: FeedResult, topic: str) -> int:
    """Says what became of the articles; returns the exit code."""
    line = f"{result.accepted:,} accepted by {topic} ({result.accepted_bytes / 1e6:.1f} MB), {result.refused:,} refused"
    if result.failure:
        line += f". {result.failure}; feed again when it is back: what is sent twice counts once"
    elif result.interrupted:
        line += ". Stopped before the end"
    click.echo(line, err=True)
    if result.interrupted:
        return 128 + signal.SIGINT
    return 1 if result.refused or result.failure else 0
