"""Runs the roles as child processes and starts them again with back-off. What `muster up` and the demo stand on.

Service managers do this better on a server (systemd, Kubernetes, the compose file); this is for one machine and one
command. A child that says that starting again will not help (exit 78) ends the supervision.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

import aiohttp

from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN, MEANINGS

logger = logging.getLogger(__name__)

BACK_OFF_SECONDS_MIN = 0.5
BACK_OFF_SECONDS_MAX = 30.0
HEALTHY_SECONDS = 60.0
"""A child that ran for so long starts again at once when it ends."""

STOP_SECONDS_MAX = 25.0
POLL_SECONDS = 0.1


@dataclass(slots=True)
class Child:
    """One supervised process."""

    name: str
    arguments: Sequence[str]
    web_address: tuple[str, int]
    process: asyncio.subprocess.Process | None = None
    starts: int = 0
    pause_seconds: float = BACK_OFF_SECONDS_MIN
    exit_codes: list[int] = field(default_factory=list)


class Supervisor:
    """Starts children of `muster`, keeps them running, and stops them together.

    Args:
        commands: name -> arguments of `muster`, e.g. {"extract": ["worker", "extract"]}.
        web_addresses: name -> host and port at which the child's web server answers.
        environment: of the children.
        say: is told in one line what happens to them.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        web_addresses: Mapping[str, tuple[str, int]],
        environment: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        self.children = [Child(name, arguments, web_addresses[name]) for name, arguments in commands.items()]
        self.gave_up: asyncio.Event = asyncio.Event()
        self._environment = dict(environment)
        self._say = say
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.ensure_future(self._keep_running(child)) for child in self.children]

    async def _keep_running(self, child: Child) -> None:
        while not self._stopping:
            started_at = monotonic()
            code = await self._run_once(child)
            child.exit_codes.append(code)
            if self._stopping:
                return
            if code == EXIT_REFUSED_TO_RUN:
                self._say(f"{child.name} refuses to run: see its last lines; starting it again will not help")
                self.gave_up.set()
                return
            if monotonic() - started_at > HEALTHY_SECONDS:
                child.pause_seconds = BACK_OFF_SECONDS_MIN
            self._say(f"{child.name} ended with {_named(code)}; starting it again in {child.pause_seconds:.1f} s")
            await asyncio.sleep(child.pause_seconds)
            child.pause_seconds = min(2 * child.pause_seconds, BACK_OFF_SECONDS_MAX)

    async def _run_once(self, child: Child) -> int:
        # Standard input is a pipe that nobody writes to: its end tells the child that this process is gone.
        process = child.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "muster",
            *child.arguments,
            "--stop-with-parent",
            stdin=asyncio.subprocess.PIPE,
            env=self._environment,
            start_new_session=True,  # Ctrl-C reaches this process only, which stops the children in order
        )
        child.starts += 1
        return await process.wait()

    async def wait_ready(self, seconds_max: float) -> bool:
        """Wait until every child says that it is ready; False when one refused to run or it took too long."""
        deadline = monotonic() + seconds_max
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            for child in self.children:
                while not await _is_ready(session, *child.web_address):
                    if self.gave_up.is_set() or monotonic() > deadline:
                        return False
                    await asyncio.sleep(POLL_SECONDS)
        return True

    async def stop(self) -> None:
        """Ask every child to stop, wait, and kill what does not: what it held is read again."""
        self._stopping = True
        running = [c.process for c in self.children if c.process is not None and c.process.returncode is None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        waits = [asyncio.ensure_future(process.wait()) for process in running]
        if waits:
            _, late = await asyncio.wait(waits, timeout=STOP_SECONDS_MAX)
            for process in running if late else []:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _named(code: int) -> str:
    if code < 0:
        return f"signal {-code}"
    meaning = MEANINGS.get(code)
    return f"exit code {code}" + (f" ({meaning})" if meaning else "")


async def _is_ready(session: aiohttp.ClientSession, host: str, port: int) -> bool:
    try:
        async with session.get(f"http://{host}:{port}/readyz") as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def child_environment(settings_variables: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these MUSTER_... variables on top."""
    return {**os.environ, **settings_variables}
