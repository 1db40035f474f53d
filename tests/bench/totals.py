"""What reconciliation makes of reports, one line of JSON a seed: two builds of the core are compared by it.

    python -m tests.bench.totals     # of the Muster that this Python imports; the first line says where it is

The reports are those of the simulator's worlds, in which numbers, dates, texts and publishers get in one another's way,
and of several worlds together, which makes their cities busy. Totals are asked for now and then, as batches do.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from muster.core import poll
from muster.core.model import Claim, Report, RouteRow
from muster.core.place_state import PlaceState
from muster.core.reconcile import total_of
from muster.core.route import route
from muster.core.standing import location_of
from muster.shell import codec
from tests.simulation.world import records_of

SEEDS = 120
TOGETHER = 20
"""Every so many worlds are read once more as one."""


def reports_of(seed: int) -> list[Report]:
    rows: dict[str, RouteRow] = {}
    reports: list[Report] = []
    for raw in records_of(random.Random(seed)):
        if raw.provenance is not None:
            provenance = replace(
                raw.provenance, recorded_at=raw.recorded_at, article_id=f"{seed} {raw.provenance.article_id}"
            )
            row, told = route(rows.get(provenance.article_id), Claim(provenance, raw.located))
            rows[provenance.article_id] = row
            reports += told
    return reports


def totals_of(reports: list[Report], rng: random.Random) -> Iterator[bytes]:
    places: dict[str, PlaceState] = {}
    seen: dict[str, list[Report]] = {}
    for report in reports:
        key = report.location.key
        state = places.setdefault(key, PlaceState())
        state.merge(report)
        seen.setdefault(key, []).append(report)
        if rng.random() < 0.1:
            state = places[key] = PlaceState(state, state.points)
        if rng.random() < 0.3:
            yield codec.total_value(state.total())
    for key, state in places.items():
        yield codec.total_value(state.total())
        if len(seen[key]) < len(reports) / 2:  # the reference takes its time where they are many
            yield codec.total_value(total_of(location_of(seen[key]), seen[key]))


def main() -> None:
    print(poll.__file__)
    worlds = [reports_of(seed) for seed in range(SEEDS)]
    busy = [list(chain.from_iterable(worlds[first : first + TOGETHER])) for first in range(0, SEEDS, TOGETHER)]
    for number, reports in enumerate([*worlds, *busy]):
        found = hashlib.sha256()
        for value in totals_of(reports, random.Random(number)):
            found.update(value)
        print(json.dumps([number, len(reports), found.hexdigest()]))


if __name__ == "__main__":
    main()
