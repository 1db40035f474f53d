"""Writes json/*.json (JSON Schema, draft 2020-12), asyncapi.yaml (AsyncAPI 3.0), and docs/api/asyncapi.md for people.

All of it comes from the models and channels:

    python -m muster.schemas.generate

Generated files are committed; a test fails when they are stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from muster.schemas.article_v1 import ArticleV1
from muster.schemas.asyncapi_page import page
from muster.schemas.channels import CHANNELS, Channel, Header
from muster.schemas.city_total_v1 import CityTotalV1, RegionTotalV1
from muster.schemas.dead_letter_v1 import DeadLetterHeadersV1
from muster.schemas.deployment_event_v1 import DeploymentEventV1

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "api" / "asyncapi.md"
DRAFT = "https://json-schema.org/draft/2020-12/schema"

MODELS: dict[str, type[BaseModel]] = {
    "article_v1.json": ArticleV1,
    "deployment_event_v1.json": DeploymentEventV1,
    "city_total_v1.json": CityTotalV1,
    "region_total_v1.json": RegionTotalV1,
    "dead_letter_v1.json": DeadLetterHeadersV1,
}

DEAD_LETTER_HEADERS = "dead_letter_v1.json"


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of what Muster writes, or of an article that Muster reads without a warning."""
    mode = "validation" if model is ArticleV1 or model is DeadLetterHeadersV1 else "serialization"
    return {"$schema": DRAFT, **model.model_json_schema(mode=mode)}  # type: ignore[arg-type]


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI document: one channel a public topic, from the side of Muster."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Muster",
            "version": "1",
            "description": (
                "News articles in; deployments of uniformed personnel, and one reconciled number a city, out."
                " Topics stand under their default names. Version 1 of a value only ever gains optional fields."
                " Delivery is at least once: records may repeat, ids and the last value of each key are exact."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_operation_name(channel): _operation(channel) for channel in CHANNELS},
        "components": {"messages": {channel.message: _message(channel) for channel in CHANNELS}},
    }


def _channel(channel: Channel) -> dict[str, Any]:
    config: dict[str, Any] = {"cleanup.policy": [channel.cleanup]}
    if channel.retention_ms is not None:
        config["retention.ms"] = channel.retention_ms
    return {
        "address": channel.topic,
        "summary": channel.summary,
        "messages": {channel.message: {"$ref": f"#/components/messages/{channel.message}"}},
        "bindings": {
            "kafka": {
                "topic": channel.topic,
                "partitions": channel.partitions,
                "topicConfiguration": config,
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation_name(channel: Channel) -> str:
    return channel.action + channel.name[0].upper() + channel.name[1:]


def _operation(channel: Channel) -> dict[str, Any]:
    return {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{channel.message}"}],
    }


def _message(channel: Channel) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": channel.message,
        "summary": " ".join(part for part in (channel.summary + ".", channel.tombstone) if part),
        "bindings": {
            "kafka": {"key": {"type": "string", "description": channel.key}, "bindingVersion": "0.5.0"},
        },
    }
    if channel.schema is None:
        message["headers"] = {"$ref": f"./json/{DEAD_LETTER_HEADERS}"}
        message["examples"] = [{"headers": example(channel)}]
        return message
    message["contentType"] = "application/json"
    message["headers"] = _headers(channel.headers)
    message["payload"] = {"$ref": f"./json/{channel.schema}"}
    shown = {header.name: header.example for header in channel.headers if header.required}
    message["examples"] = [{"headers": shown, "payload": example(channel)}]
    return message


def example(channel: Channel) -> dict[str, Any]:
    """The value, or the headers of a dead letter, that shows what a record of the channel looks like."""
    read: dict[str, Any] = json.loads((FOLDER / "examples" / "valid" / channel.example).read_text(encoding="utf-8"))
    return read


def _headers(headers: tuple[Header, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            header.name: {
                "type": "string",
                "description": header.description,
                **({"pattern": header.pattern} if header.pattern else {}),
            }
            for header in headers
        },
        "required": [header.name for header in headers if header.required],
    }


def files() -> dict[Path, str]:
    """Path -> content of every generated file."""
    generated = {FOLDER / "json" / name: _as_json(json_schema(model)) for name, model in MODELS.items()}
    generated[FOLDER / "asyncapi.yaml"] = _as_yaml(asyncapi())
    schemas = {name: json_schema(model) for name, model in MODELS.items()}
    generated[PAGE] = page(CHANNELS, schemas, {channel.example: example(channel) for channel in CHANNELS})
    return generated


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _as_yaml(document: dict[str, Any]) -> str:
    import yaml  # of the development dependencies: only this command writes YAML

    note = "# Generated by `python -m muster.schemas.generate`; edit the models and schemas/channels.py instead.\n"
    return note + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def main() -> None:
    """Write them all."""
    for path, content in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
