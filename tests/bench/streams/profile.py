"""Where an extract worker's time goes: `make bench-profile`.

py-spy looks at the stacks of a worker under load from outside, so that the worker is the one that runs everywhere. On
Linux that takes root, or a kernel.yama.ptrace_scope of 0. A sample is a thread that holds the interpreter: waiting for
Kafka is not seen, nor is unpacking lz4, which needs no interpreter. Each is counted for the first stage below that one
of its frames names, from the innermost frame outwards.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click
import orjson

from muster.shell import clock
from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings
from tests.bench.streams.__main__ import WORKLOADS, Contest, machine
from tests.bench.streams.contest import CONTENDERS, Running, run_round
from tests.bench.streams.flame import Stack, draw
from tests.chaos.run import commit

SAMPLES_PER_SECOND = 250
SECONDS_BEFORE = 2.0

STAGES: tuple[tuple[str, str], ...] = (
    ("prefilter", r"^muster/core/prefilter"),
    ("extraction", r"^muster/core/"),
    ("decoding and validation", r"^muster/shell/(article_codec|html_text)|^muster/schemas/"),
    ("encoding and headers", r"^muster/shell/(codec|headers)"),
    ("counting", r"^muster/shell/metrics"),
    ("producing and awaiting deliveries", r"^muster/shell/faust/(delivery|producer)|^aiokafka/producer/"),
    ("the role", r"^muster/shell/roles/"),
    ("batches, acks and commits", r"^muster/shell/faust/(pump|consumer|batch)|^aiokafka/consumer/group_coordinator"),
    ("unpacking fetched records", r"^aiokafka/(record|consumer/fetcher|consumer/subscription)|^aiokafka/codec|cramjam"),
    ("talking to Kafka", r"^aiokafka/"),
    ("Faust", r"^(faust|mode)/"),
    ("event loop", r"^(asyncio|uvloop)/"),
)  # fmt: skip
OTHER = "the rest: web, followers, imports"


def stage_of(stack: Stack) -> str:
    """The stage of a stack of `function (file)` frames."""
    for frame in reversed(stack):
        file = frame.partition(" (")[2]
        for stage, pattern in STAGES:
            if re.search(pattern, file):
                return stage
    return OTHER


def shortened(frame: str) -> str:
    """`function (package/module.py)`: no line, so that a function is one frame, and no path of this machine."""
    function, _, place = frame.rstrip(")").partition(" (")
    file = place.rsplit(":", 1)[0]
    file = re.sub(r".*/(?:site-packages|lib/python3\.\d+)/", "", file)
    file = re.sub(r"^(?:.*/)?streams/(core|shell|data|__main__)", r"muster/\1", file)
    file = re.sub(r"^(?:.*/)?schemas/(\w+\.py)", r"muster/schemas/\1", file)
    return f"{function} ({file})"


def read_stacks(raw: str) -> Counter[Stack]:
    """Of py-spy's raw format: frames with semicolons between, a space, and the count."""
    stacks: Counter[Stack] = Counter()
    for line in raw.splitlines():
        frames, _, count = line.rpartition(" ")
        # The first frame names process or thread.
        stacks[tuple(shortened(frame) for frame in frames.split(";") if " (" in frame)] += int(count)
    return stacks


def by_stage(stacks: Counter[Stack]) -> Counter[str]:
    found: Counter[str] = Counter()
    for stack, count in stacks.items():
        found[stage_of(stack)] += count
    return found


def profiled(running: Running, total: int, seconds: float) -> tuple[Counter[Stack], float]:
    """Stacks, and CPU microseconds an article, of a worker that is warm."""
    while not running.done():
        running.usage()
        time.sleep(0.1)
    time.sleep(SECONDS_BEFORE)
    with tempfile.NamedTemporaryFile(suffix=".raw") as out:
        command = [str(Path(sys.executable).with_name("py-spy")), "record", "--pid", str(running.pids[0]),
                   "--format", "raw", "--output", out.name, "--rate", str(SAMPLES_PER_SECOND),
                   "--duration", str(round(seconds)), "--gil"]  # fmt: skip
        sampler = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            one = run_round(running, total, seconds)
            _, problem = sampler.communicate(timeout=60)
        finally:
            sampler.kill()
        stacks = read_stacks(Path(out.name).read_text(encoding="utf-8"))
    if not stacks:
        raise click.ClickException(f"py-spy saw nothing: {problem.strip()[-500:]}")
    return stacks, one.cpu_us


