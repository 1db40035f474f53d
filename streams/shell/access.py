"""Who needs which rights at Kafka: the catalogue of grants, as data.

Each role is a principal of its own and gets what it uses, so that a role that somebody takes over cannot forge what the
others read. WRITE on a topic includes what an idempotent producer needs (Kafka 2.8 and later); READ and WRITE include
DESCRIBE. DESCRIBE_CONFIGS is for the check of the cleanup policy at the start of a worker.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from muster.shell import topics
from muster.shell.replay import stages
from muster.shell.settings import Settings

Operation = Literal["READ", "WRITE", "CREATE", "DESCRIBE", "DESCRIBE_CONFIGS"]
Resource = Literal["topic", "group"]

PRINCIPALS = {
    "extract": "the role extract",
    "route": "the role route",
    "fold": "the role fold",
    "scraper": "whoever produces articles",
    "subscriber": "whoever reads events and totals, with a consumer group of its own",
    "operator": "a person: muster topics, dlq, forget, why and doctor",
}
"""Whom grants are for."""

COMMAND_NAMES: dict[Operation, str] = {
    "READ": "Read",
    "WRITE": "Write",
    "CREATE": "Create",
    "DESCRIBE": "Describe",
    "DESCRIBE_CONFIGS": "DescribeConfigs",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a principal may do with one topic or consumer group; `purpose` says what for."""

    principal: str
    resource: Resource
    name: str
    operations: tuple[Operation, ...]
    purpose: str


def grants(settings: Settings) -> tuple[Grant, ...]:
    """All grants under these topic names and group prefix, principal by principal; one for each of its resources."""
    roles = [*_extract(settings), *_route(settings), *_fold(settings)]
    return tuple(_merged([*roles, *_clients(settings), *_operator(settings)]))


def topics_of(settings: Settings, role: str) -> frozenset[str]:
    """Names of the topics that a role works on; it may ask Kafka how no others are configured."""
    own = (g for g in grants(settings) if g.principal == role and g.resource == "topic")
    return frozenset(grant.name for grant in own if "DESCRIBE_CONFIGS" in grant.operations)


def commands(wanted: Iterable[Grant], principals: Mapping[str, str]) -> Iterator[str]:
    """A line of Kafka's own tool for each grant.

    Args:
        wanted: the grants.
        principals: whom a grant is for -> Kafka's name of it, such as User:muster-extract.
    """
    for grant in wanted:
        operations = " ".join(f"--operation {COMMAND_NAMES[one]}" for one in grant.operations)
        yield (
            'kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config admin.properties --add'
            f" --allow-principal {shlex.quote(principals[grant.principal])} {operations}"
            f" --{grant.resource} {shlex.quote(grant.name)}"
        )


def _merged(wanted: Iterable[Grant]) -> Iterator[Grant]:
    """One grant where a principal uses a resource in several ways."""
    together: dict[tuple[str, str, str], list[Grant]] = {}
    for grant in wanted:
        together.setdefault((grant.principal, grant.resource, grant.name), []).append(grant)
    for same in together.values():
        operations = dict.fromkeys(one for grant in same for one in grant.operations)
        if operations.keys() & {"READ", "WRITE"}:
            operations.pop("DESCRIBE", None)  # they include it
        purposes = dict.fromkeys(grant.purpose for grant in same)
        yield replace(same[0], operations=tuple(operations), purpose="; ".join(purposes))


def _role(settings: Settings, role: str, **used: Iterable[str]) -> Iterator[Grant]:
    """A role's group, the topics that it reads, writes, or both, and what every worker's web server answers from."""
    purposes = {"reads": "its input", "writes": "its output", "keeps": "the rows of its table, or its own totals"}
    operations: dict[str, tuple[Operation, ...]] = {
        "reads": ("READ", "DESCRIBE_CONFIGS"),
        "writes": ("WRITE", "DESCRIBE_CONFIGS"),
        "keeps": ("READ", "WRITE", "DESCRIBE_CONFIGS"),
    }
    yield Grant(role, "group", f"{settings.group_prefix}-{role}", ("READ",), "its consumer group")
    for kind, names in used.items():
        for name in names:
            yield Grant(role, "topic", name, operations[kind], purposes[kind])
    for name in (settings.topic_city_totals, settings.topic_region_totals, settings.topic_events):
        yield Grant(role, "topic", name, ("READ",), "what its web server shows")
    for group, topic in stages(settings):
        yield Grant(role, "topic", topic, ("DESCRIBE",), "how far the stream is behind, for its web server")
        yield Grant(role, "group", group, ("DESCRIBE",), "how far the stream is behind, for its web server")


def _extract(settings: Settings) -> Iterator[Grant]:
    written = (settings.topic_claims, settings.topic_events, settings.topic_dead_letters)
    return _role(settings, "extract", reads=[settings.topic_articles], writes=written)


def _route(settings: Settings) -> Iterator[Grant]:
    written = (settings.topic_reports, settings.topic_dead_letters)
    kept = topics.changelog(settings, "route", "articles")
    return _role(settings, "route", reads=[settings.topic_claims], writes=written, keeps=[kept])


def _fold(settings: Settings) -> Iterator[Grant]:
    kept = (
        topics.changelog(settings, "fold", "reports"),
        settings.topic_city_totals,
        settings.topic_region_totals,
    )
    return _role(settings, "fold", reads=[settings.topic_reports], writes=[settings.topic_dead_letters], keeps=kept)


def _clients(settings: Settings) -> Iterator[Grant]:
    yield Grant("scraper", "topic", settings.topic_articles, ("WRITE",), "articles in")
    for name in (settings.topic_events, settings.topic_city_totals, settings.topic_region_totals):
        yield Grant("subscriber", "topic", name, ("READ",), "what Muster publishes")


def _operator(settings: Settings) -> Iterator[Grant]:
    replayed = {settings.topic_articles, settings.topic_claims, settings.topic_reports}
    for spec in topics.specs(settings):
        write: tuple[Operation, ...] = ("WRITE",) if spec.name in replayed else ()
        purpose = "muster topics, why, forget and dlq" + (", and replaying dead letters" if write else "")
        yield Grant("operator", "topic", spec.name, ("CREATE", "READ", "DESCRIBE_CONFIGS", *write), purpose)
    for role in ("extract", "route", "fold"):
        yield Grant("operator", "group", f"{settings.group_prefix}-{role}", ("DESCRIBE",), "how far a role has read")
