"""`muster replay NAME`: everything again from articles.raw, beside the running stream."""

from __future__ import annotations

import asyncio
import shlex
import sys

import click

from muster.shell.cli.options import connection_options, web_options, with_broker
from muster.shell.cli.output import Format, emit, output_options
from muster.shell.cli.up import say
from muster.shell.settings import Settings

COLUMNS = ("city", "country", "status", "old", "new")


@click.command()
@click.argument("name")
@click.option("--seconds-max", type=click.IntRange(min=1), default=86_400, show_default=True, help="Longest replay.")
@output_options
@connection_options
@web_options
def command(name: str, seconds_max: int, fmt: Format, settings: Settings) -> None:
    """Rebuild everything from articles.raw with the code at hand, beside the running stream.

    NAME is new for each replay (lower-case letters, digits, hyphens): its groups and topics are named after it.
    It reads as far back as articles.raw reaches, then prints which figures change, and the variables to switch with:
    restart the workers with them. They go on where the replay ended, and the public totals follow without a gap. The
    topics of the old groups may then be deleted.

    \b
    muster replay extractor-2 --web-port 9564
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import replay
    from muster.shell.logs import configure_logging

    if not replay.NAME.fullmatch(name):
        raise click.UsageError("NAME takes lower-case letters, digits and hyphens, at most 30")
    configure_logging(settings.log_level, "replay")
    sys.exit(asyncio.run(_main(with_broker(settings), name, seconds_max, fmt)))


async def _main(settings: Settings, name: str, seconds_max: int, fmt: Format) -> int:
    from muster.shell import replay
    from muster.shell.cli.progress import showing_lag
    from muster.shell.cluster import NotReadyError, RoleRefusedError, running_cluster
    from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
    from muster.shell.kafka_client import BrokerUnreachable
    from muster.shell.readback import wait_until_read
    from muster.shell.web_access import ExposedError

    replayed = replay.replay_settings(settings, name)
    try:
        async with running_cluster(replayed, say):
            say(f"Replaying {settings.topic_articles}; Ctrl-C stops it, and the same command goes on")
            async with showing_lag(replayed):
                done = await wait_until_read(replayed, replay.stages(replayed), seconds_max)
            if not done:
                click.echo(f"not done within {seconds_max} s; the same command goes on", err=True)
                return 1
    except (RoleRefusedError, ExposedError) as error:
        click.echo(str(error), err=True)
        return EXIT_REFUSED_TO_RUN
    except (BrokerUnreachable, NotReadyError) as error:
        click.echo(str(error), err=True)
        return 1
    emit(await replay.differences(settings, replayed), fmt, COLUMNS)
    say("Figures that change are listed above. To switch, restart the workers with")
    for variable, value in replay.variables(settings, replay.switched_settings(settings, name)).items():
        say(f"  export {variable}={shlex.quote(value)}")
    return 0
