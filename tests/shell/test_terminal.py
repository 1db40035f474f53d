"""What all commands share at a terminal: JSON for programs, progress for people, completion in their shell."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from muster.shell.cli import COMMANDS, main

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "story"
PRINT_NO_DATA = {"up", "worker", "completion"}


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, groups opened."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        else:
            yield name, command


@pytest.mark.parametrize(("name", "command"), [pytest.param(n, c, id=n) for n, c in leaves()])
def test_whatever_prints_data_prints_it_as_json_too(name, command):
    """--json on every command, but for those that run until they are stopped or print a script."""
    options = {text for parameter in command.params for text in parameter.opts}
    assert ("--json" in options) == (name not in PRINT_NO_DATA)


def read_all(descriptor: int) -> str:
    found = b""
    while True:
        try:
            piece = os.read(descriptor, 4096)
        except OSError:  # Linux: the other side of the terminal is closed
            piece = b""
        if not piece:
            return found.decode()
        found += piece


@pytest.mark.parametrize("command", ["tally", "extract"])
def test_progress_is_for_a_terminal_only(command, tmp_path):
    """On a terminal's standard error a line moves; in a pipe nothing is written; the data are the same."""
    arguments = [sys.executable, "-m", "muster", command, str(SEEDS)]
    piped = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert piped.stderr == ""
    mine, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    data = tmp_path / "data"
    with data.open("wb") as out, subprocess.Popen(arguments, stdout=out, stderr=its, env=environment):
        os.close(its)
        moving = read_all(mine)
    os.close(mine)
    assert data.read_text() == piped.stdout
    assert "articles" in moving
    assert all(json.loads(line) for line in piped.stdout.splitlines())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell):
    """It asks muster itself, so that it knows new commands and options without being made anew."""
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert "_MUSTER_COMPLETE" in result.output


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("muster wat", "watch"), ("muster completion z", "zsh"), ("muster topics --cre", "--create")],
)
def test_completion_offers_commands_values_and_options(words, wanted):
    """What bash is offered for half a word."""
    asked = {"_MUSTER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    code = "from muster.shell.cli import main; main(prog_name='muster')"
    ended = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert wanted in [line.partition(",")[2] for line in ended.stdout.splitlines()]


def test_bash_takes_the_script():
    """It is bash, and it registers for muster."""
    script = CliRunner().invoke(main, ["completion", "bash"]).output
    ended = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\ncomplete -p muster"], capture_output=True, text=True, check=True
    )
    assert "_muster_completion" in ended.stdout
