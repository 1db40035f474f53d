"""The embedded broker: Apache Kafka itself, one KRaft node on the loopback address, started and stopped from Python.

Usage::

    with EmbeddedBroker(data_dir, cache_dir) as broker:   # fetched once, up in seconds, gone at the end of the block
        client = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)

`start()` and `stop()` do the same by hand; both may be called again, and a second start of the same object keeps its
port, so that clients find it. `kill()` ends it as a power cut would. For pytest a session fixture is
`with EmbeddedBroker(tmp_path_factory.mktemp("kafka"), Settings().cache_dir) as broker: yield broker`. Other processes
find a running one with `broker_state.running_broker(data_dir)`. It is for one machine: no replication, no
authentication on its own listener, reachable from this machine only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Self

from muster.shell import broker_config, broker_guard
from muster.shell.broker_install import Installation, ensure_installed
from muster.shell.broker_state import BrokerError, RunningBroker, announce, take_lock, withdraw
from muster.shell.ports import LOOPBACK, free_ports, port_is_free

__all__ = ["BrokerError", "EmbeddedBroker"]

LOG_TAIL_LINES = 15
POLL_SECONDS = 0.05


class EmbeddedBroker:
    """One Kafka process on one data folder.

    Args:
        data_dir: everything of this broker, created if missing; a later start on it finds its topics and records.
        cache_dir: where Kafka's jars are kept (Settings.cache_dir).
        port: of the plain-text listener; 0 takes a free one.
        heap_mib: Java heap in MiB.
        properties: lines for server.properties that win over Muster's.
        listeners: further listeners, security protocol -> port, e.g. {"SASL_SSL": 19093}; their keys and
            passwords go into `properties`.
        format_arguments: for Kafka's `StorageTool format` at the first start, e.g. ["--add-scram", "..."].
        start_seconds_max: longest wait until it answers.
    """

    def __init__(
        self,
        data_dir: Path,
        cache_dir: Path,
        *,
        port: int = 0,
        heap_mib: int = 512,
        properties: Mapping[str, str] | None = None,
        listeners: Mapping[str, int] | None = None,
        format_arguments: Sequence[str] = (),
        start_seconds_max: float = 60.0,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.port = port
        self._cache_dir = cache_dir
        self._heap_mib = heap_mib
        self._properties = dict(properties or {})
        self._listeners = dict(listeners or {})
        self._format_arguments = tuple(format_arguments)
        self._start_seconds_max = start_seconds_max
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def bootstrap(self) -> str:
        """host:port of the plain-text listener; known from the first start on."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def cluster_id(self) -> str:
        """Kafka's id of this data folder, given at the first start and kept."""
        text = (self.data_dir / "kafka" / "meta.properties").read_text(encoding="utf-8")
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)["cluster.id"]

    @property
    def log_file(self) -> Path:
        return self.data_dir / "broker.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> str:
        """Starts it, waits until it answers, and returns the bootstrap address.

        Raises:
            InstallError: Kafka or Java are not there and cannot be fetched.
            BrokerError: the folder is in use, the port is taken, or Kafka died or did not answer in time.
        """
        assert self._process is None, "already started"
        installation = ensure_installed(self._cache_dir)
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = take_lock(self.data_dir)
        try:
            controller_port = self._choose_ports()
            self._write_config(controller_port)
            self._format(installation)
            self._launch(installation)
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        announce(self.data_dir, RunningBroker(self.pid, self.bootstrap))
        return self.bootstrap

    @property
    def pid(self) -> int:
        """Of the process group that holds Kafka; `kill()` and `stop()` end the whole group."""
        assert self._process is not None, "not started"
        return self._process.pid

    def stop(self, grace_seconds: float = 20.0) -> None:
        """Ends it: an orderly shutdown first, force after `grace_seconds`. Does nothing when it does not run."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_seconds)
        self.kill()

    def kill(self) -> None:
        """Ends it at once, without an orderly shutdown. Does nothing when it does not run."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None
        if self._lock is not None:  # else the folder may be another broker's
            withdraw(self.data_dir)
            self._lock.close()
            self._lock = None

    def _choose_ports(self) -> int:
        if self.port and not port_is_free(self.port):
            raise BrokerError(f"Port {self.port} is in use. Stop what listens there, or choose another: --broker-port.")
        own, controller = free_ports(2)
        self.port = self.port or own
        return controller

    def _write_config(self, controller_port: int) -> None:
        text = broker_config.server_properties(
            LOOPBACK, self.port, controller_port, self.data_dir / "kafka", self._listeners, self._properties
        )
        _write_private(self.data_dir / "server.properties", text)
        _write_private(self.data_dir / "log4j2.properties", broker_config.log4j_properties(self.log_file))

    def _format(self, installation: Installation) -> None:
        if (self.data_dir / "kafka" / "meta.properties").exists():
            return
        command = [
            *self._java(installation, heap_mib=128),
            "kafka.tools.StorageTool",
            *("format", "--cluster-id", broker_config.new_cluster_id()),
            *("--config", str(self.data_dir / "server.properties")),
            *self._format_arguments,
        ]
        result = subprocess.run(command, capture_output=True, check=False, env=_child_environment())  # noqa: S603
        if result.returncode != 0:
            output = (result.stdout + result.stderr).decode(errors="replace").strip()
            raise BrokerError(f"Kafka could not format {self.data_dir}:\n{output[-2000:]}")

    def _launch(self, installation: Installation) -> None:
        assert self._lock is not None
        server = [
            *self._java(installation, self._heap_mib),
            "kafka.Kafka",
            str(self.data_dir / "server.properties"),
        ]
        lock_fd = self._lock.fileno()
        self.log_file.unlink(missing_ok=True)
        with (self.data_dir / "broker.out").open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own script and the verified jars
                [sys.executable, "-I", broker_guard.__file__, str(lock_fd), *server],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(lock_fd,),
                # A session of its own: Ctrl-C reaches the starter, which then stops the broker last.
                start_new_session=True,
                env=_child_environment(),
            )

    def _java(self, installation: Installation, heap_mib: int) -> list[str]:
        temporary = self.data_dir / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        return [
            str(installation.java),
            *broker_config.java_options(heap_mib, temporary, self.data_dir / "log4j2.properties"),
            *("-cp", os.pathsep.join(map(str, installation.class_path))),
        ]

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + self._start_seconds_max
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BrokerError(f"Kafka ended while it started (log: {self.log_file}):\n{self._log_tail()}")
            if not port_is_free(self.port) and _answers(self.bootstrap):
                return
            time.sleep(POLL_SECONDS)
        raise BrokerError(
            f"Kafka did not answer within {self._start_seconds_max:.0f} s (log: {self.log_file}):\n{self._log_tail()}"
        )

    def _log_tail(self) -> str:
        lines: list[str] = []
        for path in (self.data_dir / "broker.out", self.log_file):
            if path.exists():
                lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])


def _answers(bootstrap: str) -> bool:
    """Whether the broker has joined its own cluster, asked by a real client in a thread of its own.

    The thread lets callers that have an event loop running start a broker too.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_describes_itself(bootstrap))).result()


async def _describes_itself(bootstrap: str) -> bool:
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return bool(cluster["brokers"])


def _write_private(path: Path, text: str) -> None:
    """Readable by the user alone: `properties` may hold passwords."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _child_environment() -> dict[str, str]:
    """Kafka needs none of Muster's settings, some of which are secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
