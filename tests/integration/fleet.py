"""Workers that are kept running while a test hurts them, and what must be true of Kafka afterwards."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from muster.shell.broker import EmbeddedBroker
from muster.shell.settings import Settings

POLL_SECONDS = 0.2
RESTART_SECONDS = 1.0
DISK_BYTES_MAX = 96 * 1024
"""A segment that may not grow beyond this is full after a few hundred records."""


@dataclass(slots=True, eq=False)
class Member:
    """One worker process of a fleet."""

    role: str
    process: subprocess.Popen[bytes]
    log: Path
    wanted: bool = True
    ended_at: float | None = None


@dataclass
class Fleet:
    """Starts again whatever ends, as a supervisor does, and remembers how it ended.

    Args:
        settings: of the workers; each gets a free web port.
        folder: where their logs go.
    """

    settings: Settings
    folder: Path
    members: list[Member] = field(default_factory=list)
    exit_codes: list[tuple[str, int]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _done: threading.Event = field(default_factory=threading.Event)
    _started: int = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        for member in self.members:
            member.process.kill()
            member.process.wait()

    def add(self, role: str, web_port: int = 0) -> Member:
        with self._lock:
            log = self.folder / f"{role}-{self._started}.log"
            self._started += 1
            settings = self.settings.model_copy(update={"web_port": web_port})
            with log.open("ab") as out:
                process = subprocess.Popen(
                    [sys.executable, "-m", "muster", "worker", role],
                    env={**os.environ, **settings.as_environment()},
                    stdout=out,
                    stderr=out,
                )
            member = Member(role, process, log)
            self.members.append(member)
            return member

    def remove(self, member: Member) -> None:
        """Ask it to stop; it is not started again."""
        with self._lock:
            member.wanted = False
            send(member, signal.SIGTERM)

    def running(self, role: str) -> list[Member]:
        with self._lock:
            return [m for m in self.members if m.role == role and m.wanted and m.process.poll() is None]

    def logs(self) -> str:
        return "\n".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in sorted(self.folder.glob("*.log")))

    def _watch(self) -> None:
        while not self._done.wait(POLL_SECONDS):
            with self._lock:
                for member in list(self.members):
                    self._look_at(member)

    def _look_at(self, member: Member) -> None:
        code = member.process.poll()
        if code is None:
            return
        if member.ended_at is None:
            member.ended_at = time.monotonic()
            self.exit_codes.append((member.role, code))
        if not member.wanted:
            self.members.remove(member)
        elif time.monotonic() - member.ended_at > RESTART_SECONDS:
            self.members.remove(member)
            self.add(member.role)


def send(member: Member, number: int) -> None:
    """A signal to a process that may be gone already."""
    if member.process.poll() is None:
        member.process.send_signal(number)


def fill_disk(broker: EmbeddedBroker) -> None:
    """From now on Kafka can write no more, until it is started again."""
    (java,) = psutil.Process(broker.pid).children()  # below the process that guards it
    java.rlimit(psutil.RLIMIT_FSIZE, (DISK_BYTES_MAX, resource.RLIM_INFINITY))
