"""The Faust app with the safe parts in place, and the settings that they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, cast

import faust
from faust.transport.drivers import aiokafka as driver

from muster.core import limits
from muster.shell.faust.batch import Batch
from muster.shell.faust.consumer import BatchConsumer
from muster.shell.faust.delivery import Delivery, Refuse
from muster.shell.faust.producer import IdempotentProducer
from muster.shell.faust.table import RawTable, Tables
from muster.shell.faust.watch import Watch
from muster.shell.kafka_client import client_options
from muster.shell.settings import Settings

FETCH_BYTES_MAX = 1024 * 1024
"""Of one partition, compressed: several times as much when it is unpacked, and as many partitions as there are."""

REQUEST_ROOM_BYTES = 500_000
"""Room beside a value: the broker's limit decides what is refused, never the client's."""


class SafeTransport(driver.Transport):
    Consumer = BatchConsumer
    Producer = IdempotentProducer


class SafeApp(faust.App):
    """One consumer group, one agent, at most one table.

    `busy` counts batches whose deliveries are not confirmed, `restored_rows` what its table has read of its changelog,
    `rewritten_rows` what it has corrected there. `on_batch` is told of each batch worked on, and the seconds it took.
    `client_options` are aiokafka's.
    """

    busy = 0
    restored_rows = 0
    rewritten_rows = 0
    last_rebalance_seconds = 0.0
    _rebalance_started_at = 0.0
    client_options: Mapping[str, Any]
    delivery: Delivery
    watch: Watch
    on_batch: Callable[[Batch, float], None]

    @property
    def batches(self) -> BatchConsumer:
        return cast(BatchConsumer, self.consumer)

    def commit_age_seconds(self) -> float:
        """Since when finished work waits to be committed; 0 while no partition is worked on."""
        if self._consumer is None or not self.batches.is_live:
            return 0.0
        return monotonic() - self.batches.committed_at

    def on_rebalance_start(self) -> None:
        self._rebalance_started_at = monotonic()
        super().on_rebalance_start()

    def on_rebalance_end(self) -> None:
        self.last_rebalance_seconds = monotonic() - self._rebalance_started_at
        super().on_rebalance_end()

    def _new_transport(self) -> SafeTransport:
        return SafeTransport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> SafeTransport:
        return SafeTransport(self.conf.broker_producer, self)


def create_faust_app(
    settings: Settings,
    role: str,
    *,
    partitions: int,
    credentials: Any,
    refuse: Refuse,
    on_batch: Callable[[Batch, float], None],
) -> SafeApp:
    """An app that reads nothing yet: wire agents with `app.agent(...)`.

    Args:
        settings: where Kafka is and how long to wait.
        role: extract, route or fold; the consumer group is <group_prefix>-<role>.
        partitions: of the topic that the role reads, and so of its table's changelog.
        credentials: Faust's, or None.
        refuse: makes the dead letter of a record that Kafka refuses.
        on_batch: is told of each batch and the seconds of work it took.
    """
    datadir = settings.cache_dir / "faust"
    datadir.mkdir(parents=True, exist_ok=True)  # Faust makes it without its parents
    app = SafeApp(
        f"{settings.group_prefix}-{role}",
        autodiscover=False,
        broker=[f"kafka://{address.strip()}" for address in settings.bootstrap.split(",")],
        broker_client_id=f"{settings.group_prefix}-{role}",
        broker_credentials=credentials,
        # Faust reads settings from variables as common as TIMEZONE or WEB_PORT, and they win over arguments.
        env_prefix="MUSTER_FAUST",
        Table=RawTable,
        TableManager=Tables,
        store="memory://",
        datadir=datadir,
        table_standby_replicas=0,  # the memory store drops standby rows when it needs them
        topic_partitions=partitions,
        topic_replication_factor=settings.replication_factor,
        topic_disable_leader=True,
        topic_allow_declare=False,  # topics are created and checked before a worker starts
        broker_session_timeout=settings.session_timeout_seconds,
        broker_heartbeat_interval=settings.session_timeout_seconds / 6,
        broker_rebalance_timeout=15,
        broker_request_timeout=settings.request_timeout_seconds,
        broker_commit_interval=settings.commit_interval_seconds,
        consumer_max_fetch_size=FETCH_BYTES_MAX,
        consumer_auto_offset_reset="earliest",
        producer_request_timeout=settings.request_timeout_seconds,
        producer_linger=0.0,  # a batch's records are all handed over before the sender has a turn
        producer_max_batch_size=262_144,
        producer_max_request_size=max(settings.article_bytes_max, limits.RECORD_BYTES_MAX) + REQUEST_ROOM_BYTES,
        producer_compression_type="lz4",
        stream_wait_empty=True,
        web_enabled=False,  # Faust's binds to all addresses and shows tables; ours is muster.shell.web
        worker_redirect_stdouts=False,
    )
    app.client_options = client_options(settings)
    app.on_batch = on_batch
    app.watch = Watch(
        settings.session_timeout_seconds,
        lambda: bool(app.rebalancing),
        progress=lambda: app.restored_rows,
        commit_age_seconds=app.commit_age_seconds,
    )
    app.delivery = Delivery(
        producer=lambda: cast(IdempotentProducer, app.producer),
        check_awake=app.watch.check_awake,
        refuse=refuse,
        wait_seconds=settings.request_timeout_seconds,
        away_seconds_max=settings.broker_away_seconds_max,
    )
    return app
