"""Progress of long work: a line on standard error that is rewritten in a terminal, and nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from muster.shell.settings import Settings

LOOK_SECONDS = 1.0
REFRESH_EVERY = 50
"""Counting costs something: so many articles are counted together."""


def bar(text: str) -> Progress:
    """A spinner, a text of rich's fields such as {task.completed:,.0f}, and the time that has passed."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    return Progress(
        SpinnerColumn(),
        TextColumn(text),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
        redirect_stdout=False,  # rich would print data on its own console, which is standard error
    )


@contextmanager
def counting_articles(*, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """What it yields is to be called once an article. `quiet` shows nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None  # without importing what draws: reading one article is to start at once
        return
    with bar("{task.completed:,.0f} articles, {task.fields[rate]:,.0f}/s") as shown:
        task = shown.add_task("", total=None, rate=0.0)
        count = 0

        def counted() -> None:
            nonlocal count
            count += 1
            if count % REFRESH_EVERY == 0:
                elapsed = shown.tasks[0].elapsed or 0.0
                shown.update(task, completed=count, rate=count / elapsed if elapsed else 0.0)

        yield counted


@asynccontextmanager
async def showing_lag(settings: Settings) -> AsyncIterator[None]:
    """While the roles of these settings read, shows how many records are left and how fast it goes."""
    import asyncio  # commands on files start sooner without it

    with bar("{task.fields[left]:,} records left, {task.fields[rate]:,.0f}/s") as shown:
        task = asyncio.ensure_future(_follow_lag(settings, shown)) if not shown.disable else None
        try:
            yield
        finally:
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


async def _follow_lag(settings: Settings, shown: Progress) -> None:
    import asyncio

    from aiokafka.errors import KafkaError

    from muster.shell.lag import LagProbe

    task = shown.add_task("", total=None, left=0, rate=0.0)
    async with LagProbe(settings) as probe:
        while True:
            try:
                stages = await probe.look()
            except (KafkaError, TimeoutError):
                pass  # it goes on when Kafka answers again; what waits for the roles says when that takes too long
            else:
                left = sum(one.lag_records for one in stages)
                shown.update(task, left=left, rate=sum(one.reading_per_second for one in stages))
            await asyncio.sleep(LOOK_SECONDS)
