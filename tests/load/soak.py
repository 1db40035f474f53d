"""Twenty minutes of steady traffic and rebalances, and what grows in the workers meanwhile: `make soak`.

Of each role one worker is left alone and watched; the other one is stopped and started again, in turn.
"""

from __future__ import annotations

import csv
import os
import platform
import signal
import statistics
import tempfile
import threading
import time
import urllib.request
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import click
import matplotlib as mpl
import psutil

from muster.shell import offline
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from muster.shell.worker import ROLES
from tests.chaos.run import commit
from tests.integration.conftest import free_port
from tests.integration.fleet import Member, send
from tests.load.stream import MIB, Stream
from tests.load.traffic import Traffic

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "muster"
SAMPLE_SECONDS = 5.0
WARM_SHARE = 0.25
GROWTH_MAX = {"rss_mib": 0.10, "file_handles": 0.10, "tasks": 0.10}
"""Of the median of the last quarter over that of the second: what a table of new reports may take, and noise."""

RELEVANT_SHARE = 0.02


@dataclass(frozen=True)
class Sample:
    """One look at one worker."""

    second: float
    role: str
    rss_mib: float
    file_handles: int
    tasks: int


class Soak:
    """One run; `samples` of the workers that are left alone, `stops` of other workers made."""

    def __init__(self, stream: Stream, seconds: float, rebalance_seconds: float) -> None:
        self._stream = stream
        self._seconds = seconds
        self._rebalance_seconds = rebalance_seconds
        self.samples: list[Sample] = []
        self.stops = 0
        self._steady: dict[str, tuple[Member, int]] = {}

    def run(self, traffic: Traffic, per_second: float) -> None:
        for role in ROLES:
            port = free_port()
            settings_port = port - ROLES.index(role)  # a role's port is that of the first one and its place
            self._steady[role] = (self._stream.fleet.add(role, settings_port), port)
            self._stream.fleet.add(role)
        records = traffic.stream(1, "soak", RELEVANT_SHARE)
        count = int(self._seconds * per_second)
        feeding = threading.Thread(target=self._stream.produce, args=(records, count, per_second))
        started = time.monotonic()
        feeding.start()
        turn = 0
        while (second := time.monotonic() - started) < self._seconds:
            self._sample(second)
            if second > (turn + 1) * self._rebalance_seconds:
                self._rebalance(ROLES[turn % len(ROLES)])
                turn += 1
            time.sleep(SAMPLE_SECONDS)
        feeding.join()
        self._stream.wait_until_read()

    def _rebalance(self, role: str) -> None:
        """SIGTERM of the role's other worker, which the fleet starts again: two rebalances."""
        steady, _ = self._steady[role]
        for member in self._stream.fleet.running(role):
            if member is not steady:
                send(member, signal.SIGTERM)
                self.stops += 1

    def _sample(self, second: float) -> None:
        for role, (member, port) in self._steady.items():
            process = psutil.Process(member.process.pid)
            tasks = _gauge(port, "muster_asyncio_tasks")
            if tasks is not None:
                handles = process.num_fds()
                self.samples.append(Sample(second, role, process.memory_info().rss / MIB, handles, int(tasks)))


def _gauge(port: int, name: str) -> float | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return None
    return next((float(line.split()[1]) for line in lines if line.startswith(f"{name} ")), None)


def growth(samples: list[Sample], role: str, figure: str, seconds: float) -> tuple[float, float]:
    """Median of a figure in the second quarter of the run and in the last one."""

    def median(start: float, end: float) -> float:
        return statistics.median(
            getattr(s, figure) for s in samples if s.role == role and start * seconds <= s.second < end * seconds
        )

    return median(WARM_SHARE, 2 * WARM_SHARE), median(1 - WARM_SHARE, 1)


def plot(samples: list[Sample], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 7), layout="constrained")
    for axes, (name, title) in zip(
        figure.subplots(3, 1, sharex=True),
        (("rss_mib", "memory, MiB"), ("file_handles", "file handles"), ("tasks", "asyncio tasks")),
        strict=True,
    ):
        for role in ROLES:
            own = [s for s in samples if s.role == role]
            axes.plot([s.second / 60 for s in own], [getattr(s, name) for s in own], label=role, linewidth=1)
        axes.set_ylabel(title)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
    axes.set_xlabel("minutes")
    axes.legend()
    figure.savefig(path, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))


@click.command()
@click.option("--minutes", default=20.0, show_default=True)
@click.option("--per-second", default=150.0, show_default=True, help="Articles a second, 2 % of them relevant.")
@click.option("--rebalance-seconds", default=40.0, show_default=True, help="Time between two stops of a worker.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for soak.md, soak.csv, soak.svg.")
def main(minutes: float, per_second: float, rebalance_seconds: float, out: Path | None) -> None:
    """Watch workers under steady traffic; exit 1 if their memory, handles or tasks grow, or if one died."""
    cache_dir, seconds = Settings().cache_dir, minutes * 60
    traffic = Traffic.load(offline.load_extractor(cache_dir))
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as name,
        EmbeddedBroker(Path(name) / "kafka", cache_dir) as broker,
        Stream(Path(name) / "logs", broker, cache_dir) as stream,
    ):
        soak = Soak(stream, seconds, rebalance_seconds)
        soak.run(traffic, per_second)
        deaths = [end for end in stream.deaths() if end[1] != 0]
    rows, grown = [], []
    for role in ROLES:
        for figure, allowed in GROWTH_MAX.items():
            before, after = growth(soak.samples, role, figure, seconds)
            rows.append(f"| {role} | {figure} | {before:.0f} | {after:.0f} |")
            if after > before * (1 + allowed) + 2:
                grown.append(f"{figure} of {role}")
    verdict = f"Grew: {', '.join(grown)}." if grown else "Nothing grew."
    text = f"""# Soak report

Written by `make soak` at commit `{commit()}` on Python {platform.python_version()} and {os.cpu_count()} cores:
{minutes:g} minutes of {per_second:g} articles a second, {soak.stops} stops and
new starts of a worker (two rebalances each), {len(deaths)} workers that ended by themselves.

**{verdict}**

Medians of the worker of each role that was left alone, in the second quarter of the run and in the last one:

| role | figure | second quarter | last quarter |
| --- | --- | --- | --- |
{chr(10).join(rows)}

![memory, file handles and tasks over time](soak.svg)
"""
    click.echo(text)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "soak.md").write_text(text, encoding="utf-8")
        with (out / "soak.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([field.name for field in fields(Sample)])
            writer.writerows(astuple(sample) for sample in soak.samples)
        plot(soak.samples, out / "soak.svg")
    raise SystemExit(1 if grown or deaths else 0)


if __name__ == "__main__":
    main()
