"""Talking to Kafka: one clear error for each way to fail, no secret in any of them, and quiet logs."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path

import faust
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.shell.kafka_client import (
    BrokerUnreachable,
    RepeatFilter,
    check_reachable,
    client_options,
    faust_credentials,
    quiet_kafka_loggers,
)
from muster.shell.settings import Settings
from tests.secured import PASSWORD, SecuredBroker


def reason(settings: Settings, timeout_seconds: float = 8.0) -> str | None:
    """What check_reachable complains of; None when it does not."""
    try:
        asyncio.run(check_reachable(settings, timeout_seconds))
    except BrokerUnreachable as error:
        return str(error)
    return None


@pytest.mark.kafka
def test_a_plain_broker_is_reachable(broker: str) -> None:
    """The default options talk to a default Kafka, at any of several addresses."""
    assert reason(Settings(bootstrap=broker)) is None
    assert reason(Settings(bootstrap=f"127.0.0.1:1,{broker}")) is None


@pytest.mark.kafka
def test_tls_and_scram_are_spoken_and_each_mistake_is_named(secured: SecuredBroker) -> None:
    """With the right CA, user and password it works; each wrong one gives the sentence that helps."""
    right = Settings(
        bootstrap=secured.address,
        security_protocol="SASL_SSL",
        ssl_cafile=secured.cafile,
        sasl_username="muster",
        sasl_password=PASSWORD,
    )
    assert reason(right) is None
    mistakes = {
        "refused the user or the password": {"sasl_username": "nobody"},
        "certificate is not trusted (set --ssl-cafile": {"ssl_cafile": None},
        "does not offer this --sasl-mechanism": {"sasl_mechanism": "SCRAM-SHA-256"},
        "check --security-protocol": {"security_protocol": "PLAINTEXT"},
        "There is no file": {"ssl_cafile": Path("nowhere.pem")},
        "needs --sasl-username and MUSTER_SASL_PASSWORD": {"sasl_password": None},
    }
    for sentence, mistake in mistakes.items():
        told = reason(right.model_copy(update=mistake)) or ""
        assert sentence in told, mistake
        assert PASSWORD not in told


def test_an_absent_broker_is_told_with_what_to_do() -> None:
    """Nothing there, no such host, no address at all, and no address in that form."""
    told = reason(Settings(bootstrap="127.0.0.1:1")) or ""
    assert "127.0.0.1:1: connection refused" in told
    assert "muster up" in told
    assert "no host has that name" in (reason(Settings(bootstrap="nowhere.invalid:9092")) or "")
    assert "No broker: start one with `muster up`" in (reason(Settings(bootstrap="")) or "")
    assert "is not host:port" in (reason(Settings(bootstrap="127.0.0.1:many")) or "")


def test_a_silent_broker_is_given_up() -> None:
    """Something that accepts and never answers does not hold a command."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        assert "no answer" in (reason(Settings(bootstrap=address), timeout_seconds=0.4) or "")


def test_secrets_are_hidden_where_options_are_printed(tmp_path: Path) -> None:
    """Printed options and credentials do not show the password; the client gets it all the same."""
    settings = Settings(
        bootstrap="x:1", security_protocol="SASL_PLAINTEXT", sasl_username="muster", sasl_password=PASSWORD
    )
    options = client_options(settings)
    credentials = faust_credentials(settings)
    assert PASSWORD not in f"{options!r} {options} {credentials!r} {settings!r} {vars(credentials)}"
    assert options["sasl_plain_password"].encode() == PASSWORD.encode()
    assert credentials.password == PASSWORD


@pytest.mark.parametrize(
    ("protocol", "kind", "has_tls"),
    [
        ("PLAINTEXT", type(None), False),
        ("SSL", faust.SSLCredentials, True),
        ("SASL_PLAINTEXT", faust.SASLCredentials, False),
        ("SASL_SSL", faust.SASLCredentials, True),
    ],
)
def test_faust_speaks_the_same_protocol(protocol: str, kind: type, has_tls: bool) -> None:  # noqa: FBT001 - a parameter
    """Faust's credentials and aiokafka's options are of one protocol."""
    settings = Settings(bootstrap="x:1", security_protocol=protocol, sasl_username="muster", sasl_password=PASSWORD)
    credentials = faust_credentials(settings)
    assert isinstance(credentials, kind)
    assert ("ssl_context" in client_options(settings)) == has_tls
    if credentials is not None:
        assert credentials.protocol.value == protocol


@given(st.lists(st.tuples(st.sampled_from(["%s is away", "closed"]), st.integers(0, 6)), max_size=40))
def test_repeated_lines_are_counted_and_not_lost(events: list[tuple[str, int]]) -> None:
    """Of each template one line in ten seconds passes, and says how many were held back since the last one."""
    repeats, now = RepeatFilter(10.0), 1_000.0
    passed_at: dict[str, float] = {}
    waiting: dict[str, int] = {}
    for template, pause_seconds in events:
        now += pause_seconds
        record = logging.LogRecord("aiokafka", logging.ERROR, "", 0, template, ("x",) if "%" in template else (), None)
        record.created = now
        if repeats.filter(record):
            assert now - passed_at.get(template, 0.0) >= 10.0
            held_back = waiting.get(template, 0)
            assert record.getMessage().endswith(f" (and {held_back} more like it)" if held_back else template[-4:])
            passed_at[template], waiting[template] = now, 0
        else:
            waiting[template] = waiting.get(template, 0) + 1
            assert now - passed_at[template] < 10.0


def test_a_lost_broker_does_not_flood_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """However often aiokafka cannot connect, its line is written once, whoever quieted the loggers before."""
    quiet_kafka_loggers()
    asyncio.run(_bootstrap_nowhere())
    caplog.clear()
    undo = quiet_kafka_loggers()
    try:
        for _ in range(20):
            asyncio.run(_bootstrap_nowhere())
    finally:
        undo()
    lines = [record for record in caplog.records if record.name.startswith("aiokafka")]
    assert len(lines) == 1


async def _bootstrap_nowhere() -> None:
    from aiokafka.client import AIOKafkaClient
    from aiokafka.errors import KafkaConnectionError

    client = AIOKafkaClient(bootstrap_servers="127.0.0.1:1")
    with pytest.raises(KafkaConnectionError):
        await client.bootstrap()
    await client.close()
