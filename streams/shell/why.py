"""Where the reports of one place come from, for `muster why`: articles in files, or the fold role's changelog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from muster.core.model import Gazetteer, Report
from muster.core.names import fold_name
from muster.core.pipeline import reports_of
from muster.core.reconcile import total_of
from muster.core.rules import RULES
from muster.core.settlement import CELLS
from muster.core.standing import location_of
from muster.core.timeline import reports_until, timeline
from muster.core.why import FATES, Verdict, verdicts_of
from muster.shell import codec, offline, report_rows, topics
from muster.shell.kafka_client import check_reachable
from muster.shell.readback import last_values
from muster.shell.settings import Settings

Places = dict[str, dict[str, Report]]
"""Place key -> article_id -> its report."""


def reports_in_files(settings: Settings, paths: Iterable[Path]) -> Places:
    extractor = offline.load_extractor(settings.cache_dir)
    return reports_of(offline.claims_of(extractor, paths, settings.article_bytes_max, []))


async def reports_on_kafka(settings: Settings) -> Places:
    """What the fold role knows now, read from the changelog of its table.

    Raises:
        BrokerUnreachable: Kafka does not answer.
    """
    await check_reachable(settings)
    rows = await last_values(settings, topics.changelog(settings, "fold", "reports"))
    places: Places = {}
    for key, value in rows.items():
        reports = places.setdefault(report_rows.place_key_of(key), {})
        reports[report_rows.article_id_of(key)] = report_rows.unpack(value)
    return places


def until(places: Places, day: date) -> Places:
    """The reports dated on this UTC day or before; places without any are left out."""
    known = {key: reports_until(reports.values(), day) for key, reports in places.items()}
    return {key: {one.provenance.article_id: one for one in reports} for key, reports in known.items() if reports}


def matching(places: Places, wanted: str, gazetteer: Gazetteer) -> list[str]:
    """Keys of the places that a person means: by key, GeoNames id, or any name without case and accents."""
    name = fold_name(wanted)
    cities = {f"city:{city.geonames_id}" for city in gazetteer.lookup(name)}
    return sorted(
        key
        for key, reports in places.items()
        if wanted in {key, key.removeprefix("city:")}
        or key in cities
        or any(fold_name(p.name) == name for p in location_of(reports.values()).places)
    )


def total_row(reports: dict[str, Report]) -> dict[str, Any]:
    """The total as its contract says, with the meaning of each rule that made it."""
    total = total_of(location_of(reports.values()), reports.values())
    row: dict[str, Any] = orjson.loads(codec.total_value(total))
    row["decided_by"] = [{**decision, "meaning": RULES[decision["rule"]]} for decision in row["decided_by"]]
    return row


def verdict_rows(reports: dict[str, Report]) -> Iterator[dict[str, Any]]:
    """What became of every figure that any report states, the carrying ones and the lost ones."""
    return (_row(verdict, reports) for verdict in verdicts_of(reports.values()))


def timeline_rows(reports: dict[str, Report]) -> Iterator[dict[str, Any]]:
    """The figure of each status that ever had one, after every day that brought a report."""
    points = timeline(location_of(reports.values()), reports.values())
    for status in CELLS:
        told = [(point, getattr(point.figures, status)) for point in points]
        for point, estimate in told if any(estimate is not None for _, estimate in told) else ():
            yield {
                "status": status,
                "date": point.day and point.day.isoformat(),
                "low": estimate and estimate.low,
                "best": estimate and estimate.best,
                "high": estimate and estimate.high,
                "reports": point.reports,
            }


def _row(verdict: Verdict, reports: dict[str, Report]) -> dict[str, Any]:
    report = reports[verdict.article_id]
    figure = verdict.figure
    return {
        "status": verdict.status,
        "low": figure.low,
        "high": figure.high,
        "measure": verdict.measure,
        "date": verdict.dated.isoformat() if verdict.dated else None,
        "fate": verdict.fate,
        "because": FATES[verdict.fate],
        "article_id": verdict.article_id,
        "source": report.provenance.source,
        "url": report.provenance.url,
    }
