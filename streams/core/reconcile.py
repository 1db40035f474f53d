"""From the set of reports of one place to its total: what a number means across articles.

The total is a pure function of the set of reports and of nothing else: no clock, no order of arrival, no state. The
rules are explained, with examples, in docs/explanation/what-a-number-means.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from muster.core.certain_people import sum_of_forces
from muster.core.changes import Settled, less_cancelled, less_withdrawn, levels, settle, standing_plans
from muster.core.limits import EVIDENCE_PER_TOTAL_MAX
from muster.core.model import (
    Assertion,
    Decision,
    Estimate,
    Figures,
    ForceCategory,
    Location,
    PlaceTotal,
    Quote,
    Report,
)
from muster.core.operations import Operation, background_operations_of, operations_of, vote_of
from muster.core.route import earliest
from muster.core.sources import UNDATED, date_of
from muster.core.votes import Group, Vote, Witness, elect, support_of
from muster.core.within_article import Counted, Reading

Cell = Literal["planned", "deployed", "withdrawn"]
CELLS: tuple[Cell, ...] = ("planned", "deployed", "withdrawn")


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


def total_of(location: Location, reports: Iterable[Report]) -> PlaceTotal:
    """The reconciled state of a place: that of the last operation that any report tells as news.

    Of several reports of one article the one that stands counts. Reports without assertions and retracted ones count
    as if the article had never been seen. Without a report, or with background only, every figure is None and
    `reports` is 0.
    """
    operations = operations_of(_standing(reports))
    return _total(location, operations[-1] if operations else Operation())


def history_of(location: Location, reports: Iterable[Report]) -> tuple[PlaceTotal, ...]:
    """The totals of all operations of the place from oldest to newest, those included that are only background."""
    standing = _standing(reports)
    operations = [*background_operations_of(standing), *operations_of(standing)]
    ordered = sorted(operations, key=lambda operation: max(witness.order for witness in operation.witnesses))
    return tuple(_total(location, operation) for operation in ordered)


def _standing(reports: Iterable[Report]) -> list[Report]:
    standing: dict[str, Report] = {}
    for report in reports:
        article_id = report.provenance.article_id
        standing[article_id] = merge_report(standing.get(article_id), report)
    return [report for report in standing.values() if report.assertions and not report.provenance.rank.retracted]


def _total(location: Location, operation: Operation) -> PlaceTotal:
    readings = operation.readings()
    votes = {status: [vote_of(*pair) for pair in pairs] for status, pairs in readings.items()}
    plans, smaller, voiding = standing_plans(votes["planned"], votes["cancelled"])
    cells = _settle_all({**votes, "planned": plans}, smaller)
    standing = {vote.witness.article_id for vote in plans}
    readings["planned"] = [
        (witness, reading) for witness, reading in readings["planned"] if witness.article_id in standing
    ]
    dated = [witness.moment for witness in operation.witnesses if witness.moment != UNDATED]
    quotes = _quotes([group for cell in cells.values() for group in cell.groups] + voiding)
    return PlaceTotal(
        location=location,
        figures=_figures({name: cell.estimate for name, cell in cells.items()}),
        by_force=_by_force(readings),
        as_of=max(dated).astimezone(UTC).date() if dated else None,
        first_reported_at=min(dated) if dated else None,
        reports=len(operation.witnesses),
        sources=support_of(operation.witnesses),
        decided_by=_decisions(cells, voiding),
        evidence=tuple(quotes[:EVIDENCE_PER_TOTAL_MAX]),
        evidence_count=len(quotes),
    )


def _settle_all(votes: Mapping[Counted, Sequence[Vote]], smaller: Sequence[Group]) -> dict[Cell, Settled]:
    """The figure of each status that has one; `smaller` are the cancellations that reduce a plan."""
    cells: dict[Cell, Settled] = {}
    planned, deployed, withdrawn = _settle(votes["planned"]), _settle(votes["deployed"]), _settle(votes["withdrawn"])
    if planned is not None:
        cells["planned"] = less_cancelled(planned, smaller)
    if deployed is not None:
        newest = max(vote.moment for vote in votes["deployed"])
        cells["deployed"] = less_withdrawn(deployed, newest, votes["withdrawn"])
    if withdrawn is not None:
        cells["withdrawn"] = withdrawn
    return cells


def _settle(votes: Sequence[Vote]) -> Settled | None:
    stated = levels(votes)
    outcome = elect(stated)
    if outcome is not None:
        outcome = sum_of_forces(stated, outcome) or outcome
    return settle(votes, outcome)


def _by_force(
    readings: Mapping[Counted, Sequence[tuple[Witness, Reading]]],
) -> tuple[tuple[ForceCategory, Figures], ...]:
    """The vote on each force by itself: it explains, and need not sum to the figure of all."""
    votes: dict[ForceCategory, dict[Cell, list[Vote]]] = {}
    for cell in CELLS:
        for witness, reading in readings[cell]:
            for force in reading.by_force:
                vote = Vote(witness, force.figure, reading.measure, (), force.carriers)
                votes.setdefault(force.category, {}).setdefault(cell, []).append(vote)
    return tuple((category, _figures_of(votes[category])) for category in sorted(votes))


def _figures_of(votes: Mapping[Cell, Sequence[Vote]]) -> Figures:
    cells = {cell: settle(of_cell) for cell, of_cell in votes.items()}
    return _figures({cell: one.estimate for cell, one in cells.items() if one is not None})


def _figures(estimates: Mapping[Cell, Estimate | None]) -> Figures:
    return Figures(*(estimates.get(cell) for cell in CELLS))


def _decisions(cells: Mapping[Cell, Settled], voiding: Sequence[Group]) -> tuple[Decision, ...]:
    found: list[Decision] = []
    for name in CELLS:
        cell = cells.get(name)
        if cell is not None:
            found.extend(Decision(name, rule, article_id) for rule, article_id in cell.decisions)
            if cell.newest == UNDATED:
                found.append(Decision(name, "undated", cell.decisions[0][1]))
        if name == "planned":
            found.extend(Decision(name, "voided_by_cancellation", g.speaker.witness.article_id) for g in voiding)
    return tuple(found)


def _quotes(groups: Iterable[Group]) -> list[Quote]:
    """Every assertion that carries a figure once: by support of its figure, then newest, then article_id."""
    found: dict[tuple[str, str], tuple[int, Vote, Assertion]] = {}
    for group in groups:
        for vote in group.votes:
            for assertion in vote.carriers:
                key = (vote.witness.article_id, assertion.event_id)
                if key not in found or found[key][0] < group.support:
                    found[key] = (group.support, vote, assertion)
    last = datetime.max.replace(tzinfo=UTC)

    def rank(carrier: tuple[int, Vote, Assertion]) -> tuple[int, timedelta, str, int, str]:
        support, vote, assertion = carrier
        return -support, last - vote.moment, vote.witness.article_id, assertion.evidence.start, assertion.event_id

    return [_quote(vote.witness.report, assertion) for _, vote, assertion in sorted(found.values(), key=rank)]


def _quote(report: Report, assertion: Assertion) -> Quote:
    provenance = report.provenance
    moment = date_of(provenance)
    return Quote(
        event_id=assertion.event_id,
        article_id=provenance.article_id,
        quote=assertion.evidence.quote,
        start=assertion.evidence.start,
        end=assertion.evidence.end,
        url=provenance.url,
        source=provenance.source,
        title=provenance.title,
        date=None if moment is None else moment.astimezone(UTC).date(),
        status=assertion.status,
        low=assertion.personnel.low,
        high=assertion.personnel.high,
    )
