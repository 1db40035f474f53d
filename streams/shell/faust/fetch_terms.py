"""On which terms the broker answers a fetch: how long it may wait, and for how much.

Faust fixes 1,500 ms: a fetch that waits for idle partitions then blocks the busy ones of its broker, which were left
out because of what they still hold. As long as aiokafka holds nothing it leaves out none: then a fetch may wait long,
and a worker that has nothing to do asks seldom.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

IDLE_WAIT_MS = 100
"""The longest that another request behind the fetch, such as that of a rebalance, is held up."""

BUSY_WAIT_MS = 20
GATHER_RECORDS_PER_SECOND = 150
GATHER_WAIT_MS = 10
GATHER_BYTES = 64 * 1024
"""Records that come faster than so many a second are gathered by the broker for so long, or until they are so many
bytes: each would else be a fetch of its own, and both sides would spend more on fetches than on the records."""


class FetchTerms:
    """Chooses them before each request of one aiokafka fetcher; is told of what is taken from it."""

    def __init__(self, fetcher: Any) -> None:
        self._fetcher = fetcher
        self._taken_at = 0.0
        self._is_dense = False
        self._ask = fetcher._get_actions_per_node
        fetcher._get_actions_per_node = self._choose_and_ask

    def taken(self, records_count: int) -> None:
        taken_before, self._taken_at = self._taken_at, monotonic()
        self._is_dense = records_count > GATHER_RECORDS_PER_SECOND * (self._taken_at - taken_before)

    def _choose_and_ask(self, assignment: Any) -> Any:
        fetcher = self._fetcher
        fetcher._fetch_min_bytes = GATHER_BYTES if self._is_dense else 1
        if self._is_dense:
            fetcher._fetch_max_wait_ms = GATHER_WAIT_MS
        else:
            fetcher._fetch_max_wait_ms = BUSY_WAIT_MS if fetcher._records else IDLE_WAIT_MS
        return self._ask(assignment)
