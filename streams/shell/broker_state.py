"""Who runs on a data folder: a lock that lives as long as the broker, and a note of where it answers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

LOCK_WAIT_SECONDS = 3.0
POLL_SECONDS = 0.05


class BrokerError(Exception):
    """The embedded broker did not start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RunningBroker:
    """The note of the broker that runs on a data folder now; `pid` leads its process group."""

    pid: int
    bootstrap: str


def announce(data_dir: Path, running: RunningBroker) -> None:
    """Leaves the note, whole or not at all."""
    temporary = data_dir / "broker.json.new"
    temporary.write_text(json.dumps(asdict(running)), encoding="utf-8")
    temporary.replace(data_dir / "broker.json")


def withdraw(data_dir: Path) -> None:
    """Takes the note away."""
    (data_dir / "broker.json").unlink(missing_ok=True)


def running_broker(data_dir: Path) -> RunningBroker | None:
    """The embedded broker that runs on `data_dir` now, whoever started it; None when none does."""
    try:
        with (data_dir / "broker.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        with contextlib.suppress(OSError, ValueError, KeyError):
            state = json.loads((data_dir / "broker.json").read_text(encoding="utf-8"))
            return RunningBroker(int(state["pid"]), str(state["bootstrap"]))
    except OSError:
        pass
    return None  # nobody holds the lock: a state file that is left over says nothing


def take_lock(data_dir: Path) -> IO[str]:
    """Claims a data folder for one broker; the lock lasts as long as the file is open in any process.

    Raises:
        BrokerError: another broker has it.
    """
    lock = (data_dir / "broker.lock").open("a")
    deadline = time.monotonic() + LOCK_WAIT_SECONDS  # a broker that was told to stop may be about to let go
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
                continue
            lock.close()
            other = running_broker(data_dir)
            who = f" (process {other.pid}, at {other.bootstrap})" if other else ""
            raise BrokerError(
                f"A broker already runs on {data_dir}{who}. Use it, stop it, or choose another --data-dir."
            ) from None
        return lock
