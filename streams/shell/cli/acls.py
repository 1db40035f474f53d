"""`muster acls`: who needs which rights at Kafka."""

from __future__ import annotations

from typing import Any

import click

from muster.shell.cli.options import connection_options
from muster.shell.cli.output import Format, emit, output_options
from muster.shell.settings import Settings

COLUMNS = ("principal", "resource", "name", "operations", "purpose")


@click.command()
@click.option("--commands", "as_commands", is_flag=True, help="Print lines for kafka-acls.sh instead.")
@click.option(
    "--principal",
    "named",
    multiple=True,
    metavar="WHO=NAME",
    help="Kafka's name of one of them, such as extract=User:CN=extract; by default User:<group prefix>-WHO.",
)
@output_options
@connection_options
def command(as_commands: bool, named: tuple[str, ...], fmt: Format, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """List what each role, scrapers, subscribers and an operator may do with which topic, and nothing more.

    Topic and group names are those of the settings. Talks to nobody. With an authorizer on the brokers every role then
    runs as a user of its own, and can neither read nor forge what is another's.

    \b
    muster acls                                                 the table
    muster acls --commands > acls.sh                            to be read, and run by an administrator
    muster acls --commands --principal extract=User:CN=extract  with client certificates
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import access

    principals = _principals(named, settings)
    grants = access.grants(settings)
    if as_commands:
        for line in access.commands(grants, principals):
            click.echo(line)
        return
    emit([_row(grant, principals[grant.principal]) for grant in grants], fmt, COLUMNS)


def _principals(named: tuple[str, ...], settings: Settings) -> dict[str, str]:
    from muster.shell.access import PRINCIPALS

    principals = {who: f"User:{settings.group_prefix}-{who}" for who in PRINCIPALS}
    for text in named:
        who, equals, name = text.partition("=")
        if who not in PRINCIPALS or not equals or ":" not in name:
            raise click.UsageError(f"--principal takes WHO=TYPE:NAME, where WHO is one of {', '.join(PRINCIPALS)}")
        principals[who] = name
    return principals


def _row(grant: Any, principal: str) -> dict[str, Any]:
    return {
        "principal": principal,
        "resource": grant.resource,
        "name": grant.name,
        "operations": " ".join(grant.operations),
        "purpose": grant.purpose,
    }
