"""Whether a value has the parts that the read API looks at. Cheap, since it runs for every total of a firehose.

Whoever can write the totals topics can forge a figure; a check of the shape keeps a forged value from failing the
answers about all other places. The whole contract is in muster.schemas, and costs fifty times as much.
"""

from __future__ import annotations

from typing import Any

from muster.shell.api.query import STATUSES


def is_total(value: Any) -> bool:
    """Whether it reads as a CityTotal or RegionTotal."""
    try:
        places = value.get("places") or [value["place"]]
        return (
            all(_is_place(place) for place in places)
            and (len(places) == 1 or all(_is_city_key(place["key"]) for place in places))
            and _is_summary(value)
            and all(_has_figures(figures) for figures in value["by_force"].values())
            and all(_is_summary(point) and _is_text(point["date"]) for point in value.get("timeline") or ())
            and isinstance(value.get("timeline_count", 0), int)
        )
    except (AttributeError, KeyError, TypeError):
        return False


def _is_place(place: dict[str, Any]) -> bool:
    return (
        isinstance(place["key"], str)
        and isinstance(place["name"], str)
        and all(_is_text(place[name]) for name in ("admin1", "country"))
        and all(isinstance(place[name], int | float | None) for name in ("lat", "lon"))
    )


def _is_city_key(key: str) -> bool:
    digits = key.removeprefix("city:")
    return digits.isascii() and digits.isdecimal() and len(digits) < 20


def _is_summary(value: dict[str, Any]) -> bool:
    numbers = isinstance(value["reports"], int) and isinstance(value["sources"], int)
    return numbers and _is_text(value["as_of"]) and _has_figures(value)


def _has_figures(value: dict[str, Any]) -> bool:
    return all(value[status] is None or _is_estimate(value[status]) for status in STATUSES)


def _is_estimate(value: dict[str, Any]) -> bool:
    bounds = isinstance(value["low"], int | None) and isinstance(value["high"], int | None)
    return bounds and isinstance(value["best"], int)


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)
