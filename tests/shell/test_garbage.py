"""Looking for garbage seldom is not looking for none."""

from __future__ import annotations

import gc
import weakref

from muster.shell.garbage import NEW_OBJECTS, collect_seldom


class Knot:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_there_is_not_looked_through_and_new_cycles_still_go():
    """A worker's modules cost no more rounds; a cycle that comes later goes as soon as enough else has come."""
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_freeze_count() > 1_000
        knot = weakref.ref(Knot())
        kept = [[] for _ in range(2 * NEW_OBJECTS)]
        assert knot() is None
        assert len(kept) == 2 * NEW_OBJECTS
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
