"""The embedded broker as a process: what survives it, what it refuses, and what ends with it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from muster.shell import broker_config
from muster.shell.broker import BrokerError, EmbeddedBroker
from muster.shell.broker_state import running_broker
from muster.shell.ports import free_ports, port_is_free

pytestmark = pytest.mark.kafka
HANG_SECONDS = 60


def read_back(bootstrap: str, topic: str) -> bytes:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader", "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    message = consumer.poll(HANG_SECONDS)
    consumer.close()
    assert message is not None
    assert message.error() is None
    value = message.value()
    assert isinstance(value, bytes)
    return value


def write(bootstrap: str, topic: str, value: bytes) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(HANG_SECONDS)
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    producer.produce(topic, value)
    assert producer.flush(HANG_SECONDS) == 0


def test_a_later_start_finds_its_data_after_a_stop_and_after_a_kill(tmp_path: Path, cache_dir: Path) -> None:
    """Cluster id, port, topics and records are there again; a running folder is told to others and refused to them."""
    broker = EmbeddedBroker(tmp_path, cache_dir)
    try:
        bootstrap = broker.start()
        cluster_id = broker.cluster_id
        write(bootstrap, "kept", b"before the stop")
        assert port_is_free(broker.port, "127.0.0.2"), "it listens beyond the loopback address"
        broker.stop()
        assert running_broker(tmp_path) is None

        assert broker.start() == bootstrap
        assert broker.cluster_id == cluster_id
        assert read_back(bootstrap, "kept") == b"before the stop"
        running = running_broker(tmp_path)
        assert running is not None
        assert running.bootstrap == bootstrap
        second = EmbeddedBroker(tmp_path, cache_dir)
        with pytest.raises(BrokerError, match=f"already runs on .* at {bootstrap}"):
            second.start()
        second.stop()
        assert running_broker(tmp_path) == running

        broker.kill()
        assert running_broker(tmp_path) is None
        broker.start()
        assert read_back(bootstrap, "kept") == b"before the stop"
    finally:
        broker.stop()


def test_it_ends_when_its_starter_is_killed(tmp_path: Path, cache_dir: Path) -> None:
    """No broker outlives the process that started it, even when that had no chance to clean up."""
    script = (
        "import sys; from pathlib import Path; from muster.shell.broker import EmbeddedBroker\n"
        "broker = EmbeddedBroker(Path(sys.argv[1]), Path(sys.argv[2])); print(broker.start(), flush=True)\n"
        "sys.stdin.read()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), str(cache_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    assert starter.stdin is not None
    bootstrap = starter.stdout.readline().strip()
    assert running_broker(tmp_path) is not None
    starter.kill()
    starter.wait()
    starter.stdin.close()
    starter.stdout.close()
    deadline = time.monotonic() + HANG_SECONDS
    while not port_is_free(int(bootstrap.rpartition(":")[2])):
        assert time.monotonic() < deadline, "the broker still listens"
        time.sleep(0.05)
    while running_broker(tmp_path) is not None:
        assert time.monotonic() < deadline, "the broker still holds its folder"
        time.sleep(0.05)


def test_a_broker_that_cannot_start_says_why(tmp_path: Path, cache_dir: Path) -> None:
    """The error carries the end of Kafka's own log, and the folder is free again."""
    broker = EmbeddedBroker(tmp_path, cache_dir, properties={"num.io.threads": "none"})
    with pytest.raises(BrokerError, match=r"num\.io\.threads"):
        broker.start()
    assert running_broker(tmp_path) is None


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path, cache_dir: Path) -> None:
    """A port that somebody listens on is named."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BrokerError, match=f"Port {port} is in use"):
            EmbeddedBroker(tmp_path, cache_dir, port=port).start()


def test_free_ports_are_different_ones() -> None:
    """Two listeners never get the same port."""
    assert len(set(free_ports(20))) == 20


def test_given_properties_and_listeners_win() -> None:
    """What a caller passes stands in server.properties, escaped as Java reads it."""
    text = broker_config.server_properties(
        "127.0.0.1", 1, 2, Path("/data"), {"SASL_SSL": 3}, {"offsets.topic.num.partitions": "1", "password": "a\\b\nc"}
    )
    lines = dict(line.split("=", 1) for line in text.splitlines())
    assert lines["listeners"] == "PLAINTEXT://127.0.0.1:1,SASL_SSL://127.0.0.1:3,CONTROLLER://127.0.0.1:2"
    assert lines["advertised.listeners"] == "PLAINTEXT://127.0.0.1:1,SASL_SSL://127.0.0.1:3"
    assert lines["offsets.topic.num.partitions"] == "1"
    assert lines["password"] == "a\\\\b\\nc"
