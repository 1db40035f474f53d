"""Muster beside its peers on the same articles, functions and broker, in one run: `make bench`."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click
import orjson
from confluent_kafka import Producer

from muster.core import prefilter
from muster.schemas.tables import markdown_table
from muster.shell import clock
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from tests.bench.articles import ARTICLE_BYTES
from tests.bench.streams.contest import CONTENDERS, Contender, Round, Running, create_articles, outputs, run_round
from tests.bench.streams.firehose import firehose
from tests.bench.streams.plot import draw
from tests.chaos.run import commit

PARTITIONS = 6


@dataclass(frozen=True)
class Workload:
    """Articles of one kind; their number is that of the firehose divided by `part`."""

    title: str
    describe: str
    relevant_share: float
    article_bytes: int = ARTICLE_BYTES
    part: int = 1

    @property
    def topic(self) -> str:
        return f"articles.{self.title.replace(' ', '-')}"


CHECKED_ARTICLES = 400
WORKLOADS = (
    Workload("firehose", "of 3 KB, 2 % of them relevant", relevant_share=0.02),
    Workload("light work", "of 0.3 KB, none relevant: what is timed is mostly the frameworks", 0.0, article_bytes=300),
    Workload(
        "all relevant",
        "of 3 KB, all relevant: what is timed is mostly the extraction. A round sees few commits of Muster, which\n"
        "commits whole batches: its figures here are coarse and flatter it",
        1.0,
        part=30,
    ),
)
LIBRARIES = ("faust-streaming", "aiokafka", "confluent-kafka", "quixstreams", "bytewax")

Results = dict[str, list[Round]]


def produce(bootstrap: str, topic: str, count: int, relevant_share: float, article_bytes: int = ARTICLE_BYTES) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": "lz4", "linger.ms": 50})
    for key, value in firehose(1, count, relevant_share, article_bytes):
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

    def articles(self, name: str, count: int, relevant_share: float, article_bytes: int = ARTICLE_BYTES) -> str:
        """A topic with so many articles."""
        create_articles(self._bootstrap, name, PARTITIONS)
        produce(self._bootstrap, name, count, relevant_share, article_bytes)
        return name

    def check_equal(self) -> None:
        """Whether all produce the same; a careless or re-reading contender may repeat, so sets are compared."""
        topic = self.articles("articles.check", CHECKED_ARTICLES, 0.5)
        truth = None
        for contender in self._contenders:
            running = self.running(contender, topic)
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
                running = self.running(contender, topic)
                try:
                    one = run_round(running, total, seconds)
                finally:
                    running.stop()
                results[contender.name].append(one)
                click.echo(
                    f"round {number + 1} of {rounds}: {contender.name}: {one.per_second:,.0f}/s, {one.cpu_us:.1f} us, "
                    f"{one.rss_mib:.0f} MiB ({one.articles:,} articles)",
                    err=True,
                )
        return results

    def running(self, contender: Contender, topic: str) -> Running:
        """Start it."""
        return Running(contender, self._bootstrap, topic, PARTITIONS, self._cache_dir)


PEER, CAREFUL_LOOP = "quixstreams", "confluent-kafka loop"


def table(results: Results) -> str:
    """Medians with their spread; the speed beside quixstreams', the CPU beside that of the loop that is as careful."""
    speed = _median(results, PEER, lambda r: r.per_second)
    cpu = _median(results, CAREFUL_LOOP, lambda r: r.cpu_us)
    heads = ("contender", "articles/s", "lowest to highest", f"beside {PEER}",
             "CPU us/article", "lowest to highest", f"beside {CAREFUL_LOOP}", "peak MiB")  # fmt: skip
    rows = []
    for name, rounds in results.items():
        speeds, cpus = sorted(r.per_second for r in rounds), sorted(r.cpu_us for r in rounds)
        middle, middle_cpu = statistics.median(speeds), statistics.median(cpus)
        rows.append((
            name, f"{middle:,.0f}", f"{speeds[0]:,.0f} to {speeds[-1]:,.0f}", _ratio(middle, speed),
            f"{middle_cpu:,.1f}", f"{cpus[0]:,.1f} to {cpus[-1]:,.1f}", _ratio(middle_cpu, cpu),
            f"{max(r.rss_mib for r in rounds):,.0f}",
        ))  # fmt: skip
    return markdown_table(heads, rows)


