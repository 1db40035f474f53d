"""The checks that lead out of the process: a worker that overslept, a loop that hangs, a rebalance without end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from time import monotonic

from muster.shell.faust.exits import EXIT_GAVE_UP, EXIT_STOP_TIMED_OUT, leave

TICK_SECONDS = 0.25
HUNG_SECONDS_MAX = 60.0
REBALANCE_SECONDS_MAX = 45.0
STALLED_COMMITS_SECONDS_MAX = 120.0
"""Longer than the consumer itself puts up with refusals: this is for one that does not even get an answer."""

STOP_SECONDS_MAX = 20.0


class Watch:
    """Watches from a thread whether the process was asleep, and whether the event loop still turns.

    A worker that slept through the loss of its partitions must not write: its totals would be older than those of the
    new owner. So every send asks `check_awake` first, which leaves when the last tick is too long ago. The thread
    ticks and not the loop: a loop that is merely busy keeps its partitions, since Faust's heartbeats come from a thread
    too, and leaving for it would end in the same busy batch again and again. Whichever of the two wakes first after a
    sleep sees it.
    """

    def __init__(
        self,
        session_timeout_seconds: float,
        is_rebalancing: Callable[[], bool],
        progress: Callable[[], int] = lambda: 0,
        commit_age_seconds: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._asleep_seconds_max = 0.7 * session_timeout_seconds
        self._is_rebalancing = is_rebalancing
        self._progress = progress
        self._commit_age_seconds = commit_age_seconds
        self._progress_seen = 0
        self._ticked_at = monotonic()
        self._turned_at = self._ticked_at
        self._rebalancing_since: float | None = None
        self._ended = threading.Event()
        self.on_turn: Callable[[float], None] = lambda _: None
        """Is told at every look how many seconds longer than asked the loop took to turn."""

    def check_awake(self) -> None:
        asleep = monotonic() - self._ticked_at
        if asleep > self._asleep_seconds_max:
            leave(EXIT_GAVE_UP, f"slept {asleep:.1f} s: the partitions may belong to somebody else by now")

    async def run(self) -> None:
        """Watch until it is cancelled; start it as a task."""
        self._ticked_at = self._turned_at = monotonic()
        threading.Thread(target=self._tick, name="muster-watch", daemon=True).start()
        try:
            while True:
                await asyncio.sleep(TICK_SECONDS)
                turned_before, self._turned_at = self._turned_at, monotonic()
                self.on_turn(max(0.0, self._turned_at - turned_before - TICK_SECONDS))
                self._check_rebalance()
        finally:
            self._ended.set()

    def _check_rebalance(self) -> None:
        # Faust's recovery ends silently when one of its steps takes longer than the request timeout: the worker then
        # keeps its partitions and processes nothing, for ever. A table that is restored may take as long as it needs.
        progress = self._progress()
        if not self._is_rebalancing() or progress != self._progress_seen:
            self._rebalancing_since, self._progress_seen = None, progress
            return
        if self._rebalancing_since is None:
            self._rebalancing_since = self._turned_at
        if self._turned_at - self._rebalancing_since > REBALANCE_SECONDS_MAX:
            leave(EXIT_GAVE_UP, f"a rebalance lasted more than {REBALANCE_SECONDS_MAX:.0f} s")

    def _tick(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            self.check_awake()
            self._ticked_at = monotonic()
            hung = self._ticked_at - self._turned_at
            if hung > HUNG_SECONDS_MAX:
                leave(EXIT_GAVE_UP, f"the event loop has not turned for {hung:.0f} s")
            stalled = self._commit_age_seconds()
            if stalled > STALLED_COMMITS_SECONDS_MAX:
                leave(EXIT_GAVE_UP, f"nothing could be committed for {stalled:.0f} s")


def stop_within(seconds: float = STOP_SECONDS_MAX) -> threading.Timer:
    """Leave when a stop takes longer: what was not committed is read again. Returns the started timer."""
    timer = threading.Timer(seconds, leave, (EXIT_STOP_TIMED_OUT, f"the stop took more than {seconds:.0f} s"))
    timer.daemon = True
    timer.start()
    return timer
