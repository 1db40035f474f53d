"""What checks the documentation finds what is wrong with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import Page

WRONG = {
    "a command that fails": "```bash\nfalse\n```",
    "a failure in the middle": "```bash\nfalse | true\ntrue\n```",
    "another output": "```bash\necho one\n```\n\n```text\ntwo\n```",
    "a program that fails": "```python\nraise SystemExit(3)\n```",
    "JSON of no contract": '```json\n{"headline": "No text"}\n```',
    "no JSON": "```json\n{...}\n```",
    "an unknown command of Muster": "```console\n$ muster march\n```",
    "an unknown option": "```console\n$ muster dlq list --colour\n```",
    "an unknown option after another command": "```console\n$ cd muster && muster up --quick\n```",
    "a unit with an unknown option": "```ini\n[Service]\nExecStart=/opt/muster worker fold --fast\n```",
    "an unknown target": "```console\n$ make coffee\n```",
    "an unknown service": "```console\n$ docker compose up -d --scale march=3\n```",
    "an unknown program": "```console\n$ brew install muster\n```",
}
RIGHT = {
    "a variable holds": "```bash\nexport CITY=Acuña\n```\n\n```bash\necho $CITY\n```\n\n```text\nAcu...\n```",
    "a saved program": "```python\n# hello.py\nprint(6 * 7)\n```\n\n```bash\npython hello.py\n```\n\n```text\n42\n```",
    "a unit": "```ini\n[Service]\nExecStart=/opt/muster worker fold --web-port %i\n```",
    "an article": '```json\n{"text": "The army has deployed 90 soldiers in Saltillo."}\n```',
    "commands that exist": "```console\n$ make demo ARGS=--once  # all\n$ muster dlq list --json | jq .reason\n```",
}


def check(text, folder):
    path = folder / "page.md"
    path.write_text(text + "\n", encoding="utf-8")
    with_python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    Page(path, folder, {**os.environ, "PATH": with_python}, {}).check()


@pytest.mark.parametrize("what", WRONG)
def test_a_page_that_says_what_is_not_so_fails(what, tmp_path):
    """Each kind of mistake is found, and the message names the page."""
    with pytest.raises((AssertionError, ValueError)) as failed:
        check(WRONG[what], tmp_path)
    assert "page.md" in str(failed.value) or isinstance(failed.value, ValueError)


@pytest.mark.parametrize("what", RIGHT)
def test_a_page_that_is_right_passes(what, tmp_path):
    """What holds is let through."""
    check(RIGHT[what], tmp_path)
