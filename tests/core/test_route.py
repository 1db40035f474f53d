"""The route transition by example: an article that is corrected, delivered again, and withdrawn."""

from dataclasses import replace
from datetime import UTC, datetime

from muster.core.limits import EVENTS_PER_ARTICLE_MAX, PLACES_GONE_PER_ARTICLE_MAX, ROUTE_ROW_BYTES_MAX
from muster.core.model import Claim, LocatedAssertions, Location, Place
from muster.core.route import route
from muster.shell.codec import encode_route_row
from tests.core.stories import JUAREZ, report

TIJUANA = Location("city", (Place("city:3981609", "Tijuana"),))
NOON = datetime(2025, 2, 5, 12, tzinfo=UTC)


def claim(line, *places, recorded_at=None):
    said = report(line)
    located = tuple(LocatedAssertions(place, said.assertions) for place in places)
    return Claim(replace(said.provenance, recorded_at=recorded_at), located)


FIRST = claim("A 2025-02-05 a.example planned 16500 army", JUAREZ, TIJUANA, recorded_at=NOON)
CORRECTION = claim("A 2025-02-05 a.example v=1 planned 1650 army", JUAREZ)


def test_a_correction_empties_the_places_that_it_no_longer_names():
    """One report a named place, and an empty one of the same rank for what is gone."""
    row, _ = route(None, FIRST)
    row, reports = route(row, CORRECTION)
    assert [(one.location, len(one.assertions)) for one in reports] == [(TIJUANA, 0), (JUAREZ, 1)]
    assert {one.provenance.rank for one in reports} == {CORRECTION.provenance.rank}
    assert (row.current, row.gone) == ((JUAREZ,), (TIJUANA,))


def test_a_late_older_version_changes_nothing():
    """A lesser rank gives no report and leaves the row as it is."""
    row, _ = route(None, CORRECTION)
    assert route(row, FIRST) == (row, ())


def test_a_redelivery_keeps_the_earliest_timestamp():
    """Equal ranks give the same reports once more, stamped with the earliest time on articles.raw."""
    later = replace(FIRST, provenance=replace(FIRST.provenance, recorded_at=NOON.replace(hour=13)))
    row, sent = route(None, FIRST)
    assert route(row, later) == (row, sent)
    row, _ = route(None, later)
    assert route(row, FIRST) == (route(None, FIRST)[0], sent)


def test_a_withdrawal_for_good_empties_every_place():
    """A claim that names nothing leaves only empty reports, whatever came before."""
    row, _ = route(None, FIRST)
    row, reports = route(row, claim("A - a.example v=9 retracted"))
    assert [one.assertions for one in reports] == [(), ()]
    assert row.current == ()


def test_a_row_forgets_the_places_that_are_longest_gone():
    """However many places the versions of an article name, its row is bounded and keeps what was given up last."""
    row, emptied = None, set()
    versions = 2 + PLACES_GONE_PER_ARTICLE_MAX // EVENTS_PER_ARTICLE_MAX
    for version in range(versions):
        ids = range(version * EVENTS_PER_ARTICLE_MAX, (version + 1) * EVENTS_PER_ARTICLE_MAX)
        places = [Location("city", (Place(f"city:{n}", "Ñ" * 50, n, "Ñ" * 50, "MX", 1.5, 1.5),)) for n in ids]
        row, reports = route(row, claim(f"A 2025-02-05 a.example v={version} planned 9 army", *places))
        emptied |= {one.location.places[0].geonames_id for one in reports if not one.assertions}
    assert emptied == set(range((versions - 1) * EVENTS_PER_ARTICLE_MAX))
    gone = {location.places[0].geonames_id for location in row.gone}
    assert gone == set(range(EVENTS_PER_ARTICLE_MAX, (versions - 1) * EVENTS_PER_ARTICLE_MAX))
    assert len(encode_route_row(row)) <= ROUTE_ROW_BYTES_MAX
