"""The composition root of a worker: settings in, one role running on Kafka until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

from muster import __version__
from muster.core.version import EXTRACTOR_VERSION
from muster.shell import access, topics
from muster.shell.api.changes import Changes
from muster.shell.api.events import EventsFollower
from muster.shell.api.pulse import Pulse
from muster.shell.api.routes import Api
from muster.shell.api.totals import TotalsFollower
from muster.shell.build import commit
from muster.shell.city_gauges import CityGauges
from muster.shell.faust.app import SafeApp, create_faust_app
from muster.shell.faust.batch import Batch
from muster.shell.faust.pump import Work, pump
from muster.shell.faust.table import Merge
from muster.shell.faust.watch import stop_within
from muster.shell.garbage import collect_seldom
from muster.shell.kafka_client import check_reachable, faust_credentials
from muster.shell.metrics import Metrics
from muster.shell.observe import Observer
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.settings import Settings
from muster.shell.state_format import check_offsets
from muster.shell.tracing import start_tracing
from muster.shell.web import WebServer
from muster.shell.web_access import check_exposure
from muster.shell.web_guard import WebLimits

if TYPE_CHECKING:
    from muster.shell.roles.fold import FoldWork
    from muster.shell.roles.totals_guard import TotalsGuard

logger = logging.getLogger(__name__)

Role = Literal["extract", "route", "fold"]
ROLES: tuple[Role, ...] = get_args(Role)
EXIT_CRASHED = 1


class RefusedToRunError(Exception):
    """The topics do not fit; the message says which, and what to do."""


class Runtime:
    """One role, wired but not started."""

    def __init__(self, settings: Settings, role: Role, partitions: Mapping[str, int]) -> None:
        """Wire the role.

        Args:
            settings: with `bootstrap` set.
            role: which of the three.
            partitions: of each topic of the catalogue, as the broker has them.
        """
        self.settings = settings
        self.guard: TotalsGuard | None = None
        self.metrics = Metrics()
        self.metrics.set("muster_build_info", 1, (__version__, commit(), EXTRACTOR_VERSION, role))
        dead_letters = DeadLetters(settings, self.metrics, stage=role)
        source = {
            "extract": settings.topic_articles,
            "route": settings.topic_claims,
            "fold": settings.topic_reports,
        }[role]
        self.app = create_faust_app(
            settings,
            role,
            partitions=partitions[source],
            credentials=faust_credentials(settings),
            refuse=dead_letters.refused,
            on_batch=self._on_batch,
        )
        work = self._work(role, dead_letters, partitions)
        self.tracing = start_tracing(settings, role)
        _wire(self.app, role, source, self.tracing.of(work) if self.tracing else work)
        self.app.watch.on_turn = partial(self.metrics.observe, "muster_loop_pause_seconds")
        self.observer = Observer(self.app, self.metrics)
        self.changes = Changes()
        self.totals = TotalsFollower(settings, self.changes.total_changed)
        self.news = EventsFollower(settings, self.changes.event_came)
        self.pulse = Pulse(settings, self.changes.hub)
        # One role is enough: each worker of it tells the same.
        self.city_gauges = CityGauges(
            self.totals.cities, self.metrics, settings.metrics_cities_max if role == "fold" else 0
        )
        port = role_port(settings.web_port, role)
        token = settings.web_token.get_secret_value() if settings.web_token else None
        api = Api(self.totals, self.changes)
        limits = WebLimits(settings.web_requests_per_second_max, settings.web_connections_per_client_max)
        self.web = WebServer(self.metrics, self.observer.not_ready_because, settings.web_host, port, api, token, limits)

    def _work(self, role: Role, dead_letters: DeadLetters, partitions: Mapping[str, int]) -> Work:
        # Imported here: no role needs what the others do, and loading it takes longer than all else at the start.
        settings = self.settings
        if role == "extract":
            from muster.shell.offline import load_extractor
            from muster.shell.roles.extract import ExtractWork

            extractor = load_extractor(settings.cache_dir)
            return ExtractWork(settings, extractor, partitions[settings.topic_claims], dead_letters, self.metrics)
        if role == "route":
            from muster.shell import codec
            from muster.shell.roles import route

            table = self._table(
                route.TABLE, partitions[settings.topic_claims], codec.merge_route_rows, codec.newer_format
            )
            return route.RouteWork(settings, table, partitions[settings.topic_reports], dead_letters, self.metrics)
        from muster.shell import report_rows
        from muster.shell.roles import fold

        table = self._table(fold.TABLE, partitions[settings.topic_reports], report_rows.merge, report_rows.newer_form)
        work = fold.FoldWork(settings, table, dead_letters, self.metrics)
        self._guard_totals(table, work, partitions[settings.topic_reports])
        return work

    def _guard_totals(self, table: Any, work: FoldWork, partitions: int) -> None:
        from muster.shell.roles.totals_guard import TotalsGuard

        guard = self.guard = TotalsGuard(self.settings, work, self.app.delivery, self.metrics, partitions)

        async def recovered() -> None:
            await guard.stop()  # on half an index it would take totals away
            if await work.recover():
                await guard.follow({tp.partition for tp in self.app.batches.assignment()})

        async def revoked(*_: Any, **__: Any) -> None:
            await guard.stop()

        table.on_recover(recovered)
        self.app.on_partitions_revoked.connect(revoked, weak=False)

    def _table(self, name: str, partitions: int, merge: Merge, newer: Callable[[bytes], int | None]) -> Any:
        table: Any = self.app.Table(name, partitions=partitions, key_type=bytes, value_type=bytes)
        table.merge, table.newer_format = merge, newer
        return table

    def _on_batch(self, batch: Batch, seconds: float) -> None:
        self.metrics.observe("muster_batch_seconds", seconds)
        self.metrics.observe("muster_batch_records", len(batch.records))


def _wire(app: SafeApp, role: str, topic: str, work: Work) -> None:
    source = app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    async def agent(stream: Any) -> None:
        await pump(app, stream, work)

    app.agent(source, name=role, concurrency=1)(agent)


def role_port(first: int, role: Role) -> int:
    """The web port of a role: the first one, or the next ones for route and fold; 0 lets the system choose."""
    return first + ROLES.index(role) if first else 0


async def run_worker(settings: Settings, role: Role, stop: asyncio.Event, on_ready: Callable[[int], None]) -> int:
    """Run one role until `stop` is set; returns the exit code.

    Args:
        settings: with `bootstrap` set.
        role: which of the three.
        stop: set it to stop cleanly.
        on_ready: is called once with the port of the web server, when the worker owns its partitions.

    Raises:
        BrokerUnreachable: the broker does not answer; says what to do.
        ExposedError: the web server would answer everybody.
        NewerStateError: a newer Muster ran here.
        RefusedToRunError: the topics are missing or do not fit together.
        OSError: the web port is taken.
    """
    check_exposure(settings)
    await check_reachable(settings)
    own = access.topics_of(settings, role)
    problems = await topics.check_topics(settings, own)
    if problems:
        raise RefusedToRunError("\n".join(str(problem) for problem in problems))
    await check_offsets(settings, role)
    runtime = Runtime(settings, role, await topics.partition_counts(settings, own))
    port = await runtime.web.start()
    followers = (runtime.totals, runtime.news, runtime.changes, runtime.pulse, runtime.city_gauges)
    tasks = [asyncio.ensure_future(one.run()) for one in (runtime.app.watch, runtime.observer, *followers)]
    try:
        return await _run_app(runtime, stop, lambda: on_ready(port))
    finally:
        for task in tasks:
            task.cancel()
        await runtime.web.stop()
        if runtime.tracing is not None:
            runtime.tracing.stop()


async def _run_app(runtime: Runtime, stop: asyncio.Event, on_ready: Callable[[], None]) -> int:
    app = runtime.app

    async def announce() -> None:
        collect_seldom()
        on_ready()

    app.on_startup_finished = announce
    ends = [asyncio.ensure_future(e.wait()) for e in (stop, app._crashed, app._stopped)]  # noqa: SLF001 - mode's only way to see a crash from outside
    starting = asyncio.ensure_future(app.start())
    try:
        await asyncio.wait([starting, *ends], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        crashed = not stop.is_set()
        timer = stop_within()
        if runtime.guard is not None:
            await runtime.guard.stop()
        await app.stop()
        timer.cancel()
        return EXIT_CRASHED if crashed else 0
    finally:
        for end in ends:
            end.cancel()
