"""From an article's production to its city's total in a subscriber's hands: `make bench-latency`.

The three roles, the broker, the generator and the subscriber share the cores. An article counts as told when its quote
stands in a total that the subscriber has read. All articles about a city name the same number, so that the evidence of
its total is of all of them, and each city has fewer articles than a total has room for quotes.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
import orjson
import psutil
from confluent_kafka import Consumer, Producer, TopicPartition

from muster.core.limits import EVIDENCE_PER_TOTAL_MAX
from muster.shell import clock, offline
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from tests.bench.streams.__main__ import machine
from tests.bench.streams.latency_plot import draw
from tests.chaos.run import commit
from tests.load.stream import Stream
from tests.load.traffic import PUBLISHED_AT, Record, Traffic

ROLES = ("extract", "route", "fold")
RELEVANT_EVERY = 50
WARM_ARTICLES = 1_500
WARM_EVERY = 10
WARM_SECONDS = 3.0
TICK_SECONDS = 0.002
LAST_SECONDS_MAX = 60.0
PERCENTILES = (50, 90, 99)


@dataclass(frozen=True)
class Run:
    """One rate. Delays are in seconds, ascending; `untold` articles got no total; CPU shares are of a core."""

    asked_per_second: float
    sent_per_second: float
    delays: list[float]
    untold: int
    cpu_shares: dict[str, float]

    def percentile(self, percent: int) -> float:
        return self.delays[min(len(self.delays) - 1, len(self.delays) * percent // 100)]


def articles(traffic: Traffic, prefix: str, relevant_every: int = RELEVANT_EVERY) -> Iterator[Record]:
    """Endless articles of 3 KB, of which every so-many-th is about one city; cities take turns."""
    n = 0
    while True:
        article_id, text = f"{prefix}{n}", traffic.texts[n % len(traffic.texts)]
        if n % relevant_every == 0:
            city = (n // relevant_every) % len(traffic.cities)
            name, country = traffic.cities[city]
            text = f"The army will send {100 + city} soldiers to {name}, {country}, on Friday.\n\n{text}"
        # A source each: of a source and day only the newest figure counts, and no other has its quote in the total.
        body = {"article_id": article_id, "text": text, "published_at": PUBLISHED_AT, "source": f"{article_id}.example"}
        yield article_id.encode(), orjson.dumps(body)
        n += 1


def room_for(traffic: Traffic) -> int:
    """How many relevant articles may be timed: of each city as many as its total quotes, less those of the warm-up."""
    warm_rounds = -(-WARM_ARTICLES // WARM_EVERY // len(traffic.cities))
    return len(traffic.cities) * (EVIDENCE_PER_TOTAL_MAX - warm_rounds)


class Subscriber(threading.Thread):
    """Reads city totals from now on and notes when it first saw a quote of each article."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self.seen_at: dict[str, float] = {}
        self._done = threading.Event()
        self._consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": "latency", "log_level": 2})
        topic = settings.topic_city_totals
        self._consumer.assign([TopicPartition(topic, number, 0) for number in range(settings.partitions)])

    def run(self) -> None:
        while not self._done.is_set():
            for message in self._consumer.consume(500, timeout=0.02):
                value = message.value()
                if value is None or message.error():
                    continue
                now = time.monotonic()
                for quote in orjson.loads(value)["evidence"]:
                    self.seen_at.setdefault(quote["article_id"], now)

    def stop(self) -> None:
        self._done.set()
        self.join()
        self._consumer.close()


class Generator:
    """Sends records at a steady rate and notes when it handed over each that is relevant."""

    def __init__(self, settings: Settings) -> None:
        options = {"bootstrap.servers": settings.bootstrap, "compression.type": "lz4", "linger.ms": 0, "log_level": 2}
        self._producer = Producer(options)
        self._topic = settings.topic_articles

    def send(self, records: list[Record], per_second: float) -> tuple[dict[str, float], float]:
        """When each relevant article was sent, and the articles a second that it came to."""
        sent_at: dict[str, float] = {}
        started = time.monotonic()
        for n, (key, value) in enumerate(records):
            while (early := started + n / per_second - time.monotonic()) > 0:
                self._producer.poll(0)
                time.sleep(min(early, TICK_SECONDS))
            if n % RELEVANT_EVERY == 0:
                sent_at[key.decode()] = time.monotonic()
            self._producer.produce(self._topic, value, key)
        reached = len(records) / (time.monotonic() - started)
        assert self._producer.flush(120) == 0
        return sent_at, reached


def cpu_seconds(stream: Stream, broker: EmbeddedBroker) -> dict[str, float]:
    """Of each role, the broker, and this process, which generates and subscribes."""
    found = {role: sum(_cpu(member.process.pid) for member in stream.fleet.running(role)) for role in ROLES}
    return found | {"broker": _cpu(broker.pid), "generator and subscriber": _cpu(psutil.Process().pid, deep=False)}


def _cpu(pid: int, *, deep: bool = True) -> float:
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *(process.children(recursive=True) if deep else ()))]
    return sum(one.user + one.system for one in times)


