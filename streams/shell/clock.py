"""The only module that asks the machine what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware and UTC."""

MILLIS_MAX = 253_402_300_799_999
"""The end of the year 9999; Kafka takes any 64 bits from a producer."""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the place


def from_millis(milliseconds: int | None) -> datetime | None:
    """A Kafka timestamp; None for a record without one (Kafka says -1), or with one that a producer made up."""
    if milliseconds is None or not 0 <= milliseconds <= MILLIS_MAX:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
