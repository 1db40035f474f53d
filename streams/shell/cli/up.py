"""`muster up`: the whole of Muster on this machine."""

from __future__ import annotations

import asyncio
import signal
import sys

import click

from muster.shell.cli.options import connection_options, embedded_options, web_options
from muster.shell.settings import Settings


@click.command()
@connection_options
@embedded_options
@web_options
def command(settings: Settings) -> None:
    """Start everything: a broker if none is given, the topics, the three roles, the page and /metrics.

    Without --bootstrap this is the embedded broker: Apache Kafka itself, one node, its data under --data-dir. A second
    start finds it again. Roles that end are started again with back-off. Ctrl-C stops all of it cleanly.

    \b
    muster up                              and then: muster feed articles/
    muster up --broker-port 9092           for clients that want to know the address beforehand
    muster up --bootstrap kafka-1:9092     with your own cluster
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.logs import configure_logging

    configure_logging(settings.log_level, "up")
    sys.exit(asyncio.run(_main(settings)))


async def _main(settings: Settings) -> int:
    from muster.shell.broker import BrokerError
    from muster.shell.broker_install import InstallError
    from muster.shell.cluster import NotReadyError, RoleRefusedError, running_cluster
    from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
    from muster.shell.kafka_client import BrokerUnreachable
    from muster.shell.web_access import ExposedError

    stop = stop_on_signals()
    try:
        async with running_cluster(settings, say) as cluster:
            say(f"Ready. Page: {cluster.page_url}   Metrics: " + "  ".join(cluster.metrics_urls))
            say(f"Feed articles: muster feed --bootstrap {cluster.settings.bootstrap} FILE...   Stop: Ctrl-C")
            gave_up = asyncio.ensure_future(cluster.supervisor.gave_up.wait())
            stopped = asyncio.ensure_future(stop.wait())
            await asyncio.wait([gave_up, stopped], return_when=asyncio.FIRST_COMPLETED)
            say("Stopping")
            return EXIT_REFUSED_TO_RUN if gave_up.done() and not stopped.done() else 0
    except (RoleRefusedError, ExposedError) as error:
        click.echo(str(error), err=True)
        return EXIT_REFUSED_TO_RUN
    except (BrokerError, InstallError, BrokerUnreachable, NotReadyError) as error:
        click.echo(str(error), err=True)
        return 1


def say(line: str) -> None:
    """One line of progress, on standard error: standard output is for data."""
    click.echo(line, err=True)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
