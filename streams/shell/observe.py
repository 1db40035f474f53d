"""Looks at a running app from outside and keeps the gauges that must move even when the worker is stuck."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import Any

from aiokafka.errors import KafkaError

from muster.shell.faust.app import SafeApp
from muster.shell.metrics import Metrics

logger = logging.getLogger(__name__)

OBSERVE_SECONDS = 2.0
HIGHWATER_SECONDS_MAX = 5.0


class Observer:
    """Readiness, consumer lag asked of the broker, commit age, rebalances and table rows of one app."""

    def __init__(self, app: SafeApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._rebalances_seen = 0
        self._rewritten_rows_seen = 0

    def not_ready_because(self) -> str | None:
        """None when the worker owns its partitions and works, else one line why not."""
        app = self._app
        if app._consumer is None or not app.started:  # noqa: SLF001 - the property would make a consumer
            return "starting"
        if app.should_stop:
            return "stopping"
        if app.rebalancing:
            return "the consumer group rebalances, or the table recovers"
        if not app.batches.flow_active or not app.batches.done:
            return "no partitions are assigned"
        return None

    async def run(self) -> None:
        """Update the gauges for ever; start it as a task."""
        while True:
            try:
                await self._update()
            except (KafkaError, TimeoutError) as error:
                logger.debug("lag not known: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - a gauge must not end the worker
                logger.warning("gauges not updated: %s", type(error).__name__)
            await asyncio.sleep(OBSERVE_SECONDS)

    async def _update(self) -> None:
        app, metrics = self._app, self._metrics
        metrics.set("muster_ready", 0 if self.not_ready_because() else 1)
        if app._consumer is None or not app.started:  # noqa: SLF001 - the property would make a consumer
            return
        self._update_rebalances()
        metrics.set("muster_asyncio_tasks", len(asyncio.all_tasks()))
        metrics.count("muster_rows_corrected_total", amount=app.rewritten_rows - self._rewritten_rows_seen)
        self._rewritten_rows_seen = app.rewritten_rows
        consumer = app.batches
        metrics.set("muster_commit_age_seconds", monotonic() - consumer.committed_at)
        metrics.set("muster_assigned_partitions", len(consumer.done))
        for name, table in app.tables.items():
            metrics.set("muster_table_rows", len(table.data.data), (name,))
        await self._update_lag(list(consumer.done))

    def _update_rebalances(self) -> None:
        new = self._app.rebalancing_count - self._rebalances_seen
        if new > 0:
            self._rebalances_seen += new
            self._metrics.count("muster_rebalances_total", amount=new)
        self._metrics.set("muster_recovery_seconds", self._app.last_rebalance_seconds)

    async def _update_lag(self, partitions: list[Any]) -> None:
        consumer = self._app.batches
        ends = await asyncio.wait_for(consumer.highwaters(*partitions), HIGHWATER_SECONDS_MAX) if partitions else {}
        self._metrics.clear("muster_consumer_lag_records")
        for tp, end in ends.items():
            committed = consumer._committed_offset.get(tp)  # noqa: SLF001 - Faust offers no other way
            if committed is not None:
                self._metrics.set("muster_consumer_lag_records", end - committed, (tp.topic, str(tp.partition)))
