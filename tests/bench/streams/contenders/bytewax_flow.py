"""bytewax: its Kafka source and sink around a flat map. It keeps offsets by itself: progress goes to a file."""

from __future__ import annotations

import mmap
import os
import struct
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSinkMessage, KafkaSource
from bytewax.connectors.kafka import operators as kop
from bytewax.dataflow import Dataflow
from bytewax.testing import cluster_main

from tests.bench.streams.work import Raw, Work


def main() -> None:
    work = Work()
    s = work.settings
    progress = mmap.mmap(os.open(os.environ["BENCH_PROGRESS"], os.O_RDWR), 8)
    done = 0

    def expand(message: Any) -> list[KafkaSinkMessage]:
        nonlocal done
        done += 1
        progress[:] = struct.pack("q", done)
        seconds = message.timestamp[1]
        given = Raw(message.topic, message.partition, message.offset, seconds, message.key, message.value)
        return [
            KafkaSinkMessage(one.key, one.value, headers=one.headers, topic=one.topic) for one in work(given)
        ]  # fmt: skip

    flow = Dataflow("extract")
    source = KafkaSource([s.bootstrap], [s.topic_articles], batch_size=2_000)
    outputs = op.flat_map("extract", op.input("articles", flow, source), expand)
    extra = {"compression.type": "lz4", "linger.ms": "5", "enable.idempotence": "true"}
    kop.output("out", outputs, brokers=[s.bootstrap], topic=s.topic_events, add_config=extra)
    cluster_main(flow, [], 0)


if __name__ == "__main__":
    main()
