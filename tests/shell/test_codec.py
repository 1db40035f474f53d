"""Internal values come back as they went; public values are what the contracts promise, and always the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from muster import schemas
from muster.core import limits
from muster.core.identity import sha256_hex
from muster.core.model import (
    Assertion,
    Claim,
    DateSpan,
    Decision,
    Estimate,
    Evidence,
    Figures,
    Force,
    ForceCategory,
    LocatedAssertions,
    Location,
    OperationSummary,
    Personnel,
    Place,
    PlaceTotal,
    Provenance,
    Quote,
    Rank,
    Report,
    RouteRow,
    TimelinePoint,
)
from muster.shell import codec
from tests.strategies import assertions, claims, json_values, locations, place_totals, provenances, reports, route_rows

JSON_SCHEMAS = Path(schemas.__file__).parent / "json"
WORST = "\x00"
"""The character that JSON writes in most bytes, six."""


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((JSON_SCHEMAS / schema).read_text(encoding="utf-8")))


def conforms(model: type[BaseModel], schema: str, value: bytes) -> BaseModel:
    validator(schema).validate(orjson.loads(value))
    return model.model_validate_json(value)


@given(claims())
def test_a_claim_comes_back_as_it_went(claim: Claim) -> None:
    """decode after encode is the identity."""
    assert codec.decode_claim(codec.encode_claim(claim)) == claim


@given(reports())
def test_a_report_comes_back_as_it_went(report: Report) -> None:
    """decode after encode is the identity."""
    assert codec.decode_report(codec.encode_report(report)) == report


@given(route_rows())
def test_a_route_row_comes_back_as_it_went(row: RouteRow) -> None:
    """decode after encode is the identity."""
    assert codec.decode_route_row(codec.encode_route_row(row)) == row


@given(claims(), reports(), route_rows())
def test_stored_values_are_written_as_ever(claim: Claim, report: Report, row: RouteRow) -> None:
    """Rows of a table are compared byte by byte, so an encoder that writes a member otherwise would change them all."""
    for written, value, name in (
        (codec.encode_claim(claim), claim, "claim"),
        (codec.encode_report(report), report, "report"),
        (codec.encode_route_row(row), row, "row"),
    ):
        assert written == orjson.dumps({"schema_version": 1, name: value}, option=orjson.OPT_UTC_Z)


DECODERS: list[Callable[[bytes | None], object]] = [codec.decode_claim, codec.decode_report, codec.decode_route_row]


@given(
    st.sampled_from(DECODERS), st.none() | st.binary(max_size=100) | json_values().map(lambda v: json.dumps(v).encode())
)
def test_what_muster_did_not_write_raises_one_error(
    decode: Callable[[bytes | None], object], value: bytes | None
) -> None:
    """Nothing but CodecError leaves a decoder, whatever the bytes."""
    with pytest.raises(codec.CodecError):
        decode(value)


@given(reports(), st.data())
def test_a_damaged_report_is_a_report_or_a_codec_error(report: Report, data: st.DataObject) -> None:
    """A byte changed anywhere leads to a report or to CodecError, and the error's message has none of the content."""
    value = bytearray(codec.encode_report(report))
    value[data.draw(st.integers(0, len(value) - 1))] = data.draw(st.integers(0, 255))
    try:
        codec.decode_report(bytes(value))
    except codec.CodecError as error:
        assert report.provenance.article_id not in str(error)  # noqa: PT017 - most damage raises, some does not


def test_another_format_and_a_place_without_places_are_refused() -> None:
    """Values of a format to come, and locations that could not be keyed, are not read."""
    juarez = Place("city:4013708", "Ciudad Juárez")
    row = RouteRow(Rank(0, retracted=False, fetched_at="", text_sha256=""), None, (Location("city", (juarez,)),), ())
    value = codec.encode_route_row(row)
    for damaged in (
        value.replace(b'"schema_version":1', b'"schema_version":2'),
        codec.encode_route_row(replace(row, current=(Location("city", ()),))),
        codec.encode_route_row(replace(row, gone=(Location("multi", ()),))),
        codec.encode_route_row(replace(row, gone=(Location("region", (juarez, juarez)),))),
    ):
        with pytest.raises(codec.CodecError):
            codec.decode_route_row(damaged)


