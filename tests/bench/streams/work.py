"""The work that every contender does with an article: Muster's own extract step, called as a plain function."""

from __future__ import annotations

from dataclasses import dataclass

from muster.shell import offline
from muster.shell.faust.batch import Headers, Outgoing
from muster.shell.metrics import Metrics
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.roles.extract import ExtractWork
from muster.shell.settings import Settings


@dataclass(slots=True)
class Raw:
    """A Kafka record as any client can hand it over."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(slots=True)
class Produced:
    """What comes of it, without Muster's promises."""

    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Work:
    """`settings` say which topics; they come from the environment, as for a worker."""

    def __init__(self) -> None:
        self.settings = settings = Settings()
        metrics = Metrics()
        extractor = offline.load_extractor(settings.cache_dir)
        letters = DeadLetters(settings, metrics, "extract")
        self._work = ExtractWork(settings, extractor, settings.partitions, letters, metrics)

    @property
    def group(self) -> str:
        return f"{self.settings.group_prefix}-extract"

    def __call__(self, record: Raw) -> list[Produced]:
        return [_produced(one) for one in self._work.process(record)]


def _produced(one: Outgoing) -> Produced:
    return Produced(one.topic, one.key or b"", one.current_value() or b"", one.current_headers())