def _median(results: Results, name: str, figure: Callable[[Round], float]) -> float | None:
    return statistics.median(map(figure, results[name])) if name in results else None


def _ratio(value: float, base: float | None) -> str:
    return f"{value / base:.2f}" if base else "-"


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
    """The machine, the Python, and which build of the core all contenders call."""
    core = "compiled" if (prefilter.__file__ or "").endswith(".so") else "interpreted"
    python = f"Python {platform.python_version()}"
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {python}, {core} core"


def document(sections: dict[str, str], rounds: int, seconds: float, articles: dict[str, int]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    parts = [
        f"""# Speed of the extract role beside its peers

Written by `make bench` at commit `{commit()}`: {machine()}; {versions}.
The broker runs on the same cores. {rounds} interleaved rounds of at most {seconds:g} s each; medians. All contenders
call the same step (`tests/bench/streams/work.py`) of the build of the core that the first line names (the image has the
compiled one, `CORE=interpreted` times the source), and were seen to produce the same records before they were timed.
The clock starts at the first articles that are committed, so that nobody's start is counted. Speed is what was
committed; CPU is that of all processes of the contender, and of nothing else. Faust as documented acks
before it has delivered, and the careless loop awaits no delivery and commits by timer: both lose records when they are
killed. bytewax keeps no offsets in Kafka: its progress is what it has processed.
"""
    ]
    parts.extend(
        f"## {one.title.capitalize()}\n\n{articles[one.title]:,} articles {one.describe}.\n\n{sections[one.title]}\n"
        for one in WORKLOADS
        if one.title in sections
    )
    parts.append("![articles a second and CPU an article](streams.svg)\n")
    return "\n".join(parts)


@click.command()
@click.option("--rounds", default=4, show_default=True)
@click.option("--seconds", default=7.0, show_default=True, help="Longest time of a round.")
@click.option("--articles", default=400_000, show_default=True, help="Of the firehose; all relevant: a 30th.")
@click.option("--only", multiple=True, help="Contenders by name; the others are left out.")
@click.option("--workload", type=click.Choice([one.title for one in WORKLOADS]), multiple=True, help="Only these.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/bench"), show_default=True)
def main(
    rounds: int, seconds: float, articles: int, only: tuple[str, ...], workload: tuple[str, ...], out: Path
) -> None:
    """Time Muster and its peers; writes streams.md, streams.svg and a line of streams.jsonl a workload."""
    unknown = set(only) - {one.name for one in CONTENDERS}
    if unknown:
        raise click.BadParameter(f"no contender {sorted(unknown)}; there are {[one.name for one in CONTENDERS]}")
    contenders = [one for one in CONTENDERS if not only or one.name in only]
    cache_dir = Settings().cache_dir
    out.mkdir(parents=True, exist_ok=True)
    sections, all_results, counts = {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, EmbeddedBroker(Path(name), cache_dir) as broker:
        contest = Contest(broker, cache_dir, contenders)
        contest.check_equal()
        for one in WORKLOADS:
            if workload and one.title not in workload:
                continue
            counts[one.title] = count = articles // one.part
            topic = contest.articles(one.topic, count, one.relevant_share, one.article_bytes)
            results = contest.rounds(topic, count, rounds, seconds)
            record(out, one.title, count, results)
            sections[one.title], all_results[one.title] = table(results), results
            text = document(sections, rounds, seconds, counts)  # after each, so that no end of the run loses them
            (out / "streams.md").write_text(text, encoding="utf-8")
            draw(all_results, out / "streams.svg")
            click.echo(text)


if __name__ == "__main__":
    main()
