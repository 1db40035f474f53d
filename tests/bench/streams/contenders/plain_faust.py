"""Faust as its documentation shows it: an agent over the stream's events that sends what comes of each."""

from __future__ import annotations

import sys
import tempfile
from typing import Any

import faust

from tests.bench.streams.work import Raw, Work


def make_app() -> faust.App:
    work = Work()
    app = faust.App(
        work.group,
        broker=f"kafka://{work.settings.bootstrap}",
        datadir=tempfile.mkdtemp(prefix="plain-faust-"),
        store="memory://",
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        env_prefix="PLAIN_FAUST",
    )
    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    s = work.settings
    outputs = {name: app.topic(name, **raw) for name in (s.topic_claims, s.topic_events, s.topic_dead_letters)}

    @app.agent(app.topic(s.topic_articles, **raw))
    async def extract(stream: Any) -> None:
        async for event in stream.events():
            m = event.message
            given = Raw(m.topic, m.partition, m.offset, int(m.timestamp * 1000), m.key, m.value)
            for one in work(given):
                await outputs[one.topic].send(key=one.key, value=one.value, headers=dict(one.headers))

    return app


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "--loglevel", "error"]
    make_app().main()
