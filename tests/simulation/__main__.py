"""Runs the simulator by hand: `python -m tests.simulation 7` or `python -m tests.simulation 0..2000`."""

from __future__ import annotations

import sys
from collections import Counter

from tests.simulation.driver import Verdict, simulate


def describe(verdict: Verdict) -> str:
    lines = [f"seed {verdict.seed}: {verdict.records} records, {verdict.steps} steps, {verdict.faults}"]
    if verdict.lost_events:
        lines.append(f"  {verdict.lost_events} event ids are lost or unknown")
    if verdict.unfounded:
        lines.append(f"  evidence that no article holds: {verdict.unfounded}")
    for place, (expected, found) in verdict.wrong.items():
        lines += [f"  {place}", f"    auditor: {expected}", f"    stream:  {found}"]
    return "\n".join(lines)


def main(seeds: str) -> int:
    first, _, end = seeds.partition("..")
    counts: Counter[str] = Counter()
    wrong = []
    for seed in range(int(first), int(end) if end else int(first) + 1):
        verdict = simulate(seed)
        counts.update({"runs": 1, "records": verdict.records, "steps": verdict.steps, **verdict.faults})
        if not verdict.is_right:
            wrong.append(seed)
        if not verdict.is_right or not end:
            print(describe(verdict))
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    print(f"wrong seeds: {wrong}" if wrong else "the auditor agrees with every total")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
