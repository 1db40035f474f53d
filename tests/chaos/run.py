"""A run of faults by hand, and its report: `python -m tests.chaos.run --articles 50000 --seconds 480`."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from muster.shell import offline
from muster.shell.settings import Settings
from tests.chaos import check
from tests.chaos.check import Verdict
from tests.chaos.driver import PARTITIONS, WORKERS_PER_ROLE, Chaos, Happened
from tests.chaos.evidence import keep_evidence
from tests.chaos.schedule import Step, make_schedule
from tests.chaos.story import Story, totals_of_one_process, write_story

PROBLEMS_SHOWN_MAX = 20


@click.command()
@click.option("--seed", default=1, show_default=True, help="Decides the story and the schedule.")
@click.option("--articles", default=10_000, show_default=True)
@click.option("--seconds", default=180.0, show_default=True, help="How long faults go on.")
@click.option("--evidence", type=click.Path(path_type=Path), help="Where to leave all topics and logs of a bad run.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the report there instead of to the terminal.")
def main(seed: int, articles: int, seconds: float, evidence: Path | None, report: Path | None) -> None:
    """Storm over a stream on a Kafka of its own; exit 1 if anything was lost, doubled or wrong."""
    cache_dir = Settings().cache_dir
    story = write_story(seed, articles, offline.load_extractor(cache_dir))
    expected = totals_of_one_process(story, cache_dir)
    schedule = make_schedule(seed, seconds)
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as folder,
        Chaos(Path(folder), cache_dir, story, schedule, seconds) as chaos,
    ):
        chaos.run()
        verdict = check.judge(chaos.settings, story, expected, chaos.happened.oversized)
        if verdict.problems and evidence is not None:
            keep_evidence(evidence, chaos.settings, Path(folder))
    text = document(articles, story, schedule, chaos.happened, verdict, time.monotonic() - started)
    if report is None:
        click.echo(text)
    else:
        report.write_text(text, encoding="utf-8")
    sys.exit(1 if verdict.problems else 0)


def document(
    articles: int,
    story: Story,
    schedule: list[Step],
    happened: Happened,
    verdict: Verdict,
    seconds: float,
) -> str:
    """The report in Markdown."""
    ends = Counter(happened.exit_codes)
    done = Counter(step.action for step in schedule)
    figures = [
        ("articles, records produced", f"{articles:,}, {len(story.records) + len(happened.oversized):,}"),
        ("events: expected, lost or foreign", f"{verdict.events:,}, {_problems(verdict, 'event')}"),
        ("cities: expected, totals not byte-identical", f"{verdict.totals:,}, {_problems(verdict, 'total')}"),
        ("dead letters: expected, found", f"{len(happened.oversized)}, {verdict.dead_letters}"),
        ("events produced again after a crash (same id)", f"{verdict.repeated_events:,}"),
        ("the same, for each end of an extract worker that was not asked for", _per_end(verdict, ends)),
        ("records on the totals topic", f"{verdict.total_records:,}"),
        ("longest time without a new event", f"{verdict.longest_gap_seconds:.1f} s"),
        ("longest absence of the broker, its start included", f"{happened.broker_away_seconds:.1f} s"),
        ("feeding; reading the rest after the last fault", _durations(happened)),
        ("totals right after", f"{verdict.settled_seconds:.1f} s, reading included"),
        ("whole run", f"{seconds:.0f} s"),
    ]
    verdict_line = f"{len(verdict.problems)} problems." if verdict.problems else "Nothing was lost, doubled or wrong."
    head = f"""# Chaos report

Written by `make chaos ARGS="{" ".join(sys.argv[1:])}"` at commit `{commit()}`
on Python {platform.python_version()} and {os.cpu_count()} cores.
{WORKERS_PER_ROLE} workers of each role, one Kafka, {PARTITIONS} partitions a topic. What is done when is decided in
`tests/chaos/schedule.py`, what must be true in `tests/chaos/check.py`.

**{verdict_line}**
"""
    problems = [f"- {one}" for one in verdict.problems[:PROBLEMS_SHOWN_MAX]]
    return "\n".join(
        [
            head,
            _table(("figure", "value"), figures),
            *(["\n## Problems\n", *problems] if problems else []),
            "\n## Faults\n",
            _table(("fault", "times"), [(name, str(count)) for name, count in sorted(done.items())]),
            "\n## How workers ended\n",
            _table(
                ("role", "exit code", "times"), [(role, str(code), str(n)) for (role, code), n in sorted(ends.items())]
            ),
            "\n## Schedule as it ran\n",
            _table(("second", "what"), [(f"{at:.1f}", what) for at, what in happened.log]),
            "",
        ]
    )


def _problems(verdict: Verdict, kind: str) -> int:
    return sum(kind in problem for problem in verdict.problems)


def _per_end(verdict: Verdict, ends: Counter[tuple[str, int]]) -> str:
    abrupt = sum(n for (role, code), n in ends.items() if role == "extract" and code != 0)
    return f"{verdict.repeated_events / abrupt:.0f}" if abrupt else "-"


def _durations(happened: Happened) -> str:
    return f"{happened.fed_seconds:.0f} s; {happened.drained_seconds:.0f} s"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def commit() -> str:
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
