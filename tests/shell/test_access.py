"""Each role as a user of its own on a Kafka with an authorizer: it works, and is refused what is another's."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import AclOperation, AdminClient

from muster.shell import access, topics
from muster.shell.cli import main
from muster.shell.lag import LagProbe
from muster.shell.ports import free_ports
from muster.shell.readback import last_values
from muster.shell.settings import Settings
from tests.secured import KEY_PASSWORD, PASSWORD, SecuredBroker

HANG_SECONDS = 90
ROLES = ("extract", "route", "fold")
WITHDRAWN_FROM_ALL = {AclOperation.CREATE, AclOperation.DELETE, AclOperation.ALTER, AclOperation.ALTER_CONFIGS}
ARTICLE = {
    "article_id": "a1",
    "text": "The army will send 300 soldiers to Tijuana, Mexico, on Friday, the ministry said.",
    "published_at": "2025-02-05T12:00:00Z",
}

# What each role has to do with each topic, written down by hand: r reads, w writes, - neither.
MATRIX = """
                     extract  route  fold
topic_articles       r        -      -
topic_claims         w        r      -
route changelog      -        rw     -
topic_reports        -        w      r
fold changelog       -        -      rw
topic_events         rw       r      r
topic_city_totals    r        r      rw
topic_region_totals  r        r      rw
topic_dead_letters   w        w      w
"""


class Roles:
    """A deployment on the secured broker: topics, grants, and the credentials of each role in its own way."""

    def __init__(self, secured: SecuredBroker, cache_dir: Path) -> None:
        name = f"t{uuid.uuid4().hex[:10]}"
        renamed = {f: f"{name}.{f}" for f in Settings.model_fields if f.startswith("topic_")}
        self.plain = Settings(
            bootstrap=secured.plain, group_prefix=name, partitions=1, cache_dir=cache_dir, log_level="DEBUG", **renamed
        )
        asyncio.run(topics.ensure_topics(self.plain))
        certfile, keyfile = secured.authority.issue(f"{name}-extract", password=KEY_PASSWORD)
        by_certificate = {
            "bootstrap": secured.mutual,
            "security_protocol": "SSL",
            "ssl_certfile": certfile,
            "ssl_keyfile": keyfile,
            "ssl_key_password": KEY_PASSWORD,
        }
        by_password = {"bootstrap": secured.address, "security_protocol": "SASL_SSL", "sasl_password": PASSWORD}
        credentials: dict[str, dict[str, Any]] = {
            "extract": by_certificate,
            "route": by_password | {"sasl_username": "muster-route", "sasl_mechanism": "SCRAM-SHA-512"},
            "fold": by_password | {"sasl_username": "muster-fold", "sasl_mechanism": "PLAIN"},
        }
        given = self.plain.model_dump() | {"ssl_cafile": secured.cafile}
        self.settings = {role: Settings(**(given | credentials[role])) for role in ROLES}
        self.principals = {
            "extract": f"User:CN={name}-extract",
            "route": "User:muster-route",
            "fold": "User:muster-fold",
        }
        wanted = [grant for grant in access.grants(self.plain) if grant.principal in ROLES]
        secured.allow(wanted, self.principals)

    def topic(self, name: str) -> str:
        changelogs = {"route changelog": ("route", "articles"), "fold changelog": ("fold", "reports")}
        if name in changelogs:
            return topics.changelog(self.plain, *changelogs[name])
        return str(getattr(self.plain, name))

    def client(self, role: str, **others: object) -> dict[str, Any]:
        """Options of a client that is not Muster's, with the role's credentials."""
        settings = self.settings[role]
        options = {
            "bootstrap.servers": settings.bootstrap,
            "security.protocol": settings.security_protocol,
            "ssl.ca.location": str(settings.ssl_cafile),
            **others,
        }
        if role == "extract":
            return options | {
                "ssl.certificate.location": str(settings.ssl_certfile),
                "ssl.key.location": str(settings.ssl_keyfile),
                "ssl.key.password": KEY_PASSWORD,
            }
        return options | {
            "sasl.mechanism": settings.sasl_mechanism,
            "sasl.username": settings.sasl_username,
            "sasl.password": PASSWORD,
        }


@pytest.fixture(scope="module")
def roles(secured: SecuredBroker, cache_dir: Path) -> Roles:
    return Roles(secured, cache_dir)


@pytest.fixture
def running(roles: Roles, tmp_path: Path) -> Iterator[dict[str, tuple[int, Path]]]:
    """The three workers; role -> port of its web server, and its log."""
    found, processes = {}, []
    for role, port in zip(ROLES, free_ports(3), strict=True):
        log = tmp_path / f"{role}.log"
        settings = roles.settings[role].model_copy(update={"web_port": port - ROLES.index(role)})
        with log.open("wb") as out:
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "muster", "worker", role],
                    env={**os.environ, **settings.as_environment()},
                    stdout=out,
                    stderr=out,
                )
            )
        found[role] = (port, log)
    yield found
    for process in processes:
        process.terminate()
    for process in processes:
        assert process.wait(HANG_SECONDS) == 0


def answer(port: int, path: str) -> bytes:
    """What the worker's web server says, once it says it."""
    deadline = time.monotonic() + HANG_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
                return bytes(response.read())
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, path
            time.sleep(0.2)