def measure(stream: Stream, broker: EmbeddedBroker, traffic: Traffic, per_second: float, seconds: float) -> Run:
    stream.start(**dict.fromkeys(ROLES, 1))
    generator, subscriber = Generator(stream.settings), Subscriber(stream.settings)
    generator.send(list(islice(articles(traffic, "warm", WARM_EVERY), WARM_ARTICLES)), WARM_ARTICLES / WARM_SECONDS)
    stream.wait_until_read()
    subscriber.start()
    records = list(islice(articles(traffic, "timed"), round(per_second * seconds)))
    before, started = cpu_seconds(stream, broker), time.monotonic()
    sent_at, reached = generator.send(records, per_second)
    deadline = time.monotonic() + LAST_SECONDS_MAX
    while not sent_at.keys() <= subscriber.seen_at.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    after, took = cpu_seconds(stream, broker), time.monotonic() - started
    subscriber.stop()
    seen = subscriber.seen_at
    delays = sorted(seen[name] - at for name, at in sent_at.items() if name in seen)
    shares = {name: round((after[name] - before[name]) / took, 3) for name in after}
    return Run(per_second, reached, delays, len(sent_at) - len(delays), shares)


def document(runs: list[Run], seconds: dict[float, float]) -> str:
    lines = [f"| {int(run.asked_per_second):,} | {run.sent_per_second:,.0f} | {len(run.delays):,} | "
             + " | ".join(f"{1000 * run.percentile(p):,.0f}" for p in PERCENTILES)
             + f" | {1000 * run.delays[-1]:,.0f} | {run.untold} | "
             + ", ".join(f"{name} {share:.2f}" for name, share in run.cpu_shares.items()) + " |"
             for run in runs]  # fmt: skip
    return f"""# From article to total

Written by `make bench-latency` at commit `{commit()}`: {machine()}.
One worker a role, one broker, six partitions; workers, broker, generator and subscriber share the cores. Milliseconds
from handing an article of 3 KB to the producer to reading the total of its city that quotes it; one article in
{RELEVANT_EVERY} names a city. Before each rate the workers have read {WARM_ARTICLES:,} articles. Rates ran for
{", ".join(f"{s:g} s" for s in seconds.values())}.

| articles/s asked | sent | totals timed | p50 ms | p90 ms | p99 ms | slowest ms | not told | cores in use |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}

![Share of the articles that are told after so many milliseconds](latency.svg)
"""


def record(out: Path, runs: list[Run]) -> None:
    line = {
        "at": clock.now().isoformat(timespec="seconds"), "commit": commit(), "machine": machine(),
        "runs": [
            {"asked_per_second": r.asked_per_second, "sent_per_second": round(r.sent_per_second, 1), "untold": r.untold,
             "cpu_shares": r.cpu_shares, "ms": {f"p{p}": round(1000 * r.percentile(p), 1) for p in range(1, 100)}}
            for r in runs
        ],
    }  # fmt: skip
    with (out / "latency.jsonl").open("ab") as file:
        file.write(orjson.dumps(line) + b"\n")


@click.command()
@click.option("--rate", "rates", type=float, multiple=True, default=(100, 1_000, 5_000), show_default=True)
@click.option("--seconds", default=30.0, show_default=True, help="Of each rate.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/bench"), show_default=True)
def main(rates: tuple[float, ...], seconds: float, out: Path) -> None:
    """Time articles through the whole stream; writes latency.md, latency.svg and a line of latency.jsonl.

    A rate lasts shorter where its articles would be more than the totals of the cities can quote.
    """
    out.mkdir(parents=True, exist_ok=True)
    cache_dir = Settings().cache_dir
    traffic = Traffic.load(offline.load_extractor(cache_dir))
    lengths = {rate: min(seconds, room_for(traffic) * RELEVANT_EVERY / rate) for rate in rates}
    runs = []
    with tempfile.TemporaryDirectory(prefix="latency-") as name:
        for rate in rates:
            folder = Path(name) / f"{rate:g}"
            with (
                EmbeddedBroker(folder / "kafka", cache_dir) as broker,
                Stream(folder / "stream", broker, cache_dir) as stream,
            ):
                run = measure(stream, broker, traffic, rate, lengths[rate])
            if not run.delays:
                raise click.ClickException(f"at {rate:g} articles a second no total came:\n{stream.fleet.logs()}")
            runs.append(run)
            told = ", ".join(f"p{p} {1000 * run.percentile(p):,.0f} ms" for p in PERCENTILES)
            click.echo(f"{rate:g}/s asked, {run.sent_per_second:,.0f}/s sent: {told}; {run.untold} not told", err=True)
    text = document(runs, lengths)
    record(out, runs)
    (out / "latency.md").write_text(text, encoding="utf-8")
    draw({f"{int(run.asked_per_second):,} articles/s": run.delays for run in runs}, out / "latency.svg")
    click.echo(text)


if __name__ == "__main__":
    main()
