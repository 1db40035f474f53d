"""Leaving the process at once, without acking: the safest stop that Faust has.

Raising from an agent or a callback makes Faust commit on its way out, so that what was under way is lost. A process
that is simply gone loses nothing: what was not committed is read again by whoever gets the partition.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

logger = logging.getLogger(__name__)

EXIT_GAVE_UP = 70
"""The broker stayed away, a commit was refused for too long, the loop hung or the worker overslept: start it again."""

EXIT_STOP_TIMED_OUT = 75
"""A stop that was asked for did not end in time; nothing is lost."""

EXIT_REFUSED_TO_RUN = 78
"""A person has to act first: topics do not fit, dead letters are over their limit, or a newer Muster left its state.
Starting again will not help.
"""


MEANINGS = {
    0: "told to stop",
    1: "could not start, or Faust crashed",
    EXIT_GAVE_UP: "gave up without acking: broker away, commits refused, loop hung, overslept its session",
    EXIT_STOP_TIMED_OUT: "a stop took too long; what was not committed is read again",
    EXIT_REFUSED_TO_RUN: "a person has to act first: topics, dead letters, or state of a newer version",
}
"""For people: how a worker ended."""


def leave(code: int, why: str) -> NoReturn:
    """End the process now: no stop hooks, no commit. `why` is for people and holds no article text."""
    logger.critical("leaving without acking (exit %d): %s", code, why)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
