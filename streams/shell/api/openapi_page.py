"""docs/api/openapi.md: the read API for people, from the document that programs get, with answers that it gives.

python -m muster.shell.api.openapi_page > docs/api/openapi.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from muster.schemas.channels import CHANNELS
from muster.schemas.generate import example
from muster.schemas.tables import fields_table, markdown_table, type_of
from muster.shell.api import problem
from muster.shell.api.live import RESET, encode
from muster.shell.api.openapi import document
from muster.shell.api.query import Page
from muster.shell.api.render import render
from muster.shell.api.rows import event_row, first_day, map_row

HEAD = """# The read API

Generated from the code (`make reference`); a test fails when it is stale. For programs: `/api/v1/openapi.json` of any
worker, OpenAPI 3.1.

Every worker answers on its web port (`MUSTER_WEB_PORT`, 9464 and the next ones), for any place, from the compacted
topics. Where `MUSTER_WEB_TOKEN` is set, requests carry `Authorization: Bearer TOKEN`. Answers carry an `ETag`: send it
as `If-None-Match`, and an unchanged answer is a 304 without a body. An error is a [Problem](#problem), also where this
page does not say so.
"""
AT_MS = 1_738_694_531_530
"""When the event of the example was produced."""


def page() -> str:
    """The whole page, in Markdown."""
    whole = document()
    shown = examples()
    paths = whole["paths"].items()
    contents = markdown_table(
        ("request", "answer"),
        [(f"[`GET {path}`](#{_anchor(path)})", item["get"]["summary"]) for path, item in paths],
    )
    parts = ["## What answers hold\n", *(_part(n, s) for n, s in whole["components"]["schemas"].items() if _is_own(n))]
    totals = (
        "The parts of a total ([Place](asyncapi.md#place), [Estimate](asyncapi.md#estimate) and so on) are those of"
    )
    sections = [HEAD, contents, *(_path(path, item["get"], shown.get(path)) for path, item in paths), *parts]
    return "\n".join(section.rstrip() + "\n" for section in [*sections, totals + " the [topics](asyncapi.md)."])


def examples() -> dict[str, Any]:
    """Path -> what it answers where the example total and event of the contracts are all that there is."""
    values = {channel.name: example(channel) for channel in CHANNELS}
    city, region, event = values["cityTotals"], values["regionTotals"], values["deploymentEvents"]
    return {
        "/api/v1/cities": json.loads(render(Page((city,), None), "json")),
        "/api/v1/regions": json.loads(render(Page((region,), None), "json")),
        "/api/v1/map": {"rows": [map_row(city)], "first_day": first_day([city])},
        "/api/v1/events": {"events": [event_row(event, AT_MS)]},
        "problem": problem.body(404, "no report names this place, or all were withdrawn"),
    }


def stream_example() -> str:
    """What a listener of the stream gets: at first, when a total changed and another is gone, and in between."""
    row = examples()["/api/v1/map"]["rows"][0]
    messages = (
        encode(RESET, {}, "5f2a9c01-7"),
        encode("pulse", {"at": "2025-02-05T18:42:12Z", "behind_seconds": 0.4, "lag_records": 12}),
        encode("totals", {"rows": [row], "gone": ["city:3981254"]}, "5f2a9c01-8"),
    )
    return b"".join(messages).decode().rstrip()


def _anchor(path: str) -> str:
    """Of the heading `GET path`, as renderers of Markdown make it."""
    return "get-" + "".join(c for c in path if c.isalnum() or c in "_-").lower()


def _path(path: str, operation: Mapping[str, Any], shown: Any) -> str:
    lines = [f"## GET {path}\n", operation["summary"] + ".\n"]
    if "description" in operation:
        lines.append(operation["description"] + "\n")
    if "parameters" in operation:
        lines.append(
            markdown_table(("parameter", "in", "holds", "meaning"), map(_parameter, operation["parameters"])) + "\n"
        )
    lines.append(markdown_table(("status", "answer"), map(_response, operation["responses"].items())) + "\n")
    if shown is not None:
        lines += ["For example:\n", _json(shown)]
    if path.endswith("/stream"):
        lines += ["For example:\n", "```text\n" + stream_example() + "\n```\n"]
    return "\n".join(lines)


def _parameter(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    holds = type_of(parameter["schema"])
    return f"`{parameter['name']}`", parameter["in"], holds, parameter.get("description", "")


def _response(response: tuple[str, Mapping[str, Any]]) -> tuple[str, str]:
    status, what = response
    kinds = [_kind(name, content["schema"]) for name, content in what.get("content", {}).items()]
    return status, " or ".join(kinds) or what["description"]


def _kind(media_type: str, schema: dict[str, Any]) -> str:
    known = {"text/csv": "a table (CSV)", "text/event-stream": "server-sent events"}
    return known.get(media_type) or _linked(type_of(schema))


def _linked(text: str) -> str:
    """Totals are explained with the topics."""
    for total in ("citytotal", "regiontotal"):
        text = text.replace(f"(#{total})", f"(asyncapi.md#{total})")
    return text


def _is_own(name: str) -> bool:
    return not name.endswith("V1")


def _part(name: str, schema: dict[str, Any]) -> str:
    lines = [f"### {name}\n", schema["description"] + "\n"]
    if "properties" in schema:
        lines.append(_of_topics(fields_table(schema)))
    if name == "Problem":
        lines += ["\nFor example:\n", _json(examples()["problem"])]
    return "\n".join(lines)


def _of_topics(table: str) -> str:
    for part in ("place", "estimate"):
        table = table.replace(f"(#{part})", f"(asyncapi.md#{part})")
    return table


def _json(value: Any) -> str:
    return "```json\n" + json.dumps(value, ensure_ascii=False, indent=2) + "\n```\n"


if __name__ == "__main__":
    sys.stdout.write(page())