@pytest.mark.kafka
def test_the_roles_do_their_work_with_what_the_catalogue_grants(
    roles: Roles, running: dict[str, tuple[int, Path]]
) -> None:
    """By certificate, SCRAM and PLAIN: an article becomes a total that every worker shows; none is refused anything."""
    for port, _ in running.values():
        answer(port, "/readyz")
    producer = Producer({"bootstrap.servers": roles.plain.bootstrap})
    producer.produce(roles.plain.topic_articles, orjson.dumps(ARTICLE), b"a1")
    assert producer.flush(HANG_SECONDS) == 0
    for port, _ in running.values():
        assert orjson.loads(answer(port, "/api/v1/cities/3981609"))["planned"]["best"] == 300
    assert list(asyncio.run(last_values(roles.plain, roles.plain.topic_city_totals))) == [b"city:3981609"]
    for role in ROLES:
        assert len(asyncio.run(lags(roles.settings[role]))) == 3
    for _, log in running.values():
        text = log.read_text()
        assert "ready" in text
        assert "uthoriz" not in text
        assert not [secret for secret in (PASSWORD, KEY_PASSWORD) if secret in text]


async def lags(settings: Settings) -> list[Any]:
    async with LagProbe(settings) as probe:
        return await probe.look()


@pytest.mark.kafka
@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_its_own_topics_and_no_others(roles: Roles, role: str) -> None:
    """What Kafka says that each may do is the matrix above, and nobody may make, change or delete a topic."""
    head, *lines = MATRIX.strip().splitlines()
    column = head.split().index(role)
    admin = AdminClient(roles.client(role))
    for line in lines:
        cells = line.rsplit(maxsplit=3)
        name, letters = cells[0], cells[1 + column]
        described = admin.describe_topics(TopicCollection([roles.topic(name)]), include_authorized_operations=True)
        try:
            (future,) = described.values()
            allowed = set(future.result(timeout=HANG_SECONDS).authorized_operations)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise
            allowed = set()
        found = ("r" if AclOperation.READ in allowed else "") + ("w" if AclOperation.WRITE in allowed else "")
        assert (found or "-") == letters, name
        assert not allowed & WITHDRAWN_FROM_ALL


@pytest.mark.kafka
def test_a_role_that_was_taken_over_neither_reads_nor_forges_what_is_anothers(roles: Roles) -> None:
    """extract cannot read reports and cannot write a total; the broker says so."""
    consumer = Consumer(roles.client("extract", **{"group.id": f"{roles.plain.group_prefix}-extract"}))
    consumer.assign([TopicPartition(roles.plain.topic_reports, 0, 0)])
    message = consumer.poll(HANG_SECONDS)
    consumer.close()
    assert message is not None
    assert message.error().code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    errors: list[Any] = []
    producer = Producer(roles.client("extract"))
    producer.produce(roles.plain.topic_city_totals, b"{}", b"city:1", on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(HANG_SECONDS) == 0
    assert [error.code() for error in errors] == [KafkaError.TOPIC_AUTHORIZATION_FAILED]


@pytest.mark.kafka
def test_a_user_without_grants_is_told_which_command_lists_them(secured: SecuredBroker, roles: Roles) -> None:
    """A topic that may not be seen does not pass for one that is missing."""
    stranger = roles.settings["route"].model_copy(update={"sasl_username": "nobody-in-particular"})
    for command in (["topics", "--check"], ["worker", "route"]):
        result = CliRunner().invoke(main, command, env=stranger.as_environment() | {"MUSTER_WEB_PORT": "0"})
        assert result.exit_code == 1
        assert "muster acls" in result.output
        assert "is missing" not in result.output
        assert "Traceback" not in result.output


def test_the_commands_are_the_catalogue() -> None:
    """Every grant is one line for Kafka's tool, with the names that were asked for; whoever is not known is refused."""
    settings = Settings(group_prefix="it's")
    result = CliRunner().invoke(
        main, ["acls", "--commands", "--principal", "extract=User:CN=x y"], env={"MUSTER_GROUP_PREFIX": "it's"}
    )
    lines = [shlex.split(line) for line in result.stdout.splitlines()]
    grants = access.grants(settings)
    assert len(lines) == len(grants)
    for words, grant in zip(lines, grants, strict=True):
        principal = "User:CN=x y" if grant.principal == "extract" else f"User:it's-{grant.principal}"
        assert words[words.index("--allow-principal") + 1] == principal
        assert words[words.index(f"--{grant.resource}") + 1] == grant.name
        operations = [words[n + 1] for n, word in enumerate(words) if word == "--operation"]
        assert operations == [access.COMMAND_NAMES[one] for one in grant.operations]
    assert CliRunner().invoke(main, ["acls", "--principal", "somebody=User:x"]).exit_code == 2
