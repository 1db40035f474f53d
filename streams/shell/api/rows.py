"""Totals and events in the few fields that the map and the lists of the page need: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from muster.shell.api.query import STATUSES
from muster.shell.clock import from_millis

Row = dict[str, Any]


def map_row(total: Mapping[str, Any]) -> Row:
    """A total, also one as of a date, as one row: best figures in the order planned, deployed, withdrawn."""
    places = total.get("places") or [total["place"]]
    first = places[0]
    alone = len(places) == 1
    return {
        "key": first["key"] if alone else _multi_key(places),
        "name": " + ".join(place["name"] for place in places),
        "admin1": first["admin1"] if alone else None,
        "country": first["country"],
        "lat": first["lat"] if alone else None,
        "lon": first["lon"] if alone else None,
        "best": _bests(total),
        "forces": {force: _bests(figures) for force, figures in total.get("by_force", {}).items()},
        "as_of": total["as_of"],
        "reports": total["reports"],
        "sources": total["sources"],
    }


def first_day(totals: Iterable[Mapping[str, Any]]) -> str | None:
    """The first date that any timeline has; None without any."""
    dates = (point["date"] for total in totals for point in total.get("timeline", ())[:2] if point["date"])
    return min(dates, default=None)


def event_row(event: Mapping[str, Any], at_ms: int) -> Row:
    """A DeploymentEvent as one line of news; `at` is when it was produced."""
    places = event.get("places") or [event["place"]]
    personnel = event["personnel"]
    at = from_millis(at_ms)
    return {
        "event_id": event["event_id"],
        "at": at and at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "key": places[0]["key"] if len(places) == 1 else _multi_key(places),
        "name": " + ".join(place["name"] for place in places),
        "country": places[0]["country"],
        "text": personnel["text"],
        "low": personnel["low"],
        "high": personnel["high"],
        "status": event["status"],
        "force": event["force"]["category"],
        "historical": event["historical"],
        "quote": event["evidence"]["quote"],
        "source": event["source"],
        "title": event["title"],
        "url": event["url"],
        "published_at": event["published_at"],
    }


def _bests(figures: Mapping[str, Any]) -> list[int | None]:
    return [figures[status] and figures[status]["best"] for status in STATUSES]


def _multi_key(places: list[Mapping[str, Any]]) -> str:
    ids = sorted((place["key"].removeprefix("city:") for place in places), key=int)
    return f"multi:{'+'.join(ids)}"
