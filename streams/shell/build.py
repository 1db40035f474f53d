"""Which commit this build was made of. Standard library only: setup.py loads this file before Muster is installed.

A wheel holds the name in `muster/data/commit.txt`, a source distribution and a `git archive` in `COMMIT` beside
pyproject.toml. A checkout has neither to go stale: it is asked each time.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

UNKNOWN = "unknown"
IN_THE_PACKAGE = "data/commit.txt"
IN_THE_TREE = "COMMIT"
GIT_SECONDS_MAX = 5

NAME = re.compile(r"[0-9a-f]{40}(-dirty)?")


@cache
def commit() -> str:
    """Forty hexadecimal digits; `-dirty` behind them when files had changed since; or `unknown`."""
    package = Path(__file__).parents[1]
    return _read(package / IN_THE_PACKAGE) or commit_of_tree(package.parent)


def short_commit() -> str:
    """As people say it: twelve digits, with the same mark."""
    digits, _, dirty = commit().partition("-")
    return digits[:12] + (f"-{dirty}" if dirty else "")


def commit_of_tree(root: Path) -> str:
    """Of the folder that holds pyproject.toml. A tree inside of somebody else's repository is not of its commits."""
    if not (root / "pyproject.toml").is_file():
        return UNKNOWN
    asked = _ask_git(root) if (root / ".git").exists() else None
    return asked or _head(root / ".git") or _read(root / IN_THE_TREE) or UNKNOWN


def _ask_git(root: Path) -> str | None:
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS_MAX, check=False)  # noqa: S603 - no word of it comes from outside
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _name(said.stdout)


def _head(git: Path) -> str | None:
    """What HEAD points to, where the program git is missing, as in an image that is being built."""
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        branch = head.removeprefix("ref: ")
        if branch == head:
            return _name(head)
        if (git / branch).is_file():
            return _read(git / branch)
        packed = (git / "packed-refs").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return None
    return next((_name(line.split(" ")[0]) for line in packed if line.endswith(f" {branch}")), None)


def _read(path: Path) -> str | None:
    try:
        return _name(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        return None


def _name(text: str) -> str | None:
    """None for anything but a commit, such as the placeholder that `git archive` has not replaced."""
    text = text.strip()
    return text if NAME.fullmatch(text) else None
