"""The only module that asks the machine what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware and UTC."""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the place


def from_millis(milliseconds: int | None) -> datetime | None:
    """A Kafka timestamp; None for a record without one (Kafka says -1)."""
    if milliseconds is None or milliseconds < 0:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
