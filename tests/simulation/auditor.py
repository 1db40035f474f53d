"""An independent recount: what the records of articles.raw must come to, by the text of what a number means.

Written from the rules in words, in the slow and obvious way, and without the modules that it audits: it knows the nouns
of `core.model` and nothing else of the core. Where it and the stream disagree, one of them misreads the text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from muster.core.model import Assertion, Figures, Provenance
from tests.simulation.reading import NEVER, Speaker, Statement, read, read_background
from tests.simulation.recount import by_force_of, figures_of
from tests.simulation.world import Raw

HOURS_24 = timedelta(hours=24)
DAYS_7 = timedelta(days=7)
DAYS_45 = timedelta(days=45)


@dataclass(frozen=True)
class Finding:
    """What must be said of a place."""

    figures: Figures
    by_force: dict[str, Figures]
    as_of: date | None
    first_reported_at: datetime | None
    reports: int
    sources: int


@dataclass
class Told:
    """One article's standing version at one place."""

    provenance: Provenance
    assertions: tuple[Assertion, ...]
    moment: datetime
    copies: int = 0

    @property
    def order(self) -> tuple[object, ...]:
        rank = self.provenance.rank
        return (
            self.moment,
            (rank.version, rank.retracted, rank.fetched_at, rank.text_sha256),
            self.provenance.article_id,
        )

    @property
    def is_news(self) -> bool:
        return any(not assertion.historical for assertion in self.assertions)


def audit(raws: Iterable[Raw]) -> dict[str, Finding]:
    """Place key -> what must stand there, for every place that a standing version names."""
    places: dict[str, list[Told]] = {}
    for provenance, raw in _standing_versions(list(raws)):
        for located in raw.located:
            told = Told(provenance, located.assertions, _moment_of(provenance))
            places.setdefault(located.location.key, []).append(told)
    return {key: _finding(told) for key, told in places.items()}


def assertions_of(raws: Iterable[Raw]) -> set[tuple[str, str, str]]:
    """Place key, article_id and event_id of everything that a standing version asserts: all that can be quoted."""
    return {
        (located.location.key, raw.article_id, assertion.event_id)
        for _, raw in _standing_versions(list(raws))
        for located in raw.located
        for assertion in located.assertions
    }


def _standing_versions(raws: list[Raw]) -> Iterable[tuple[Provenance, Raw]]:
    """Of each article the version of the greatest rank, as of its earliest record; none if it is a retraction."""
    for article_id in sorted({raw.article_id for raw in raws}):
        own = [raw for raw in raws if raw.article_id == article_id and _matters(raw)]
        if not own:
            continue
        if any(raw.provenance is None for raw in own):
            continue  # a null value withdraws for good
        greatest = max(own, key=_weight)
        if greatest.provenance is None or greatest.provenance.rank.retracted:
            continue
        recorded = min(raw.recorded_at for raw in own if _weight(raw) == _weight(greatest))
        yield replace(greatest.provenance, recorded_at=recorded), greatest


def _matters(raw: Raw) -> bool:
    """The contract: "when there are events, or version > 0, or retracted, or a null value" (decision 0040)."""
    said = raw.provenance
    return said is None or bool(raw.located) or said.rank.version > 0 or said.rank.retracted


def _weight(raw: Raw) -> tuple[int, bool, str, str]:
    assert raw.provenance is not None
    rank = raw.provenance.rank
    return rank.version, rank.retracted, rank.fetched_at, rank.text_sha256


def _moment_of(provenance: Provenance) -> datetime:
    """Rule 1."""
    seen = provenance.fetched_at if provenance.fetched_at is not None else provenance.recorded_at
    said = provenance.published_at
    if said is not None and (seen is None or said <= seen + HOURS_24):
        return said
    return seen if seen is not None else NEVER


