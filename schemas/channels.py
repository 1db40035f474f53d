"""The public topics as an AsyncAPI document names them: key, cleanup, headers, and the model of the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Header:
    """One header of a record; its value is text in UTF-8. `example` matches `pattern`."""

    name: str
    description: str
    example: str
    pattern: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A topic under its default name. `action` is what Muster does; `schema` is the file of the value's JSON Schema.

    `retention_ms` is None where the last record of each key is kept. `example` is a file in examples/valid, which shows
    a value, or the headers of a dead letter; `example_key` is the key of its record.
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
    example: str
    example_key: str
    tombstone: str = ""


TRACEPARENT = Header(
    "traceparent",
    "W3C Trace Context, passed on from the article's record",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
    required=False,
)
WARNING = Header(
    "muster-warning",
    "What could not be read of the article and counts as null or was cut: <field>:<what>, joined by commas",
    "published_at:unreadable",
    "^[a-z_]+:[a-z_]+(,[a-z_]+:[a-z_]+)*$",
    required=False,
)
EXAMPLE_TIME = "2025-02-04T18:42:11.530Z"
EXAMPLE_STATE = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"
STATE = Header(
    "muster-state", "Hex SHA-256 of the value: equal totals have equal states", EXAMPLE_STATE, "^[0-9a-f]{64}$"
)
WRITER = Header(
    "muster-writer",
    "The worker process that wrote it, so that an owner knows its own records when it reads them back",
    "5e884898da28047151d0e56f8dc62927",
    "^[0-9a-f]{32}$",
    required=False,
)
ROWS = Header(
    "muster-rows",
    "Digests of the code and of the table rows that made it, so that the next owner need not make it again to compare",
    "9f86d081884c7d65-2c26b46b68ffc68ff99b453c1d304134",
    "^[0-9a-f]{16}-[0-9a-f]{32}$",
    required=False,
)

KEY_OF_PLACE = (
    "Place key in UTF-8: city:<GeoNames id>, region:..., country:<ISO 3166-1 alpha-2> or multi:<ids joined by +>"
)
EXAMPLE_EVENT_ID = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
TOTAL_ID = "<muster-state>@<ce_time>"
KEY_OF_ARTICLE = "article_id in UTF-8; empty when the value has it"


def cloud_event(kind: str, identity: str, identity_example: str, source: str) -> tuple[Header, ...]:
    """The headers of CloudEvents 1.0 in Kafka's binary mode."""
    return (
        Header("ce_specversion", "Version of CloudEvents", "1.0", "^1\\.0$"),
        Header("ce_id", identity, identity_example),
        Header("ce_type", "What the value is", kind, f"^{kind.replace('.', '[.]')}$"),
        Header("ce_source", "The role that made it", source, f"^{source}$"),
        Header("ce_time", "When it was made, RFC 3339; the value does not depend on it", EXAMPLE_TIME),
        Header("content-type", "Media type of the value", "application/json", "^application/json$"),
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
        example="article_v1/full.json",
        example_key="elpaso.example/2025/02/guard",
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
            *cloud_event("muster.deployment-event.v1", "The event_id", EXAMPLE_EVENT_ID, "/muster/extract"),
            TRACEPARENT,
            WARNING,
        ),
        example="deployment_event_v1/city.json",
        example_key="city:4013708",
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
            *cloud_event("muster.city-total.v1", TOTAL_ID, f"{EXAMPLE_STATE}@{EXAMPLE_TIME}", "/muster/fold"),
            STATE,
            WRITER,
            ROWS,
            TRACEPARENT,
        ),
        example="city_total_v1/planned_and_deployed.json",
        example_key="city:4013708",
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
            *cloud_event("muster.region-total.v1", TOTAL_ID, f"{EXAMPLE_STATE}@{EXAMPLE_TIME}", "/muster/fold"),
            STATE,
            WRITER,
            ROWS,
            TRACEPARENT,
        ),
        example="region_total_v1/region.json",
        example_key="region:MX:northern-border",
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
        example="dead_letter_v1/missing_text.json",
        example_key="",
    ),
)
