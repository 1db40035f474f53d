"""`muster watch` on a real stream: what a person or a script sees of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from muster.shell.settings import Settings

pytestmark = pytest.mark.kafka

HANG_SECONDS = 120


def watch(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "muster", "watch", *arguments],
        env={**os.environ, **settings.as_environment(), "COLUMNS": "160"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def looked_once(settings: Settings, *arguments: str) -> str:
    process = watch(settings, "--once", *arguments)
    output, errors = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0, errors
    return output


def lags(view: dict[str, Any]) -> dict[str, int]:
    return {stage["stage"]: stage["lag_records"] for stage in view["stages"]}


def test_it_shows_what_waits_and_then_what_came_of_it(deploy, seed_records):
    """Without workers all articles are the lag of extract; once they are read it is 0, and totals and events stand."""
    stream = deploy()
    stream.produce(seed_records)
    waiting = json.loads(looked_once(stream.settings, "--json"))
    assert lags(waiting) == {"extract": len(seed_records), "route": 0, "fold": 0}
    assert waiting["stages"][0]["behind_seconds"] > 0
    assert (waiting["totals"], waiting["events"]) == ([], [])

    stream.start()
    stream.wait_until_read()
    read = json.loads(looked_once(stream.settings, "--json"))
    assert lags(read) == {"extract": 0, "route": 0, "fold": 0}
    assert [stage["behind_seconds"] for stage in read["stages"]] == [0, 0, 0]
    assert {"Tijuana", "Ciudad Juárez"} <= {row["name"] for row in read["totals"]}
    assert read["events"]

    text = looked_once(stream.settings)
    assert "\x1b" not in text
    assert all(word in text for word in ("extract", "Tijuana, MX", "1,949", "National Guard"))


def test_ctrl_c_ends_it_cleanly(deploy):
    """Exit code 0, whole lines, no traceback."""
    process = watch(deploy().settings, "--json", "--every", "0.2")
    assert process.stdout is not None
    json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0, errors
    assert [json.loads(line)["cities"] for line in rest.splitlines()] == [0] * len(rest.splitlines())
    assert "Traceback" not in errors
