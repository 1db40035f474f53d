"""DeploymentEvent v1: one number that one article states for one place, on deployments.events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Scope = Literal["city", "region", "country", "multi"]
Status = Literal["planned", "deployed", "withdrawing", "withdrawn", "cancelled"]
Qualifier = Literal["exact", "at_least", "at_most", "approx", "range", "vague"]
Measure = Literal["level", "increment"]
Role = Literal["single", "total", "part"]
ForceCategory = Literal[
    "army",
    "national_guard",
    "marines",
    "navy",
    "air_force",
    "police",
    "federal_agents",
    "paramilitary",
    "peacekeepers",
    "mixed",
    "unspecified",
]

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
People = Annotated[int, Field(ge=0, description="Persons")]
CodePoints = Annotated[int, Field(ge=0, description="Unicode code points from the start of the article's text")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Contract(BaseModel):
    """What Muster writes. Version 1 only ever gains optional fields: a reader ignores those that it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class PlaceV1(Contract):
    """A named place of GeoNames, or a region that has a name and no entry there."""

    model_config = ConfigDict(title="Place")

    key: str = Field(
        pattern=r"^(city:[0-9]+|region:[A-Z]{2}[-:].+|country:[A-Z]{2})$",
        description="city:<GeoNames id>, region:<ISO 3166-2>, region:<country>:<slug of a name> or country:<code>",
    )
    name: str = Field(description="English or local official name")
    geonames_id: int | None = Field(ge=1, description="Id in GeoNames; null for a region that it has not")
    admin1: str | None = Field(description="State or province that the place is in")
    country: CountryCode | None = Field(description="Country that the place is in, ISO 3166-1 alpha-2")
    lat: float | None = Field(ge=-90, le=90, description="Degrees north, WGS 84")
    lon: float | None = Field(ge=-180, le=180, description="Degrees east, WGS 84")


class PersonnelV1(Contract):
    """A number of persons as the article states it."""

    model_config = ConfigDict(title="Personnel")

    low: People | None = Field(description="Least number of persons; null: open")
    high: People | None = Field(description="Greatest number of persons; null: open")
    qualifier: Qualifier = Field(description="How the number is meant; vague (`hundreds of`) has no bounds")
    measure: Measure = Field(
        description="level: so many in all; increment: so many more than there are or were promised"
    )
    text: str = Field(description="The phrase that states the number")


class ForceV1(Contract):
    """Whose people they are."""

    model_config = ConfigDict(title="Force")

    category: ForceCategory = Field(description="What the text says of this number; mixed: of several categories")
    name: str | None = Field(description="The force as the text names it")
    origin: CountryCode | None = Field(
        description="Country whose force it is, where the text tells; ISO 3166-1 alpha-2"
    )


class DateSpanV1(Contract):
    model_config = ConfigDict(title="DateSpan")

    start: date = Field(description="First day, UTC")
    end: date = Field(description="Last day, inclusive, UTC")


class EvidenceV1(Contract):
    """The words that carry the number: text[start:end] == quote."""

    model_config = ConfigDict(title="Evidence")

    quote: str = Field(min_length=1, description="Exact substring of the article's text")
    start: CodePoints = Field(description="Where the quote starts, in Unicode code points of the text")
    end: CodePoints = Field(description="Where it ends, exclusive, in Unicode code points of the text")


class DeploymentEventV1(Contract):
    """A stated number of uniformed personnel at one place. Keyed by the place; dedupe on event_id."""

    model_config = ConfigDict(title="DeploymentEvent")

    schema_version: Literal[1] = Field(1, description="Version of this contract")
    event_id: Sha256 = Field(description="Hex SHA-256 of what makes the event; the same fact has the same id anywhere")
    article_id: str = Field(description="Identity of the article over all its versions")
    article_version: int = Field(ge=0, description="Number of the article's version")
    url: str | None = Field(description="Where the article stands")
    source: str | None = Field(description="Domain of the publisher")
    title: str | None = Field(description="Headline")
    lang: str | None = Field(description="Language as the scraper gives it, BCP 47")
    published_at: datetime | None = Field(description="When the article was published, UTC")
    extractor_version: str = Field(description="Version of the extraction rules")
    scope: Scope = Field(description="multi: one number for several named cities together, not split")
    place: PlaceV1 | None = Field(description="The place; null for multi")
    places: list[PlaceV1] | None = Field(description="For multi: the cities that share the number; else null")
    personnel: PersonnelV1
    status: Status = Field(description="What is said of the personnel; withdrawing: ordered out, not yet begun")
    force: ForceV1
    role: Role = Field(description="part: the same article states a total that includes it")
    historical: bool = Field(description="True for background about an earlier episode")
    event_date: DateSpanV1 | None = Field(description="When it happens, where the text dates it")
    evidence: EvidenceV1
    confidence: float = Field(ge=0, le=1, description="From 0 to 1, how sure the rules are of their reading")

    @model_validator(mode="after")
    def _place_by_scope(self) -> DeploymentEventV1:
        if (self.place is None) != (self.scope == "multi") or (self.places is None) == (self.scope == "multi"):
            raise ValueError("multi has places, every other scope has a place")
        return self
