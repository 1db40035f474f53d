"""Real workers over TLS and SCRAM, and their secrets in everything that is printed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import traceback
import uuid
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from confluent_kafka import Consumer, Producer

from muster.shell import topics
from muster.shell.cli import COMMANDS, main
from muster.shell.settings import Settings
from tests.secured import KEY_PASSWORD, PASSWORD, SecuredBroker

pytestmark = pytest.mark.kafka

HANG_SECONDS = 90
WEB_TOKEN = "token-that-nobody-may-see"
SECRETS = (PASSWORD, WEB_TOKEN, KEY_PASSWORD)
ARTICLE = {
    "article_id": "a1",
    "text": "The army will send 300 soldiers to Tijuana, Mexico, on Friday, the ministry said.",
    "published_at": "2025-02-05T12:00:00Z",
}


@pytest.fixture
def settings(secured: SecuredBroker, cache_dir: Path) -> Settings:
    """Of a deployment of one test on the secured broker, with every secret set."""
    name = f"t{uuid.uuid4().hex[:10]}"
    renamed = {f: f"{name}.{f}" for f in Settings.model_fields if f.startswith("topic_")}
    return Settings(
        bootstrap=secured.address,
        security_protocol="SASL_SSL",
        ssl_cafile=secured.cafile,
        ssl_key_password=KEY_PASSWORD,
        sasl_username="muster",
        sasl_password=PASSWORD,
        web_token=WEB_TOKEN,
        web_port=0,
        partitions=1,
        group_prefix=name,
        cache_dir=cache_dir,
        log_level="DEBUG",
        **renamed,
    )


def client(settings: Settings, **others: object) -> dict[str, object]:
    """Options of a client that is not Muster's."""
    return {
        "bootstrap.servers": settings.bootstrap,
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": str(settings.ssl_cafile),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "muster",
        "sasl.password": PASSWORD,
        **others,
    }


def output_of(settings: Settings, *arguments: str) -> tuple[int, str]:
    """Exit code and all output of `muster`."""
    ended = subprocess.run(
        [sys.executable, "-m", "muster", *arguments],
        env={**os.environ, **settings.as_environment()},
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_a_worker_reads_and_writes_over_tls_and_scram(settings: Settings, tmp_path: Path) -> None:
    """An article goes in and its event comes out; no line of the most talkative log holds a secret."""
    asyncio.run(topics.ensure_topics(settings))
    log = tmp_path / "extract.log"
    with log.open("wb") as out:
        worker = subprocess.Popen(
            [sys.executable, "-m", "muster", "worker", "extract"],
            env={**os.environ, **settings.as_environment()},
            stdout=out,
            stderr=out,
        )
    try:
        producer = Producer(client(settings))
        producer.produce(settings.topic_articles, orjson.dumps(ARTICLE), b"a1")
        assert producer.flush(HANG_SECONDS) == 0
        options = {"group.id": settings.group_prefix, "auto.offset.reset": "earliest"}
        consumer = Consumer(client(settings, **options))
        consumer.subscribe([settings.topic_events])
        message = consumer.poll(HANG_SECONDS)
        consumer.close()
        assert message is not None, log.read_text()[-3000:]
        assert message.error() is None
        assert orjson.loads(message.value())["personnel"]["low"] == 300
        worker.terminate()
        assert worker.wait(HANG_SECONDS) == 0
    finally:
        worker.kill()
        worker.wait()
    text = log.read_text()
    assert "ready" in text
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("arguments", [["doctor"], ["worker", "route"], ["dlq", "list"]])
def test_no_command_prints_a_secret_whether_it_works_or_not(settings: Settings, arguments: list[str]) -> None:
    """With the right password and missing topics, with a wrong one, and with a broker that is not there."""
    wrong = settings.model_copy(update={"sasl_username": "nobody"})
    absent = settings.model_copy(update={"bootstrap": "127.0.0.1:9"})
    for given in (settings, wrong, absent):
        _, output = output_of(given, *arguments)
        assert output
        assert not [secret for secret in SECRETS if secret in output]


@pytest.mark.parametrize("name", [*COMMANDS, "dlq show", "dlq replay"])
def test_no_help_shows_what_is_set(name: str) -> None:
    """--help shows defaults and names of variables, and no value of the environment that is a secret."""
    secrets = dict(zip(("SASL_PASSWORD", "WEB_TOKEN", "SSL_KEY_PASSWORD"), SECRETS, strict=True))
    environment = {f"MUSTER_{variable}": value for variable, value in secrets.items()}
    result = CliRunner().invoke(main, [*name.split(), "--help"], env=environment)
    assert result.exit_code == 0
    assert not [secret for secret in SECRETS if secret in result.output]


def test_a_crash_with_all_settings_at_hand_shows_no_secret(settings: Settings) -> None:
    """Traces with local variables, as crash reporters make them, and an environment as the broker's Java sees it."""
    from muster.shell import broker
    from muster.shell.kafka_client import client_options, faust_credentials

    try:
        options, credentials = client_options(settings), faust_credentials(settings)
        raise RuntimeError(f"{options} {credentials!r} {settings}")  # noqa: TRY301 - as careless code might
    except RuntimeError as error:
        trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = "".join(trace.format())
    assert "credentials" in shown
    assert not [secret for secret in SECRETS if secret in shown]
    os_environ = {**os.environ, **settings.as_environment()}
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in os_environ.items():
            patch.setenv(variable, value)
        assert not set(SECRETS) & set(broker._child_environment().values())


def test_settings_show_no_secret(settings: Settings) -> None:
    """Not in any form in which they could be logged by mistake; only the environment of a child has them."""
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()} {vars(settings)}"
    assert not [secret for secret in SECRETS if secret in shown]
    assert set(SECRETS) <= set(settings.as_environment().values())
