"""route: one claim in; one report a place out, an empty one for each place that the article no longer names.

The table remembers of each article the greatest rank and every place that it ever named, so that a redelivered claim
gives the same reports again, whatever was lost of them before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muster.core.model import Report
from muster.core.route import route
from muster.shell import clock, codec, headers
from muster.shell.faust.batch import Headers, Outgoing, Record
from muster.shell.faust.table import RawTable
from muster.shell.metrics import Metrics
from muster.shell.partitioner import partition_of
from muster.shell.roles.dead_letters import DeadLetters, guarded
from muster.shell.settings import Settings

TABLE = "articles"


class RouteWork:
    """Work of the route role, over its table article_id -> RouteRow."""

    def __init__(
        self,
        settings: Settings,
        table: RawTable,
        reports_partitions: int,
        dead_letters: DeadLetters,
        metrics: Metrics,
        now: clock.Clock = clock.now,
    ) -> None:
        self._settings = settings
        self._table = table
        self._reports_partitions = reports_partitions
        self._dead_letters = dead_letters
        self._metrics = metrics
        self._now = now
        metrics.begin("muster_records_total", "new", "replaced", "repeated", "superseded")

    def process(self, record: Record) -> Sequence[Outgoing]:
        return guarded(self._dead_letters, record, self._process)

    def flush(self) -> Iterable[Sequence[Outgoing]]:
        return ()

    def _process(self, record: Record) -> Sequence[Outgoing]:
        claim = codec.decode_claim(record.value)
        self._dead_letters.passed()
        key = claim.provenance.article_id.encode()
        held = self._table.row(key)
        before = codec.decode_route_row(held) if held is not None else None
        row, reports = route(before, claim)
        self._metrics.count("muster_records_total", (_outcome(before is not None, row == before, bool(reports)),))
        self._metrics.observe_delay(claim.provenance.recorded_at, self._now())
        passed_on = headers.passed_on(record.headers)
        # The row is written on every replay, even unchanged: the changelog may have lost it while memory has not.
        changelog = self._table.put(key, codec.encode_route_row(row), record.partition)
        return [changelog, *(self._report(report, record, passed_on) for report in reports)]

    def _report(self, report: Report, record: Record, passed_on: Headers) -> Outgoing:
        key = report.location.key.encode()
        return Outgoing(
            topic=self._settings.topic_reports,
            key=key,
            value=codec.encode_report(report),
            partition=partition_of(key, self._reports_partitions),
            headers=passed_on,
            origin=record,
        )


def _outcome(known: bool, unchanged: bool, reports: bool) -> str:  # noqa: FBT001 - three facts make the name
    if not known:
        return "new"
    if unchanged:
        return "repeated" if reports else "superseded"
    return "replaced"
