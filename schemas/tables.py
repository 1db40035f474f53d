"""JSON Schema as Markdown tables: what a field is called, what it holds, what it means. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

FORMATS = {"date": "date (`YYYY-MM-DD`)", "date-time": "time (RFC 3339)"}
NAMES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
    "object": "object",
}


def markdown_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; cells may hold Markdown, and bars in them are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)])


def fields_table(schema: dict[str, Any], *, without: Collection[str] = ()) -> str:
    """The properties of an object, `without` those names. What a part means stands at the part."""
    parts = schema.get("$defs", {})
    rows = [
        (f"`{name}`", type_of(field), meaning_of(field) or escaped(_part_of(field, parts).get("description", "")))
        for name, field in schema["properties"].items()
        if name not in without
    ]
    return markdown_table(("field", "holds", "meaning"), rows)


def _part_of(field: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = parts.get(field.get("$ref", "").rsplit("/", 1)[-1], {})
    return part


def escaped(text: str) -> str:
    """Angle brackets would be read as HTML."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def meaning_of(field: dict[str, Any]) -> str:
    """Its description, and its default where it has one that says something."""
    text = escaped(field.get("description", ""))
    default = field.get("default")
    return text if default is None or default == [] or "const" in field else f"{text}. Default: `{_literal(default)}`"


def type_of(field: dict[str, Any]) -> str:
    """What a field holds, in words; parts are links to the heading of their title."""
    if "$ref" in field:
        title = field["$ref"].rsplit("/", 1)[-1].removesuffix("V1")
        return f"[{title}](#{title.lower()})"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(type_of(one) for one in field["anyOf"]))
    if isinstance(field.get("type"), list):
        return " or ".join(type_of({**field, "type": one}) for one in field["type"])
    if "const" in field or "enum" in field:
        return ", ".join(f"`{_literal(value)}`" for value in field.get("enum", [field.get("const")]))
    return (
        _of_many(field)
        or FORMATS.get(field.get("format", ""))
        or NAMES.get(field.get("type", ""), "any") + _bounds(field)
    )


def _of_many(field: dict[str, Any]) -> str:
    if field.get("type") == "array":
        return "list of " + type_of(field["items"])
    if "additionalProperties" in field:
        keys = f", by {type_of(field['propertyNames'])}" if "propertyNames" in field else ""
        return f"object of {type_of(field['additionalProperties'])}{keys}"
    return ""


def _bounds(field: dict[str, Any]) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    if low is None or field["type"] not in ("integer", "number"):
        return ""
    return f" from {low:,}" if high is None or high > 10**12 else f" from {low:,} to {high:,}"


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
