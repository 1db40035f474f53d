"""`muster topics`: the catalogue of topics beside what the broker has."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import click

from muster.shell.cli.options import connection_options, topic_options, with_broker
from muster.shell.cli.output import Format, emit, output_options
from muster.shell.settings import Settings

COLUMNS = ("topic", "partitions", "replicas", "cleanup", "retention", "records", "purpose")


@click.command()
@click.option("--create", is_flag=True, help="Create what is missing first. Nothing that exists is changed.")
@click.option("--check", is_flag=True, help="Only list what does not fit; exit 1 if anything does not.")
@output_options
@connection_options
@topic_options
def command(create: bool, check: bool, fmt: Format, settings: Settings) -> None:  # noqa: FBT001 - click's way
    """List the topics of Muster: what each is for, and what the broker has of it.

    Names come from MUSTER_TOPIC_ARTICLES and the like. `records` counts what the partitions hold; in a compacted topic
    that is at most the number of records.

    \b
    muster topics                                             what is there
    muster topics --create --partitions 24                    make what is missing
    muster topics --check --json                              for a health check
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.kafka_client import BrokerUnreachable, quiet_kafka_loggers

    quiet_kafka_loggers()
    try:
        sys.exit(asyncio.run(_main(with_broker(settings), fmt, create=create, check=check)))
    except BrokerUnreachable as error:
        raise click.ClickException(str(error)) from None


async def _main(settings: Settings, fmt: Format, *, create: bool, check: bool) -> int:
    from muster.shell import topics
    from muster.shell.kafka_client import check_reachable

    await check_reachable(settings)
    if create:
        created = await topics.ensure_topics(settings)
        click.echo(f"Created: {', '.join(created) or 'nothing, all topics were there'}", err=True)
    if check:
        found = await topics.check_topics(settings)
        if not found:
            click.echo(f"All {len(topics.specs(settings))} topics fit.", err=True)
            return 0
        rows = [{"topic": p.topic, "problem": p.problem, "remedy": p.remedy} for p in found]
        emit(rows, fmt, ("topic", "problem", "remedy"))
        return 1
    states = await topics.describe_topics(settings)
    counts = await topics.record_counts(settings, states)
    emit([_row(spec, states.get(spec.name), counts.get(spec.name)) for spec in topics.specs(settings)], fmt, COLUMNS)
    return 0


def _row(spec: Any, state: Any, records: int | None) -> dict[str, Any]:
    row = {"topic": spec.name, "purpose": spec.purpose, "key": spec.key, "value": spec.value, "exists": bool(state)}
    if state is None:
        return row | {
            "partitions": None,
            "replicas": None,
            "cleanup": "missing",
            "retention": None,
            "retention_ms": None,
            "records": None,
        }
    cleanup = state.config.get("cleanup.policy")
    retention_ms = int(state.config.get("retention.ms", -1))
    kept_for_ever = cleanup == "compact" or retention_ms < 0
    return row | {
        "partitions": state.partitions,
        "replicas": state.replication_factor,
        "cleanup": cleanup,
        "retention": "last of a key" if cleanup == "compact" else _days(retention_ms),
        "retention_ms": None if kept_for_ever else retention_ms,
        "records": records,
    }


def _days(milliseconds: int) -> str:
    if milliseconds < 0:
        return "for ever"
    days = milliseconds / 86_400_000
    return f"{days:.0f} days" if days >= 1 else f"{milliseconds / 3_600_000:.1f} hours"
