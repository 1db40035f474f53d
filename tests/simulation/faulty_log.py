"""An in-memory log that behaves as Kafka may: partitions, committed offsets, generations that fence, compaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Record:
    offset: int
    key: str
    value: Any
    writer: int


@dataclass
class FaultyLog:
    """Order holds within a partition and nowhere else. Values are what was written."""

    partitions: dict[tuple[str, int], list[Record]] = field(default_factory=dict)
    committed: dict[tuple[str, int], int] = field(default_factory=dict)
    generations: dict[tuple[str, int], int] = field(default_factory=dict)

    def append(self, topic: str, partition: int, key: str, value: Any, writer: int = 0) -> None:
        records = self.partitions.setdefault((topic, partition), [])
        records.append(Record(self.end(topic, partition), key, value, writer))

    def end(self, topic: str, partition: int) -> int:
        records = self.partitions.get((topic, partition))
        return records[-1].offset + 1 if records else 0

    def read(self, topic: str, partition: int, start: int, count: int | None = None) -> list[Record]:
        """Records from an offset on; compaction leaves holes."""
        return [r for r in self.partitions.get((topic, partition), []) if r.offset >= start][:count]

    def last_values(self, topic: str, partition: int) -> dict[str, Any]:
        return {record.key: record.value for record in self.read(topic, partition, 0)}

    def compact(self, topic: str, partition: int, below: int) -> None:
        """Drop what a later record of its key supersedes, of those below an offset: as Kafka with a compaction lag."""
        records = self.partitions.get((topic, partition), [])
        last = {record.key: record.offset for record in records if record.offset < below}
        kept = [r for r in records if r.offset >= below or r.offset == last[r.key]]
        self.partitions[topic, partition] = kept

    def join(self, topic: str, partition: int) -> int:
        """A new owner of a partition: its generation, which fences every earlier one's commits."""
        generation = self.generations.get((topic, partition), 0) + 1
        self.generations[topic, partition] = generation
        return generation

    def commit(self, topic: str, partition: int, offset: int, generation: int) -> bool:
        if generation != self.generations[topic, partition]:
            return False
        self.committed[topic, partition] = offset
        return True
