"""The public topics as an AsyncAPI document names them: key, cleanup, headers, and the model of the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Header:
    name: str
    description: str
    pattern: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A topic under its default name. `action` is what Muster does; `schema` is the file of the value's JSON Schema.

    `retention_ms` is None where the last record of each key is kept.
    """

    name: str
    topic: str
    message: str
    schema: str | None
    action: Literal["send", "receive"]
    summary: str
    key: str
    cleanup: Literal["delete", "compact"]
    partitions: int
    retention_ms: int | None
    headers: tuple[Header, ...]
    tombstone: str = ""


TRACEPARENT = Header(
    "traceparent",
    "W3C Trace Context, passed on from the article's record",
    "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
    required=False,
)
WARNING = Header(
    "muster-warning",
    "What could not be read of the article and counts as null or was cut: <field>:<what>, joined by commas",
    "^[a-z_]+:[a-z_]+(,[a-z_]+:[a-z_]+)*$",
    required=False,
)
STATE = Header("muster-state", "Hex SHA-256 of the value: equal totals have equal states", "^[0-9a-f]{64}$")
WRITER = Header(
    "muster-writer",
    "The worker process that wrote it, so that an owner knows its own records when it reads them back",
    "^[0-9a-f]{32}$",
    required=False,
)
ROWS = Header(
    "muster-rows",
    "Digests of the code and of the table rows that made it, so that the next owner need not make it again to compare",
    "^[0-9a-f]{16}-[0-9a-f]{32}$",
    required=False,
)

KEY_OF_PLACE = (
    "Place key in UTF-8: city:<GeoNames id>, region:..., country:<ISO 3166-1 alpha-2> or multi:<ids joined by +>"
)
KEY_OF_ARTICLE = "article_id in UTF-8; empty when the value has it"


def cloud_event(kind: str, identity: str, source: str) -> tuple[Header, ...]:
    """The headers of CloudEvents 1.0 in Kafka's binary mode."""
    return (
        Header("ce_specversion", "Version of CloudEvents", "^1\\.0$"),
        Header("ce_id", identity),
        Header("ce_type", "What the value is", f"^{kind.replace('.', '[.]')}$"),
        Header("ce_source", "The role that made it", f"^{source}$"),
        Header("ce_time", "When it was made, RFC 3339; the value does not depend on it"),
        Header("content-type", "Media type of the value", "^application/json$"),
    )


CHANNELS = (
    Channel(
        name="articles",
        topic="articles.raw",
        message="Article",
        schema="article_v1.json",
        action="receive",
        summary="News articles in, any number of versions of each",
        key=KEY_OF_ARTICLE,
        cleanup="delete",
        partitions=12,
        retention_ms=30 * DAY_MS,
        headers=(TRACEPARENT,),
        tombstone="A null value withdraws the article for good.",
    ),
    Channel(
        name="deploymentEvents",
        topic="deployments.events",
        message="DeploymentEvent",
        schema="deployment_event_v1.json",
        action="send",
        summary="One record an event; dedupe on event_id",
        key=KEY_OF_PLACE,
        cleanup="delete",
        partitions=12,
        retention_ms=90 * DAY_MS,
        headers=(
            *cloud_event("muster.deployment-event.v1", "The event_id", "/muster/extract"),
            TRACEPARENT,
            WARNING,
        ),
    ),
    Channel(
        name="cityTotals",
        topic="deployments.city-totals",
        message="CityTotal",
        schema="city_total_v1.json",
        action="send",
        summary="The reconciled number of each city; the last record of a key counts",
        key=KEY_OF_PLACE,
        cleanup="compact",
        partitions=12,
        retention_ms=None,
        headers=(
            *cloud_event("muster.city-total.v1", "<muster-state>@<ce_time>", "/muster/fold"),
            STATE,
            WRITER,
            ROWS,
            TRACEPARENT,
        ),
        tombstone="A null value says that no report names the place any more.",
    ),
    Channel(
        name="regionTotals",
        topic="deployments.region-totals",
        message="RegionTotal",
        schema="region_total_v1.json",
        action="send",
        summary="The same of regions, countries and cities that share a number; adds to no city",
        key=KEY_OF_PLACE,
        cleanup="compact",
        partitions=12,
        retention_ms=None,
        headers=(
            *cloud_event("muster.region-total.v1", "<muster-state>@<ce_time>", "/muster/fold"),
            STATE,
            WRITER,
            ROWS,
            TRACEPARENT,
        ),
        tombstone="A null value says that no report names the place any more.",
    ),
    Channel(
        name="deadLetters",
        topic="articles.dlq",
        message="DeadLetter",
        schema=None,
        action="send",
        summary="Records that could not be read: key, value and headers as they were, and headers that say why",
        key="As the original",
        cleanup="delete",
        partitions=3,
        retention_ms=90 * DAY_MS,
        headers=(),
    ),
)
