"""Article v1: what a scraper puts on articles.raw."""

from __future__ import annotations

from datetime import UTC, datetime
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

ARTICLE_ID_CHARS_MAX = 512

VERSION_MAX = 2**63 - 2
"""One less than the version for good, which a null value stands for."""

YEAR_MIN, YEAR_MAX = 1971, 2100
"""0001, 1601, 1900, 1904 and 1970 are the zero dates of computers, not dates of news."""

DATE_PATTERN = (
    r"^(197[1-9]|19[89][0-9]|20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$"
)
"""The same for a JSON Schema. `format` is an annotation there, which few validators check."""

ALIASES: dict[str, tuple[str, ...]] = {
    "article_id": ("id",),
    "text": ("maintext",),
    "published_at": ("date_publish", "published", "date"),
    "source": ("source_domain",),
    "lang": ("language",),
}
"""Field -> other names that scrapers write it under. The first of them that is not null is read."""

REQUIRED = frozenset({"schema_version", "article_id", "text", "html"})
"""Fields that are read right or not at all; an unreadable other one counts as null."""


def _moment(given: object) -> datetime:
    """A date in UTC. Numbers are refused: whether they count seconds or milliseconds, and from when, is a guess."""
    if isinstance(given, datetime):
        moment = given
    elif isinstance(given, str):
        moment = datetime.fromisoformat(given.strip().upper())
    else:
        raise ValueError("a date is a string in RFC 3339, a calendar date or a local time without offset")  # noqa: TRY004
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise ValueError(f"the year must be {YEAR_MIN} to {YEAR_MAX}")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _no_truth_value(given: object) -> object:
    if isinstance(given, bool):
        raise ValueError("true and false are no numbers")  # noqa: TRY004 - pydantic collects ValueErrors
    return given


Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": DATE_PATTERN}),
]

HttpUrl = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, pattern=r"^[hH][tT][tT][pP][sS]?://[^\x00-\x20\x7f/?#\[\]]+[^\x00-\x20\x7f]*$"
    ),
]

ArticleId = Annotated[str, StringConstraints(max_length=ARTICLE_ID_CHARS_MAX, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


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
