"""Load that a stream meets sooner or later, each kind alone, and what it does to the workers: `make load`."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import click
from confluent_kafka import Consumer

from muster.shell import offline
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from tests.chaos.run import commit
from tests.load.stream import Stream
from tests.load.traffic import Traffic

EXTRACT_MIB_MAX = 400
LARGE_BYTES = 990_000
RELEVANT_SHARE = 0.02

Findings = dict[str, str]
Scenario = Callable[[Stream, Traffic, float], Findings]


def rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}/s"


def spread(delays: list[float]) -> str:
    if not delays:
        return "no events"
    tail = delays[min(len(delays) - 1, int(len(delays) * 0.99))]
    return f"median {statistics.median(delays):.2f} s, p99 {tail:.2f} s"


def backlog(stream: Stream, traffic: Traffic, scale: float) -> Findings:
    """Workers start when half a million articles lie there already."""
    count = int(500_000 * scale)
    stream.produce(traffic.stream(1, "backlog", RELEVANT_SHARE), count)
    stream.start(extract=2, route=1, fold=1)
    seconds = stream.wait_until_read()
    stream.produce(traffic.stream(2, "after", 0.2), 200, per_second=50)
    stream.wait_until_read()
    return {
        "articles": f"{count:,}",
        "read, workers' start included": rate(count, seconds),
        "events after it": spread(stream.event_delays("after")),
    }


def bursts(stream: Stream, traffic: Traffic, scale: float) -> Findings:
    """Many articles at once, then silence, again and again."""
    stream.start(extract=1, route=1, fold=1)
    records = traffic.stream(3, "burst", RELEVANT_SHARE)
    seconds = []
    for _ in range(8):
        stream.produce(records, int(10_000 * scale))
        seconds.append(stream.wait_until_read())
    stream.produce(traffic.stream(4, "after", 0.2), 200, per_second=50)
    stream.wait_until_read()
    return {
        "bursts": f"8 of {int(10_000 * scale):,}",
        "each read in": f"{min(seconds):.1f} to {max(seconds):.1f} s",
        "events after them": spread(stream.event_delays("after")),
    }


def hot_city(stream: Stream, traffic: Traffic, scale: float) -> Findings:
    """Everybody writes about one city."""
    stream.start(extract=1, route=1, fold=2)
    count = int(10_000 * scale)
    stream.produce(traffic.stream(5, "hot", 1.0, cities_count=1), count)
    seconds = stream.wait_until_read()
    return {"articles about one city": f"{count:,}", "read": rate(count, seconds)}


def hot_partition(stream: Stream, traffic: Traffic, scale: float) -> Findings:
    """A scraper that sends everything to one partition."""
    stream.start(extract=2, route=1, fold=1)
    count = int(100_000 * scale)
    stream.produce(traffic.stream(6, "hot", RELEVANT_SHARE), count, partition=0)
    seconds = stream.wait_until_read()
    return {"articles in one partition": f"{count:,}", "read": rate(count, seconds)}


def slow_subscriber(stream: Stream, traffic: Traffic, scale: float) -> Findings:
    """A subscriber that takes a record a second, and a route role that is away for half of the time."""
    stream.start(extract=1, fold=1)
    done = threading.Event()

    def subscribe() -> None:
        consumer = Consumer({"bootstrap.servers": stream.settings.bootstrap, "group.id": "slow"})
        consumer.subscribe([stream.settings.topic_events])
        while not done.wait(1.0):
            consumer.consume(1, timeout=0.1)
        consumer.close()

    thread = threading.Thread(target=subscribe)
    thread.start()
    count = int(60_000 * scale)
    stream.produce(traffic.stream(7, "slow", RELEVANT_SHARE), count)
    time.sleep(10 * scale)
    stream.start(route=1)
    seconds = stream.wait_until_read()
    done.set()
    thread.join()
    return {"articles": f"{count:,}", "read after route came": f"{seconds:.1f} s"}


def large_articles(stream: Stream, traffic: Traffic, scale: float) -> Findings:
    """Articles of nearly the size limit, one after the other."""
    stream.start(extract=2, route=1, fold=1)
    count = int(400 * scale)
    records = list(islice(traffic.large(8, "large", LARGE_BYTES), 20))
    stream.produce(((b"large%d" % n, value) for n in range(count) for _, value in [records[n % 20]]), count)
    seconds = stream.wait_until_read()
    return {"articles of 1 MB": f"{count:,}", "read": rate(count, seconds)}


SCENARIOS: dict[str, Scenario] = {
    "backlog": backlog,
    "bursts": bursts,
    "hot city": hot_city,
    "hot partition": hot_partition,
    "slow neighbours": slow_subscriber,
    "large articles": large_articles,
}


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="Share of the articles: 0.05 for a quick look.")
@click.option("--only", type=click.Choice(sorted(SCENARIOS)), multiple=True, help="Leave the others out.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the report there instead of to the terminal.")
def main(scale: float, only: tuple[str, ...], report: Path | None) -> None:
    """Put loads on a stream; exit 1 if a worker died or an extract worker took more memory than it may."""
    cache_dir = Settings().cache_dir
    traffic = Traffic.load(offline.load_extractor(cache_dir))
    sections, failed = [], []
    with tempfile.TemporaryDirectory(prefix="load-") as name, EmbeddedBroker(Path(name) / "kafka", cache_dir) as broker:
        for title in only or SCENARIOS:
            click.echo(f"{title} ...", err=True)
            with Stream(Path(name) / title.replace(" ", "-"), broker, cache_dir) as stream:
                found = SCENARIOS[title](stream, traffic, scale)
                deaths = stream.deaths()
            memory = {f"most memory of a worker, {role}": f"{mib:.0f} MiB" for role, mib in stream.peak.rss_mib.items()}
            found |= memory | {"workers that ended": str(len(deaths))}
            if deaths or stream.peak.rss_mib.get("extract", 0) > EXTRACT_MIB_MAX:
                failed.append(title)
            sections.append(section(title, SCENARIOS[title].__doc__ or "", found))
    text = document(scale, sections, failed)
    if report is None:
        click.echo(text)
    else:
        report.write_text(text, encoding="utf-8")
    raise SystemExit(1 if failed else 0)


def section(title: str, what: str, found: Findings) -> str:
    rows = "\n".join(f"| {name} | {value} |" for name, value in found.items())
    return f"## {title.capitalize()}\n\n{what}\n\n| figure | value |\n| --- | --- |\n{rows}\n"


def document(scale: float, sections: list[str], failed: list[str]) -> str:
    verdict = f"Too much for: {', '.join(failed)}." if failed else (
        f"No worker died, and no extract worker took more than {EXTRACT_MIB_MAX} MiB."
    )  # fmt: skip
    head = f"""# Load report

Written by `make load` at commit `{commit()}` on Python {platform.python_version()} and {os.cpu_count()} cores, which
the broker and the producer share; scale {scale:g}. Articles have about 3 KB, and {RELEVANT_SHARE:.0%} of them tell of a
deployment where nothing else is said. `tests/load/__main__.py` says what each load is.

**{verdict}**
"""
    return "\n".join([head, *sections])


if __name__ == "__main__":
    main()
