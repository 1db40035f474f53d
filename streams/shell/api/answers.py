"""JSON Schemas of what the read API answers: the totals of the contracts, and the rows that lists are made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from muster.shell.api.query import STATUSES, SUMMARY_FIELDS

REFERENCE = "#/components/schemas/{model}"
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}
COUNT_OR_NULL = {"type": ["integer", "null"], "minimum": 0}

PROBLEM = {
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {**TEXT, "description": "Always about:blank: the status says what kind of error it is"},
        "title": {**TEXT, "description": "What kind of error it is, for people"},
        "status": {"type": "integer", "description": "The status of the answer"},
        "detail": {**TEXT, "description": "What is wrong, and what to do"},
    },
}
NEXT = {**TEXT_OR_NULL, "description": "The `cursor` of the next page; null: the last one"}
BESTS = {"type": "array", "items": COUNT_OR_NULL, "minItems": len(STATUSES), "maxItems": len(STATUSES)}
ORDER = ", ".join(STATUSES)


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Name -> JSON Schema of everything that is answered, for `components/schemas` of an OpenAPI document."""
    from pydantic.json_schema import models_json_schema

    from muster.schemas import CityTotalV1, RegionTotalV1

    # Asked for by few, once: a worker that is never asked need not make them.
    totals = [(CityTotalV1, "serialization"), (RegionTotalV1, "serialization")]
    contracts = models_json_schema(totals, ref_template=REFERENCE)[1]["$defs"]  # type: ignore[arg-type]
    summary = _summary(contracts)
    return {
        "Problem": PROBLEM,
        "Page": _object(
            "One page of a list.", {"totals": _many("Summary", "In the order of their keys"), "next": NEXT}
        ),
        "Summary": summary,
        "Features": _features(),
        "Feature": _feature(),
        "Map": _map(),
        "MapRow": _map_row(),
        "Events": _object("The newest events.", {"events": _many("EventRow", "The last one last")}),
        "EventRow": _event_row(),
        "Rules": {
            "title": "Rules",
            "description": "Name of a rule -> what it says.",
            "type": "object",
            "additionalProperties": TEXT,
        },
        **contracts,
    }


def _object(description: str, properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


def _many(name: str, description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": REFERENCE.format(model=name)}, "description": description}


def _summary(contracts: Mapping[str, Any]) -> dict[str, Any]:
    known = contracts["RegionTotalV1"]["properties"]
    return _object(
        "A total without its evidence.",
        {
            **{name: known[name] for name in SUMMARY_FIELDS},
            "place": {**known["place"], "description": "Null for multi"},
        },
        optional=("place", "places", "scope"),
    )


def _feature() -> dict[str, Any]:
    return _object(
        "A place on the map.",
        {
            "type": {"const": "Feature", "description": "What GeoJSON calls it"},
            "id": {**TEXT_OR_NULL, "description": "Place key"},
            "geometry": {"type": ["object", "null"], "description": "A point: longitude, latitude; null: not located"},
            "properties": {"$ref": REFERENCE.format(model="Summary"), "description": "The total without its evidence"},
        },
    )


def _features() -> dict[str, Any]:
    return _object(
        "One page of a list as GeoJSON (RFC 7946).",
        {
            "type": {"const": "FeatureCollection", "description": "What GeoJSON calls it"},
            "features": _many("Feature", "In the order of their keys"),
            "next": NEXT,
        },
    )


def _map() -> dict[str, Any]:
    return _object(
        "Every total in few fields.",
        {
            "rows": _many("MapRow", "One a place"),
            "first_day": {**TEXT_OR_NULL, "description": "The first day that `as_of` can ask for, YYYY-MM-DD"},
        },
    )


def _map_row() -> dict[str, Any]:
    forces = {"type": "object", "additionalProperties": BESTS}
    return _object(
        "A total in the few fields that a map needs.",
        {
            **_where(),
            "admin1": {**TEXT_OR_NULL, "description": "State or province"},
            "lat": {"type": ["number", "null"], "description": "Degrees north, WGS 84"},
            "lon": {"type": ["number", "null"], "description": "Degrees east, WGS 84"},
            "best": {**BESTS, "description": f"Best figures in the order {ORDER}; null: unknown"},
            "forces": {**forces, "description": "The same by category of force"},
            "as_of": {**TEXT_OR_NULL, "description": "Date of the newest report, UTC"},
            "reports": {**COUNT, "description": "Articles that the total rests on"},
            "sources": {**COUNT, "description": "Independent publishers among them"},
        },
    )


def _event_row() -> dict[str, Any]:
    return _object(
        "A deployment event as one line of news.",
        {
            "event_id": {**TEXT, "description": "As in the DeploymentEvent"},
            "at": {**TEXT_OR_NULL, "description": "When it was produced, RFC 3339"},
            **_where(),
            "text": {**TEXT, "description": "The phrase that states the number"},
            "low": {**COUNT_OR_NULL, "description": "Least number of persons; null: open"},
            "high": {**COUNT_OR_NULL, "description": "Greatest number of persons; null: open"},
            "status": {**TEXT, "description": "What is said of the personnel"},
            "force": {**TEXT, "description": "Category of the force"},
            "historical": {"type": "boolean", "description": "Whether it is background about an earlier episode"},
            "quote": {**TEXT, "description": "The words that carry it"},
            "source": {**TEXT_OR_NULL, "description": "Domain of the publisher"},
            "title": {**TEXT_OR_NULL, "description": "Headline"},
            "url": {**TEXT_OR_NULL, "description": "Where the article stands"},
            "published_at": {**TEXT_OR_NULL, "description": "When the article was published"},
        },
    )


def _where() -> dict[str, Any]:
    return {
        "key": {**TEXT, "description": "Place key"},
        "name": {**TEXT, "description": "Name of the place; of several: joined by +"},
        "country": {**TEXT_OR_NULL, "description": "ISO 3166-1 alpha-2"},
    }
