"""A page of totals as JSON, GeoJSON (RFC 7946) or CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from muster.shell.api.query import STATUSES, Format, Page, summary
from muster.shell.cli.output import csv_cell

CONTENT_TYPES: dict[Format, str] = {"json": "application/json", "geojson": "application/geo+json", "csv": "text/csv"}
BOUNDS = tuple(f"{status}_{bound}" for status in STATUSES for bound in ("low", "best", "high"))
COLUMNS = ("key", "name", "admin1", "country", "lat", "lon", *BOUNDS)
TAIL_COLUMNS = ("as_of", "reports", "sources")


def render(page: Page, form: Format) -> bytes:
    """The page in UTF-8."""
    if form == "csv":
        return _csv(page).encode()
    body = _geojson(page) if form == "geojson" else {"totals": [summary(t) for t in page.totals], "next": page.next}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _geojson(page: Page) -> dict[str, Any]:
    features = [_feature(total) for total in page.totals]
    return {"type": "FeatureCollection", "features": features, "next": page.next}


def _feature(total: Mapping[str, Any]) -> dict[str, Any]:
    place = _place(total)
    located = place.get("lat") is not None and place.get("lon") is not None
    geometry = {"type": "Point", "coordinates": [place["lon"], place["lat"]]} if located else None
    return {"type": "Feature", "id": place.get("key"), "geometry": geometry, "properties": summary(total)}


def _csv(page: Page) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *TAIL_COLUMNS))
    for total in page.totals:
        place = _place(total)
        cells: list[Any] = [place.get(name) for name in ("key", "name", "admin1", "country", "lat", "lon")]
        for status in STATUSES:
            figures = total[status] or {}
            cells += [figures.get(bound) for bound in ("low", "best", "high")]
        cells += [total[name] for name in TAIL_COLUMNS]
        writer.writerow([csv_cell(cell) for cell in cells])
    return buffer.getvalue()


def _place(total: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = total.get("place") or (total.get("places") or [{}])[0]
    return found
