"""Muster beside its peers on the same articles, functions and broker, in one run: `make bench`."""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import tempfile
from importlib.metadata import version
from pathlib import Path

import click
import orjson
from confluent_kafka import Producer

from muster.shell import clock, topics
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from tests.bench.streams.contest import CONTENDERS, Contender, Round, Running, outputs, run_round
from tests.bench.streams.firehose import firehose
from tests.bench.streams.plot import draw
from tests.chaos.run import commit

PARTITIONS = 6
CHECKED_ARTICLES = 1_000
WORKLOADS = {"firehose": 0.02, "all relevant": 1.0}
LIBRARIES = ("faust-streaming", "aiokafka", "confluent-kafka", "quixstreams", "bytewax")

Results = dict[str, list[Round]]


def produce(bootstrap: str, topic: str, count: int, relevant_share: float) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": "lz4", "linger.ms": 50})
    for key, value in firehose(1, count, relevant_share):
        while True:
            try:
                producer.produce(topic, value, key)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    assert producer.flush(300) == 0


class Contest:
    """All contenders on one broker."""

    def __init__(self, broker: EmbeddedBroker, cache_dir: Path, contenders: list[Contender]) -> None:
        self._bootstrap = broker.bootstrap
        self._cache_dir = cache_dir
        self._contenders = contenders

    def articles(self, name: str, count: int, relevant_share: float) -> str:
        """A topic with so many articles."""
        settings = Settings(bootstrap=self._bootstrap, partitions=PARTITIONS, topic_articles=name)
        asyncio.run(topics.ensure_topics(settings))
        produce(self._bootstrap, name, count, relevant_share)
        return name

    def check_equal(self) -> None:
        """Whether all produce the same; a careless or re-reading contender may repeat, so sets are compared."""
        topic = self.articles("articles.check", CHECKED_ARTICLES, 0.5)
        truth = None
        for contender in self._contenders:
            running = self._running(contender, topic)
            try:
                found = outputs(running, CHECKED_ARTICLES, truth)
            finally:
                running.stop()
            truth = truth or found
            if found != truth:
                raise click.ClickException(f"{contender.name} produced other records than {self._contenders[0].name}")
            click.echo(f"equal outputs: {contender.name} ({len(found):,} records)", err=True)

    def rounds(self, topic: str, total: int, rounds: int, seconds: float) -> Results:
        """Interleaved, so that what happens to the machine happens to all."""
        results: Results = {contender.name: [] for contender in self._contenders}
        for number in range(rounds):
            for contender in self._contenders:
                running = self._running(contender, topic)
                try:
                    one = run_round(running, total, seconds)
                finally:
                    running.stop()
                results[contender.name].append(one)
                click.echo(
                    f"round {number + 1}: {contender.name}: {one.per_second:,.0f}/s, {one.cpu_us:.0f} us, "
                    f"{one.rss_mib:.0f} MiB ({one.articles:,} articles)",
                    err=True,
                )
        return results

    def _running(self, contender: Contender, topic: str) -> Running:
        return Running(contender, self._bootstrap, topic, PARTITIONS, self._cache_dir)


def table(results: Results, peer: str) -> str:
    """Medians, the spread of the speed, and the speed as a ratio to a peer's."""
    base = statistics.median(r.per_second for r in results[peer]) if peer in results else None
    lines = [f"| contender | articles/s | lowest to highest | beside {peer} | CPU us/article | peak MiB |",
             "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for name, rounds in results.items():
        speeds = sorted(r.per_second for r in rounds)
        middle = statistics.median(speeds)
        ratio = f"{middle / base:.2f}" if base else "-"
        cpu = statistics.median(r.cpu_us for r in rounds)
        lines.append(
            f"| {name} | {middle:,.0f} | {speeds[0]:,.0f} to {speeds[-1]:,.0f} | {ratio} | {cpu:,.0f} "
            f"| {max(r.rss_mib for r in rounds):,.0f} |"
        )
    return "\n".join(lines)


def record(out: Path, workload: str, count: int, results: Results) -> None:
    """One JSON line a run and workload."""
    line = {
        "at": clock.now().isoformat(timespec="seconds"),
        "commit": commit(),
        "workload": workload,
        "articles": count,
        "machine": machine(),
        "versions": {name: version(name) for name in LIBRARIES},
        "rounds": {
            name: [
                {"articles": r.articles, "seconds": round(r.seconds, 3), "cpu_seconds": round(r.cpu_seconds, 3),
                 "rss_mib": round(r.rss_mib, 1)}
                for r in rounds
            ]
            for name, rounds in results.items()
        },
    }  # fmt: skip
    with (out / "streams.jsonl").open("ab") as file:
        file.write(orjson.dumps(line) + b"\n")


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def document(sections: dict[str, str], rounds: int, seconds: float, articles: dict[str, int]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    parts = [
        f"""# Speed of the extract role beside its peers

Written by `make bench` at commit `{commit()}`: {machine()}; {versions}.
The broker runs on the same cores. {rounds} interleaved rounds of at most {seconds:g} s each; medians. All contenders
call the same step (`tests/bench/streams/work.py`) and were seen to produce the same records before they were timed.
Speed is what was committed; CPU is that of the contender's processes.
"""
    ]
    for workload, text in sections.items():
        parts.append(
            f"## {workload.capitalize()}: {articles[workload]:,} articles of 3 KB, "
            f"{WORKLOADS[workload]:.0%} relevant\n\n{text}\n"
        )
    parts.append("![articles a second and CPU an article](streams.svg)\n")
    return "\n".join(parts)


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--seconds", default=20.0, show_default=True, help="Longest time of a round.")
@click.option("--articles", default=600_000, show_default=True, help="Of the firehose; else a 30th.")
@click.option("--only", multiple=True, help="Contenders by name; the others are left out.")
@click.option("--workload", type=click.Choice(list(WORKLOADS)), multiple=True, help="Only these.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/bench"), show_default=True)
def main(
    rounds: int, seconds: float, articles: int, only: tuple[str, ...], workload: tuple[str, ...], out: Path
) -> None:
    """Time Muster and its peers; writes streams.md, streams.svg and a line of streams.jsonl a workload."""
    contenders = [one for one in CONTENDERS if not only or one.name in only]
    counts = {"firehose": articles, "all relevant": articles // 30}
    cache_dir = Settings().cache_dir
    out.mkdir(parents=True, exist_ok=True)
    sections, all_results = {}, {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, EmbeddedBroker(Path(name), cache_dir) as broker:
        contest = Contest(broker, cache_dir, contenders)
        contest.check_equal()
        for title in workload or WORKLOADS:
            topic = contest.articles(f"articles.{title.replace(' ', '-')}", counts[title], WORKLOADS[title])
            results = contest.rounds(topic, counts[title], rounds, seconds)
            record(out, title, counts[title], results)
            sections[title], all_results[title] = table(results, "quixstreams"), results
    text = document(sections, rounds, seconds, counts)
    (out / "streams.md").write_text(text, encoding="utf-8")
    draw(all_results, out / "streams.svg")
    click.echo(text)


if __name__ == "__main__":
    main()
