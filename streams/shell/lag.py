"""How far each stage of the stream is behind, and how fast it reads, asked of Kafka from outside.

What a stage has committed says where it stands even when its worker is stuck or gone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from muster.shell.kafka_client import client_options
from muster.shell.replay import stages
from muster.shell.settings import Settings

SAMPLES_MAX = 300
RATE_SECONDS = 10.0
ANSWER_SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True)
class StageLag:
    """One consumer group and the topic that it reads.

    `behind_seconds` is the age of the oldest record that is not committed, or less where it was there before the first
    look. Rates are of the last ten seconds: what is written to the topic, and what is committed.
    """

    stage: str
    topic: str
    lag_records: int
    behind_seconds: float
    arriving_per_second: float
    reading_per_second: float


@dataclass
class History:
    """What was seen of one stage: moments in seconds, and positions by partition."""

    _samples: deque[tuple[float, Mapping[int, int], Mapping[int, int]]] = field(
        default_factory=lambda: deque(maxlen=SAMPLES_MAX)
    )

    def add(self, at: float, ends: Mapping[int, int], committed: Mapping[int, int]) -> None:
        """Remember a look: the end of each partition, and the next record that its group reads there."""
        self._samples.append((at, ends, committed))

    @property
    def lag_records(self) -> int:
        _, ends, committed = self._samples[-1]
        return sum(max(0, end - committed.get(partition, end)) for partition, end in ends.items())

    @property
    def behind_seconds(self) -> float:
        """Since when the furthest partition has not reached what was there."""
        now, ends, committed = self._samples[-1]
        return max((now - self._reached(p, committed.get(p, end)) for p, end in ends.items()), default=0.0)

    def rates(self) -> tuple[float, float]:
        """Records a second that arrive and that are committed, over the last RATE_SECONDS."""
        now, ends, committed = self._samples[-1]
        first = next((sample for sample in self._samples if now - sample[0] <= RATE_SECONDS), self._samples[-1])
        seconds = now - first[0]
        if seconds <= 0:
            return 0.0, 0.0
        arrived = sum(ends.values()) - sum(first[1].values())
        read = sum(committed.values()) - sum(first[2].values())
        return max(0.0, arrived / seconds), max(0.0, read / seconds)

    def _reached(self, partition: int, position: int) -> float:
        """The last moment at which the partition held no more than this."""
        at = self._samples[0][0]
        for moment, ends, _ in self._samples:
            if ends.get(partition, 0) > position:
                break
            at = moment
        return at


class LagProbe:
    """Looks at the three stages with clients of its own; use it as an asynchronous context."""

    def __init__(self, settings: Settings) -> None:
        self._stages = stages(settings)
        self._admin = AIOKafkaAdminClient(**client_options(settings))
        self._consumer = AIOKafkaConsumer(**client_options(settings), enable_auto_commit=False)
        self._histories = {group: History() for group, _ in self._stages}

    async def __aenter__(self) -> Self:
        try:
            await self._admin.start()
            await self._consumer.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def look(self) -> list[StageLag]:
        """How far each stage is now, in the order of the stream.

        Raises:
            KafkaError, TimeoutError: Kafka does not say.
        """
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            return [await self._look_at(group, topic) for group, topic in self._stages]

    async def _look_at(self, group: str, topic: str) -> StageLag:
        if self._consumer.partitions_for_topic(topic) is None:
            await self._consumer._client.force_metadata_update()  # noqa: SLF001 - a topic may be new to this client
        partitions = [TopicPartition(topic, p) for p in sorted(self._consumer.partitions_for_topic(topic) or ())]
        ends: dict[Any, int] = await self._consumer.end_offsets(partitions)
        starts: dict[Any, int] = await self._consumer.beginning_offsets(partitions)
        offsets = await self._admin.list_consumer_group_offsets(group, partitions=partitions)
        known = {tp: meta.offset for tp, meta in offsets.items() if meta.offset >= 0}
        history = self._histories[group]
        history.add(
            monotonic(),
            {tp.partition: end for tp, end in ends.items()},
            {tp.partition: max(known.get(tp, 0), starts[tp]) for tp in partitions},
        )
        arriving, reading = history.rates()
        return StageLag(
            stage=group.rsplit("-", 1)[-1],
            topic=topic,
            lag_records=history.lag_records,
            behind_seconds=history.behind_seconds,
            arriving_per_second=arriving,
            reading_per_second=reading,
        )