@given(provenances(), locations(), assertions())
def test_every_event_conforms_to_its_contract(provenance: Provenance, location: Location, assertion: Assertion) -> None:
    """An event is valid by model and JSON Schema, has all fields in their order, and says what the assertion says."""
    provenance = replace(provenance, rank=replace(provenance.rank, version=min(provenance.rank.version, 3)))
    value = codec.event_value(provenance, location, assertion)
    event = conforms(schemas.DeploymentEventV1, "deployment_event_v1.json", value)
    fields = orjson.loads(value)
    assert list(fields) == list(schemas.DeploymentEventV1.model_fields)
    assert isinstance(event, schemas.DeploymentEventV1)
    assert event.published_at == provenance.published_at
    assert [p["key"] for p in fields["places"] or [fields["place"]]] == [p.key for p in location.places]
    assert (event.personnel.low, event.personnel.high) == (assertion.personnel.low, assertion.personnel.high)
    assert event.evidence.quote == assertion.evidence.quote


@given(place_totals())
def test_every_total_conforms_to_its_contract(total: PlaceTotal) -> None:
    """A total is valid by model and JSON Schema; cities give CityTotals, all else RegionTotals; fields in order."""
    value = codec.total_value(total)
    model: type[BaseModel] = schemas.RegionTotalV1
    if total.location.scope == "city":
        model = schemas.CityTotalV1
    conforms(model, "city_total_v1.json" if model is schemas.CityTotalV1 else "region_total_v1.json", value)
    assert list(orjson.loads(value)) == list(model.model_fields)


def example(path: str) -> bytes:
    """An example payload without the white space."""
    return orjson.dumps(orjson.loads((JSON_SCHEMAS.parent / "examples" / "valid" / path).read_bytes()))


def test_the_examples_are_what_is_written_byte_by_byte() -> None:
    """A public value has its members in the contract's order, no white space, UTF-8 as it is, and dates with Z."""
    juarez = Place("city:4013708", "Ciudad Juárez", 4013708, "Chihuahua", "MX", 31.72024, -106.46084)
    text = "Mexico will send 1,650 members of the National Guard to Ciudad Juárez, the president said on Tuesday."
    day, article_id = date(2025, 2, 4), "elpaso.example/2025/02/guard"
    provenance = replace(
        worst_provenance(),
        article_id=article_id,
        rank=Rank(0, retracted=False, fetched_at="", text_sha256=""),
        published_at=datetime(2025, 2, 4, 18, 30, tzinfo=UTC),
        url="https://elpaso.example/2025/02/guard",
        source="elpaso.example",
        title="Guard to Juárez",
        lang="en",
        extractor_version="1",
    )
    assertion = Assertion(
        event_id=sha256_hex("1"),
        personnel=Personnel(1650, 1650, "exact", "level", "1,650 members"),
        status="planned",
        force=Force("national_guard", "National Guard", "MX"),
        role="single",
        historical=False,
        event_date=DateSpan(day, day),
        evidence=Evidence(text, 0, len(text)),
        confidence=0.95,
    )
    location = Location("city", (juarez,))
    assert codec.event_value(provenance, location, assertion) == example("deployment_event_v1/city.json")
    estimate = Estimate(1600, 1650, 1650)
    quote = Quote(
        assertion.event_id, article_id, text, 0, len(text), provenance.url, provenance.source, provenance.title, day,
        "planned", 1650, 1650, assertion.personnel.text,
    )  # fmt: skip
    figures = Figures(estimate, Estimate(300, 300, None), None)
    total = PlaceTotal(
        location=location,
        figures=figures,
        by_force=(("national_guard", Figures(planned=estimate)),),
        as_of=date(2025, 2, 5),
        first_reported_at=provenance.published_at,
        reports=3,
        sources=2,
        decided_by=(Decision("planned", "most_support", article_id),),
        evidence=(quote,),
        evidence_count=1,
        timeline=(TimelinePoint(date(2025, 2, 5), date(2025, 2, 5), figures, 3, 2),),
        timeline_count=1,
        operations=(OperationSummary(day, date(2025, 2, 5), figures, 3, 2, background=False),),
        operations_count=1,
    )
    assert codec.total_value(total) == example("city_total_v1/planned_and_deployed.json")
    gone = PlaceTotal(location, Figures(), (), None, None, 0, 0, (), (), 0)
    assert codec.total_value(gone) == example("city_total_v1/withdrawn_place.json")
    assert codec.state_of(codec.total_value(gone)) == sha256_hex(example("city_total_v1/withdrawn_place.json").decode())


