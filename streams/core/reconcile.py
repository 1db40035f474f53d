"""From the set of reports of one place to its total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from muster.core.model import Figures, Location, PlaceTotal, Report
from muster.core.route import earliest
from muster.core.sources import date_of, order_of
from muster.core.within_article import Reading, read


def merge_report(old: Report | None, new: Report) -> Report:
    """Which of two reports of one article at one place stands: the greater rank; of equal ranks the earliest
    timestamp. Commutative, associative and idempotent.
    """
    if old is None or old == new:
        return new
    if old.provenance.rank != new.provenance.rank:
        return max(old, new, key=lambda report: report.provenance.rank)
    recorded_at = earliest(old.provenance.recorded_at, new.provenance.recorded_at)
    standing = max(old, new, key=_content)
    return replace(standing, provenance=replace(standing.provenance, recorded_at=recorded_at))


def _content(report: Report) -> tuple[str, str]:
    """An arbitrary but fixed order for equal ranks of different content, as two versions of the extractor give them."""
    bare = replace(report, provenance=replace(report.provenance, recorded_at=None))
    return report.provenance.extractor_version, repr(bare)


def total_of(location: Location, reports: Iterable[Report]) -> PlaceTotal:
    """The reconciled state of a place: a pure function of the set of its reports."""
    standing = sorted((r for r in reports if r.assertions), key=lambda r: order_of(r.provenance))
    chosen: dict[str, tuple[Report, Reading]] = {}
    for report in standing:
        for status, reading in read(report.assertions).items():
            chosen[status] = (report, reading)
    figures = {s: chosen[s][1].figure.estimate if s in chosen else None for s in ("planned", "deployed", "withdrawn")}
    dates = [d for d in (date_of(r.provenance) for r in standing) if d]
    return PlaceTotal(
        location=location,
        figures=Figures(**figures),
        by_force=(),
        as_of=dates[-1].date() if dates else None,
        first_reported_at=dates[0] if dates else None,
        reports=len(standing),
        sources=len(standing),
        decided_by=(),
        evidence=(),
        evidence_count=0,
    )
