"""Article v1: what a scraper puts on articles.raw."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from muster.schemas.article_forms import (
    ALIASES,
    ARTICLE_ID_CHARS_MAX,
    ARTICLE_ID_PATTERN,
    DATE_PATTERN,
    HTTP_URL_PATTERN,
    REQUIRED,
    VERSION_MAX,
    moment,
)


def _no_truth_value(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("true and false are no numbers")  # noqa: TRY004 - pydantic collects ValueErrors
    return given


Moment = Annotated[datetime, PlainValidator(moment), WithJsonSchema({"type": "string", "pattern": DATE_PATTERN})]
HttpUrl = Annotated[str, StringConstraints(strip_whitespace=True, pattern=HTTP_URL_PATTERN)]
ArticleId = Annotated[str, StringConstraints(max_length=ARTICLE_ID_CHARS_MAX, pattern=ARTICLE_ID_PATTERN)]


def _with_aliases(schema: dict[str, Any]) -> None:
    """Let the JSON Schema tell of the other names, and that one name of the text is needed."""
    properties = schema["properties"]
    for name, aliases in ALIASES.items():
        for alias in aliases:
            properties[alias] = {
                **{k: v for k, v in properties[name].items() if k in ("anyOf", "type", "default")},
                "description": f"Other name of {name}; counts where {name} is absent or null.",
                "title": properties[name]["title"],
            }
    names = ("text", *ALIASES["text"], "html")
    schema["anyOf"] = [
        *({"properties": {n: {"type": "string"}}, "required": [n]} for n in names),
        {"properties": {"retracted": {"const": True}}, "required": ["retracted"]},
    ]


class ArticleV1(BaseModel):
    """One version of a news article, keyed by its article_id. Unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, title="Article", json_schema_extra=_with_aliases)

    schema_version: Annotated[int, Field(strict=True, ge=1, le=1)] | None = Field(
        1, description="Version of this contract; absent: 1"
    )
    article_id: ArticleId | None = Field(
        None,
        description=(
            "Identity of the article over all its versions and the record's key; at most 512 characters, none of them"
            " a control character. Absent: hex SHA-256 of the canonical URL, else of the text"
        ),
    )
    text: str | None = Field(None, description="The article's text; evidence offsets are code points of it")
    html: str | None = Field(None, description="The article as HTML; read where text is absent, null or blank")
    title: str | None = Field(None, description="Headline; cut after 2,000 characters")
    url: HttpUrl | None = Field(
        None, description="Absolute http(s) URL of the article; dropped beyond 2,000 characters"
    )
    source: str | None = Field(None, description="Domain of the publisher; absent: the host of the URL")
    lang: str | None = Field(None, description="Language of the text, BCP 47")
    published_at: Moment | None = Field(
        None, description="When it was published: RFC 3339, a calendar date, or without an offset: UTC; 1971 to 2100"
    )
    fetched_at: Moment | None = Field(None, description="When the scraper fetched this version; same forms")
    version: Annotated[int, Field(ge=0, le=VERSION_MAX), BeforeValidator(_no_truth_value)] | None = Field(
        0, description="Number of this version, from 0; the greatest one stands"
    )
    retracted: bool | None = Field(False, description="True withdraws this version and all before it")

    @model_validator(mode="before")
    @classmethod
    def _resolve_aliases(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        resolved = given
        for name, aliases in ALIASES.items():
            if given.get(name) is None:
                for alias in aliases:
                    if given.get(alias) is not None:
                        resolved = {**resolved, name: given[alias]}
                        break
        return resolved

    @model_validator(mode="after")
    def _has_text(self) -> ArticleV1:
        if self.text is None and self.html is None and not self.retracted:
            raise PydanticCustomError("missing_text", "text or html is required, unless the article is retracted")
        return self


def read_article(fields: dict[str, Any]) -> tuple[ArticleV1, tuple[str, ...]]:
    """An article from the members of its JSON object, and a warning `<field>:unreadable` for each one set to null.

    Raises pydantic.ValidationError, of fields in REQUIRED or of type `missing_text`.
    """
    warnings: set[str] = set()
    remaining = fields
    while True:
        try:
            return ArticleV1.model_validate(remaining), tuple(sorted(warnings))
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False, include_context=False)
            unreadable = {str(e["loc"][0]) for e in errors if e["loc"]}
            if not unreadable or unreadable & REQUIRED:
                raise
            # The name that was read may be an alias: take away what stood in for the field, then look again.
            remaining = {k: v for k, v in remaining.items() if k not in {_name_read(remaining, f) for f in unreadable}}
            warnings.update(f"{field}:unreadable" for field in unreadable)


def _name_read(fields: dict[str, Any], field: str) -> str:
    names = (field, *ALIASES.get(field, ()))
    return next((name for name in names if fields.get(name) is not None), field)
