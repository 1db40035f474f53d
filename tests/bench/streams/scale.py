"""What an article costs after many others, on many partitions, for several workers: `make bench-scale`.

Articles are of 0.3 KB and not relevant, so that millions pass in minutes, what they cost is Muster's and not the
extraction's, and a cost that grew with their number would show.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import matplotlib as mpl
import orjson
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from muster.shell import clock
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from tests.bench.streams.__main__ import machine, produce
from tests.bench.streams.contest import CONTENDERS, Contender, Running, create_articles, run_round
from tests.chaos.run import commit

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "muster"

ARTICLE_BYTES = 300
RELEVANT_SHARE = 0.0
PARTITIONS = 6
ROUND_SECONDS_MAX = 600.0
WINDOWS_A_ROUND = 4
POLL_SECONDS = 0.1
ONE, TWO = CONTENDERS[:2]


@dataclass(frozen=True)
class Point:
    articles: int
    partitions: int
    workers: int
    per_second: float
    cpu_us: float
    rss_mib: float


class Scale:
    """One broker; each point has topics and a consumer group of its own."""

    def __init__(self, broker: EmbeddedBroker, cache_dir: Path, rounds: int, window: int) -> None:
        self._broker = broker
        self._cache_dir = cache_dir
        self._rounds = rounds
        self._window = window
        self._topics: dict[tuple[int, int], str] = {}

    def after(self, sizes: list[int]) -> list[Point]:
        """The cost of an article in the window that begins after so many others, all in one run of one worker."""
        total = sizes[-1] + WINDOWS_A_ROUND * self._window
        running = self._running(self._topic(total, PARTITIONS), PARTITIONS, ONE)
        try:
            looks = list(_looks(running, total))
        finally:
            running.stop()
        points = []
        for size in sizes:
            first = next(one for one in looks if one.done >= size)
            last = next((one for one in looks if one.done >= first.done + self._window), looks[-1])
            articles = last.done - first.done
            if articles <= 0:
                click.echo(f"all was done soon after {size:,} articles: give a larger --window", err=True)
                continue
            points.append(Point(size, PARTITIONS, 1, articles / (last.at - first.at),
                                1e6 * (last.cpu_seconds - first.cpu_seconds) / articles, last.rss_mib))  # fmt: skip
            _say(points[-1])
        if not points:
            raise click.ClickException("nothing could be measured: give a larger --window")
        return points

    def point(self, partitions: int, workers: int) -> Point:
        """The round that took the least CPU, since what else the machine does only adds to it."""
        articles = WINDOWS_A_ROUND * self._window
        topic = self._topic(articles, partitions)
        rounds = [self._round(topic, articles, partitions, workers) for _ in range(self._rounds)]
        best = min(rounds, key=lambda one: one.cpu_us)
        _say(best)
        return best

    def _topic(self, articles: int, partitions: int) -> str:
        if (articles, partitions) not in self._topics:
            name = f"articles.{articles}-{partitions}"
            create_articles(self._broker.bootstrap, name, partitions)
            produce(self._broker.bootstrap, name, articles, RELEVANT_SHARE, ARTICLE_BYTES)
            self._topics[articles, partitions] = name
        return self._topics[articles, partitions]

    def _running(self, topic: str, partitions: int, contender: Contender) -> Running:
        return Running(contender, self._broker.bootstrap, topic, partitions, self._cache_dir)

    def _round(self, topic: str, articles: int, partitions: int, workers: int) -> Point:
        running = self._running(topic, partitions, ONE if workers == 1 else TWO)
        try:
            one = run_round(running, articles, ROUND_SECONDS_MAX)
        finally:
            running.stop()
        return Point(articles, partitions, workers, one.per_second, one.cpu_us, one.rss_mib)


@dataclass(frozen=True)
class Look:
    done: int
    at: float
    cpu_seconds: float
    rss_mib: float


def _looks(running: Running, total: int) -> Iterator[Look]:
    """What is done at each moment of progress, until all is."""
    done, deadline = 0, time.monotonic() + ROUND_SECONDS_MAX
    while done < total:
        now_done = running.done()
        cpu, rss = running.usage()
        if now_done > done:
            done = now_done
            yield Look(done, time.monotonic(), cpu, rss)
        assert time.monotonic() < deadline, f"only {done:,} articles in {ROUND_SECONDS_MAX:.0f} s"
        time.sleep(POLL_SECONDS)


def _say(point: Point) -> None:
    click.echo(
        f"{point.articles:,} articles, {point.partitions} partitions, {point.workers} workers: {point.cpu_us:.1f} us, "
        f"{point.per_second:,.0f}/s, {point.rss_mib:.0f} MiB",
        err=True,
    )


def draw(by_articles: list[Point], by_partitions: list[Point], by_workers: list[Point], path: Path) -> None:
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    left, middle, right = figure.subplots(1, 3, sharey=True)
    _line(left, [(p.articles, p.cpu_us) for p in by_articles], "articles before")
    _line(middle, [(p.partitions, p.cpu_us) for p in by_partitions], "partitions")
    right.bar([str(p.workers) for p in by_workers], [p.cpu_us for p in by_workers], color="#1f6f8b", width=0.5)
    right.set_xlabel("workers")
    left.set_ylabel("CPU microseconds an article")
    left.set_ylim(bottom=0)
    figure.savefig(path, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))


def _line(axes: Axes, points: list[tuple[int, float]], label: str) -> None:
    axes.plot(*zip(*points, strict=True), "o-", color="#1f6f8b")
    axes.set_xscale("log")
    axes.set_xlabel(label)


def document(by_articles: list[Point], by_partitions: list[Point], by_workers: list[Point]) -> str:
    first, last = by_articles[0], by_articles[-1]
    one, two = by_workers
    return f"""# Cost against scale

