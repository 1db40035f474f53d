"""quixstreams: a dataframe whose apply expands each article into what comes of it, at least once."""

from __future__ import annotations

from typing import Any

from quixstreams import Application
from quixstreams.models import Serializer

from tests.bench.streams.work import Produced, Raw, Work


class ValueOf(Serializer):
    """The bytes of what was produced."""

    def __call__(self, value: Produced, ctx: Any) -> bytes:
        return value.value


def main() -> None:
    work = Work()
    s = work.settings
    app = Application(
        broker_address=s.bootstrap,
        consumer_group=work.group,
        auto_offset_reset="earliest",
        commit_interval=s.commit_interval_seconds,
        auto_create_topics=False,
        producer_extra_config={"compression.type": "lz4", "linger.ms": 5, "enable.idempotence": True},
        loglevel="ERROR",
    )
    names = (s.topic_claims, s.topic_events, s.topic_dead_letters)
    outputs = {name: app.topic(name, value_serializer=ValueOf(), key_serializer="bytes") for name in names}
    source = app.topic(s.topic_articles, value_deserializer="bytes", key_deserializer="bytes")

    def expand(value: bytes, key: bytes, timestamp: int, headers: Any) -> list[Produced]:
        return work(Raw(s.topic_articles, 0, 0, timestamp, key, value, tuple(headers or ())))

    frame = app.dataframe(source).apply(expand, expand=True, metadata=True)
    frame = frame.set_headers(lambda value, key, timestamp, headers: value.headers)
    frame.to_topic(lambda value, key, timestamp, headers: outputs[value.topic], key=lambda value: value.key)
    app.run()


if __name__ == "__main__":
    main()
