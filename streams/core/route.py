"""From an article's claims to reports, one per (article, place): the transition of the route role.

Claims of an article arrive in any order, late and repeated. Whatever the order, the last report of every place is
the one that the claim of the greatest rank gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from muster.core.limits import PLACES_GONE_PER_ARTICLE_MAX
from muster.core.model import Claim, Location, Rank, Report, RouteRow


def route(row: RouteRow | None, claim: Claim) -> tuple[RouteRow, tuple[Report, ...]]:
    """The article's next row and the reports to send, sorted by place key.

    A claim of a greater rank gives one report a place that it names, and an EMPTY one for each place that the article
    named before and names no more. A claim of equal rank (a redelivery) gives the same reports once more, since the
    process may have died between writing the row and sending them; that is why a row keeps the places that are gone.
    Of equal ranks the earliest timestamp stands. A claim of a lesser rank changes nothing and gives no report.

    Places that are long gone are forgotten, see `PLACES_GONE_PER_ARTICLE_MAX`; each of them was emptied before.
    """
    rank = claim.provenance.rank
    if row is not None and rank < row.rank:
        return row, ()
    recorded_at = claim.provenance.recorded_at
    if row is not None and rank == row.rank:
        recorded_at = earliest(row.recorded_at, recorded_at)
    assertions = {named.location.key: named.assertions for named in claim.located}
    current = sorted((named.location for named in claim.located), key=lambda location: location.key)
    before = () if row is None else (*row.current, *row.gone)
    gone = _bounded(location for location in before if location.key not in assertions)
    provenance = replace(claim.provenance, recorded_at=recorded_at)
    reports = [Report(provenance, location, assertions.get(location.key, ())) for location in (*current, *gone)]
    reports.sort(key=lambda report: report.location.key)
    return RouteRow(rank, recorded_at, tuple(current), gone), tuple(reports)


def merge_rows(a: RouteRow, b: RouteRow) -> RouteRow:
    """What two rows of one article know together: of `current` the greater rank's, of places that are gone all.

    Rows of one key differ when a worker that had lost the partition wrote one of them late. Commutative, associative
    and idempotent, but for the order of what is gone.
    """
    newer, older = (a, b) if _order(a) >= _order(b) else (b, a)
    recorded_at = earliest(a.recorded_at, b.recorded_at) if a.rank == b.rank else newer.recorded_at
    named = {location.key for location in newer.current}
    gone: dict[str, Location] = {}
    for location in (*newer.gone, *older.current, *older.gone):
        if location.key not in named:
            gone.setdefault(location.key, location)
    return RouteRow(newer.rank, recorded_at, newer.current, _bounded(gone.values()))


def _order(row: RouteRow) -> tuple[Rank, list[str]]:
    return row.rank, [location.key for location in row.current]


def _bounded(gone: Iterable[Location]) -> tuple[Location, ...]:
    """The first of these, as many as a row may hold."""
    kept: list[Location] = []
    places_count = 0
    for location in gone:
        places_count += len(location.places)
        if places_count > PLACES_GONE_PER_ARTICLE_MAX:
            break
        kept.append(location)
    return tuple(kept)


def earliest(a: datetime | None, b: datetime | None) -> datetime | None:
    """The earlier of two moments, of which either may be unknown."""
    if a is None or b is None:
        return a if b is None else b
    return min(a, b)
