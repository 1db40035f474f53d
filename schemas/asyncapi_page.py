"""docs/api/asyncapi.md: the topics and their values for people, from the same data as asyncapi.yaml. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from muster.schemas.article_forms import ALIASES
from muster.schemas.channels import DAY_MS, Channel, Header
from muster.schemas.tables import escaped, fields_table, markdown_table

HEAD = """# Topics

Generated from the contracts (`make schemas`); a test fails when it is stale. For programs:
[asyncapi.yaml](../../schemas/asyncapi.yaml) and [JSON Schemas](../../schemas/json/). There are
[more examples](../../schemas/examples/README.md), also of what is refused.

Names of topics, numbers of partitions and retention are defaults. Values are JSON in UTF-8. Version 1 of a value only
ever gains optional fields: ignore those that you do not know. Delivery is at least once: records may repeat; ids, and
the last value of each key, are exact. What the figures mean, and the names of the rules that made them, is in
[what a number means](../explanation/what-a-number-means.md).
"""
PARTS = """## Parts of values

Objects inside the values above. All of their fields are always there.
"""
ARTICLE_NOTE = "Every field is optional, but an article needs `text` or `html`, and a retraction `article_id` or `url`."


def page(channels: Iterable[Channel], schemas: Mapping[str, dict[str, Any]], examples: Mapping[str, Any]) -> str:
    """The whole page, in Markdown.

    Args:
        channels: the topics, in the order of the page.
        schemas: file name -> JSON Schema of a value or of headers.
        examples: `Channel.example` -> the JSON value of that file.
    """
    wanted = tuple(channels)
    sections = [HEAD, _contents(wanted), *(_channel(one, schemas, examples[one.example]) for one in wanted), PARTS]
    parts: dict[str, dict[str, Any]] = {}
    for schema in schemas.values():
        parts |= schema.get("$defs", {})
    sections += [_part(parts[name]) for name in sorted(parts)]
    return "\n".join(section.rstrip() + "\n" for section in sections)


def _contents(channels: tuple[Channel, ...]) -> str:
    rows = [(f"[`{one.topic}`](#{_anchor(one.topic)})", _who(one), one.summary) for one in channels]
    return markdown_table(("topic", "you", "what"), rows)


def _who(channel: Channel) -> str:
    return "write" if channel.action == "receive" else "read"


def _anchor(heading: str) -> str:
    """As renderers of Markdown make it: lower case, no dots, hyphens for blanks."""
    return heading.lower().replace(".", "").replace(" ", "-")


def _channel(channel: Channel, schemas: Mapping[str, dict[str, Any]], example: Any) -> str:
    kept = "the last record of each key" if channel.retention_ms is None else f"{channel.retention_ms // DAY_MS} days"
    facts = [
        ("key", escaped(channel.key)),
        ("value", f"[{channel.message}](#{channel.message.lower()})" if channel.schema else "the original, unchanged"),
        ("kept", kept),
        ("partitions", str(channel.partitions)),
    ]
    about = " ".join(part for part in (channel.summary + ".", channel.tombstone) if part)
    lines = [f"## {channel.topic}\n", about + "\n", markdown_table(("", ""), facts) + "\n"]
    if channel.schema is None:
        headers = schemas["dead_letter_v1.json"]
        lines += [f"### {channel.message} headers\n", headers["description"] + "\n", fields_table(headers) + "\n"]
        return "\n".join([*lines, "An example of the added headers:\n", _json(example)])
    lines.append(_headers(channel.headers) + "\n")
    schema = schemas[channel.schema]
    lines.append(f"### {channel.message}\n")
    lines += _article(schema) if channel.action == "receive" else _output(schema)
    return "\n".join([*lines, f"An example, with the key `{channel.example_key}`:\n", _json(example)])


def _article(schema: dict[str, Any]) -> list[str]:
    others = [other for names in ALIASES.values() for other in names]
    rows = [(f"`{name}`", ", ".join(f"`{other}`" for other in names)) for name, names in ALIASES.items()]
    return [
        schema["description"] + " " + ARTICLE_NOTE + "\n",
        fields_table(schema, without=others) + "\n",
        "Other names are understood as well; the first one that is not null counts:\n",
        markdown_table(("field", "or"), rows) + "\n",
    ]


def _output(schema: dict[str, Any]) -> list[str]:
    about = schema["description"] + " Fields without a default are always there.\n"
    return [about, fields_table(schema) + "\n"]


def _headers(headers: tuple[Header, ...]) -> str:
    rows = [
        (
            f"`{header.name}`",
            escaped(header.description) + ("" if header.required else "; where there is one"),
            f"`{header.example}`",
        )
        for header in headers
    ]
    return markdown_table(("header", "meaning", "for example"), rows)


def _part(schema: dict[str, Any]) -> str:
    about = [schema["description"] + "\n"] if "description" in schema else []
    return "\n".join([f"### {schema['title']}\n", *about, fields_table(schema)])


def _json(value: Any) -> str:
    return "```json\n" + json.dumps(value, ensure_ascii=False, indent=2) + "\n```\n"
