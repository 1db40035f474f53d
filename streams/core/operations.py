"""The operations of a place: which reports belong to one deployment (rule 3 of what a number means).

A place's reports, all forces together, are split wherever two neighbouring dates are more than 45 days apart. Two
operations that overlap in time are not told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from muster.core.copies import copy_groups
from muster.core.model import Assertion, DateSpan, Report
from muster.core.sources import UNDATED, order_of, publisher_day
from muster.core.votes import Vote, Witness
from muster.core.within_article import COUNTED, Counted, read, read_historical

GAP = timedelta(days=45)


@dataclass(slots=True)
class Operation:
    """Reports of one deployment from oldest to newest.

    `current` are those that report it as news, `background` what an article tells of its past, each with a witness
    dated by the days that it is about.
    """

    current: list[Witness] = field(default_factory=list)
    background: list[tuple[Witness, tuple[Assertion, ...]]] = field(default_factory=list)

    @property
    def witnesses(self) -> list[Witness]:
        return self.current or [witness for witness, _ in self.background]

    @property
    def span(self) -> DateSpan | None:
        """From the first to the last dated report; None without one."""
        dated = next((witness.moment for witness in self.current if witness.moment != UNDATED), None)
        return None if dated is None else DateSpan(dated.date(), self.current[-1].moment.date())

    def votes(self) -> dict[Counted, list[Vote]]:
        """What each report says of each status, from oldest to newest."""
        found: dict[Counted, list[Vote]] = {status: [] for status in COUNTED}
        for witness, assertions in self.background:
            for status, reading in read_historical(assertions).items():
                found[status].append(Vote(witness, reading, reading.figure, reading.carriers))
        for witness in self.current:
            for status, reading in read(witness.report.assertions).items():
                found[status].append(Vote(witness, reading, reading.figure, reading.carriers))
        if self.background:
            for of_status in found.values():
                of_status.sort(key=lambda vote: vote.witness.order)
        return found


def operations_of(reports: Iterable[Report]) -> list[Operation]:
    """Reports of distinct articles at one place -> the operations that any of them reports as news, oldest first.

    Undated reports count as the oldest of the last operation. A dated historical assertion joins the operation whose
    span, 45 days either side, it overlaps: of several the last; never one that its own article reports as news, since
    the article sets the two apart.
    """
    return operations_among(witnesses_of(reports))[0]


def operations_among(witnesses: Sequence[Witness]) -> tuple[list[Operation], list[Operation]]:
    """The same of witnesses from oldest to newest, and the operations that are known only as background, likewise."""
    operations = _split([witness for witness in witnesses if witness.is_current])
    homeless: list[Operation] = []
    newest_day: date | None = None
    for about, witness, assertions in _dated_background(witnesses):
        home = _home(operations, about, witness.article_id)
        if home is not None:
            day = min(witness.moment, home.current[-1].moment)
            home.background.append((replace(witness, order=(day, *witness.order[1:])), assertions))
            continue
        if newest_day is None or about.start - newest_day > GAP:
            homeless.append(Operation())
        homeless[-1].background.append((witness, assertions))
        newest_day = about.end if newest_day is None else max(newest_day, about.end)
    return operations, homeless


def witnesses_of(reports: Iterable[Report]) -> list[Witness]:
    """From oldest to newest."""
    ordered = sorted(((order_of(report.provenance), report) for report in reports), key=lambda pair: pair[0])
    groups = copy_groups([(order[0], report.provenance.fingerprint) for order, report in ordered])
    return [
        Witness(report, order, group, publisher_day(report.provenance, order[0]))
        for (order, report), group in zip(ordered, groups, strict=True)
    ]


def _split(current: Sequence[Witness]) -> list[Operation]:
    undated = [witness for witness in current if witness.moment == UNDATED]
    operations: list[Operation] = []
    for witness in current[len(undated) :]:
        if not operations or witness.moment - operations[-1].current[-1].moment > GAP:
            operations.append(Operation())
        operations[-1].current.append(witness)
    if undated and not operations:
        operations.append(Operation())
    if undated:
        operations[-1].current[:0] = undated
    return operations


def _dated_background(witnesses: Iterable[Witness]) -> list[tuple[DateSpan, Witness, tuple[Assertion, ...]]]:
    """Historical assertions that say when, by the days that they are about; the witness is dated likewise.

    What one article tells of the same days stands together: it is read as one.
    """
    found = [one for witness in witnesses for one in background_of(witness)]
    return sorted(found, key=lambda one: (one[0].start, one[0].end, one[1].order))


def background_of(witness: Witness) -> list[tuple[DateSpan, Witness, tuple[Assertion, ...]]]:
    """The dated background of one article."""
    by_days: dict[DateSpan, list[Assertion]] = {}
    for assertion in witness.report.assertions:
        if assertion.historical and assertion.event_date is not None:
            by_days.setdefault(assertion.event_date, []).append(assertion)
    found = []
    for about, assertions in by_days.items():
        moment = datetime.combine(about.end, time.min, tzinfo=UTC)
        publisher, _ = witness.publisher_day
        dated = replace(witness, order=(moment, *witness.order[1:]), publisher_day=(publisher, about.end))
        found.append((about, dated, tuple(assertions)))
    return found


def near(about: DateSpan, span: DateSpan) -> bool:
    """Whether these days belong to an operation of that span."""
    return about.start - span.end <= GAP and span.start - about.end <= GAP


def _home(operations: Sequence[Operation], about: DateSpan, article_id: str) -> Operation | None:
    for operation in reversed(operations):
        span = operation.span
        if span is None or any(witness.article_id == article_id for witness in operation.current):
            continue
        if near(about, span):
            return operation
    return None
