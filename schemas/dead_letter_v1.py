"""Dead letters: the headers that articles.dlq adds to a record whose key, value and own headers it keeps unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

ERRORS_PREFIX = "__connect.errors."

Reason = Literal[
    "not_utf8",
    "not_json",
    "not_an_object",
    "nested_too_deep",
    "missing_text",
    "wrong_type",
    "too_large",
    "bad_article_id",
    "key_mismatch",
    "unknown_schema_version",
    "refused_by_broker",
    "internal_error",
]

Count = Annotated[int, Field(ge=0), WithJsonSchema({"type": "string", "pattern": "^[0-9]+$"})]
"""A number as the text of a header."""


class DeadLetterHeadersV1(BaseModel):
    """Why a record is a dead letter and where it came from: Kafka Connect's header names, and Muster's reason.

    Every header's value is text in UTF-8. A record that became one more than once has them more than once: the last
    counts.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, title="DeadLetterHeaders", validate_by_name=True)

    topic: str = Field(alias=ERRORS_PREFIX + "topic", description="Topic that the record was read from")
    partition: Count = Field(alias=ERRORS_PREFIX + "partition", description="Its partition there")
    offset: Count = Field(alias=ERRORS_PREFIX + "offset", description="Its offset there")
    connector_name: str = Field(alias=ERRORS_PREFIX + "connector.name", description="muster")
    stage: Literal["extract", "route", "fold"] = Field(
        alias=ERRORS_PREFIX + "stage", description="The role that gave the record up"
    )
    class_name: str = Field(alias=ERRORS_PREFIX + "class.name", description="The module of that role")
    exception_class_name: str = Field(
        alias=ERRORS_PREFIX + "exception.class.name", description="Rejection, or the class of an unexpected exception"
    )
    exception_message: str = Field(
        alias=ERRORS_PREFIX + "exception.message",
        description="What was wrong, for people, at most 500 characters; never the article's own words",
    )
    reason: Reason = Field(alias="muster.reason", description="The closed list of reasons")

    @classmethod
    def of(cls, headers: Iterable[tuple[str, bytes | None]]) -> DeadLetterHeadersV1:
        """The headers of a record as a client gives them.

        Raises pydantic.ValidationError of a record that is no dead letter of Muster's.
        """
        ours = {field.alias for field in cls.model_fields.values()}
        return cls.model_validate(
            {name: value.decode("utf-8", "replace") for name, value in headers if name in ours and value is not None}
        )
