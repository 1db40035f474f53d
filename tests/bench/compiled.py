"""The compiled core beside its source: the same claims and totals, and how much sooner.

`make compiled` builds it and runs this.

python -m tests.bench.compiled FOLDER     # where a compiled Muster is installed (pip install --target FOLDER)
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURNS = 2
"""Each build is timed so often, in turns, since other processes take clock and caches away."""

FOLDED = ("20000", "400", "stories")


def run(build: Path | None, module: str, *options: str) -> str:
    """What a module of the tests prints with the Muster of this folder, or of the checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if build is not None:
        environment["PYTHONPATH"] = str(build)
    command = [sys.executable, "-m", module, *options]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def same(build: Path, module: str) -> bool:
    """Whether a module prints the same with both, and in the compiled build of compiled modules."""
    file, *made = run(build, module).splitlines()
    _, *written = run(None, module).splitlines()
    differing = [one for one, other in zip(made, written, strict=False) if one != other]
    print(f"{module}: {len(made)} lines made by both; {len(differing)} differ", *differing[:5], sep="\n")
    if not file.endswith(".so"):
        print(f"{file} is not compiled", file=sys.stderr)
    return file.endswith(".so") and not differing and len(made) == len(written)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make compiled", description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where a compiled Muster is installed")
    build = parser.parse_args().folder.resolve()
    if not (same(build, "tests.bench.totals") and same(build, "tests.bench.claims")):
        return 1
    for _ in range(TURNS):
        for folder in (None, build):
            print(run(folder, "tests.bench.extract_speed", "--brief"))
            print(run(folder, "tests.bench.fold_memory", *FOLDED))
    return 0


if __name__ == "__main__":
    sys.exit(main())
