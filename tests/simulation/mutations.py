"""Canaries: faults that are put into the stream on purpose, one a rule, to see that the auditor catches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from muster.core import (
    certain_people,
    changes,
    operations,
    route,
    settlement,
    sources,
    standing,
    votes,
    within_article,
)
from muster.core.identity import rank_of
from muster.core.model import Claim, Provenance, Report, RouteRow, Withdrawal
from tests.simulation.world import CITIES, Raw

YEARS = timedelta(days=10_000)


def _same_text(dated: list[tuple[datetime, str]]) -> list[int]:
    texts = [text or str(n) for n, (_, text) in enumerate(dated)]
    return [texts.index(text) for text in texts]


PATCHES: dict[str, tuple[Any, str, Any]] = {
    "believe_dates_in_the_future": (sources, "FUTURE_TOLERANCE", YEARS),
    "the_latest_record_dates_a_version": (route, "earliest", lambda a, b: max(filter(None, (a, b)), default=None)),
    "count_copies_twice": (operations, "copy_groups", lambda dated: list(range(len(dated)))),
    "copies_for_ever": (operations, "copy_groups", _same_text),
    "a_publisher_votes_often": (operations, "publisher_day", lambda said, moment: (said.article_id, moment.date())),
    "one_operation": (operations, "GAP", YEARS),
    "no_window": (votes, "WINDOW", YEARS),
    "nothing_confirms": (votes, "_confirmed", lambda older, window: []),
    "about_is_exact": (votes, "near", lambda a, b: a == b),
    "first_not_most": (votes, "winner_of", lambda groups: (groups[0], "newest")),
    "increments_are_lost": (changes, "increments", lambda stated: []),
    "increments_repeat": (changes, "SAME_CHANGE_WINDOW", -YEARS),
    "forces_never_add": (settlement, "sum_of_forces", lambda levels, outcome: None),
    "forces_always_add": (certain_people, "_agree", lambda a, b: False),
    "a_sum_stands_for_ever": (certain_people, "_superseded", lambda outcome, newer: False),
    "withdrawals_change_nothing": (settlement, "less_withdrawn", lambda deployed, newest, withdrawn: deployed),
    "cancellations_void_nothing": (settlement, "standing_plans", lambda planned, cancelled: (list(planned), [], [])),
    "cancellations_reduce_nothing": (settlement, "less_cancelled", lambda planned, smaller: planned),
    "parts_count_beside_totals": (within_article, "_includes", lambda total, one: False),
    "background_is_left_out": (operations, "_home", lambda operations, about, article_id: None),
}
"""Faults in a rule: module, name, and what stands in its place."""

STREAM = (
    "commit_before_send",
    "no_changelog",
    "no_guard",
    "last_row_stands",
    "no_row_guard",
    "ignore_retractions",
    "ignore_null_values",
    "last_report_wins",
    "drop_gone_places",
    "report_once",
    "add_regions_to_cities",
)
"""Faults in what the roles do with the rules."""

ALL = (*STREAM, *PATCHES)


@dataclass(frozen=True)
class Mutation:
    """The fault of that name; "none" is the product as it is."""

    name: str

    @contextmanager
    def applied(self) -> Iterator[None]:
        if self.name not in PATCHES:
            yield
            return
        module, attribute, stand_in = PATCHES[self.name]
        with mock.patch.object(module, attribute, stand_in):
            yield

    def claim(self, raw: Raw) -> Claim | None:
        """The claim of the extract role: none for a first version that names no place."""
        if raw.provenance is None:
            return None if self.name == "ignore_null_values" else Claim(_withdrawn(raw), ())
        rank = raw.provenance.rank
        if (rank.retracted and self.name == "ignore_retractions") or (
            not raw.located and rank.version == 0 and not rank.retracted
        ):
            return None
        return Claim(replace(raw.provenance, recorded_at=raw.recorded_at), raw.located)

    def reports(self, before: RouteRow | None, claim: Claim, reports: tuple[Report, ...]) -> list[Report]:
        """What the route role sends."""
        sent = list(reports)
        if self.name == "drop_gone_places":
            sent = [report for report in sent if report.assertions]
        if self.name == "report_once" and before is not None and before.rank == claim.provenance.rank:
            sent = []
        if self.name == "add_regions_to_cities":
            sent = [replace(r, location=CITIES[0]) if r.location.scope == "region" else r for r in sent]
        return sent

    @property
    def merge(self) -> Callable[[Report | None, Report], Report]:
        """How the fold role merges."""
        return (lambda old, new: new) if self.name == "last_report_wins" else standing.merge_report


def _withdrawn(raw: Raw) -> Provenance:
    return Provenance(
        article_id=raw.article_id,
        rank=rank_of(Withdrawal(raw.article_id)),
        published_at=None,
        fetched_at=None,
        recorded_at=raw.recorded_at,
        source=None,
        url=None,
        title=None,
        lang=None,
        extractor_version="1",
        fingerprint="",
    )
