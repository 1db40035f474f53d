"""The supervisor of `muster up`, over small stand-ins for `muster` that are real processes."""

from __future__ import annotations

import asyncio
import os

import pytest

from muster.shell import supervisor as module
from muster.shell.supervisor import Supervisor

HANG_SECONDS = 30

FAKE = """
import sys, signal, time
code, seconds = int(sys.argv[1]), float(sys.argv[2])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
time.sleep(seconds)
sys.exit(code)
"""


@pytest.fixture
def fake_muster(tmp_path):
    """Environment in which `python -m muster CODE SECONDS` sleeps and exits with CODE."""
    package = tmp_path / "muster"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(FAKE)
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def supervise(commands, environment, body, monkeypatch):
    monkeypatch.setattr(module, "BACK_OFF_SECONDS_MIN", 0.01)
    said: list[str] = []

    async def scenario() -> None:
        supervisor = Supervisor(commands, dict.fromkeys(commands, ("127.0.0.1", 1)), environment, said.append)
        for child in supervisor.children:
            child.pause_seconds = 0.01
        supervisor.start()
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await body(supervisor)
        finally:
            await supervisor.stop()
        assert all(c.process is None or c.process.returncode is not None for c in supervisor.children)

    asyncio.run(scenario())
    return said


def test_a_child_that_ends_is_started_again_with_growing_pauses(fake_muster, monkeypatch):
    """A crash of one child leaves the others alone, and the pause doubles."""

    async def body(supervisor: Supervisor) -> None:
        crashing, steady = supervisor.children
        while crashing.starts < 4:
            await asyncio.sleep(0.02)
        assert crashing.exit_codes[:3] == [70, 70, 70]
        assert crashing.pause_seconds >= 0.04
        assert steady.starts == 1

    said = supervise({"crashing": ["70", "0"], "steady": ["0", "60"]}, fake_muster, body, monkeypatch)
    assert "crashing ended with exit code 70 (gave up without acking" in said[0]


def test_a_child_that_refuses_to_run_ends_the_supervision(fake_muster, monkeypatch):
    """Exit 78 says that starting again will not help."""

    async def body(supervisor: Supervisor) -> None:
        await supervisor.gave_up.wait()
        assert not await supervisor.wait_ready(HANG_SECONDS)
        assert supervisor.children[0].starts == 1

    said = supervise({"refusing": ["78", "0"]}, fake_muster, body, monkeypatch)
    assert "refuses to run" in said[0]
