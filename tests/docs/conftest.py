"""One `muster up` for all pages and examples, started as the tutorial says: its own Kafka, its own folders."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from muster.shell.access import grants
from muster.shell.ports import free_ports, port_is_free
from muster.shell.readback import wait_until_read
from muster.shell.replay import stages
from muster.shell.settings import Settings
from tests.secured import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120
STOP_SECONDS = 60
READ_SECONDS = 120
PARTITIONS = 3  # twelve cost seconds at the start and show nothing more


@dataclass(frozen=True)
class Stream:
    """A running Muster. `environment` is that of a user at a terminal of the same machine."""

    settings: Settings
    environment: dict[str, str]
    log: Path

    @property
    def bootstrap(self) -> str:
        return self.settings.bootstrap

    def run(self, *command: str, folder: Path = ROOT) -> str:
        """What a command prints. It must succeed."""
        ended = subprocess.run(command, cwd=folder, env=self.environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def python(self, script: str, *arguments: str) -> str:
        return self.run(sys.executable, str(ROOT / script), *arguments)

    def wait_until_read(self) -> None:
        """Until the roles have committed everything that was produced."""
        assert asyncio.run(wait_until_read(self.settings, stages(self.settings), READ_SECONDS)), self.log.read_text()


def first_of_three_ports() -> int:
    """One for each role."""
    return next(p for p in iter(lambda: free_ports(1)[0], 0) if port_is_free(p + 1) and port_is_free(p + 2))


def wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while "Ready." not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[Stream]:
    folder = tmp_path_factory.mktemp("up")
    port, web_port = free_ports(1)[0], first_of_three_ports()
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    environment = {
        **plain,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "140",
        "MUSTER_DATA_DIR": str(folder / "data"),
        "MUSTER_CACHE_DIR": str(cache_dir),
        "MUSTER_WEB_PORT": str(web_port),
        "MUSTER_PARTITIONS": str(PARTITIONS),
    }
    log = folder / "up.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "muster", "up", "--broker-port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        wait_until_ready(process, log)
        settings = Settings(bootstrap=f"127.0.0.1:{port}", web_port=web_port, cache_dir=cache_dir)
        yield Stream(settings, environment, log)
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def instead_of_a_secured_cluster(secured, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the pages call a cluster with TLS -> the one of the tests, its files and users."""
    folder = tmp_path_factory.mktemp("secrets")
    password = folder / "password"
    password.write_text(PASSWORD)
    certfile, keyfile = secured.authority.issue("muster-docs")
    secured.allow(
        [replace(grant, principal="docs") for grant in grants(Settings()) if grant.principal == "operator"],
        {"docs": "User:CN=muster-docs"},
    )
    return {
        "kafka-1:9093": secured.address,
        "kafka-1:9094": secured.mutual,
        "/etc/kafka/ca.pem": str(secured.cafile),
        "/run/secrets/muster-password": str(password),
        "/etc/muster/muster.crt": str(certfile),
        "/etc/muster/muster.key": str(keyfile),
    }
