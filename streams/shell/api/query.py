"""What may be asked of the totals, and the answer: pure functions over plain data."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias, TypeVar, get_args

from muster.core.model import ForceCategory
from muster.core.names import fold_name
from muster.shell.api.problem import Problem

CellStatus = Literal["planned", "deployed", "withdrawn"]
Format = Literal["json", "geojson", "csv"]
Value = TypeVar("Value")
Totals: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Place key -> CityTotal or RegionTotal, or the same as of a date."""

STATUSES: tuple[CellStatus, ...] = get_args(CellStatus)
LIMIT_DEFAULT = 100
LIMIT_MAX = 1_000
QUERY_CHARS_MAX = 200
SUMMARY_FIELDS = ("place", "places", "scope", *STATUSES, "as_of", "reports", "sources")


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees, WGS 84. West may be greater than east: the box then crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: float | None, lon: float | None) -> bool:
        if lat is None or lon is None or not self.south <= lat <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= lon <= self.east
        return lon >= self.west or lon <= self.east


@dataclass(frozen=True, slots=True)
class Query:
    """A validated request for a list of totals. None asks for nothing."""

    country: str | None = None
    status: CellStatus | None = None
    force: ForceCategory | None = None
    minimum: int | None = None
    bbox: Box | None = None
    name: str | None = None
    as_of: date | None = None
    limit: int = LIMIT_DEFAULT
    after: str | None = None
    format: Format = "json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: how it is read, and what it says to people and programs."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]


def _choice(values: Iterable[str]) -> tuple[dict[str, Any], Callable[[str], str]]:
    allowed = tuple(values)

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return {"type": "string", "enum": list(allowed)}, read


def _whole(low: int, high: int) -> tuple[dict[str, Any], Callable[[str], int]]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 16 and low <= int(text) <= high):
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return {"type": "integer", "minimum": low, "maximum": high}, read


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError("two letters, ISO 3166-1 alpha-2")
    return text.upper()


def _box(text: str) -> Box:
    wanted = "west,south,east,north in degrees"
    parts = text.split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        raise ValueError(wanted) from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(wanted)
    return Box(west, south, east, north)


def _cursor(text: str) -> str:
    try:
        return base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise ValueError("the `next` of an earlier answer") from None


def _date(text: str) -> date:
    wanted = "a date, YYYY-MM-DD"
    if len(text) != len("2025-02-04"):
        raise ValueError(wanted)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(wanted) from None


def _name(text: str) -> str:
    folded = fold_name(text)
    if not folded:
        raise ValueError("a name or the beginning of one")
    return folded


TEXT = {"type": "string"}
DATE = {"type": "string", "format": "date"}
TWO_LETTERS = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
AS_OF = Parameter("as_of", "What stood after this UTC day, by the reports dated until then", DATE, _date)
PARAMETERS: tuple[Parameter, ...] = (
    Parameter("country", "Only places of this country, ISO 3166-1 alpha-2", TWO_LETTERS, _country),
    Parameter("status", "Only places with a figure of this status", *_choice(STATUSES)),
    Parameter("force", "Only places with a figure of this force category", *_choice(get_args(ForceCategory))),
    Parameter("minimum", "Only places whose best figure (of `status` or any) is at least this", *_whole(0, 10**9)),
    Parameter("bbox", "Only places inside west,south,east,north in degrees", TEXT, _box),
    Parameter("name", "Only places whose name begins so, without case and accents", TEXT, _name),
    AS_OF,
    Parameter("limit", "Places in one answer", *_whole(1, LIMIT_MAX)),
    Parameter("cursor", "Where an earlier answer ended: its `next`", TEXT, _cursor),
    Parameter("format", "json, geojson or csv", *_choice(get_args(Format))),
)
OF_ONE: tuple[Parameter, ...] = (AS_OF,)
"""What may be asked of one place."""


def read_query(given: Iterable[tuple[str, str]], parameters: Sequence[Parameter] = PARAMETERS) -> Query:
    """Validate parameters.

    Raises:
        Problem: 400 that names the parameter and what it takes, also for one that is unknown or given twice.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, Any] = {}
    for name, text in given:
        parameter = known.get(name)
        if parameter is None:
            raise Problem(400, f"an unknown parameter; known are {', '.join(known)}")
        if name in values:
            raise Problem(400, f"{name} is given twice")
        if len(text) > QUERY_CHARS_MAX:
            raise Problem(400, f"{name} is longer than {QUERY_CHARS_MAX} characters")
        try:
            values[name] = parameter.read(text)
        except ValueError as error:
            raise Problem(400, f"{name} takes {error}") from None
    if "as_of" in values and "force" in values:
        raise Problem(400, "force and as_of together: the past is known of all forces together only")
    values["after"] = values.pop("cursor", None)
    return Query(**values)


@dataclass(frozen=True, slots=True)
class Page:
    """Totals in the order of their keys, and the cursor of the next page."""

    totals: tuple[Mapping[str, Any], ...]
    next: str | None


def matches(query: Query, total: Mapping[str, Any]) -> bool:
    """Whether a total (a CityTotal or RegionTotal as a mapping) is asked for."""
    place = total.get("place") or (total.get("places") or [{}])[0]
    if query.country is not None and place.get("country") != query.country:
        return False
    if query.name is not None and not fold_name(place.get("name", "")).startswith(query.name):
        return False
    if query.bbox is not None and not query.bbox.holds(place.get("lat"), place.get("lon")):
        return False
    figures = total if query.force is None else total["by_force"].get(query.force)
    if figures is None:
        return False
    asked = (query.status,) if query.status else STATUSES
    bests = [figures[status]["best"] for status in asked if figures[status]]
    if not bests and (query.status or query.force or query.minimum):
        return False
    return query.minimum is None or max(bests) >= query.minimum


def page_of(query: Query, totals: Totals) -> Page:
    """The page that a query asks for. `totals` maps place keys to totals; linear in their number."""
    keys = sorted(k for k, t in totals.items() if (query.after is None or k > query.after) and matches(query, t))
    shown = keys[: query.limit]
    more = base64.urlsafe_b64encode(shown[-1].encode()).decode() if len(keys) > len(shown) else None
    return Page(tuple(totals[key] for key in shown), more)


def summary(total: Mapping[str, Any]) -> dict[str, Any]:
    """What a list shows of a total: its place and figures, without evidence."""
    return {field: total[field] for field in SUMMARY_FIELDS if field in total}
