"""The compiled core beside its source: the same claims, and how much sooner. `make compiled` builds it and runs this.

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


def run(build: Path | None, module: str, *options: str) -> str:
    """What a module of the tests prints with the Muster of this folder, or of the checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if build is not None:
        environment["PYTHONPATH"] = str(build)
    command = [sys.executable, "-m", module, *options]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(prog="make compiled", description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where a compiled Muster is installed")
    build = parser.parse_args().folder.resolve()
    file, *made = run(build, "tests.bench.claims").splitlines()
    if not file.endswith(".so"):
        print(f"{file} is not compiled", file=sys.stderr)
        return 2
    _, *written = run(None, "tests.bench.claims").splitlines()
    differing = [one for one, other in zip(made, written, strict=False) if one != other]
    print(f"{len(made)} articles read by both; {len(differing)} claims differ", *differing[:5], sep="\n")
    if differing or len(made) != len(written):
        return 1
    for _ in range(TURNS):
        for folder in (None, build):
            print(run(folder, "tests.bench.extract_speed", "--brief"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
