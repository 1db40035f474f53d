"""docs/reference.md is what the catalogues say; every command explains itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster import __version__
from muster.shell.build import short_commit
from muster.shell.cli import COMMANDS, main
from muster.shell.reference import document

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_current():
    """Stale after a change of a command, setting, topic or metric: run `make reference`."""
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == document()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_by_its_help(name):
    """--help says what a command does and shows at least one way to call it."""
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output) > 300
    assert f"muster {name}" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_or_the_docs_name_every_command(name):
    """A command that nobody is told of does not exist."""
    texts = [(ROOT / "README.md").read_text(encoding="utf-8")]
    texts += [p.read_text(encoding="utf-8") for p in (ROOT / "docs").rglob("*.md") if p.name != "reference.md"]
    assert any(f"muster {name}" in text for text in texts)


def test_version_and_unknown_commands():
    """--version says it, and the changelog speaks of it; a wrong command is an error that names the help."""
    assert CliRunner().invoke(main, ["--version"]).output == f"muster {__version__}, commit {short_commit()}\n"
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__ or f"Unreleased is what {__version__} will hold" in changelog
    wrong = CliRunner().invoke(main, ["nonsense"])
    assert wrong.exit_code == 2
    assert "-h" in wrong.output
