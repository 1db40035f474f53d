"""Leave-stories-out: every article is read by a model that has learned from other stories only.

The folds (`fold` names those that share facts) are dealt to five groups, largest first, each to the smallest group.
While a group is read, its folds and what imitates them are not learned from. Imitations are never scored.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from muster.core import by_rules
from muster.core.learned import Model
from muster.core.pipeline import Extractor
from muster.shell import offline
from tests.gold import fit
from tests.gold.examples import Lesson, article_of, lesson

GROUPS = 5
TRAINING = Path(__file__).resolve().parents[2] / "seeds" / "training"
_CALIBRATION_STEPS = 2_000
_CALIBRATION_STEP = 0.02


def imitations() -> list[dict[str, Any]]:
    """Our own articles that are learned from and never scored."""
    files = sorted(TRAINING.glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def group_of(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Fold -> its group."""
    sizes = Counter(row["fold"] for row in rows)
    load = [0] * GROUPS
    groups: dict[str, int] = {}
    for fold in sorted(sizes, key=lambda name: (-sizes[name], name)):
        groups[fold] = min(range(GROUPS), key=lambda k: load[k])
        load[groups[fold]] += sizes[fold]
    return groups


def lessons(rows: list[dict[str, Any]], extractor: Extractor, score: ModuleType) -> list[Lesson]:
    return [lesson(row, extractor, score) for row in rows]


def read_by(model: Model | None, rows: list[dict[str, Any]], extractor: Extractor) -> dict[str, Any]:
    """article_id -> events and city totals by this model; by the rules alone without one."""
    reader = replace(extractor, choose=by_rules.choose if model is None else model.choose)
    return dict(_read(reader, row) for row in rows)


def _read(reader: Extractor, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    claim = reader.claim(article_of(row), None)
    return row["id"], offline.reading_of([claim] if claim else [])


def predictions(
    rows: list[dict[str, Any]],
    extractor: Extractor,
    score: ModuleType,
    calibration: tuple[float, float] = (0.0, 1.0),
) -> dict[str, Any]:
    """article_id -> the reading of a model that knows none of its story; by default with raw confidence."""
    groups = group_of(rows)
    told = lessons([*rows, *imitations()], extractor, score)
    found: dict[str, Any] = {}
    for k in range(GROUPS):
        model = replace(fit.fit([one for one in told if groups.get(one.fold) != k]), calibration=calibration)
        found |= read_by(model, [row for row in rows if groups[row["fold"]] == k], extractor)
    return found


def judged(rows: list[dict[str, Any]], found: dict[str, Any], score: ModuleType) -> list[tuple[float, bool, str]]:
    """(confidence, right at level status, fold) of each current city event that has a number."""
    verdicts: list[tuple[float, bool, str]] = []
    for row in rows:
        gold = [event for event in (score.Ev(e, True) for e in row["events"]) if event.scope == "city"]
        told = [event for event in (score.Ev(e, False) for e in found[row["id"]]["events"]) if event.scope == "city"]
        _, _, false = score.match(gold, told, 2)
        wrong = {id(event) for event in false}
        verdicts += [(e.raw["confidence"], id(e) not in wrong, row["fold"]) for e in told if not e.aside]
    return verdicts


def calibrate(verdicts: list[tuple[float, bool, str]]) -> tuple[float, float]:
    """(offset, slope) of log odds that make confidences agree with how often they are right (Platt)."""
    offset, slope = 0.0, 1.0
    odds = [(math.log(c / (1 - c)), right) for c, right, _ in ((min(0.99, max(0.01, c)), r, f) for c, r, f in verdicts)]
    for _ in range(_CALIBRATION_STEPS):
        errors = [(right - 1 / (1 + math.exp(-(offset + slope * x))), x) for x, right in odds]
        offset += _CALIBRATION_STEP * sum(e for e, _ in errors) / max(1, len(errors))
        slope += _CALIBRATION_STEP * sum(e * x for e, x in errors) / max(1, len(errors))
    return offset, slope