Written by `make bench-scale` at commit `{commit()}`: {machine()}.
Extract workers read articles of 0.3 KB that are not relevant; the broker runs on the same cores. CPU is that of the
workers. After how many articles: one run of one worker, which is looked at where it has read so many. Partitions and
workers: {by_workers[0].articles:,} articles each, from the first commit to the last; of several rounds the cheapest
counts.

An article costs {last.cpu_us / first.cpu_us:.2f} times as much after {last.articles:,} others as after
{first.articles:,}, and {two.cpu_us / one.cpu_us:.2f} times as much for two workers as for one.

| after so many articles | CPU us/article | articles/s | MiB |
| --- | --- | --- | --- |
{_rows(by_articles, lambda p: f"{p.articles:,}")}

| partitions | CPU us/article | articles/s | MiB |
| --- | --- | --- | --- |
{_rows(by_partitions, lambda p: str(p.partitions))}

| workers | CPU us/article | articles/s | MiB |
| --- | --- | --- | --- |
{_rows(by_workers, lambda p: str(p.workers))}

![CPU an article against articles, partitions and workers](scale.svg)
"""


def _rows(points: list[Point], name: Callable[[Point], str]) -> str:
    return "\n".join(f"| {name(p)} | {p.cpu_us:.1f} | {p.per_second:,.0f} | {p.rss_mib:.0f} |" for p in points)


@click.command()
@click.option(
    "--articles", type=int, multiple=True, default=(10_000, 100_000, 500_000, 2_000_000), show_default=True,
    help="After how many to look at the cost.",
)  # fmt: skip
@click.option("--partitions", type=int, multiple=True, default=(1, 4, 16, 64), show_default=True)
@click.option(
    "--window", default=100_000, show_default=True, help="Articles of a look; a round has four times as many."
)
@click.option("--rounds", default=2, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/bench"), show_default=True)
def main(articles: tuple[int, ...], partitions: tuple[int, ...], window: int, rounds: int, out: Path) -> None:
    """Measure the cost of an article; writes scale.md, scale.svg and a line of scale.jsonl."""
    out.mkdir(parents=True, exist_ok=True)
    cache_dir, started = Settings().cache_dir, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="scale-") as name, EmbeddedBroker(Path(name), cache_dir) as broker:
        scale = Scale(broker, cache_dir, rounds, window)
        by_articles = scale.after(sorted(articles))
        by_partitions = [scale.point(count, 1) for count in partitions]
        by_workers = [scale.point(PARTITIONS, workers) for workers in (1, 2)]
    line = {"at": clock.now().isoformat(timespec="seconds"), "commit": commit(), "machine": machine(),
            "seconds": round(time.monotonic() - started),
            "points": [asdict(p) for p in (*by_articles, *by_partitions, *by_workers)]}  # fmt: skip
    with (out / "scale.jsonl").open("ab") as file:
        file.write(orjson.dumps(line) + b"\n")
    text = document(by_articles, by_partitions, by_workers)
    (out / "scale.md").write_text(text, encoding="utf-8")
    draw(by_articles, by_partitions, by_workers, out / "scale.svg")
    click.echo(text)


if __name__ == "__main__":
    main()
