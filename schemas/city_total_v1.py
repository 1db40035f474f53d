"""CityTotal v1 and RegionTotal v1: the reconciled number of a place, on deployments.city-totals and .region-totals."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from muster.schemas.deployment_event_v1 import CodePoints, Contract, ForceCategory, People, PlaceV1, Sha256, Status

EVIDENCE_MAX = 20
TIMELINE_MAX = 366
OPERATIONS_MAX = 50


class EstimateV1(Contract):
    """A reconciled number of persons."""

    model_config = ConfigDict(title="Estimate")

    low: People | None = Field(description="Least number of persons that a report in the vote allows; null: open")
    best: People = Field(description="The defensible number of persons")
    high: People | None = Field(description="Greatest number of persons that a report in the vote allows; null: open")


class FiguresV1(Contract):
    """One estimate a status. null means unknown, not 0; planned and deployed are never added together."""

    model_config = ConfigDict(title="Figures")

    planned: EstimateV1 | None = Field(description="Persons announced to come or to be there in all")
    deployed: EstimateV1 | None = Field(description="Persons who are there")
    withdrawn: EstimateV1 | None = Field(description="Persons pulled out so far")


class DecisionV1(Contract):
    model_config = ConfigDict(title="Decision")

    status: Literal["planned", "deployed", "withdrawn"] = Field(description="The figure that was decided")
    rule: str = Field(description="Name of the rule that decided it, as in the documentation")
    article_id: str = Field(description="The article whose figure it is")


class QuoteV1(Contract):
    """One line of evidence: who wrote what, where it stands, and the number that it states."""

    model_config = ConfigDict(title="Quote")

    event_id: Sha256 = Field(description="The event that the quote is of")
    article_id: str = Field(description="The article that the quote is of")
    quote: str = Field(min_length=1, description="Exact substring of the article's text")
    start: CodePoints = Field(description="Where the quote starts, in Unicode code points of the text")
    end: CodePoints = Field(description="Where it ends, exclusive, in Unicode code points of the text")
    url: str | None = Field(description="Where the article stands")
    source: str | None = Field(description="Domain of the publisher")
    title: str | None = Field(description="Headline")
    date: dt.date | None = Field(description="The day that the report counts from, UTC")
    status: Status = Field(description="What the article says of the personnel")
    low: People | None = Field(description="Least number of persons that it states; null: open")
    high: People | None = Field(description="Greatest number of persons that it states; null: open")
    words: str | None = Field(default=None, description="The words of the quote that state the number")


class PointV1(FiguresV1):
    """What stood on a day that brought a report."""

    model_config = ConfigDict(title="Point")

    date: dt.date | None = Field(description="The day, UTC; null: what reports without any date say")
    as_of: dt.date | None = Field(description="Date of the newest report of the operation that stood then, UTC")
    reports: int = Field(ge=0, description="Articles that the figures rest on")
    sources: int = Field(ge=0, description="Independent publishers among them")


class OperationV1(FiguresV1):
    """One deployment of several that a place has seen, at least 45 days apart."""

    model_config = ConfigDict(title="Operation")

    start: dt.date | None = Field(description="Date of its oldest report, UTC; null: no report has a date")
    end: dt.date | None = Field(description="Date of its newest report, UTC; null: no report has a date")
    reports: int = Field(ge=0, description="Articles that the figures rest on")
    sources: int = Field(ge=0, description="Independent publishers among them")
    background: bool = Field(description="Whether articles only look back at it")


class _OfCity(Contract):
    schema_version: Literal[1] = Field(1, description="Version of this contract")
    place: PlaceV1


class _OfRegion(Contract):
    schema_version: Literal[1] = Field(1, description="Version of this contract")
    scope: Literal["region", "country", "multi"] = Field(description="What kind of place it is")
    place: PlaceV1 | None = Field(description="The region or country; null for multi")
    places: list[PlaceV1] | None = Field(description="For multi: the cities that share the number; else null")


class _TotalV1(FiguresV1):
    by_force: dict[ForceCategory, FiguresV1] = Field(description="The same figures by force; they need not add up")
    as_of: dt.date | None = Field(description="Date of the newest report, UTC")
    first_reported_at: dt.datetime | None = Field(description="Date of the oldest report of this operation, UTC")
    reports: int = Field(ge=0, description="Articles that the total rests on")
    sources: int = Field(ge=0, description="Independent publishers among them")
    decided_by: list[DecisionV1] = Field(description="Which rule and which article made each figure")
    evidence: list[QuoteV1] = Field(
        max_length=EVIDENCE_MAX, description="Quotes that carry the figures, best supported first; at most 20"
    )
    evidence_count: int = Field(ge=0, description="Number of such quotes, those left out included")
    timeline: list[PointV1] = Field(
        default=[],
        max_length=TIMELINE_MAX,
        description="The figures after each day that brought a report, from old to new; at most the newest 366 days. "
        "A day's figures are those of the reports that stand now and are dated until then",
    )
    timeline_count: int = Field(default=0, ge=0, description="Number of such days, those left out included")
    operations: list[OperationV1] = Field(
        default=[],
        max_length=OPERATIONS_MAX,
        description="The operations of the place from old to new, the one that stands included; at most the newest 50",
    )
    operations_count: int = Field(default=0, ge=0, description="Number of operations, those left out included")


class CityTotalV1(_TotalV1, _OfCity):
    """What stands for one city. Keyed by the city; the last record of a key counts, a null value ends it."""

    model_config = ConfigDict(title="CityTotal")


class RegionTotalV1(_TotalV1, _OfRegion):
    """The same for a region, a country, or several cities that share a number. Adds to no city's total."""

    model_config = ConfigDict(title="RegionTotal")

    @model_validator(mode="after")
    def _place_by_scope(self) -> RegionTotalV1:
        if (self.place is None) != (self.scope == "multi") or (self.places is None) == (self.scope == "multi"):
            raise ValueError("multi has places, every other scope has a place")
        return self
