"""`muster worker ROLE`: one role in the foreground."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import click

from muster.shell.cli.options import connection_options, web_options, with_broker
from muster.shell.settings import Settings

logger = logging.getLogger(__name__)

SWITCH_SECONDS = 0.001
"""A thread that waits for the interpreter gets it after so long, Python's own is five times that. The thread that
fetches asks for it several times a fetch: while articles are read, each would wait longer than an article takes."""


@click.command()
@click.argument("role", type=click.Choice(["extract", "route", "fold"]))
@click.option("--stop-with-parent", is_flag=True, hidden=True, help="Stop when standard input ends.")
@connection_options
@web_options
def command(role: str, stop_with_parent: bool, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """Run one role until it is told to stop.

    \b
    extract   articles.raw       -> deployments.claims, deployments.events, articles.dlq
    route     deployments.claims -> deployments.reports
    fold      deployments.reports -> deployments.city-totals, deployments.region-totals

    Start as many of a role as its topic has partitions; each may be killed at any time. SIGTERM or Ctrl-C stops it
    cleanly. Exit codes: 0 stopped, 1 could not start or crashed, 70 gave up and should be started again, 75 a stop
    took too long, 78 a person has to act first.

    \b
    muster worker extract --bootstrap kafka-1:9092 --web-port 9464
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.logs import configure_logging

    configure_logging(settings.log_level, role)
    sys.exit(run(role, with_broker(settings), stop_with_parent=stop_with_parent))


def run(role: str, settings: Settings, *, stop_with_parent: bool) -> int:
    """Run the role in a uvloop; returns the exit code."""
    from mode import loop

    loop.use("uvloop")  # for the loop of Faust's consumer thread, too
    sys.setswitchinterval(SWITCH_SECONDS)
    return asyncio.run(_main(role, settings, stop_with_parent=stop_with_parent))


async def _main(role: str, settings: Settings, *, stop_with_parent: bool) -> int:
    from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
    from muster.shell.kafka_client import BrokerUnreachable
    from muster.shell.state_format import NewerStateError
    from muster.shell.web_access import ExposedError
    from muster.shell.worker import RefusedToRunError, run_worker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if stop_with_parent:
        loop.add_reader(sys.stdin.fileno(), lambda: _on_parent_gone(loop, stop))
    try:
        return await run_worker(settings, role, stop, lambda port: logger.info("ready; /metrics on port %d", port))  # type: ignore[arg-type]
    except RefusedToRunError as error:
        click.echo(f"The topics do not fit:\n{error}\nTry: muster topics --create", err=True)
        return EXIT_REFUSED_TO_RUN
    except (ExposedError, NewerStateError) as error:
        click.echo(str(error), err=True)
        return EXIT_REFUSED_TO_RUN
    except BrokerUnreachable as error:
        click.echo(str(error), err=True)
    except OSError as error:
        click.echo(f"Cannot listen on {settings.web_host}: {error.strerror or error}. Set --web-port.", err=True)
    return 1


def _on_parent_gone(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    loop.remove_reader(sys.stdin.fileno())
    stop.set()
