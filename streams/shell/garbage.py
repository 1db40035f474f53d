"""When Python looks for garbage that reference counts do not find."""

from __future__ import annotations

import gc
from typing import Final

NEW_OBJECTS: Final = 50_000
"""Containers made and not freed before Python looks through these; its own 700 are less than a batch of records has,
whose objects all live until the batch is done, and looking costs what is alive."""

ROUNDS: Final = 20
"""So many rounds with the young before one with the older ones. Nothing in a worker's batches makes cycles."""


def collect_seldom() -> None:
    """Never look again at what lives as long as the process, places and code foremost: that took 70 ms each time.

    At what comes look seldom. Call it once a worker is wired and has its tables.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, ROUNDS, ROUNDS)
