"""The laws of the route transition: whatever the order of an article's claims, the greatest rank has the last word."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from muster.core.model import Claim, LocatedAssertions
from muster.core.route import earliest, merge_rows, route
from muster.shell import codec
from tests import strategies
from tests.core.stories import report

FACTS = [report(f"A 2025-02-05 a.example {fact}").assertions for fact in ("planned 1650 army", "deployed 500 police")]
CLAIMS = st.builds(
    lambda rank, recorded_at, places, facts: Claim(
        replace(report("A 2025-02-05 a.example").provenance, rank=rank, recorded_at=recorded_at),
        () if rank.retracted else tuple(LocatedAssertions(place, facts) for place in places),
    ),
    strategies.ranks(),
    st.none() | strategies.moments(),
    st.lists(strategies.locations(), max_size=3, unique_by=lambda location: location.key),
    st.sampled_from(FACTS),
)


@st.composite
def deliveries(draw):
    """Claims of one article, one a rank, in any order and repeated with other timestamps."""
    claims = draw(st.lists(CLAIMS, min_size=1, max_size=5, unique_by=lambda claim: claim.provenance.rank))
    again = draw(st.lists(st.sampled_from(claims), max_size=6))
    late = [at(claim, draw(st.none() | strategies.moments())) for claim in again]
    return draw(st.permutations([*claims, *late]))


def at(claim: Claim, recorded_at):
    return replace(claim, provenance=replace(claim.provenance, recorded_at=recorded_at))


def run(claims):
    """The row and the last report of each place after these claims."""
    row, last = None, {}
    for claim in claims:
        row, reports = route(row, claim)
        last.update((one.location.key, one) for one in reports)
    return row, last


@given(deliveries())
def test_the_last_reports_are_those_of_the_greatest_rank(claims):
    """Any order and repetition leaves the greatest rank's reports, and empty ones wherever else it was named."""
    greatest = max(claims, key=lambda claim: claim.provenance.rank)
    recorded_at = None
    for claim in claims:
        if claim.provenance.rank == greatest.provenance.rank:
            recorded_at = earliest(recorded_at, claim.provenance.recorded_at)
    row, last = run(claims)
    _, alone = run([at(greatest, recorded_at)])
    assert {key: one for key, one in last.items() if one.assertions} == alone
    assert {one.provenance.rank for one in last.values()} <= {greatest.provenance.rank}
    assert row.rank == greatest.provenance.rank
    assert row.recorded_at == recorded_at
    assert {location.key for location in row.current} == set(alone)
    assert {location.key for location in (*row.current, *row.gone)} == set(last)


def places(row):
    return {location.key for location in (*row.current, *row.gone)}


@given(deliveries(), st.data())
def test_rows_of_two_workers_say_together_what_one_would_know(claims, data):
    """However an article's claims were split between an owner and a late one, nothing of either row is lost."""
    half = data.draw(st.integers(1, len(claims)))
    a, b, whole = run(claims[:half])[0], run(claims[half - 1 :])[0], run(claims)[0]
    merged, reverse = merge_rows(a, b), merge_rows(b, a)
    assert (merged.rank, merged.recorded_at, merged.current) == (whole.rank, whole.recorded_at, whole.current)
    assert (reverse.rank, reverse.recorded_at, reverse.current) == (merged.rank, merged.recorded_at, merged.current)
    assert places(merged) == places(reverse) == places(a) | places(b)
    assert merge_rows(merged, a) == merge_rows(merged, b) == merged


@given(deliveries(), deliveries())
def test_stored_rows_merge_as_their_contents_do(some, others):
    """The better of two stored rows stays as it is to the byte, and one that cannot be read gives way."""
    a, b = run(some)[0], run(others)[0]
    held, other = codec.encode_route_row(a), codec.encode_route_row(b)
    merged = codec.merge_route_rows(held, other)
    assert codec.decode_route_row(merged) == merge_rows(a, b)
    assert codec.merge_route_rows(merged, held) == codec.merge_route_rows(held, merged) == merged
    assert codec.merge_route_rows(held, b"damaged") == codec.merge_route_rows(b"damaged", held) == held


@given(deliveries())
def test_a_redelivery_makes_up_for_reports_that_were_lost(claims):
    """A process that died between its row and its reports loses none: the same claim gives all of them again."""
    row, _ = run(claims[:-1])
    row, sent = route(row, claims[-1])
    again, resent = route(row, claims[-1])
    assert again == row
    assert resent == sent


@given(deliveries())
def test_every_place_is_reported_once_and_in_order(claims):
    """One transition gives at most one report a place, sorted by key, each with its own article."""
    row = None
    for claim in claims:
        row, reports = route(row, claim)
        keys = [one.location.key for one in reports]
        assert keys == sorted(set(keys))
        assert all(one.provenance.article_id == "A" for one in reports)


@given(deliveries())
def test_figures_of_other_places_never_reach_a_city(claims):
    """What claims say of regions, countries and several cities together changes no report of a city."""
    of_cities = [
        replace(claim, located=tuple(one for one in claim.located if one.location.scope == "city")) for claim in claims
    ]
    _, with_others = run(claims)
    _, without = run(of_cities)
    assert {key: one for key, one in with_others.items() if key.startswith("city:")} == without