def _finding(told: list[Told]) -> Finding:
    told = sorted(told, key=lambda one: one.order)
    _mark_copies(told)
    operations = _operations([one for one in told if one.is_news])
    if not operations:
        return Finding(Figures(), {}, None, None, 0, 0)
    last = operations[-1]
    statements = [s for one in last for s in read(one.assertions, _said_by(one, one.moment))]
    statements += _background(told, operations)
    dated = [one.moment for one in last if one.moment != NEVER]
    return Finding(
        figures=figures_of(statements),
        by_force=by_force_of(statements),
        as_of=max(dated).astimezone(UTC).date() if dated else None,
        first_reported_at=min(dated) if dated else None,
        reports=len(last),
        sources=min(len({one.copies for one in last}), len({_publisher_day(one, one.moment) for one in last})),
    )


def _said_by(one: Told, moment: datetime) -> Speaker:
    order = (moment, *one.order[1:])
    return Speaker(one.provenance.article_id, order, moment, one.copies, _publisher_day(one, moment))


def _publisher_day(one: Told, moment: datetime) -> tuple[str, date]:
    said = one.provenance
    domain = said.publisher or said.source or f"article {said.article_id}"
    return domain.lower(), moment.astimezone(UTC).date()


def _mark_copies(told: list[Told]) -> None:
    """Rule 2: connected components, found by spreading the smallest number until nothing changes."""
    minima = [_minima(one.provenance.fingerprint) for one in told]
    for number, one in enumerate(told):
        one.copies = number
    changed = True
    while changed:
        changed = False
        for i, a in enumerate(told):
            for j, b in enumerate(told):
                if a.copies < b.copies and abs(a.moment - b.moment) <= DAYS_7 and _alike(minima[i], minima[j]):
                    b.copies = a.copies
                    changed = True


def _minima(fingerprint: str) -> list[bytes]:
    """The version byte and the minima of two bytes each."""
    raw = base64.b64decode(fingerprint)
    return [raw[:1], *(raw[at : at + 2] for at in range(1, len(raw), 2))] if raw else []


def _alike(a: list[bytes], b: list[bytes]) -> bool:
    if not a or not b or a[0] != b[0]:
        return False
    equal = sum(x == y for x, y in zip(a[1:], b[1:], strict=True))
    return equal / len(a[1:]) >= 0.8


def _operations(news: list[Told]) -> list[list[Told]]:
    """Rule 3: split where neighbours are more than 45 days apart; undated ones count as the oldest of the last."""
    undated = [one for one in news if one.moment == NEVER]
    operations: list[list[Told]] = []
    for one in news:
        if one.moment == NEVER:
            continue
        if operations and one.moment - operations[-1][-1].moment <= DAYS_45:
            operations[-1].append(one)
        else:
            operations.append([one])
    if not undated:
        return operations
    return [*operations[:-1], undated + operations[-1]] if operations else [undated]


def _background(told: list[Told], operations: list[list[Told]]) -> list[Statement]:
    """Decision 0013: dated background that belongs to the last operation."""
    found = []
    for one in told:
        looking_back = [a for a in one.assertions if a.historical]
        for about in {a.event_date for a in looking_back if a.event_date is not None}:
            homes = [op for op in operations if _overlaps(op, about.start, about.end)]
            homes = [op for op in homes if one.provenance.article_id not in {o.provenance.article_id for o in op}]
            if homes and homes[-1] is operations[-1]:
                moment = datetime.combine(about.end, time.min, tzinfo=UTC)
                counted_at = min(moment, operations[-1][-1].moment)
                by = replace(_said_by(one, counted_at), publisher_day=_publisher_day(one, moment))
                found += read_background([a for a in looking_back if a.event_date == about], by)
    return found


def _overlaps(operation: list[Told], start: date, end: date) -> bool:
    days = [one.moment.date() for one in operation if one.moment != NEVER]
    return bool(days) and start - max(days) <= DAYS_45 and min(days) - end <= DAYS_45
