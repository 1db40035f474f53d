"""`muster forget ARTICLE_ID`: withdraw an article for good."""

from __future__ import annotations

import asyncio
import sys

import click

from muster.shell.cli.options import connection_options, with_broker
from muster.shell.settings import Settings


@click.command()
@click.argument("article_id")
@click.option("--seconds-max", type=click.IntRange(min=1), default=60, show_default=True, help="Longest wait.")
@connection_options
def command(article_id: str, seconds_max: int, settings: Settings) -> None:
    """Withdraw an article for good, and wait until nothing that Muster publishes carries its words.

    Sends a null value with this key to articles.raw, which outranks every version of the article, whenever it comes.
    Totals then no longer count or quote it, and the tables drop its words. Records that were published before are
    Kafka's to delete: the command says which topics still hold some, and until when.

    \b
    muster forget 5f2a...
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.kafka_client import BrokerUnreachable, quiet_kafka_loggers

    quiet_kafka_loggers()
    try:
        sys.exit(asyncio.run(_main(with_broker(settings), article_id, seconds_max)))
    except BrokerUnreachable as error:
        raise click.ClickException(str(error)) from None


async def _main(settings: Settings, article_id: str, seconds_max: int) -> int:
    from muster.shell import forget
    from muster.shell.cli.output import visible

    await forget.withdraw(settings, article_id)
    click.echo(visible(f"withdrawn for good: {article_id}"))
    if not await forget.wait_until_forgotten(settings, article_id, seconds_max):
        click.echo(f"still named after {seconds_max} s: do the roles run? Try: muster doctor", err=True)
        return 1
    click.echo("no total and no table carries its words")
    for topic, days in forget.topics_that_keep_records(settings):
        click.echo(f"{topic} keeps what was published before for up to {days} days")
    return 0
