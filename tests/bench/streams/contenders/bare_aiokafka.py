"""aiokafka in a loop that keeps the same promises: deliveries are awaited, then offsets are committed."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.bench.streams.work import Raw, Work

FETCH_MS = 200
FETCH_BYTES = 4 * 1024 * 1024
BATCH = 2_000


async def main() -> None:
    work = Work()
    consumer = AIOKafkaConsumer(
        work.settings.topic_articles,
        bootstrap_servers=work.settings.bootstrap,
        group_id=work.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=FETCH_BYTES,
        fetch_max_wait_ms=20,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=work.settings.bootstrap, enable_idempotence=True, compression_type="lz4", linger_ms=5
    )
    async with consumer, producer:
        while True:
            fetched = await consumer.getmany(timeout_ms=FETCH_MS, max_records=BATCH)
            deliveries = []
            for tp, records in fetched.items():
                for r in records:
                    given = Raw(tp.topic, tp.partition, r.offset, r.timestamp, r.key, r.value, tuple(r.headers))
                    for one in work(given):
                        sent = await producer.send(one.topic, one.value, one.key, headers=one.headers)
                        deliveries.append(sent)
            if fetched:
                await asyncio.gather(*deliveries)
                await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main())
