"""Looking back over HTTP: what the timeline of a total says of a day is what a tally of that day says."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

from hypothesis import given, settings

from muster.core.reconcile import total_of
from muster.core.timeline import total_as_of
from muster.shell import codec
from muster.shell.api.past import all_as_of, as_of, known_from
from muster.shell.api.query import page_of, read_query, summary
from muster.shell.api.render import render
from tests import strategies
from tests.laws.test_reconciliation import CITY, SEVERAL


@settings(deadline=None)
@given(SEVERAL, strategies.days())
def test_the_past_of_a_total_is_the_tally_of_that_day(reports, day):
    """Of a place that stands, a day has the same figures, counts and dates as `muster tally --as-of` that day."""
    total = total_of(CITY, reports)
    if not total.reports:
        return
    then = total_as_of(CITY, reports, day)
    told = as_of(json.loads(codec.total_value(total)), day)
    assert (told is None) == (not then.reports)
    if told is not None:
        assert summary(told) == summary(json.loads(codec.total_value(then)))


def test_a_cut_timeline_says_from_when_it_knows():
    """Days before the first point that is carried are unknown, and never answered with a later or an empty figure."""
    assert known_from(a_total(cut=False)) is None
    cut = a_total(cut=True)
    assert known_from(cut) == "2025-02-04"
    assert as_of(cut, date(2025, 2, 3)) is None
    assert as_of(cut, date(2025, 2, 4))["planned"]["best"] == 100


def a_total(*, cut):
    estimate = {"low": 100, "best": 100, "high": 100}
    figures = {"planned": estimate, "deployed": None, "withdrawn": None}
    point = {"date": "2025-02-04", "as_of": "2025-02-04", **figures, "reports": 1, "sources": 1}
    return {
        "place": {"key": "city:1", "name": "A", "country": "MX", "lat": 1.0, "lon": 2.0},
        **figures,
        "by_force": {},
        "timeline": [point],
        "timeline_count": 2 if cut else 1,
    }


def test_a_total_of_an_earlier_version_has_no_past():
    """Totals without a timeline are left out of lists of the past, and are no error."""
    assert all_as_of({"city:1": {"place": {"key": "city:1"}}}, date(2025, 2, 4)) == {}


def test_lists_of_the_past_in_every_format(seed_totals):
    """JSON, GeoJSON and CSV of a day have the same places and figures, and one day before the first report none."""
    totals = {t.location.key: json.loads(codec.total_value(t)) for t in seed_totals if t.location.scope == "city"}
    days = sorted({point["date"] for total in totals.values() for point in total["timeline"] if point["date"]})
    then = all_as_of(totals, date.fromisoformat(days[0]))
    page = page_of(read_query([("as_of", days[0])]), then)
    assert page.totals
    listed = json.loads(render(page, "json"))["totals"]
    mapped = json.loads(render(page, "geojson"))["features"]
    rows = list(csv.DictReader(io.StringIO(render(page, "csv").decode())))
    assert [t["place"]["key"] for t in listed] == [f["id"] for f in mapped] == [r["key"] for r in rows]
    assert all(t["as_of"] == days[0] for t in listed)
    assert all_as_of(totals, date.fromisoformat(days[0]) - timedelta(days=1)).keys() <= {
        key for key, total in totals.items() if total["timeline"][0]["date"] is None
    }
