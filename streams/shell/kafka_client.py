"""How every client of Muster talks to Kafka: options from the settings, one clear error when it cannot, quiet logs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Callable
from typing import Any

import aiokafka.admin  # noqa: F401 - so that every logger of aiokafka exists when they are made quiet
from aiokafka import errors as kafka_errors
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.helpers import create_ssl_context

from muster.shell.settings import Settings

REACHABLE_SECONDS_MAX = 8.0
FOLLOW_SECONDS = 0.1
"""Pause of those who follow a topic beside the work, after each read that brought something: what comes meanwhile is
one fetch. Each worker follows several topics, and one fetch a record would cost more than the work itself."""

REPEATED_LOG_SECONDS = 10.0
LOG_TEMPLATES_MAX = 256


NOBODY_THERE = (ConnectionRefusedError, TimeoutError, socket.gaierror)
"""Errors of an address at which no broker answers at all."""


class BrokerUnreachable(Exception):  # noqa: N818 - what happened, in the words of its message
    """Kafka cannot be talked to with these settings; the message says why and what to do, and holds no secret."""


class Hidden(str):
    """A secret that a library wants as a plain string: a printed dictionary of options does not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


def client_options(settings: Settings) -> dict[str, Any]:
    """The connection arguments that every client class of aiokafka takes.

    Raises:
        BrokerUnreachable: a certificate or key cannot be read, or SASL has no user or password.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol in ("SSL", "SASL_SSL"):
        options["ssl_context"] = _ssl_context(settings)
    if settings.security_protocol in ("SASL_PLAINTEXT", "SASL_SSL"):
        username, password = _sasl_user(settings)
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": username,
            "sasl_plain_password": password,
        }
    return options


def faust_credentials(settings: Settings) -> Any:
    """The same for Faust's `broker_credentials`: faust.SASLCredentials, faust.SSLCredentials, or None.

    Raises:
        BrokerUnreachable: as client_options.
    """
    import faust

    if settings.security_protocol == "PLAINTEXT":
        return None
    context = _ssl_context(settings) if settings.security_protocol in ("SSL", "SASL_SSL") else None
    if settings.security_protocol == "SSL":
        return faust.SSLCredentials(context)
    username, password = _sasl_user(settings)
    return faust.SASLCredentials(
        username=username, password=password, ssl_context=context, mechanism=settings.sasl_mechanism
    )


async def check_reachable(settings: Settings, timeout_seconds: float = REACHABLE_SECONDS_MAX) -> None:
    """Talks to Kafka as a worker will: TLS, SASL, and a connection to each broker at the address that it advertises.

    Raises:
        BrokerUnreachable: within `timeout_seconds`, or no broker answers as it should.
    """
    if not settings.bootstrap:
        raise BrokerUnreachable("No broker: start one with `muster up`, or set --bootstrap (MUSTER_BOOTSTRAP).")
    options = client_options(settings)
    try:
        async with asyncio.timeout(timeout_seconds):
            await _check_bootstrap(options, timeout_seconds)
            await _check_advertised(options, timeout_seconds)
    except TimeoutError:
        raise BrokerUnreachable(
            f"Kafka at {settings.bootstrap} did not answer within {timeout_seconds:.0f} s. "
            "Check the address (--bootstrap), the firewall, and that the broker is not overloaded."
        ) from None


async def _check_bootstrap(options: dict[str, Any], timeout_seconds: float) -> None:
    """One bootstrap address that lets this client in is enough; else the reasons of all are told."""
    reasons, answered = [], True
    arguments = {name: value for name, value in options.items() if name != "bootstrap_servers"}
    for host, port, _ in _hosts(options["bootstrap_servers"]):
        try:
            connection = await create_conn(host, port, request_timeout_ms=int(timeout_seconds * 1000 / 2), **arguments)
        except (OSError, kafka_errors.KafkaError) as error:
            reasons.append(f"{host}:{port}: {_reason(error)}")
            answered &= not isinstance(error, NOBODY_THERE)
        else:
            await connection.close()
            return
    if answered:
        raise BrokerUnreachable(f"Kafka does not let Muster in at {'; '.join(reasons)}.")
    raise BrokerUnreachable(
        f"No Kafka answers at {'; '.join(reasons)}. "
        "Start one with `muster up`, or correct --bootstrap (MUSTER_BOOTSTRAP)."
    )


def _hosts(bootstrap: str) -> list[tuple[str, int, Any]]:
    try:
        return list(collect_hosts(bootstrap))
    except ValueError:
        raise BrokerUnreachable(f"--bootstrap {bootstrap!r} is not host:port[,host:port].") from None


async def _check_advertised(options: dict[str, Any], timeout_seconds: float) -> None:
    client = AIOKafkaClient(request_timeout_ms=int(timeout_seconds * 1000 / 2), **options)
    try:
        await client.bootstrap()
        for broker in client.cluster.brokers():
            if not await client.ready(broker.nodeId):
                raise BrokerUnreachable(
                    f"Kafka at {options['bootstrap_servers']} answers, but says that its broker {broker.nodeId} is at "
                    f"{broker.host}:{broker.port}, which this machine cannot reach. "
                    "Correct advertised.listeners of the broker, or run Muster where that address works."
                )
    except kafka_errors.KafkaError as error:
        raise BrokerUnreachable(f"Kafka at {options['bootstrap_servers']}: {_reason(error)}.") from None
    finally:
        await client.close()


def _reason(error: Exception) -> str:
    """A sentence for a connection error; the text of the other side is not repeated."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _distrust(error)
    if isinstance(error.__cause__, ssl.SSLError):
        return _alert(error.__cause__)
    explained: list[tuple[type[Exception] | tuple[type[Exception], ...], str]] = [
        (ssl.SSLError, "TLS failed (does this port speak TLS? check --security-protocol)"),
        (socket.gaierror, "no host has that name"),
        (ConnectionRefusedError, "connection refused, nothing listens there"),
        (TimeoutError, "no answer"),
        (kafka_errors.UnsupportedSaslMechanismError, "it does not offer this --sasl-mechanism"),
        (
            (kafka_errors.SaslAuthenticationFailed, kafka_errors.AuthenticationFailedError),
            "it refused the user or the password (check --sasl-username and MUSTER_SASL_PASSWORD)",
        ),
        (
            (kafka_errors.KafkaConnectionError, kafka_errors.IllegalSaslStateError, ConnectionError),
            "it closed the connection (check --security-protocol)",
        ),
    ]
    for kind, sentence in explained:
        if isinstance(error, kind):
            return sentence
    return type(error).__name__


