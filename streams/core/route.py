"""From an article's claims to reports, one per (article, place): the transition of the route role.

Claims of an article arrive in any order, late and repeated. Whatever the order, the last report of every place is
the one that the claim of the greatest rank gives.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from muster.core.model import Claim, Location, Report, RouteRow


def route(row: RouteRow | None, claim: Claim) -> tuple[RouteRow, tuple[Report, ...]]:
    """The article's next row and the reports to send, sorted by place key.

    A claim of a greater rank gives one report a place that it names, and an EMPTY one for each place that the article
    ever named and names no more. A claim of equal rank (a redelivery) gives the same reports once more, since the
    process may have died between writing the row and sending them; that is why a row keeps the places that are gone.
    Of equal ranks the earliest timestamp stands. A claim of a lesser rank changes nothing and gives no report.
    """
    rank = claim.provenance.rank
    if row is not None and rank < row.rank:
        return row, ()
    recorded_at = claim.provenance.recorded_at
    if row is not None and rank == row.rank:
        recorded_at = earliest(row.recorded_at, recorded_at)
    assertions = {named.location.key: named.assertions for named in claim.located}
    known: dict[str, Location] = {} if row is None else {at.key: at for at in (*row.gone, *row.current)}
    known.update((named.location.key, named.location) for named in claim.located)
    places = sorted(known)
    new_row = RouteRow(
        rank=rank,
        recorded_at=recorded_at,
        current=tuple(known[key] for key in places if key in assertions),
        gone=tuple(known[key] for key in places if key not in assertions),
    )
    provenance = replace(claim.provenance, recorded_at=recorded_at)
    return new_row, tuple(Report(provenance, known[key], assertions.get(key, ())) for key in places)


def earliest(a: datetime | None, b: datetime | None) -> datetime | None:
    """The earlier of two moments, of which either may be unknown."""
    if a is None or b is None:
        return a if b is None else b
    return min(a, b)
