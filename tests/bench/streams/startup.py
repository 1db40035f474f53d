"""Seconds from starting a worker to owning its partitions, by role: `make bench-startup`.

The broker is warm and the gazetteer compiled, as on every start but the first on a machine. A worker is ready when it
logs so, after its consumer group has given it partitions.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import click
import orjson
import psutil

from muster.shell import clock, topics
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from muster.shell.worker import ROLES
from tests.bench.streams.__main__ import machine
from tests.chaos.run import commit

READY_SECONDS_MAX = 120.0
IMPORTS_SHOWN = 12
STARTS = "import muster.shell.cli.worker, muster.shell.worker"


def start(settings: Settings, role: str) -> tuple[float, float]:
    """Seconds, and CPU seconds, until the worker is ready; it is then stopped."""
    environment = {**os.environ, **settings.as_environment()}
    started = time.monotonic()
    worker = subprocess.Popen(
        [sys.executable, "-m", "muster", "worker", role],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert worker.stdout is not None
        for line in worker.stdout:
            if "ready" in line:
                break
            assert time.monotonic() - started < READY_SECONDS_MAX, line
        else:
            raise click.ClickException(f"the {role} worker ended before it was ready")
        seconds = time.monotonic() - started
        times = psutil.Process(worker.pid).cpu_times()
    finally:
        worker.terminate()
        worker.communicate(timeout=60)
    return seconds, times.user + times.system


def imports() -> list[tuple[str, float]]:
    """The modules whose own import takes longest, in milliseconds, of all that a worker imports."""
    asked = [sys.executable, "-X", "importtime", "-c", STARTS]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stderr
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines() if "|" in line]
    own = [(name.strip(), int(us) / 1000) for us, _, name in rows if us.strip().isdigit()]
    return sorted(own, key=lambda one: -one[1])


def document(results: dict[str, list[tuple[float, float]]], imported: list[tuple[str, float]]) -> str:
    rows = "\n".join(
        f"| {role} | {statistics.median(s for s, _ in starts):.2f} | {min(starts)[0]:.2f} to {max(starts)[0]:.2f} "
        f"| {statistics.median(c for _, c in starts):.2f} |"
        for role, starts in results.items()
    )
    slowest = "\n".join(f"| {name} | {milliseconds:.0f} |" for name, milliseconds in imported[:IMPORTS_SHOWN])
    return f"""# Start of a worker

Written by `make bench-startup` at commit `{commit()}`: {machine()}. From starting the process to owning its partitions,
on a broker that is warm and on the same cores, in a consumer group of its own.

| role | seconds, median | fastest to slowest | CPU seconds |
| --- | --- | --- | --- |
{rows}

Importing everything takes {sum(ms for _, ms in imported) / 1000:.2f} s while Python times it; the modules that take
longest by themselves:

| module | milliseconds |
| --- | --- |
{slowest}
"""


@click.command()
@click.option("--rounds", default=7, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/bench"), show_default=True)
def main(rounds: int, out: Path) -> None:
    """Time the start of a worker of each role; writes startup.md and a line of startup.jsonl."""
    out.mkdir(parents=True, exist_ok=True)
    cache_dir = Settings().cache_dir
    results: dict[str, list[tuple[float, float]]] = {role: [] for role in ROLES}
    with tempfile.TemporaryDirectory(prefix="startup-") as name, EmbeddedBroker(Path(name), cache_dir) as broker:
        settings = Settings(bootstrap=broker.bootstrap, cache_dir=cache_dir, partitions=6, web_port=0)
        asyncio.run(topics.ensure_topics(settings))
        for number in range(rounds + 1):
            for role in ROLES:
                own = settings.model_copy(update={"group_prefix": f"start-{uuid.uuid4().hex[:8]}"})
                asyncio.run(topics.ensure_topics(own))
                seconds, cpu = start(own, role)
                if number:  # the first makes the broker warm
                    results[role].append((seconds, cpu))
                click.echo(f"round {number} of {rounds}: {role}: {seconds:.2f} s, {cpu:.2f} s CPU", err=True)
    imported = imports()
    line = {"at": clock.now().isoformat(timespec="seconds"), "commit": commit(), "machine": machine(),
            "seconds": {role: [round(s, 3) for s, _ in starts] for role, starts in results.items()},
            "cpu_seconds": {role: [round(c, 3) for _, c in starts] for role, starts in results.items()}}  # fmt: skip
    with (out / "startup.jsonl").open("ab") as file:
        file.write(orjson.dumps(line) + b"\n")
    text = document(results, imported)
    (out / "startup.md").write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
