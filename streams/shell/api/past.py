"""What stood at a date in the past, read from the timeline that a total carries. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import Any

from muster.shell.api.query import STATUSES, Totals

WHERE_FIELDS = ("schema_version", "scope", "place", "places")
POINT_FIELDS = (*STATUSES, "as_of", "reports", "sources")


def all_as_of(totals: Totals, day: date) -> Totals:
    """Each place as it stood after this UTC day, in the form of a total without forces and evidence.

    Places without a report by then are left out, and so are those whose timeline begins later because it is cut.
    """
    found = ((key, as_of(total, day)) for key, total in totals.items())
    return {key: total for key, total in found if total is not None}


def as_of(total: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    """One place as it stood after this UTC day; None when that is not known or no report was there."""
    timeline = total.get("timeline") or []
    known = bisect_right(timeline, day.isoformat(), key=lambda point: point["date"] or "")
    if not known or not timeline[known - 1]["reports"]:
        return None
    point = timeline[known - 1]
    where = {field: total[field] for field in WHERE_FIELDS if field in total}
    return {**where, **{field: point[field] for field in POINT_FIELDS}, "timeline": timeline[:known]}


def known_from(total: Mapping[str, Any]) -> str | None:
    """The first date that a cut timeline can answer for; None when it is whole."""
    timeline = total.get("timeline") or []
    if len(timeline) >= total.get("timeline_count", 0):
        return None
    first: str | None = timeline[0]["date"] if timeline else None
    return first
