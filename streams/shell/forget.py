"""Withdrawing an article for good, and knowing when its words are gone."""

from __future__ import annotations

import asyncio
from time import monotonic

import orjson
from aiokafka import AIOKafkaProducer

from muster.shell import report_rows, topics
from muster.shell.kafka_client import check_reachable, client_options
from muster.shell.readback import last_values
from muster.shell.settings import Settings

POLL_SECONDS = 0.5


async def withdraw(settings: Settings, article_id: str) -> None:
    """Send the null value that outranks every version of the article; returns when Kafka has it.

    Raises:
        BrokerUnreachable: the broker does not answer.
    """
    await check_reachable(settings)
    async with AIOKafkaProducer(**client_options(settings), enable_idempotence=True) as producer:
        await producer.send_and_wait(settings.topic_articles, None, key=article_id.encode())


async def wait_until_forgotten(settings: Settings, article_id: str, seconds_max: float) -> bool:
    """Whether, within so many seconds, no total quotes the article and no table row holds anything that it said."""
    deadline = monotonic() + seconds_max
    while await _is_named(settings, article_id):
        if monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True


async def _is_named(settings: Settings, article_id: str) -> bool:
    rows = await last_values(settings, topics.changelog(settings, "fold", "reports"))
    own = (value for key, value in rows.items() if report_rows.article_id_of(key) == article_id)
    if any(report_rows.unpack(value).assertions for value in own):
        return True
    for topic in (settings.topic_city_totals, settings.topic_region_totals):
        totals = map(orjson.loads, (await last_values(settings, topic)).values())
        if any(quote["article_id"] == article_id for total in totals for quote in total["evidence"]):
            return True
    return False


def topics_that_keep_records(settings: Settings) -> list[tuple[str, int]]:
    """Topics that are not compacted, and for how many days they keep what was written."""
    return [(t.name, t.retention_ms // topics.DAY_MS) for t in topics.specs(settings) if t.retention_ms is not None]
