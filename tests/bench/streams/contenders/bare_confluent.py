"""confluent-kafka in a loop that awaits its deliveries and then commits its offsets; `--careless` does neither."""

from __future__ import annotations

import sys

from confluent_kafka import Consumer, KafkaException, Message, Producer

from tests.bench.streams.work import Raw, Work

BATCH = 2_000
FETCH_SECONDS = 0.1


def main(*, careless: bool) -> None:
    work = Work()
    servers = {"bootstrap.servers": work.settings.bootstrap}
    consumer = Consumer(
        servers
        | {"group.id": work.group, "auto.offset.reset": "earliest", "enable.auto.commit": careless, "log_level": 2}
    )
    consumer.subscribe([work.settings.topic_articles])
    producer = Producer(
        servers | {"enable.idempotence": not careless, "compression.type": "lz4", "linger.ms": 5, "log_level": 2}
    )
    failed: list[object] = []

    def delivered(error: object, _: Message) -> None:
        if error is not None:
            failed.append(error)

    while True:
        messages = consumer.consume(BATCH, timeout=FETCH_SECONDS)
        for message in messages:
            if message.error():
                raise KafkaException(message.error())
            for one in work(raw(message)):
                producer.produce(one.topic, one.value, one.key, headers=one.headers, on_delivery=delivered)
        if careless:
            producer.poll(0)
        elif messages:
            producer.flush()
            assert not failed, failed[:1]
            consumer.commit(asynchronous=False)


def raw(message: Message) -> Raw:
    return Raw(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        message.timestamp()[1],
        message.key(),
        message.value(),
        tuple(message.headers() or ()),
    )


if __name__ == "__main__":
    main(careless="--careless" in sys.argv)
