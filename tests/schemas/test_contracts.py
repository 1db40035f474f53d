"""The models, the core's nouns and the generated documents speak of the same things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

from muster.core import limits, model
from muster.schemas import article_forms, city_total_v1, dead_letter_v1, deployment_event_v1
from muster.schemas.channels import CHANNELS
from muster.schemas.generate import FOLDER, MODELS, json_schema


@pytest.mark.parametrize("name", ["Scope", "Status", "Qualifier", "Measure", "Role", "ForceCategory"])
def test_words_of_the_contract_are_the_words_of_the_core(name: str) -> None:
    """A closed list has the same members, in the same order, in the core and in the public contract."""
    assert get_args(getattr(deployment_event_v1, name)) == get_args(getattr(model, name))


def test_reasons_and_limits_are_those_of_the_core() -> None:
    """Dead letter reasons and the bounds that a contract states are the ones that the core keeps."""
    assert get_args(dead_letter_v1.Reason) == get_args(model.Reason)
    assert city_total_v1.EVIDENCE_MAX == limits.EVIDENCE_PER_TOTAL_MAX
    assert city_total_v1.TIMELINE_MAX == limits.TIMELINE_POINTS_MAX
    assert city_total_v1.OPERATIONS_MAX == limits.OPERATIONS_PER_TOTAL_MAX
    assert article_forms.ARTICLE_ID_CHARS_MAX == limits.ARTICLE_ID_CHARS_MAX
    assert article_forms.VERSION_MAX < model.FOR_GOOD


@pytest.mark.parametrize("name", MODELS)
def test_generated_json_schema_is_one(name: str) -> None:
    """Each document is valid by its own draft, and says what every property means."""
    schema = json_schema(MODELS[name])
    Draft202012Validator.check_schema(schema)
    parts = [schema, *schema.get("$defs", {}).values()]
    undescribed = [
        f"{part['title']}.{field}"
        for part in parts
        for field, definition in part["properties"].items()
        if "description" not in definition and "$ref" not in definition
    ]
    assert undescribed == []


@pytest.fixture(scope="module")
def asyncapi() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text(encoding="utf-8"))
    return document


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for member in node.values():
            yield from references(member)
    elif isinstance(node, list):
        for member in node:
            yield from references(member)


def test_every_reference_of_the_asyncapi_document_resolves(asyncapi: dict[str, Any]) -> None:
    """A reference leads to a part of the document or to a generated JSON Schema."""
    found = list(references(asyncapi))
    assert found
    for reference in found:
        file, _, pointer = reference.partition("#")
        target: Any = json.loads((FOLDER / file).read_text(encoding="utf-8")) if file else asyncapi
        for step in Path(pointer).parts[1:]:
            target = target[step]
        assert isinstance(target, dict)


def test_asyncapi_document_has_the_shape_of_version_3(asyncapi: dict[str, Any]) -> None:
    """Channels have an address and messages, operations an action on one of them, Kafka bindings the topic's name."""
    assert asyncapi["asyncapi"] == "3.0.0"
    assert set(asyncapi) == {"asyncapi", "info", "defaultContentType", "channels", "operations", "components"}
    for channel in asyncapi["channels"].values():
        assert set(channel) == {"address", "summary", "messages", "bindings"}
        assert channel["bindings"]["kafka"]["topic"] == channel["address"]
    for operation in asyncapi["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"]["$ref"].startswith("#/channels/")
        assert all(m["$ref"].startswith(operation["channel"]["$ref"] + "/messages/") for m in operation["messages"])
    for message in asyncapi["components"]["messages"].values():
        assert set(message) <= {"name", "summary", "contentType", "headers", "payload", "bindings", "examples"}
        assert message["bindings"]["kafka"]["key"]["type"] == "string"


def test_every_channel_is_in_the_document_under_its_topic(asyncapi: dict[str, Any]) -> None:
    """The document has the channels of the catalogue, no more and no fewer."""
    assert {name: channel["address"] for name, channel in asyncapi["channels"].items()} == {
        channel.name: channel.topic for channel in CHANNELS
    }
