"""Every way in which Kafka and Muster can fail to trust each other: one clear line, an exit code, and no secret."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from muster.shell.cli import main
from muster.shell.kafka_client import BrokerUnreachable, check_reachable
from muster.shell.settings import Settings
from tests.secured import DAY, KEY_PASSWORD, NOW, PASSWORD, Authority, SecuredBroker

WRONG = "wrong-password-that-nobody-may-see"
SECRETS = (PASSWORD, KEY_PASSWORD, WRONG)


def told(settings: Settings) -> str:
    """What check_reachable complains of; empty when it does not."""
    try:
        asyncio.run(check_reachable(settings))
    except BrokerUnreachable as error:
        return str(error)
    return ""


def with_certificate(files: tuple[Path, Path], password: str | None = None) -> dict[str, Any]:
    return {"ssl_certfile": files[0], "ssl_keyfile": files[1], "ssl_key_password": password}


@pytest.mark.kafka
def test_client_certificates_are_spoken_and_each_mistake_is_named(
    secured: SecuredBroker, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The right one works, with an encrypted key too; nothing ever asks for a password on the terminal."""
    stranger = Authority(tmp_path, "stranger")
    right = secured.authority.issue("client", password=KEY_PASSWORD)
    base = Settings(bootstrap=secured.mutual, security_protocol="SSL", ssl_cafile=secured.cafile)
    unusable = "is MUSTER_SSL_KEY_PASSWORD right?"
    cases: list[tuple[dict[str, Any], str]] = [
        (with_certificate(secured.authority.issue("client-2")), ""),
        ({}, "wants a client certificate (set --ssl-certfile"),
        (with_certificate(stranger.issue("client-3")), "refused the client certificate"),
        (with_certificate(secured.authority.issue("client-4", until=NOW - DAY)), "refused the client certificate"),
        (with_certificate(right, KEY_PASSWORD), ""),
        (with_certificate(right, WRONG), unusable),
        (with_certificate(right), unusable),
        (with_certificate((right[0], secured.authority.issue("client-5")[1])), unusable),
        (with_certificate(right, KEY_PASSWORD) | {"ssl_cafile": stranger.cafile}, "certificate is not trusted"),
    ]
    for change, sentence in cases:
        settings = Settings(**(base.model_dump() | change))
        found = told(settings)
        assert bool(found) == bool(sentence), (change, found)
        assert sentence in found
        assert "\n" not in found
        assert "muster up" not in found  # there is a broker
        assert not [secret for secret in SECRETS if secret in found]
    assert "pass phrase" not in "".join(capfd.readouterr())


@pytest.mark.kafka
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_a_password_opens_and_a_wrong_one_does_not(secured: SecuredBroker, mechanism: str) -> None:
    """PLAIN and SCRAM over TLS; what was given is not repeated."""
    settings = Settings(
        bootstrap=secured.address,
        security_protocol="SASL_SSL",
        ssl_cafile=secured.cafile,
        sasl_mechanism=mechanism,
        sasl_username="muster",
        sasl_password=PASSWORD,
    )
    assert told(settings) == ""
    found = told(Settings(**(settings.model_dump() | {"sasl_password": WRONG})))
    assert "refused the user or the password" in found
    assert WRONG not in found


@contextmanager
def tls_server(certificate: tuple[Path, Path]) -> Iterator[str]:
    """An address that answers in TLS with this certificate, and nothing more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        context.wrap_socket(connection, server_side=True)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"until": NOW - DAY}, "its certificate has expired"),
        ({"address": "192.0.2.7"}, "its certificate is for another address"),
    ],
)
@pytest.mark.parametrize("command", [["topics"], ["worker", "extract"], ["up"], ["dlq", "list"], ["why", "Tijuana"]])
def test_every_command_ends_with_one_line(
    tmp_path: Path, command: list[str], change: dict[str, Any], sentence: str
) -> None:
    """Exit 1, one line that says what to look at, no trace, and no secret of those that were set."""
    authority = Authority(tmp_path)
    with tls_server(authority.issue("elsewhere", **change)) as address:
        result = CliRunner().invoke(
            main,
            command,
            env={
                "MUSTER_BOOTSTRAP": address,
                "MUSTER_SECURITY_PROTOCOL": "SASL_SSL",
                "MUSTER_SSL_CAFILE": str(authority.cafile),
                "MUSTER_SASL_USERNAME": "muster",
                "MUSTER_SASL_PASSWORD": PASSWORD,
                "MUSTER_SSL_KEY_PASSWORD": KEY_PASSWORD,
                "MUSTER_WEB_PORT": "0",
            },
        )
    assert result.exit_code == 1, result.output
    lines = [line for line in result.output.splitlines() if sentence in line]
    assert len(lines) == 1, result.output
    assert "Traceback" not in result.output
    assert not [secret for secret in SECRETS if secret in result.output]
