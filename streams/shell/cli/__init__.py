"""The command `muster`: a group whose commands are imported only when they are asked for."""

from __future__ import annotations

import importlib

import click

from muster import __version__

COMMANDS = {
    "demo": "muster.shell.cli.demo",
    "up": "muster.shell.cli.up",
    "worker": "muster.shell.cli.worker",
    "feed": "muster.shell.cli.feed",
    "extract": "muster.shell.cli.extract",
    "tally": "muster.shell.cli.tally",
    "watch": "muster.shell.cli.watch",
    "why": "muster.shell.cli.why",
    "places": "muster.shell.cli.places",
    "topics": "muster.shell.cli.topics",
    "acls": "muster.shell.cli.acls",
    "dlq": "muster.shell.cli.dlq",
    "forget": "muster.shell.cli.forget",
    "replay": "muster.shell.cli.replay",
    "doctor": "muster.shell.cli.doctor",
    "completion": "muster.shell.cli.completion",
}
"""Command -> module with a click command named `command`."""


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it runs, so that `muster --help` and `extract` are instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


def _say_version(context: click.Context) -> None:
    from muster.shell.build import short_commit

    click.echo(f"muster {__version__}, commit {short_commit()}")
    context.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, asked: _say_version(context) if asked else None,
    help="Show the version and the commit, and exit.",
)
def main() -> None:
    """Read news articles from Kafka, keep one defensible number of deployed personnel per city.

    \b
    Without a broker:   muster extract FILE    articles in, events out
                        muster tally FILE...   articles in, one total a city out
    With one:           muster up              broker, topics, the three roles and /metrics
                        muster feed FILE...    articles into Kafka
                        muster watch           rates, lag, newest reports and totals
    Something wrong?    muster doctor

    Every setting is an environment variable MUSTER_... too; an option wins over it.
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