def _distrust(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with the broker's certificate, by OpenSSL's number of it (X509_V_ERR_...)."""
    told = {
        9: "its certificate is not valid yet (or the clock of this machine is wrong)",
        10: "its certificate has expired (or the clock of this machine is wrong)",
        62: "its certificate is for another name than the one in --bootstrap",
        64: "its certificate is for another address than the one in --bootstrap",
    }
    return told.get(error.verify_code, "its certificate is not trusted (set --ssl-cafile to the CA that signed it)")


def _alert(error: ssl.SSLError) -> str:
    """Why the broker ended the conversation in TLS, which it says once this side holds it for established."""
    if "CERTIFICATE_REQUIRED" in str(error.reason):
        return "it wants a client certificate (set --ssl-certfile and --ssl-keyfile)"
    if "CERTIFICATE" in str(error.reason) or "UNKNOWN_CA" in str(error.reason):
        return "it refused the client certificate (has it expired? is it of a CA that the broker trusts?)"
    return "TLS failed (does this port speak TLS? check --security-protocol)"


def _ssl_context(settings: Settings) -> ssl.SSLContext:
    # Without any password OpenSSL would ask for one on the terminal, and wait.
    password = settings.ssl_key_password.get_secret_value() if settings.ssl_key_password else ""
    for path in (settings.ssl_cafile, settings.ssl_certfile, settings.ssl_keyfile):
        if path is not None and not path.is_file():
            raise BrokerUnreachable(f"There is no file {path} (--ssl-cafile, --ssl-certfile, --ssl-keyfile).")
    try:
        context: ssl.SSLContext = create_ssl_context(
            cafile=settings.ssl_cafile,
            certfile=settings.ssl_certfile,
            keyfile=settings.ssl_keyfile,
            password=password,
        )
    except (OSError, ValueError) as error:
        raise BrokerUnreachable(
            "The TLS files cannot be used: are they PEM files, does the key belong to the certificate, "
            f"is MUSTER_SSL_KEY_PASSWORD right? ({type(error).__name__})"
        ) from None
    return context


def _sasl_user(settings: Settings) -> tuple[str, Hidden]:
    if not settings.sasl_username or settings.sasl_password is None:
        raise BrokerUnreachable(
            f"--security-protocol {settings.security_protocol} needs --sasl-username and MUSTER_SASL_PASSWORD."
        )
    return settings.sasl_username, Hidden(settings.sasl_password.get_secret_value())


class RepeatFilter(logging.Filter):
    """Lets each message template of a logger through once in `seconds`, then says how many it held back.

    aiokafka writes thousands of lines a second while a broker is away. Goes by the time in the records.
    """

    def __init__(self, seconds: float = REPEATED_LOG_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        template = (record.name, str(record.msg))
        since, held_back = self._seen.get(template, (float("-inf"), 0))
        if 0 <= record.created - since < self._seconds:
            self._seen[template] = (since, held_back + 1)
            return False
        if len(self._seen) >= LOG_TEMPLATES_MAX:
            self._seen.clear()
        self._seen[template] = (record.created, 0)
        if held_back:
            record.msg, record.args = f"{record.getMessage()} (and {held_back} more like it)", ()
        return True


def quiet_kafka_loggers(seconds: float = REPEATED_LOG_SECONDS) -> Callable[[], None]:
    """Puts a RepeatFilter on every logger of aiokafka and of Faust's driver for it; returns what takes them off.

    A filter of a logger does not see what its children log, so each gets one. A second call starts afresh: filters
    of an earlier one are taken off, since two in a row would each hold lines back and count them.
    """
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "aiokafka"]
    filters = [
        (logging.getLogger(name), RepeatFilter(seconds)) for name in (*names, "faust.transport.drivers.aiokafka")
    ]
    for logger, one in filters:
        for earlier in [each for each in logger.filters if isinstance(each, RepeatFilter)]:
            logger.removeFilter(earlier)
        logger.addFilter(one)

    def undo() -> None:
        for logger, one in filters:
            with contextlib.suppress(ValueError):
                logger.removeFilter(one)

    return undo
