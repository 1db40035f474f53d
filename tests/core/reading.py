"""Short forms of events, to compare with expectations."""

from __future__ import annotations

from muster.core.model import ExtractedEvent

Brief = tuple[str, str, int | None, int | None, str, str]


def brief(event: ExtractedEvent) -> Brief:
    """(scope, city name or place key, low, high, status, force category)."""
    location, told = event.location, event.assertion
    place = location.places[0].name if location.scope == "city" else location.key
    return (
        location.scope,
        place,
        told.personnel.low,
        told.personnel.high,
        told.status,
        told.force.category,
    )
