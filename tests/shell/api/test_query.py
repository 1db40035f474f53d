"""What the API answers to which parameters: pure functions over totals."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.shell import codec
from muster.shell.api.problem import Problem
from muster.shell.api.query import PARAMETERS, Query, matches, page_of, read_query
from muster.shell.api.render import render


def estimate(best: int | None) -> dict[str, int] | None:
    return None if best is None else {"low": best, "best": best, "high": best}


def total(key: str, name: str, country: str, lat: float | None, lon: float | None, planned: int | None, deployed=None):
    cells = {"planned": estimate(planned), "deployed": estimate(deployed), "withdrawn": None}
    return {
        "place": {"key": key, "name": name, "country": country, "lat": lat, "lon": lon, "admin1": None},
        **cells,
        "by_force": {"army": cells},
        "as_of": "2025-02-06",
        "reports": 2,
        "sources": 1,
        "evidence": [],
    }


TOTALS = {
    t["place"]["key"]: t
    for t in (
        total("city:1", "Tijuana", "MX", 32.5, -117.0, 1949, 500),
        total("city:2", "Ciudad Ju\u00e1rez", "MX", 31.7, -106.5, 1650),
        total("city:3", "Suva", "FJ", -18.1, 178.4, None, 40),
        total("city:4", "=HYPERLINK(1)", "US", None, None, 10),
    )
}


def keys(**given: str) -> list[str]:
    query = read_query(given.items())
    return [t["place"]["key"] for t in page_of(query, TOTALS).totals]


@pytest.mark.parametrize(
    ("given_parameters", "wanted"),
    [
        ({}, ["city:1", "city:2", "city:3", "city:4"]),
        ({"country": "mx"}, ["city:1", "city:2"]),
        ({"status": "deployed"}, ["city:1", "city:3"]),
        ({"minimum": "1650"}, ["city:1", "city:2"]),
        ({"status": "deployed", "minimum": "100"}, ["city:1"]),
        ({"force": "army", "status": "planned"}, ["city:1", "city:2", "city:4"]),
        ({"force": "police"}, []),
        ({"bbox": "-120,30,-110,33"}, ["city:1"]),
        ({"bbox": "170,-20,-170,0"}, ["city:3"]),
        ({"name": "CIUDAD JUAREZ"}, ["city:2"]),
        ({"name": "ti"}, ["city:1"]),
    ],
)
def test_filters(given_parameters, wanted):
    """Each filter narrows, together they narrow further; a box may cross the 180th meridian."""
    assert keys(**given_parameters) == wanted


@given(st.integers(1, 5), st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 9), max_size=12))
def test_pages_together_are_the_whole_list_once(limit, numbers):
    """Following `next` visits every total once, in the order of the keys."""
    totals = {k: total(k, k, "MX", 0, 0, n) for k, n in numbers.items()}
    seen, query = [], read_query([("limit", str(limit))])
    while True:
        page = page_of(query, totals)
        assert len(page.totals) <= limit
        seen += [t["place"]["key"] for t in page.totals]
        if page.next is None:
            break
        query = read_query([("limit", str(limit)), ("cursor", page.next)])
    assert seen == sorted(totals)


NAMES = st.one_of(st.sampled_from([p.name for p in PARAMETERS]), st.text(max_size=10))


@given(st.lists(st.tuples(NAMES, st.text(max_size=300)), max_size=4))
def test_any_parameters_are_a_query_or_a_clear_400(pairs):
    """Hostile parameters never raise anything else, and the answer never repeats them."""
    try:
        query = read_query(pairs)
    except Problem as problem:
        assert problem.status == 400  # noqa: PT017 - both outcomes are right
        return
    assert isinstance(query, Query)
    assert all(isinstance(matches(query, t), bool) for t in TOTALS.values())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("limit", "0"),
        ("limit", "1001"),
        ("minimum", "-1"),
        ("minimum", "1e3"),
        ("country", "MEX"),
        ("status", "cancelled"),
        ("bbox", "1,2,3"),
        ("bbox", "nan,0,1,1"),
        ("bbox", "0,50,10,40"),
        ("cursor", "%%%"),
        ("format", "xml"),
        ("nonsense", "1"),
    ],
)
def test_a_wrong_parameter_is_named(name, text):
    """The problem says which parameter is wrong and what it takes."""
    with pytest.raises(Problem) as caught:
        read_query([(name, text)])
    assert name in caught.value.detail or "known are" in caught.value.detail


def test_the_formats_say_the_same():
    """JSON, GeoJSON and CSV hold the same places and figures; a cell that a spreadsheet would run is disarmed."""
    page = page_of(read_query([]), TOTALS)
    as_json = json.loads(render(page, "json"))["totals"]
    features = json.loads(render(page, "geojson"))["features"]
    rows = list(csv.DictReader(io.StringIO(render(page, "csv").decode())))
    assert [t["place"]["key"] for t in as_json] == [f["id"] for f in features] == [r["key"] for r in rows]
    assert [t["planned"] and t["planned"]["best"] for t in as_json] == [
        int(r["planned_best"]) if r["planned_best"] else None for r in rows
    ]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [-117.0, 32.5]}
    assert features[3]["geometry"] is None
    assert rows[3]["name"].startswith("'=")
    assert "evidence" not in as_json[0]


def test_real_totals_are_answered(seed_totals):
    """The totals that Muster publishes have what the queries look at."""
    totals = {t.location.key: json.loads(codec.total_value(t)) for t in seed_totals}
    cities = {k: t for k, t in totals.items() if k.startswith("city:")}
    regions = {k: t for k, t in totals.items() if not k.startswith("city:")}
    assert {t["place"]["name"] for t in page_of(read_query([("name", "tijuana")]), cities).totals} == {"Tijuana"}
    assert page_of(read_query([("force", "national_guard"), ("country", "MX")]), cities).totals
    for totals_of_a_kind in (cities, regions):
        for form in ("json", "geojson", "csv"):
            assert render(page_of(read_query([]), totals_of_a_kind), form)
