"""The ways out of the process, each tried in a process of its own."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time

from muster.shell.faust.watch import Watch

OVERSLEPT = """
import time
from muster.shell.faust.watch import Watch
watch = Watch(session_timeout_seconds=0.1, is_rebalancing=lambda: False)
watch.check_awake()
time.sleep(0.2)  # nothing ticks yet: as if stopped by SIGSTOP
watch.check_awake()
print("sent")
"""

PAUSED = """
import asyncio
from muster.shell.faust.watch import Watch
async def main():
    watch = Watch(session_timeout_seconds=1, is_rebalancing=lambda: False)
    task = asyncio.ensure_future(watch.run())
    await asyncio.sleep(0)
    print("awake", flush=True)
    await task
asyncio.run(main())
"""

BUSY = """
import asyncio, time
from muster.shell.faust.watch import Watch
async def main():
    watch = Watch(session_timeout_seconds=1, is_rebalancing=lambda: False)
    task = asyncio.ensure_future(watch.run())
    await asyncio.sleep(0)
    until = time.monotonic() + 3
    while time.monotonic() < until:  # a long batch
        sum(range(1000))
    watch.check_awake()
    print("sent")
asyncio.run(main())
"""

ENDLESS_REBALANCE = """
import asyncio
from muster.shell.faust import watch
watch.REBALANCE_SECONDS_MAX = 0.3
asyncio.run(watch.Watch(60, is_rebalancing=lambda: True).run())
"""

LONG_RESTORE = """
import asyncio, itertools
from muster.shell.faust import watch
watch.REBALANCE_SECONDS_MAX = 0.3
rows = itertools.count()
async def main():
    try:
        async with asyncio.timeout(2):
            await watch.Watch(60, is_rebalancing=lambda: True, progress=lambda: next(rows)).run()
    except TimeoutError:
        print("still here")
asyncio.run(main())
"""

HUNG_LOOP = """
import asyncio, time
from muster.shell.faust import watch
watch.HUNG_SECONDS_MAX = 0.5
async def main():
    task = asyncio.ensure_future(watch.Watch(60, is_rebalancing=lambda: False).run())
    await asyncio.sleep(0)
    time.sleep(30)
asyncio.run(main())
"""

STALLED_COMMITS = """
import asyncio
from muster.shell.faust import watch
watch.STALLED_COMMITS_SECONDS_MAX = 5
asyncio.run(watch.Watch(60, is_rebalancing=lambda: False, commit_age_seconds=lambda: 6.0).run())
"""

SLOW_STOP = """
import time
from muster.shell.faust.watch import stop_within
stop_within(0.2)
time.sleep(30)
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_a_worker_that_overslept_sends_nothing_and_leaves_without_acking():
    """After a sleep near the session timeout somebody else may own the partitions."""
    ended = run(OVERSLEPT)
    assert (ended.returncode, ended.stdout) == (70, "")
    assert "slept" in ended.stderr


def test_a_paused_process_leaves_when_it_is_continued():
    """SIGSTOP for longer than the session, then SIGCONT."""
    process = subprocess.Popen([sys.executable, "-c", PAUSED], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "awake\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        process.send_signal(signal.SIGCONT)
        assert process.wait(60) == 70
    finally:
        process.kill()
        process.stdout.close()


def test_a_busy_loop_is_not_taken_for_a_sleep():
    """Heartbeats go on from their thread, and leaving would bring the same batch back for ever."""
    ended = run(BUSY)
    assert (ended.returncode, ended.stdout) == (0, "sent\n")


def test_a_rebalance_without_end_makes_the_worker_leave():
    """Faust's recovery can end silently and for ever; the supervisor must get its chance."""
    assert run(ENDLESS_REBALANCE).returncode == 70


def test_a_table_that_is_restored_may_take_as_long_as_it_needs():
    """Rows that arrive are progress: leaving for a large table would begin it again and again."""
    ended = run(LONG_RESTORE)
    assert (ended.returncode, ended.stdout) == (0, "still here\n")


def test_a_hung_loop_makes_the_worker_leave():
    """Heartbeats go on in the consumer's thread, so nobody else would notice."""
    assert run(HUNG_LOOP).returncode == 70


def test_commits_that_stall_make_the_worker_leave():
    """A consumer thread that hangs neither commits nor says so."""
    assert run(STALLED_COMMITS).returncode == 70


def test_a_stop_that_takes_too_long_ends_anyway():
    """What was not committed is read again, so leaving is safe."""
    assert run(SLOW_STOP).returncode == 75


ENDED = """
import asyncio, time
from muster.shell.faust import watch
watch.HUNG_SECONDS_MAX = 0.3
async def main():
    task = asyncio.ensure_future(watch.Watch(60, is_rebalancing=lambda: False).run())
    await asyncio.sleep(0.4)
    task.cancel()
asyncio.run(main())
time.sleep(1.5)
print("alive")
"""


def test_a_watch_that_ended_ends_nobody():
    """The thread goes with its task: what the process does after its app is nobody's hang."""
    ended = run(ENDED)
    assert (ended.returncode, ended.stdout.strip()) == (0, "alive")


def test_the_watch_tells_how_long_the_loop_stood_still():
    """Work that holds the loop for long shows as a pause of as long, less one tick."""
    pauses: list[float] = []

    async def main() -> None:
        watch = Watch(60, is_rebalancing=lambda: False)
        watch.on_turn = pauses.append
        task = asyncio.ensure_future(watch.run())
        await asyncio.sleep(0)
        time.sleep(1.0)  # noqa: ASYNC251 - that is the fault
        while not pauses:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(main())
    assert pauses[0] >= 0.7
    assert min(pauses) >= 0