@click.command()
@click.option("--seconds", default=15.0, show_default=True, help="Of each workload.")
@click.option("--articles", default=1_500_000, show_default=True, help="Must last for so long.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/bench"), show_default=True)
def main(seconds: float, articles: int, out: Path) -> None:
    """Profile one extract worker; writes profile.md, profile-*.svg and a line of profile.jsonl."""
    out.mkdir(parents=True, exist_ok=True)
    cache_dir = Settings().cache_dir
    tables = {}
    with tempfile.TemporaryDirectory(prefix="profile-") as name, EmbeddedBroker(Path(name), cache_dir) as broker:
        contest = Contest(broker, cache_dir, [])
        for one in WORKLOADS:
            count = articles // one.part
            click.echo(f"{one.title}: {count:,} articles", err=True)
            topic = contest.articles(one.topic, count, one.relevant_share, one.article_bytes)
            running = contest.running(CONTENDERS[0], topic)
            try:
                stacks, cpu_us = profiled(running, count, seconds)
            finally:
                running.stop()
            draw(stacks, f"{one.title}: {cpu_us:.1f} us an article", out / f"profile-{one.title.replace(' ', '-')}.svg")
            tables[one.title] = {"cpu_us": round(cpu_us, 1), "us": us_by_stage(by_stage(stacks), cpu_us)}
    line = {"at": clock.now().isoformat(timespec="seconds"), "commit": commit(), "machine": machine()} | tables
    with (out / "profile.jsonl").open("ab") as file:
        file.write(orjson.dumps(line) + b"\n")
    text = document(tables)
    (out / "profile.md").write_text(text, encoding="utf-8")
    click.echo(text)


def us_by_stage(stages: Counter[str], cpu_us: float) -> dict[str, float]:
    samples = sum(stages.values())
    return {stage: round(cpu_us * count / samples, 2) for stage, count in stages.most_common()}


def document(tables: dict[str, Any]) -> str:
    graphs = "\n\n".join(f"![{title}: flame graph](profile-{title.replace(' ', '-')}.svg)" for title in tables)
    return f"""# Where an extract worker's time goes

Written by `make bench-profile` at commit `{commit()}`: {machine()}.
The workloads are those of [the contest](streams.md). CPU microseconds an article, of the whole process, parted by
{SAMPLES_PER_SECOND} looks a second at the threads that hold the interpreter. py-spy stops the worker for each look, so
that it is slower here than in the contest. The core is interpreted, since py-spy sees into no compiled one: with that
of the image extraction and prefilter take about half.

{as_table(tables)}

The rows down to "encoding and headers" are the functions that every contender of the contest calls, and so is most of
"the role"; the others are what the framework costs.

## What is left to win

* Ordinary articles: decoding and the prefilter are most of it. Both look at every byte in C or Rust; what Python adds
  is the check of each field.
* Relevant articles: the extraction is nearly all of it, and what the framework takes does not show.
* Fetching: aiokafka makes an object of each record, about a microsecond. Each record is looked at anyway.
* Threads: Faust talks to Kafka in a second thread, and the two wait for each other's turn with the interpreter. More
  workers on more cores do not.

{graphs}
"""


def as_table(tables: dict[str, Any]) -> str:
    rows = [["microseconds an article", *tables], ["---"] * (len(tables) + 1)]
    rows += [
        [stage, *(f"{one['us'].get(stage, 0.0):,.1f}" for one in tables.values())]
        for stage in [*(stage for stage, _ in STAGES), OTHER]
    ]
    rows.append(["all", *(f"{one['cpu_us']:,.1f}" for one in tables.values())])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
