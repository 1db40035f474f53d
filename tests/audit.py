"""`make audit`: look every locked package up among the published vulnerabilities; says plainly when it could not.

It asks an advisory service over the network, so the gate does not depend on it. Exit codes: 0 nothing is known, 1 some
package has a known vulnerability, 2 not audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ANSWER_SECONDS_MAX = 20
AUDIT_SECONDS_MAX = 600


def audit(program: str, lock: Path) -> tuple[int, list[str]]:
    """The exit code of one lock file, and lines for people."""
    arguments = [program, "-r", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    arguments += ["--progress-spinner", "off", "--timeout", str(ANSWER_SECONDS_MAX)]
    try:
        ended = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=AUDIT_SECONDS_MAX)
        packages = json.loads(ended.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return 2, [f"{lock.name}: NOT AUDITED: no answer within {AUDIT_SECONDS_MAX} s."]
    except (json.JSONDecodeError, KeyError):
        last = (ended.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1][:200]
        return 2, [f"{lock.name}: NOT AUDITED: the advisory service could not be asked from here ({last})."]
    return judge(lock.name, packages)


def judge(lock: str, packages: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """What pip-audit's answer says. A package that the service does not know was not audited, and counts so."""
    known = [(package, one) for package in packages for one in package.get("vulns", ())]
    lines = [f"{p['name']} {p['version']}: {v['id']}, mended in {' '.join(v['fix_versions'])}" for p, v in known]
    missed = sum("skip_reason" in package for package in packages)
    head = f"{lock}: {len(packages) - missed} packages audited, {len(known)} known vulnerabilities"
    if missed or not packages:
        head += f"; NOT AUDITED: {missed} packages, of which the advisory service that answers here knows nothing"
    return (1 if known else 2 if missed or not packages else 0), [head, *lines]


def main(program: str) -> int:
    results = [audit(program, ROOT / name) for name in LOCKS]
    for _, lines in results:
        print(*lines, sep="\n")
    codes = {code for code, _ in results}
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
