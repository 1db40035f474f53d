"""The OpenAPI 3.1 document of the read API, made from the same data as its routes and parameters."""

from __future__ import annotations

from typing import Any

from muster import __version__
from muster.shell.api.answers import REFERENCE, schemas
from muster.shell.api.problem import CONTENT_TYPE
from muster.shell.api.query import OF_ONE, PARAMETERS, Parameter


def document() -> dict[str, Any]:
    """The whole document; a test holds it to the routes."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Muster read API",
            "version": __version__,
            "description": "City and region totals as the compacted topics have them. Any worker answers for any.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/v1/cities": {"get": _list("listCities", "Totals of cities, in the order of their keys")},
            "/api/v1/cities/{geonames_id}": {
                "get": _one(
                    "getCity",
                    "One city with evidence, operations and timeline; with `as_of` without evidence",
                    "geonames_id",
                    "Its GeoNames id",
                    "CityTotalV1",
                )
            },
            "/api/v1/regions": {"get": _list("listRegions", "Totals of regions, countries and several cities")},
            "/api/v1/regions/{key}": {
                "get": _one(
                    "getRegion",
                    "One of them with evidence, operations and timeline; with `as_of` without evidence",
                    "key",
                    "Its place key",
                    "RegionTotalV1",
                )
            },
            "/api/v1/map": {"get": _map()},
            "/api/v1/events": {
                "get": _plain("listNewestEvents", "The newest deployment events, the last one last", _ref("Events"))
            },
            "/api/v1/stream": {"get": _stream()},
            "/api/v1/rules": {"get": _plain("getRules", "What each rule in `decided_by` says", _ref("Rules"))},
            "/api/v1/openapi.json": {"get": _plain("getOpenapi", "This document", {"type": "object"})},
        },
        "components": {"schemas": schemas()},
    }


def _list(operation: str, summary: str) -> dict[str, Any]:
    content = {
        "application/json": {"schema": _ref("Page")},
        "application/geo+json": {"schema": _ref("Features")},
        "text/csv": {"schema": {"type": "string"}},
    }
    parameters = [_in_query(parameter) for parameter in PARAMETERS]
    ok = {"description": "A page", "content": content}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": ok, "304": {"description": "Unchanged"}, "400": _problem(), "503": _problem()},
    }


def _plain(operation: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    responses = {"200": _json("The answer", schema), "304": {"description": "Unchanged"}}
    return {"operationId": operation, "summary": summary, "responses": responses}


def _map() -> dict[str, Any]:
    summary = "Every total in the few fields that a map needs, and the first day that as_of can ask for"
    plain = _plain("getMap", summary, _ref("Map"))
    plain["parameters"] = [_in_query(one) for one in OF_ONE]
    plain["responses"] |= {"400": _problem(), "503": _problem()}
    return plain


def _stream() -> dict[str, Any]:
    return {
        "operationId": "getStream",
        "summary": "What changes, as server-sent events",
        "description": (
            "`totals`: rows as /map has them, and the keys that are gone. `events`: rows as /events has them. `pulse`:"
            " how far the stream is behind, every two seconds; silence means that the line is dead. `reset`: load"
            " /map and /events again; it comes first unless Last-Event-ID names a message that is still known."
        ),
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "description": "Id of the last message that the client has seen, when it comes back",
                "schema": {"type": "string"},
            },
        ],
        "responses": {
            "200": {
                "description": "A stream without an end",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "503": _problem(),
        },
    }


def _one(operation: str, summary: str, name: str, meaning: str, total: str) -> dict[str, Any]:
    parameter = {"name": name, "in": "path", "required": True, "description": meaning, "schema": {"type": "string"}}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [parameter, *(_in_query(one) for one in OF_ONE)],
        "responses": {
            "200": _json("The total", {"anyOf": [_ref(total), _ref("Summary")]}),
            "304": {"description": "Unchanged"},
            "400": _problem(),
            "404": _problem(),
            "503": _problem(),
        },
    }


def _in_query(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.meaning,
        "schema": dict(parameter.schema),
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": REFERENCE.format(model=name)}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem() -> dict[str, Any]:
    content = {CONTENT_TYPE: {"schema": _ref("Problem")}}
    return {"description": "An error (RFC 9457)", "content": content}
