"""Every example payload, through the models, the generated JSON Schemas and the decoder of articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel, ValidationError

from muster import schemas
from muster.core.model import Article, Reason, Rejection
from muster.shell.article_codec import decode_article

SCHEMAS = Path(schemas.__file__).parent
EXAMPLES = SCHEMAS / "examples"
MODELS: dict[str, type[BaseModel]] = {
    "article_v1": schemas.ArticleV1,
    "deployment_event_v1": schemas.DeploymentEventV1,
    "city_total_v1": schemas.CityTotalV1,
    "region_total_v1": schemas.RegionTotalV1,
    "dead_letter_v1": schemas.DeadLetterHeadersV1,
}

BYTES_MAX = 1_000
BEYOND_A_SCHEMA = {"too_large", "key_mismatch", "nested_too_deep", "not_utf8", "not_json"}
"""What no JSON Schema can say; the retraction of nothing needs the rule of how an identity is found."""


def examples(kind: str, contract: str = "*") -> list[Path]:
    return sorted((EXAMPLES / kind).glob(f"{contract}/*.json"))


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def validator(contract: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / "json" / f"{contract}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("path", examples("valid"), ids=named)
def test_valid_examples_pass_the_model_and_the_json_schema(path: Path) -> None:
    """A valid example is accepted by the pydantic model and by the JSON Schema generated from it."""
    contract, payload = path.parent.name, json.loads(path.read_text(encoding="utf-8"))
    MODELS[contract].model_validate(payload)
    validator(contract).validate(payload)


@pytest.mark.parametrize("path", examples("valid", "article_v1"), ids=named)
def test_valid_articles_are_decoded_without_a_warning(path: Path) -> None:
    """A valid example is an article to the stream, and nothing of it goes unread."""
    decoded = decode_article(None, path.read_bytes(), bytes_max=BYTES_MAX)
    assert isinstance(decoded.value, Article)
    assert decoded.warnings == ()


@pytest.mark.parametrize("path", examples("tolerated", "article_v1"), ids=named)
def test_tolerated_articles_are_read_with_the_warning_that_names_them(path: Path) -> None:
    """An unreadable optional field costs the field and a warning, not the article; the JSON Schema refuses it."""
    decoded = decode_article(None, path.read_bytes(), bytes_max=BYTES_MAX)
    assert isinstance(decoded.value, Article)
    assert decoded.warnings == (path.name.split(".")[0].replace("-", ":"),)
    assert not validator("article_v1").is_valid(json.loads(path.read_bytes()))


@pytest.mark.parametrize("path", examples("invalid", "article_v1"), ids=named)
def test_invalid_articles_are_rejected_for_the_reason_that_names_them(path: Path) -> None:
    """An invalid example becomes a dead letter with the reason that its name begins with."""
    reason = path.name.split(".")[0]
    decoded = decode_article(b"key" if reason == "key_mismatch" else None, path.read_bytes(), bytes_max=BYTES_MAX)
    assert isinstance(decoded.value, Rejection)
    assert decoded.value.reason == reason


@pytest.mark.parametrize(
    "path", [p for p in examples("invalid", "article_v1") if p.name.split(".")[0] not in BEYOND_A_SCHEMA], ids=named
)
def test_model_and_json_schema_refuse_the_same_articles(path: Path) -> None:
    """What a JSON Schema can say of an article is refused by the model and the schema alike."""
    payload = json.loads(path.read_bytes())
    of_nothing = "retraction_of_nothing" in path.name
    assert validator("article_v1").is_valid(payload) == of_nothing
    if not of_nothing:
        with pytest.raises(ValidationError):
            schemas.ArticleV1.model_validate(payload)


@pytest.mark.parametrize("path", [p for p in examples("invalid") if p.parent.name != "article_v1"], ids=named)
def test_invalid_outputs_are_refused_by_the_model(path: Path) -> None:
    """No invalid example of what Muster writes passes its model; what needs no rule across fields, nor its schema."""
    contract, payload = path.parent.name, json.loads(path.read_bytes())
    with pytest.raises(ValidationError):
        MODELS[contract].model_validate(payload)
    assert validator(contract).is_valid(payload) == path.name.startswith("multi_with")


def test_there_is_an_invalid_article_for_every_reason_of_the_decoder() -> None:
    """Each reason that the decoder can give is shown by an example."""
    shown = {path.name.split(".")[0] for path in examples("invalid", "article_v1")}
    of_others = {"refused_by_broker", "internal_error"}
    assert shown == set(get_args(Reason)) - of_others
