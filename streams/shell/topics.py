"""The catalogue of topics, as data, and what is done with it: create what is missing, find what does not fit.

Partition counts that must be equal: the changelog of a table and the topic that its role reads (a worker owns the rows
of the partitions that it owns); the totals and deployments.reports (an owner reads back the totals of its partitions).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, TopicAuthorizationFailedError, for_code

from muster.core import limits
from muster.shell.kafka_client import BrokerUnreachable, client_options
from muster.shell.settings import Settings

DAY_MS = 24 * 60 * 60 * 1000
DEAD_LETTER_PARTITIONS = 3
FRAMING_BYTES = 100_000
"""Room beside a value for its key, its headers (a dead letter has ten more) and Kafka's framing."""

VISIBLE_POLL_SECONDS = 0.05

Cleanup = Literal["delete", "compact"]

COMPACTED = {
    # A subscriber that was away for a week still sees that a city was withdrawn.
    "delete.retention.ms": str(7 * DAY_MS),
    # What was replaced or forgotten is gone from the disk after about a day, also in a quiet topic.
    "max.compaction.lag.ms": str(DAY_MS),
    "segment.ms": str(DAY_MS),
    # Owners correct what somebody else wrote late within seconds; what it stands over must not be dropped before.
    "min.compaction.lag.ms": str(DAY_MS // 24),
}


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic as Muster wants it under given settings.

    `setting` is the field of Settings that names it, empty for a changelog, whose name follows from the consumer group.
    `retention_ms` is None where the last record of each key is kept. `partitions_of` is the name of the topic
    that it must have as many partitions as, empty where it is free.
    """

    name: str
    setting: str
    purpose: str
    key: str
    value: str
    cleanup: Cleanup
    retention_ms: int | None
    partitions: int
    partitions_of: str = ""
    config: Mapping[str, str] = field(default_factory=dict)

    def topic_config(self) -> dict[str, str]:
        """What the topic is created with."""
        retention = {} if self.retention_ms is None else {"retention.ms": str(self.retention_ms)}
        return {"cleanup.policy": self.cleanup, **retention, **self.config}


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic as the broker has it."""

    partitions: int
    replication_factor: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not fit, and what to do about it."""

    topic: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.problem}. {self.remedy}"


def specs(settings: Settings) -> tuple[TopicSpec, ...]:
    """The catalogue, in the order of the pipeline; a topic stands after the one whose partition count it shares."""
    largest = max(settings.article_bytes_max, limits.RECORD_BYTES_MAX) + FRAMING_BYTES
    size = {"max.message.bytes": str(largest)}
    kept = COMPACTED | size
    # A dead letter is the largest article that Kafka took, and headers that say why.
    dead = {"max.message.bytes": str(largest + FRAMING_BYTES)}
    claims, reports, count = settings.topic_claims, settings.topic_reports, settings.partitions
    month, quarter = 30 * DAY_MS, 90 * DAY_MS
    return (
        TopicSpec(settings.topic_articles, "topic_articles", "articles in",
                  "article_id", "Article v1", "delete", month, count, "", size),
        TopicSpec(claims, "topic_claims", "internal: one record an article version",
                  "article_id", "claim", "delete", month, count, "", size),
        TopicSpec(changelog(settings, "route", "articles"), "", "internal: the places that an article names",
                  "article_id", "table row", "compact", None, count, claims, kept),
        TopicSpec(reports, "topic_reports", "internal: one record an article and place",
                  "place key", "report", "delete", month, count, "", size),
        TopicSpec(changelog(settings, "fold", "reports"), "", "internal: the reports that make the totals",
                  "place key, article_id", "table row", "compact", None, count, reports, kept),
        TopicSpec(settings.topic_events, "topic_events", "deployment events out",
                  "place key", "DeploymentEvent v1", "delete", quarter, count, "", size),
        TopicSpec(settings.topic_city_totals, "topic_city_totals", "the total of each city out",
                  "place key", "CityTotal v1", "compact", None, count, reports, kept),
        TopicSpec(settings.topic_region_totals, "topic_region_totals", "totals of regions, countries, several cities",
                  "place key", "RegionTotal v1", "compact", None, count, reports, kept),
        TopicSpec(settings.topic_dead_letters, "topic_dead_letters", "records that could not be read, unchanged",
                  "as the original", "as the original", "delete", quarter, DEAD_LETTER_PARTITIONS, "", dead),
    )  # fmt: skip


def changelog(settings: Settings, role: str, table: str) -> str:
    """The name that Faust gives the changelog of a role's table."""
    return f"{settings.group_prefix}-{role}-{table}-changelog"


async def ensure_topics(settings: Settings) -> list[str]:
    """Creates the topics that are missing and returns their names. Never changes one that exists.

    Raises:
        BrokerUnreachable: Kafka cannot be talked to, or refuses to create a topic.
    """
    async with _admin(settings) as admin:
        states = await _describe(admin, specs(settings))
        missing: list[NewTopic] = []
        for spec in specs(settings):
            if spec.name in states:
                continue
            like = states.get(spec.partitions_of)
            partitions = like.partitions if like else spec.partitions
            missing.append(
                NewTopic(spec.name, partitions, settings.replication_factor, topic_configs=spec.topic_config())
            )
        if missing:
            await _create(admin, missing)
            await _wait_until_there(admin, settings)
    return [topic.name for topic in missing]


async def check_topics(settings: Settings, names: Collection[str] = ()) -> list[Problem]:
    """What would break or lose data: missing topics, unequal partitions, a wrong cleanup policy, too few replicas.

    Args:
        settings: with `bootstrap` set.
        names: look at these only; none means the whole catalogue.

    Raises:
        BrokerUnreachable: Kafka cannot be talked to, or lets nobody see one of the topics with these credentials.
    """
    return problems(_chosen(settings, names), await describe_topics(settings, names), settings.replication_factor)


async def describe_topics(settings: Settings, names: Collection[str] = ()) -> dict[str, TopicState]:
    """The topics of the catalogue that exist, by name; of `names` only, if there are any.

    Raises:
        BrokerUnreachable: as check_topics.
    """
    async with _admin(settings) as admin:
        return await _describe(admin, _chosen(settings, names))


async def partition_counts(settings: Settings, names: Collection[str] = ()) -> dict[str, int]:
    """Topic name -> partitions, of the topics of the catalogue that exist; of `names` only, if there are any.

    Raises:
        BrokerUnreachable: as check_topics.
    """
    return {name: state.partitions for name, state in (await describe_topics(settings, names)).items()}


def _chosen(settings: Settings, names: Collection[str]) -> list[TopicSpec]:
    return [spec for spec in specs(settings) if not names or spec.name in names]


async def record_counts(settings: Settings, states: Mapping[str, TopicState]) -> dict[str, int]:
    """Topic name -> offsets between its first and last record: the number of records, in a compacted topic at most.

    Raises:
        BrokerUnreachable: Kafka cannot be talked to.
    """
    if not states:
        return {}  # a consumer with nothing to ask cannot be stopped: its own task was never run
    partitions = [TopicPartition(name, n) for name, state in states.items() for n in range(state.partitions)]
    consumer = AIOKafkaConsumer(**client_options(settings))
    try:
        await consumer.start()
        first, last = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    except (KafkaError, OSError) as error:
        raise _refused(settings, error) from error
    finally:
        await consumer.stop()
    counts = dict.fromkeys(states, 0)
    for partition in partitions:
        counts[partition.topic] += last[partition] - first[partition]
    return counts


def problems(wanted: Sequence[TopicSpec], states: Mapping[str, TopicState], replication_factor: int) -> list[Problem]:
    """The same, of states already known."""
    found: list[Problem] = []
    for spec in wanted:
        state = states.get(spec.name)
        if state is None:
            found.append(Problem(spec.name, "is missing", "Create it with `muster topics --create`."))
            continue
        like = states.get(spec.partitions_of)
        if like and like.partitions != state.partitions:
            found.append(
                Problem(
                    spec.name,
                    f"has {state.partitions} partitions and {spec.partitions_of} has {like.partitions}",
                    "They must be equal: stop the workers, grow the smaller one with kafka-topics, and replay.",
                )
            )
        policy = state.config.get("cleanup.policy", spec.cleanup)
        if policy != spec.cleanup:
            found.append(
                Problem(
                    spec.name,
                    f"has cleanup.policy={policy}, which must be {spec.cleanup}",
                    "Records are lost or kept for ever otherwise: alter it with kafka-configs.",
                )
            )
        if state.replication_factor < replication_factor:
            found.append(
                Problem(
                    spec.name,
                    f"has {state.replication_factor} replicas, the settings ask for {replication_factor}",
                    "Add replicas with kafka-reassign-partitions, or lower --replication-factor.",
                )
            )
    return found


@asynccontextmanager
async def _admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(
        request_timeout_ms=int(settings.request_timeout_seconds * 1000), **client_options(settings)
    )
    try:
        await admin.start()
        yield admin
    except (KafkaError, OSError) as error:
        raise _refused(settings, error) from error
    finally:
        await admin.close()


def _refused(settings: Settings, error: Exception) -> BrokerUnreachable:
    return BrokerUnreachable(f"Kafka at {settings.bootstrap} did not do what was asked: {type(error).__name__}.")


async def _create(admin: AIOKafkaAdminClient, missing: list[NewTopic]) -> None:
    response = await admin.create_topics(missing)
    for name, code, message in response.topic_errors:
        # Another process may have created it since we looked.
        if code not in (0, TopicAlreadyExistsError.errno):
            raise BrokerUnreachable(f"Kafka refused to create {name}: {message or for_code(code).__name__}.")


async def _wait_until_there(admin: AIOKafkaAdminClient, settings: Settings) -> None:
    """A broker learns of a new topic a moment after the controller has confirmed it."""
    wanted = specs(settings)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(settings.request_timeout_seconds):
            while len(await _describe(admin, wanted)) < len(wanted):
                await asyncio.sleep(VISIBLE_POLL_SECONDS)
            return
    raise BrokerUnreachable(
        f"Kafka at {settings.bootstrap} did not show the new topics within {settings.request_timeout_seconds:.0f} s."
    )


async def _describe(admin: AIOKafkaAdminClient, wanted: Sequence[TopicSpec]) -> dict[str, TopicState]:
    names = [spec.name for spec in wanted]
    answers = await admin.describe_topics(names)
    _check_allowed((topic["topic"], topic["error_code"]) for topic in answers)
    described = {topic["topic"]: topic for topic in answers if topic["error_code"] == 0}
    if not described:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in described]
    configs: dict[str, dict[str, str]] = {}
    for response in await admin.describe_configs(resources):
        _check_allowed((name, code) for code, _, _, name, *_ in response.resources)
        for _code, _message, _kind, name, entries in response.resources:
            configs[name] = {entry[0]: entry[1] for entry in entries}
    return {name: _state(topic, configs.get(name, {})) for name, topic in described.items()}


def _check_allowed(answers: Iterable[tuple[str, int]]) -> None:
    """A topic that may not be seen would else pass for one that is missing, or for one that fits."""
    hidden = [topic for topic, code in answers if code == TopicAuthorizationFailedError.errno]
    if hidden:
        raise BrokerUnreachable(
            f"Kafka does not let this user see {', '.join(hidden)}. Grant it what `muster acls` lists."
        )


def _state(topic: Mapping[str, Any], config: Mapping[str, str]) -> TopicState:
    partitions = topic["partitions"]
    return TopicState(len(partitions), min(len(one["replicas"]) for one in partitions), config)
