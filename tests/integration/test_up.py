"""`muster up`, `muster demo` and a broker that is not there, as a user runs them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from confluent_kafka.admin import AdminClient, NewPartitions

pytestmark = pytest.mark.kafka

HANG_SECONDS = 120
SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"


def muster(*arguments: str, environment: dict[str, str] | None = None, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "muster", *arguments],
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "140", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def read_until(process: subprocess.Popen[str], wanted: str) -> str:
    """Everything printed up to the first line that holds `wanted`."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if wanted in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def workers_of(process: subprocess.Popen[str]) -> dict[str, psutil.Process]:
    """Role -> the worker process that runs now."""
    found = {}
    for child in psutil.Process(process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            arguments = child.cmdline()
            if "worker" in arguments:
                found[arguments[arguments.index("worker") + 1]] = child
    return found


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def wait_for(condition) -> None:
    deadline = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def up(deploy, free_ports):
    """A running `muster up` on the shared broker with topics of its own, and its first web port."""
    deployment = deploy(web_port=free_ports)
    process = muster("up", environment=deployment.settings.as_environment())
    try:
        read_until(process, "Ready.")
        yield process, free_ports
    finally:
        process.kill()
        process.wait()


def test_a_killed_role_comes_back_and_ctrl_c_stops_everything(up):
    """kill -9 of a role is followed by a new one; Ctrl-C ends all of them and the exit code is 0."""
    process, port = up
    before = workers_of(process)
    assert set(before) == {"extract", "route", "fold"}
    before["fold"].kill()
    wait_for(lambda: "fold" in workers_of(process) and workers_of(process)["fold"].pid != before["fold"].pid)
    wait_for(lambda: is_ready(port + 2))
    running = list(workers_of(process).values())
    process.send_signal(signal.SIGINT)
    assert process.wait(HANG_SECONDS) == 0
    assert not [p for p in running if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def test_workers_end_with_a_supervisor_that_is_killed(up):
    """Nobody is left behind when `muster up` itself is killed with -9."""
    process, _ = up
    running = list(workers_of(process).values())
    process.kill()
    _, alive = psutil.wait_procs(running, timeout=HANG_SECONDS)
    assert not alive


def figures_in_the_readme() -> list[list[str]]:
    """City, planned, deployed and withdrawn, as the README shows what the demo prints."""
    readme = (SEEDS.parents[1] / "README.md").read_text(encoding="utf-8")
    rows = [re.split(r"  +", line.strip()) for line in readme.splitlines() if re.match(r"  \S.*, [A-Z]{2}  ", line)]
    assert rows
    return [row[:4] for row in rows]


def test_the_demo_prints_the_cities_of_the_seeds(tmp_path, cache_dir, free_ports):
    """The whole main job: its own Kafka, the seeds through it, the table that the README shows, and a clean end."""
    arguments = ["--once", "--data-dir", str(tmp_path), "--cache-dir", str(cache_dir), "--web-port", str(free_ports)]
    process = muster("demo", str(SEEDS), *arguments)
    output, _ = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0, output
    for city, *cells in figures_in_the_readme():
        assert re.search(r"\s+".join(map(re.escape, (city, *cells))), output), (city, output)
    assert f"http://127.0.0.1:{free_ports}/metrics" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("command", [["worker", "extract"], ["up"], ["topics"], ["feed", str(SEEDS)]])
def test_a_broker_that_is_not_there_is_a_clear_error(command):
    """Exit code 1, the address, and what to do; no traceback."""
    process = muster(*command, "--bootstrap", "127.0.0.1:9")
    output, _ = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 1, output
    assert "127.0.0.1:9" in output
    assert "muster doctor" in output or "--bootstrap" in output
    assert "Traceback" not in output


def test_a_taken_port_is_said_at_once(deploy, free_ports):
    """Not after a minute of restarts: which port, and which option chooses another."""
    deployment = deploy(web_port=free_ports)
    with socket.create_server(("127.0.0.1", free_ports + 1)):
        process = muster("up", environment=deployment.settings.as_environment())
        output, _ = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 1, output
    assert str(free_ports + 1) in output
    assert "--web-port" in output


def test_the_port_of_the_embedded_broker_can_be_chosen_and_a_taken_one_is_said(tmp_path, cache_dir, free_ports):
    """--broker-port is the port or an error that names it, never silently another one."""
    folders = ["--data-dir", str(tmp_path), "--cache-dir", str(cache_dir), "--web-port", str(free_ports)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = muster("up", "--broker-port", port, *folders)
        output, _ = refused.communicate(timeout=HANG_SECONDS)
    assert refused.returncode == 1, output
    assert port in output
    assert "--broker-port" in output


def test_topics_that_do_not_fit_are_refused_with_what_to_do(deploy):
    """Rows live in the partition of their report: unequal counts would lose them, so nothing starts (exit 78)."""
    deployment = deploy()
    settings = deployment.settings
    admin = AdminClient({"bootstrap.servers": settings.bootstrap})
    grown = NewPartitions(settings.topic_reports, settings.partitions + 1)
    admin.create_partitions([grown])[settings.topic_reports].result(30)
    process = muster("worker", "fold", environment=settings.as_environment())
    output, _ = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 78, output
    assert settings.topic_reports in output
    assert "must be equal" in output
    assert "Traceback" not in output
