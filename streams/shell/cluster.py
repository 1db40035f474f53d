"""Everything that one machine needs to run Muster: a broker if none is given, topics, and the supervised roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from muster.shell import topics
from muster.shell.broker import EmbeddedBroker
from muster.shell.kafka_client import check_reachable
from muster.shell.ports import port_is_free
from muster.shell.readback import wait_for_coordinator
from muster.shell.settings import Settings
from muster.shell.supervisor import Supervisor, child_environment
from muster.shell.web_access import check_exposure
from muster.shell.worker import ROLES, role_port

READY_SECONDS_MAX = 60.0
COORDINATOR_SECONDS_MAX = 15.0

Say = Callable[[str], None]


class NotReadyError(Exception):
    """The roles did not become ready; the message says what to look at."""


class RoleRefusedError(NotReadyError):
    """A role says that a person has to act first."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running broker and roles; `settings.bootstrap` is set."""

    settings: Settings
    supervisor: Supervisor

    @property
    def page_url(self) -> str:
        """Where a browser finds the page; any role serves it."""
        host, port = self.supervisor.children[0].web_address
        return f"http://{host}:{port}/"

    @property
    def metrics_urls(self) -> list[str]:
        addresses = (child.web_address for child in self.supervisor.children)
        return [f"http://{host}:{port}/metrics" for host, port in addresses]


@asynccontextmanager
async def running_cluster(settings: Settings, say: Say) -> AsyncIterator[Cluster]:
    """Start what is missing, yield when every role is ready, stop all of it in order.

    Raises:
        BrokerError, InstallError: the embedded broker cannot run; says what to do.
        BrokerUnreachable: the given broker does not answer.
        ExposedError: the web servers would answer everybody.
        RoleRefusedError: a role refused to run.
        NotReadyError: a role took too long.
    """
    check_exposure(settings)
    _check_ports(settings)
    if settings.bootstrap:
        async with _roles(settings, say) as cluster:
            yield cluster
        return
    broker = EmbeddedBroker(settings.data_dir, settings.cache_dir, port=settings.broker_port)
    say("Starting Apache Kafka (the first time it is fetched: 44 MB)")
    await asyncio.to_thread(broker.start)
    try:
        say(f"Kafka answers at {broker.bootstrap}; its data is in {settings.data_dir}")
        async with _roles(settings.model_copy(update={"bootstrap": broker.bootstrap}), say) as cluster:
            yield cluster
    finally:
        await asyncio.to_thread(broker.stop)


@asynccontextmanager
async def _roles(settings: Settings, say: Say) -> AsyncIterator[Cluster]:
    await check_reachable(settings)
    created = await topics.ensure_topics(settings)
    say(f"Topics: {len(created)} created, {len(topics.specs(settings)) - len(created)} were there")
    await wait_for_coordinator(settings, COORDINATOR_SECONDS_MAX)
    supervisor = Supervisor(
        {role: ["worker", role] for role in ROLES},
        {role: (_host(settings), role_port(settings.web_port, role)) for role in ROLES},
        child_environment(settings.as_environment()),
        say,
    )
    supervisor.start()
    try:
        say("Starting the roles: " + ", ".join(ROLES))
        if not await supervisor.wait_ready(READY_SECONDS_MAX):
            if supervisor.gave_up.is_set():
                raise RoleRefusedError("a role refused to run: its last lines say why")
            raise NotReadyError(
                f"the roles were not ready within {READY_SECONDS_MAX:.0f} s: their last lines say why;"
                " try: muster doctor"
            )
        yield Cluster(settings, supervisor)
    finally:
        await supervisor.stop()


def _check_ports(settings: Settings) -> None:
    """Say it now: a role that cannot listen would only be started again and again."""
    ports = [role_port(settings.web_port, role) for role in ROLES]
    taken = [str(port) for port in ports if port and not port_is_free(port, settings.web_host)]
    if taken:
        raise NotReadyError(
            f"Port {' and '.join(taken)} of {settings.web_host} is taken: is Muster running already?"
            " Choose others with --web-port, the first of three."
        )


def _host(settings: Settings) -> str:
    """Where this machine reaches what listens on the setting's address."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not bound
    return everywhere.get(settings.web_host, settings.web_host)
