"""A broker that dies, fills its disk or stays away, and a worker that sleeps through its session."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
import pytest
from confluent_kafka import Message, Producer

from muster.shell.broker import EmbeddedBroker
from muster.shell.faust.exits import EXIT_GAVE_UP
from muster.shell.worker import EXIT_CRASHED
from tests.integration.conftest import Deployment
from tests.integration.fleet import Fleet, fill_disk, send
from tests.integration.test_faults import totals_without_faults, truth

pytestmark = pytest.mark.kafka

ROLES = ("extract", "route", "fold")
ARTICLES = 1_200
AWAY_SECONDS = 5.0
ASLEEP_SECONDS = 20.0
HANG_SECONDS = 90

Deploy = Callable[..., Deployment]
Records = list[tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[EmbeddedBroker]:
    """A Kafka that nobody else uses, so that it may be killed; each test leaves it running."""
    with EmbeddedBroker(tmp_path_factory.mktemp("mortal"), cache_dir) as broker:
        yield broker


@pytest.fixture
def deploy_on_it(mortal: EmbeddedBroker, cache_dir: Path, tmp_path: Path) -> Iterator[Deploy]:
    """Make a deployment on the mortal broker; keyword arguments are settings."""
    made: list[Deployment] = []

    def make(**changes: object) -> Deployment:
        made.append(Deployment(mortal.bootstrap, cache_dir, tmp_path, **changes))
        return made[-1]

    yield make
    for deployment in made:
        deployment.close()


@pytest.fixture(scope="module")
def records() -> Records:
    return truth()[:ARTICLES]


@pytest.fixture(scope="module")
def expected(records: Records, cache_dir: Path) -> dict[bytes, bytes]:
    """The totals of all of them by one process without faults."""
    return totals_without_faults(records, cache_dir)


def check(stream: Deployment, records: Records, expected: dict[bytes, bytes]) -> None:
    """Every article's event is there, the last totals are byte-identical to those of one process, no dead letter."""
    events = [orjson.loads(value) for _, value, _ in stream.read(stream.settings.topic_events)]
    assert {e["article_id"] for e in events} == {key.decode() for key, _ in records}
    assert len({e["event_id"] for e in events}) == len(records)
    assert stream.last_values(stream.settings.topic_city_totals) == expected
    assert stream.read(stream.settings.topic_dead_letters) == []


def wait_for(condition: Callable[[], bool], told: Callable[[], str]) -> None:
    deadline = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)


@contextlib.contextmanager
def working(stream: Deployment, folder: Path, records: Records, roles: Sequence[str] = ROLES) -> Iterator[Fleet]:
    """A fleet in the middle of its work: some events are out, most are not."""
    with Fleet(stream.settings, folder) as fleet:
        for role in roles:
            fleet.add(role)
        stream.produce(records)
        wait_for(lambda: len(stream.read(stream.settings.topic_events)) > 50, fleet.logs)
        yield fleet


def produced(stream: Deployment, count: int) -> set[bytes]:
    """Keys of records that Kafka acknowledged, among as many that were sent to articles.raw."""
    acknowledged: set[bytes] = set()
    options = {"acks": "all", "message.timeout.ms": 8_000, "log_level": 2}
    producer = Producer({"bootstrap.servers": stream.settings.bootstrap, **options})

    def delivered(error: object, message: Message) -> None:
        if error is None:
            acknowledged.add(message.key())

    for n in range(count):
        value = orjson.dumps({"article_id": f"quiet{n}", "text": "Rain is expected on Friday. " * 40})
        producer.produce(stream.settings.topic_articles, value, f"quiet{n}".encode(), on_delivery=delivered)
        producer.poll(0.002)
    producer.flush(20)
    return acknowledged


def test_a_broker_that_is_killed_mid_stream_loses_nothing(mortal, deploy_on_it, tmp_path, records, expected):
    """kill -9 of the broker, away for some seconds, and back on its data."""
    stream = deploy_on_it()
    with working(stream, tmp_path, records):
        mortal.kill()
        time.sleep(AWAY_SECONDS)
        mortal.start()
        stream.wait_until_read()
    check(stream, records, expected)


def test_a_full_disk_loses_nothing_that_was_acknowledged(mortal, deploy_on_it, tmp_path, records, expected):
    """Kafka can write no more, dies of it or is killed, and comes back with room on its disk."""
    stream = deploy_on_it()
    with working(stream, tmp_path, records):
        fill_disk(mortal)
        acknowledged = produced(stream, 1_000)
        assert len(acknowledged) < 1_000, "the limit had no effect"
        mortal.kill()
        mortal.start()
        stream.wait_until_read()
    check(stream, records, expected)
    assert acknowledged <= {key for key, _, _ in stream.read(stream.settings.topic_articles)}


def test_a_worker_gives_up_a_broker_that_stays_away_and_a_new_one_finishes(
    mortal, deploy_on_it, tmp_path, records, expected
):
    """After MUSTER_BROKER_AWAY_SECONDS_MAX it leaves with exit 70 without acking what was under way."""
    stream = deploy_on_it(broker_away_seconds_max=2, request_timeout_seconds=2, session_timeout_seconds=2)
    with working(stream, tmp_path, records) as fleet:
        mortal.kill()
        wait_for(lambda: ("extract", EXIT_GAVE_UP) in fleet.exit_codes, fleet.logs)
        mortal.start()
        stream.wait_until_read()
    assert {code for _, code in fleet.exit_codes} <= {EXIT_GAVE_UP, EXIT_CRASHED}
    check(stream, records, expected)


def test_a_worker_that_slept_through_its_session_spoils_no_total(mortal, deploy_on_it, tmp_path, records, expected):
    """SIGSTOP of a fold worker while another takes over, then SIGCONT: it leaves, and no old total stands last."""
    del mortal
    stream = deploy_on_it()
    with working(stream, tmp_path, records[: ARTICLES // 2], (*ROLES, "fold")) as fleet:
        sleeper = fleet.running("fold")[0]
        send(sleeper, signal.SIGSTOP)
        stream.produce(records[ARTICLES // 2 :])
        time.sleep(ASLEEP_SECONDS)
        send(sleeper, signal.SIGCONT)
        wait_for(lambda: ("fold", EXIT_GAVE_UP) in fleet.exit_codes, fleet.logs)
        stream.wait_until_read()
    check(stream, records, expected)
