"""The pages about topics and the HTTP API say all that their documents say, with examples that keep the contracts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from muster.schemas.channels import CHANNELS
from muster.schemas.generate import MODELS, PAGE, asyncapi, json_schema
from muster.shell.api import openapi_page
from muster.shell.api.openapi import document

MESSAGES: dict[str, dict[str, Any]] = asyncapi()["components"]["messages"]
TOPICS_PAGE = PAGE.read_text(encoding="utf-8")


def errors(schema: dict[str, Any], value: object) -> list[str]:
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(value)]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.topic)
def test_the_example_of_a_topic_keeps_its_contract(channel) -> None:
    """Headers and value of every example message are valid by the schemas of that very message."""
    message = MESSAGES[channel.message]
    (example,) = message["examples"]
    if channel.schema is None:
        assert errors(json_schema(MODELS["dead_letter_v1.json"]), example["headers"]) == []
        return
    assert errors(message["headers"], example["headers"]) == []
    assert errors(json_schema(MODELS[channel.schema]), example["payload"]) == []
    assert all(errors(message["headers"]["properties"][h.name], h.example) == [] for h in channel.headers)


def test_the_page_of_the_topics_names_every_topic_header_and_field() -> None:
    """Nothing of the contracts is left out, whatever they gain."""
    named = set(re.findall(r"`([^`\n]+)`", TOPICS_PAGE))
    schemas = [json_schema(model) for model in MODELS.values()]
    objects = [part for schema in schemas for part in (schema, *schema.get("$defs", {}).values())]
    fields = {name for part in objects for name in part["properties"]}
    headers = {header.name for channel in CHANNELS for header in channel.headers}
    assert fields | headers | {channel.topic for channel in CHANNELS} <= named


def test_the_page_of_the_read_api_is_current() -> None:
    """Stale after a change of a route, a parameter or an answer: run `make reference`."""
    assert PAGE.with_name("openapi.md").read_text(encoding="utf-8") == openapi_page.page()


def test_the_examples_of_the_read_api_keep_its_document() -> None:
    """What the page shows as an answer is valid by the schema of that answer."""
    whole, shown = document(), openapi_page.examples()
    for path, answer in shown.items():
        schema = {"$ref": "#/components/schemas/Problem"}
        if path in whole["paths"]:
            schema = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert errors({**schema, "components": whole["components"]}, answer) == []
    assert len(shown) > 4
