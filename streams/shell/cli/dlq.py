"""`muster dlq`: look at dead letters, and send them back when what was wrong is mended."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

import click

from muster.core.model import Reason
from muster.shell.cli.options import connection_options, with_broker
from muster.shell.cli.output import Format, emit, json_line, output_options, visible
from muster.shell.settings import Settings

if TYPE_CHECKING:
    from muster.shell.dead_letter_tools import Filter

Function = TypeVar("Function", bound=Callable[..., Any])

COLUMNS = ("letter", "at", "reason", "topic", "partition", "offset", "stage", "key", "bytes", "replay_of", "detail")
REPLAY_COLUMNS = ("letter", "reason", "topic", "key", "outcome")
HEAD = ("letter", "at", "reason", "detail", "stage", "topic", "partition", "offset", "replay_of", "key", "bytes")


class Moment(click.ParamType):
    """RFC 3339, or a date; without a zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.fail("write it as 2025-02-05 or 2025-02-05T18:30:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def filter_options(function: Function) -> Function:
    """Adds the conditions of a Filter; the command is called with `chosen`."""
    options = (
        click.option("--reason", "reasons", multiple=True, type=click.Choice(get_args(Reason)), help="Several: any."),
        click.option("--topic", help="Topic of the original."),
        click.option("--partition", type=click.IntRange(min=0), help="Partition of the original."),
        click.option("--since", type=Moment(), help="Dead since then, such as 2025-02-05T18:30:00Z (UTC)."),
        click.option("--until", type=Moment(), help="Dead before then."),
    )

    @functools.wraps(function)
    def filtered(
        reasons: tuple[str, ...],
        topic: str | None,
        partition: int | None,
        since: datetime | None,
        until: datetime | None,
        **others: Any,
    ) -> Any:
        from muster.shell.dead_letter_tools import Filter

        return function(chosen=Filter(reasons, topic, partition, since, until), **others)

    wrapped: Any = filtered
    for option in reversed(options):
        wrapped = option(wrapped)
    return cast(Function, wrapped)


@click.group()
def command() -> None:
    """Look at dead letters, and send them back when what was wrong is mended.

    \b
    muster dlq list --reason too_large --since 2025-02-05
    muster dlq show 1:42
    muster dlq replay --reason internal_error --dry-run
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap


@command.command("list")
@filter_options
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(min=1), help="Show the newest so many.")
@output_options
@connection_options
def list_command(chosen: Filter, limit: int, fmt: Format, settings: Settings) -> None:
    """List dead letters, the newest last; nothing of their values is shown."""
    from muster.shell import dead_letter_tools

    found, total = _ask(settings, lambda s: dead_letter_tools.newest(s, chosen, limit))
    emit([letter.summary() for letter in found], fmt, COLUMNS)
    if total > len(found):
        click.echo(f"{total - len(found):,} older ones are not shown: see --limit, --since and --until.", err=True)


@command.command("show")
@click.argument("letter")
@click.option(
    "--value-bytes", default=2_000, show_default=True, type=click.IntRange(min=0), help="Show so much of the value."
)
@output_options
@connection_options
def show_command(letter: str, value_bytes: int, fmt: Format, settings: Settings) -> None:
    """Show the dead letter LETTER (partition:offset) with its headers and the original value.

    What a terminal would obey is shown as an escape, never as itself.
    """
    from muster.shell import dead_letter_tools

    row = _ask(settings, lambda s: dead_letter_tools.find(s, letter)).whole(value_bytes)
    if fmt != "table":
        emit([row], fmt, (*HEAD, "headers", "value", "value_base64"))
        return
    for name in HEAD:
        click.echo(f"{name}: {visible(str('-' if row[name] is None else row[name]))}")
    for name, content in row["headers"]:
        click.echo(f"header {visible(name)}: {visible(content or '-')}")
    shown = row["value_base64"] if row["value"] is None else visible(row["value"])
    click.echo(f"value{' (base64)' if row['value_base64'] else ''}: {shown or '-'}")
    if row["value_is_cut"]:
        click.echo("The value goes on: see --value-bytes.", err=True)


@command.command("replay")
@filter_options
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@output_options
@connection_options
def replay_command(chosen: Filter, dry_run: bool, fmt: Format, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """Send the originals back to their topics: key, value and headers as they came, and one that names the letter.

    The letters stay where they are. A second replay doubles nothing, since the stream counts each article version once.
    A letter that was replayed and became a dead letter again is left out: the newer one stands for it. Exit 1 if
    Kafka refused any.
    """
    sys.exit(_ask(settings, lambda s: _replay(s, chosen, fmt, dry_run=dry_run)))


async def _replay(settings: Settings, chosen: Filter, fmt: Format, *, dry_run: bool) -> int:
    from muster.shell import dead_letter_tools

    rows, counts = [], {"sent": 0, "would be sent": 0, "left out": 0, "refused": 0}
    async for one in dead_letter_tools.replay(settings, chosen, dry_run=dry_run):
        outcome = next(name for name in counts if one.outcome.startswith(name))
        counts[outcome] += 1
        if fmt == "json":
            click.echo(json_line(one.row()))
        else:
            rows.append(one.row())
    if fmt != "json":
        emit(rows, fmt, REPLAY_COLUMNS)
    click.echo(", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "No letter fits.", err=True)
    return 1 if counts["refused"] else 0


def _ask(settings: Settings, question: Callable[[Settings], Coroutine[Any, Any, Any]]) -> Any:
    """Puts a question to Kafka; turns what can go wrong into one line."""
    from aiokafka.errors import KafkaError

    from muster.shell.dead_letter_tools import NoSuchLetterError
    from muster.shell.kafka_client import BrokerUnreachable, check_reachable, quiet_kafka_loggers

    quiet_kafka_loggers()
    settings = with_broker(settings)

    async def asked() -> Any:
        await check_reachable(settings)
        return await question(settings)

    try:
        return asyncio.run(asked())
    except (BrokerUnreachable, NoSuchLetterError) as error:
        raise click.ClickException(str(error)) from None
    except KafkaError as error:
        raise click.ClickException(f"Kafka did not do what was asked: {type(error).__name__}.") from None
