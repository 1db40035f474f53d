"""`muster forget ARTICLE_ID`: withdraw an article for good."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import click

from muster.shell.cli.options import connection_options, with_broker
from muster.shell.cli.output import json_line, visible
from muster.shell.settings import Settings


@click.command()
@click.argument("article_id")
@click.option("--seconds-max", type=click.IntRange(min=1), default=60, show_default=True, help="Longest wait.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON line.")
@connection_options
def command(article_id: str, seconds_max: int, as_json: bool, settings: Settings) -> None:  # noqa: FBT001 - click's way
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
        outcome = asyncio.run(_main(with_broker(settings), article_id, seconds_max))
    except BrokerUnreachable as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json_line(outcome))
    else:
        _tell(outcome)
    if not outcome["forgotten"]:
        click.echo(f"still named after {seconds_max} s: do the roles run? Try: muster doctor", err=True)
        sys.exit(1)


async def _main(settings: Settings, article_id: str, seconds_max: int) -> dict[str, Any]:
    from muster.shell import forget

    await forget.withdraw(settings, article_id)
    forgotten = await forget.wait_until_forgotten(settings, article_id, seconds_max)
    kept = [{"topic": topic, "days_max": days} for topic, days in forget.topics_that_keep_records(settings)]
    return {"article_id": article_id, "forgotten": forgotten, "kept_until_retention": kept}


def _tell(outcome: dict[str, Any]) -> None:
    click.echo(visible(f"withdrawn for good: {outcome['article_id']}"))
    if outcome["forgotten"]:
        click.echo("no total and no table carries its words")
        for kept in outcome["kept_until_retention"]:
            click.echo(f"{kept['topic']} keeps what was published before for up to {kept['days_max']} days")
