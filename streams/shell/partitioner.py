"""Which partition a key belongs to: Kafka's default (murmur2), spelled out so that no client's choice matters."""

from __future__ import annotations

from aiokafka.partitioner import murmur2


def partition_of(key: bytes, partitions: int) -> int:
    """Partition of a key, the same as that of Kafka's Java client. Pure; `partitions` is at least 1."""
    return int((murmur2(key) & 0x7FFF_FFFF) % partitions)
