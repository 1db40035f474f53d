"""Which reports of a place stand: one an article, of the article's greatest rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from muster.core.model import Location, Report
from muster.core.route import earliest
from muster.core.sources import order_of


def merge_report(old: Report | None, new: Report) -> Report:
    """Which of two reports of one article at one place stands.

    The greater rank; of equal ranks the earliest timestamp. Commutative, associative and idempotent.
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


def location_of(reports: Iterable[Report]) -> Location:
    """How at least one report of a place describes it: as the newest does that names it still.

    Reports of one key can differ in a name or a coordinate when the gazetteer was renewed between them; which of them
    came first must not show in a total.
    """
    return max(reports, key=lambda report: (bool(report.assertions), order_of(report.provenance))).location


def standing_reports(reports: Iterable[Report]) -> list[Report]:
    """One report an article, without those that are empty or retracted."""
    standing: dict[str, Report] = {}
    for report in reports:
        article_id = report.provenance.article_id
        standing[article_id] = merge_report(standing.get(article_id), report)
    return [report for report in standing.values() if stands(report)]


def stands(report: Report) -> bool:
    """Whether a report of the greatest rank says anything."""
    return bool(report.assertions) and not report.provenance.rank.retracted
