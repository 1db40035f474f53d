"""`make fuzz`: many hostile inputs at every parser, with a report.

python -m tests.fuzz [--inputs 100000] [--seed 1] [--only PARSER] [--report FILE]
"""

from __future__ import annotations

import argparse
import logging
import platform
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

from muster import __version__
from tests.fuzz.run import feed
from tests.fuzz.targets import TARGETS, Target

ROUND = 5_000
"""Inputs of one run of Hypothesis, which remembers all of them."""


def rounds(target: Target, inputs: int, seed: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    while (left := inputs - outcomes.total()) > 0:
        found = feed(target, min(ROUND, left), seed)
        outcomes += found
        seed += 1
        if found.total() < min(ROUND, left):
            break  # there are no others
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="of all parsers together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=[target.name for target in TARGETS], help="this parser alone")
    parser.add_argument("--report", type=Path, help="write the table as Markdown")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what is refused is logged, thousands of times
    shares = sum(target.share for target in TARGETS)
    lines, failed, total = [], 0, 0
    for target in TARGETS:
        if arguments.only not in (None, target.name):
            continue
        started = monotonic()
        try:
            outcomes = rounds(target, arguments.inputs * target.share // shares, arguments.seed)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            failed += 1
            told = "FAILED: " + type(error).__name__
            print(f"{target.name}: {error}", *getattr(error, "__notes__", []), sep="\n", file=sys.stderr)
            outcomes = Counter()
        else:
            told = ", ".join(f"{count:,} {name}" for name, count in sorted(outcomes.items()))
        total += outcomes.total()
        lines.append(f"| {target.name} | {outcomes.total():,} | {told} | {monotonic() - started:.0f} s |")
        print(lines[-1], flush=True)
    head = f"{total:,} inputs, seed {arguments.seed}, Muster {__version__}, Python {platform.python_version()}"
    print(f"{head}: {failed} parsers failed")
    if arguments.report:
        table = ["| parser | inputs | what came of them | time |", "| --- | --- | --- | --- |", *lines]
        arguments.report.write_text(REPORT.format(head=head, failed=failed, table="\n".join(table)), encoding="utf-8")
    return 1 if failed else 0


REPORT = """\
# Fuzzing

Every parser that meets bytes from outside is fed random bytes, JSON of any kind and broken good values, under
Hypothesis (`tests/fuzz`). No input may crash it, hold it for more than 20 s, or be lost: an article comes out as
exactly one of accepted, ignored or dead letter, a letter with the original bytes. The gate runs a short form of it;
this is the long one, `make fuzz`.

{head}: {failed} parsers failed.

{table}
"""


if __name__ == "__main__":
    sys.exit(main())
