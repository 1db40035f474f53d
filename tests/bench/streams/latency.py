"""From an article's production to its city's total in a subscriber's hands: `make bench-latency`.

The three roles, the broker, the generator and the subscriber share the cores. An article counts as told when its quote
stands in a total that the subscriber has read. All articles about a city name the same number, so that the evidence of
its total is of all of them, and each city has fewer articles than a total has room for quotes.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click
import orjson
import psutil
from confluent_kafka import Consumer, Producer, TopicPartition

from muster.core.limits import EVIDENCE_PER_TOTAL_MAX
from muster.shell import clock, codec, offline
from muster.shell.broker import EmbeddedBroker
from muster.shell.readback import read_topic
from muster.shell.settings import Settings
from tests.bench.streams.__main__ import machine
from tests.bench.streams.latency_plot import draw
from tests.chaos.run import commit
from tests.load.stream import Stream
from tests.load.traffic import PUBLISHED_AT, Record, Traffic

ROLES = ("extract", "route", "fold")
STAGES = ("article to claim", "claim to report", "report to total", "total to subscriber")
RELEVANT_EVERY = 50
LINGER_MS = 5
"""The default of the library that most scrapers' producers stand on; it is part of what is timed."""

WARM_ARTICLES = 1_500
WARM_EVERY = 10
WARM_SECONDS = 3.0
TICK_SECONDS = 0.002
LAST_SECONDS_MAX = 60.0
PERCENTILES = (50, 90, 99)


@dataclass(frozen=True)
class Run:
    """One rate. Delays are in seconds, ascending; `untold` articles got no total; CPU shares are of a core.

    Those of a stage go by the timestamps of its records, whose unit is a millisecond.
    """

    asked_per_second: float
    sent_per_second: float
    delays: list[float]
    untold: int
    cpu_shares: dict[str, float]
    stages: dict[str, list[float]]

    def percentile(self, percent: int) -> float:
        return percentile(self.delays, percent)


def percentile(ascending: list[float], percent: int) -> float:
    return ascending[min(len(ascending) - 1, len(ascending) * percent // 100)]


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
    """Reads city totals from now on and notes when it first saw a quote of each article.

    `totals_at` has the timestamp of that total, and `read_at` the moment by the same clock, the machine's.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self.seen_at: dict[str, float] = {}
        self.totals_at: dict[str, float] = {}
        self.read_at: dict[str, float] = {}
        self._done = threading.Event()
        self._consumer = Consumer({"bootstrap.servers": settings.bootstrap, "group.id": "latency", "log_level": 2})
        topic = settings.topic_city_totals
        self._consumer.assign([TopicPartition(topic, number, 0) for number in range(settings.partitions)])

    def run(self) -> None:
        while not self._done.is_set():
            message = self._consumer.poll(
                0.02
            )  # not consume(many): that waits for all of them, or until the time is up
            value = message.value() if message is not None and not message.error() else None
            if message is not None and value is not None:
                self._note(orjson.loads(value), message.timestamp()[1] / 1000)

    def _note(self, total: dict[str, Any], made_at: float) -> None:
        now, clock_time = time.monotonic(), clock.now().timestamp()
        for quote in total["evidence"]:
            article_id = quote["article_id"]
            if article_id not in self.seen_at:
                self.seen_at[article_id] = now
                self.totals_at[article_id], self.read_at[article_id] = made_at, clock_time

    def stop(self) -> None:
        self._done.set()
        self.join()
        self._consumer.close()


class Generator:
    """Sends records at a steady rate and notes when it handed over each that is relevant."""

    def __init__(self, settings: Settings) -> None:
        options = {"bootstrap.servers": settings.bootstrap, "compression.type": "lz4", "log_level": 2}
        options["linger.ms"] = LINGER_MS
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


async def first_timestamps(settings: Settings, topic: str) -> dict[str, float]:
    """When the first record of each article was made: an article, its claim, or a report that names it."""
    found: dict[str, float] = {}
    async for record in read_topic(settings, topic):
        if topic == settings.topic_reports:
            article_id = codec.decode_report(record.value).provenance.article_id
        else:
            article_id = record.key.decode()
        found.setdefault(article_id, record.timestamp / 1000)
    return found


def stages(settings: Settings, subscriber: Subscriber, sent: Mapping[str, float]) -> dict[str, list[float]]:
    """The delays of each stage, ascending, of the articles that came through all of them."""
    topics = (settings.topic_articles, settings.topic_claims, settings.topic_reports)
    times = [asyncio.run(first_timestamps(settings, topic)) for topic in topics]
    times += [subscriber.totals_at, subscriber.read_at]
    told = [article_id for article_id in sent if all(article_id in one for one in times)]
    return {
        stage: sorted(after[article_id] - before[article_id] for article_id in told)
        for stage, before, after in zip(STAGES, times, times[1:], strict=False)
    }


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
    found = stages(stream.settings, subscriber, sent_at)
    return Run(per_second, reached, delays, len(sent_at) - len(delays), shares, found)


def document(runs: list[Run], seconds: dict[float, float]) -> str:
    lines = [f"| {int(run.asked_per_second):,} | {run.sent_per_second:,.0f} | {len(run.delays):,} | "
             + " | ".join(f"{1000 * run.percentile(p):,.0f}" for p in PERCENTILES)
             + f" | {1000 * run.delays[-1]:,.0f} | {run.untold} | "
             + ", ".join(f"{name} {share:.2f}" for name, share in run.cpu_shares.items()) + " |"
             for run in runs]  # fmt: skip
    return f"""# From article to total

Written by `make bench-latency` at commit `{commit()}`: {machine()}.
One worker a role, one broker, six partitions; workers, broker, generator and subscriber share the cores. Milliseconds
from handing an article of 3 KB to the producer, which gathers for {LINGER_MS} ms, to reading the total of its city that
quotes it; one article in {RELEVANT_EVERY} names a city. Before each rate the workers have read {WARM_ARTICLES:,}
articles. Rates ran for {", ".join(f"{s:g} s" for s in seconds.values())}.

| articles/s asked | sent | totals timed | p50 ms | p90 ms | p99 ms | slowest ms | not told | cores in use |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}

Where the time went: milliseconds between the timestamps of an article, of its claim, of its report, of the first total
that quotes it, and its arrival at the subscriber.

{stage_table(runs)}

![Share of the articles that are told after so many milliseconds](latency.svg)
"""


def stage_table(runs: list[Run]) -> str:
    rows = [["articles/s", *STAGES], ["---"] * (1 + len(STAGES))]
    for run in runs:
        figures = ["/".join(f"{1000 * percentile(run.stages[s], p):,.0f}" for p in PERCENTILES) for s in STAGES]
        rows.append([f"{int(run.asked_per_second):,}, " + "/".join(f"p{p}" for p in PERCENTILES), *figures])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def record(out: Path, runs: list[Run]) -> None:
    line = {
        "at": clock.now().isoformat(timespec="seconds"), "commit": commit(), "machine": machine(),
        "runs": [
            {"asked_per_second": r.asked_per_second, "sent_per_second": round(r.sent_per_second, 1), "untold": r.untold,
             "cpu_shares": r.cpu_shares, "ms": {f"p{p}": round(1000 * r.percentile(p), 1) for p in range(1, 100)},
             "stages_ms": {name: [round(1000 * percentile(one, p)) for p in PERCENTILES]
                           for name, one in r.stages.items()}}
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