def worst_place(number: int) -> Place:
    name = "\U0001f600" * (limits.PLACE_NAME_BYTES_MAX // 4)
    return Place(f"city:{number:010}", name, 10**9 + number, name, "MX", -12.123456789012345, -123.12345678901234)


def worst_provenance() -> Provenance:
    wide = "\U0001f600"
    return Provenance(
        article_id=wide * limits.ARTICLE_ID_CHARS_MAX,
        rank=Rank(2**63 - 2, retracted=False, fetched_at="2025-02-04T18:30:00.000000Z", text_sha256="0" * 64),
        published_at=None,
        fetched_at=None,
        recorded_at=None,
        source=WORST * limits.FIELD_CHARS_MAX,
        url=wide * limits.FIELD_CHARS_MAX,
        title=WORST * limits.FIELD_CHARS_MAX,
        lang=WORST * limits.FIELD_CHARS_MAX,
        extractor_version="1.0.0",
        fingerprint="0" * 344,
        publisher=WORST * 255,
    )


def worst_assertion() -> Assertion:
    phrase = WORST * limits.PHRASE_CHARS_MAX
    return Assertion(
        event_id="0" * 64,
        personnel=Personnel(10**7, 10**7, "at_least", "increment", phrase),
        status="withdrawing",
        force=Force("national_guard", phrase, "MX"),
        role="single",
        historical=False,
        event_date=None,
        evidence=Evidence(WORST * limits.QUOTE_CHARS_MAX, 10**6, 10**6),
        confidence=0.1234567890123456,
    )


def test_the_largest_claim_and_report_that_limits_allow_are_written() -> None:
    """As many events at as many places with as long words as limits.py allows stay below the limit of a record."""
    multi = Location("multi", tuple(worst_place(n) for n in range(limits.PLACES_PER_MULTI_MAX)))
    each = tuple(LocatedAssertions(multi, (worst_assertion(),)) for _ in range(limits.EVENTS_PER_ARTICLE_MAX))
    claim = codec.encode_claim(Claim(worst_provenance(), each))
    together = (worst_assertion(),) * limits.EVENTS_PER_ARTICLE_MAX
    report = codec.encode_report(Report(worst_provenance(), multi, together))
    assert len(report) < len(claim) <= limits.CLAIM_BYTES_MAX <= limits.RECORD_BYTES_MAX


def test_the_largest_total_that_limits_allow_is_written() -> None:
    """As many quotes as long as limits.py allows, and more decisions than are carried, stay below a record's limit."""
    said, provenance = worst_assertion(), worst_provenance()
    quote = Quote(
        event_id=said.event_id,
        article_id=provenance.article_id,
        quote=said.evidence.quote,
        start=10**6,
        end=10**6,
        url=provenance.url,
        source=WORST * limits.QUOTE_FIELD_CHARS_MAX,
        title=WORST * limits.QUOTE_FIELD_CHARS_MAX,
        date=date(2025, 2, 4),
        status=said.status,
        low=10**7,
        high=10**7,
        words=said.personnel.text,
    )
    estimate = Estimate(10**7, 10**7, 10**7)
    figures = Figures(estimate, estimate, estimate)
    total = PlaceTotal(
        location=Location("multi", tuple(worst_place(n) for n in range(limits.PLACES_PER_MULTI_MAX))),
        figures=figures,
        by_force=tuple((force, figures) for force in get_args(ForceCategory)),
        as_of=date(2025, 2, 4),
        first_reported_at=datetime(2025, 2, 4, tzinfo=UTC),
        reports=10**6,
        sources=10**6,
        decided_by=(Decision("withdrawn", "voided_by_cancellation", provenance.article_id),) * 1_000,
        evidence=(quote,) * limits.EVIDENCE_PER_TOTAL_MAX,
        evidence_count=10**6,
        timeline=(TimelinePoint(date(2025, 2, 4), date(2025, 2, 4), figures, 10**6, 10**6),)
        * limits.TIMELINE_POINTS_MAX,
        timeline_count=10**6,
        operations=(OperationSummary(date(2025, 2, 4), date(2025, 2, 4), figures, 10**6, 10**6, background=False),)
        * limits.OPERATIONS_PER_TOTAL_MAX,
        operations_count=10**6,
    )
    assert len(codec.total_value(total)) <= limits.TOTAL_BYTES_MAX


def test_a_value_beyond_the_limit_is_not_written() -> None:
    """What only an attack could make so long raises, and does not wait for the broker to refuse it."""
    row = RouteRow(
        rank=worst_provenance().rank,
        recorded_at=None,
        current=(),
        gone=tuple(Location("city", (worst_place(n),)) for n in range(10_000)),
    )
    with pytest.raises(codec.CodecError, match="the limit is"):
        codec.encode_route_row(row)
