"""Scores extraction on the annotated articles: `make gold`.

Every article is read by models that have learned from other stories only (`crossvalidation`). The rules underneath were
written while reading the articles of some stories. Which ones is decided by the name of the fold, so that nobody
chooses: those whose sha256 begins with a digit from 0 to 4 were never read, so their score is the honest one.
`make gold ARGS=--keep` writes docs/gold/result.json, which later runs are compared with.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "seeds" / "gold"
RESULT = ROOT / "docs" / "gold" / "result.json"
RESAMPLES = 1_000
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
WORST = 10


def scorer() -> ModuleType:
    """seeds/gold/score.py, which is a script and no module of a package."""
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / "dev.jsonl").read_text(encoding="utf-8").splitlines()]


def is_held_out(row: dict[str, Any]) -> bool:
    return hashlib.sha256(row["fold"].encode()).hexdigest()[0] in "01234"


def parts(gold: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The sets that are reported, the honest one first."""
    named = {
        "stories never read": [row for row in gold if is_held_out(row)],
        "stories read": [row for row in gold if not is_held_out(row)],
        "all": gold,
    }
    for field, values in (("tier", ("plain", "hard")), ("lang", ("en", "es"))):
        named |= {f"all, {value}": [row for row in gold if row[field] == value] for value in values}
    return named


def interval(gold: list[dict[str, Any]], found: dict[str, Any], score: ModuleType) -> tuple[float, float]:
    """90 % bootstrap interval of the F1 at level status, resampling folds (seeded)."""
    by_fold: dict[str, list[int]] = {}
    for row in gold:
        one = score.score([row], found)["city"]["status"]
        sums = by_fold.setdefault(row["fold"], [0, 0, 0])
        for k, name in enumerate(("tp", "fn", "fp")):
            sums[k] += one[name]
    folds, rng = sorted(by_fold), random.Random(0)
    values = []
    for _ in range(RESAMPLES):
        drawn = [by_fold[rng.choice(folds)] for _ in folds]
        values.append(score.prf(*(sum(column) for column in zip(*drawn, strict=True)))["f1"])
    values.sort()
    return values[RESAMPLES // 20], values[-RESAMPLES // 20]


def summary(gold: list[dict[str, Any]], found: dict[str, Any], score: ModuleType) -> dict[str, dict[str, float]]:
    """Part -> level -> F1, with three decimals."""
    table = {}
    for name, part in parts(gold).items():
        result = score.score(part, found)
        levels = {level: round(result["city"][level]["f1"], 3) for level in score.LEVELS}
        table[name] = levels | {other: round(result[other]["f1"], 3) for other in ("other scopes", "totals")}
    return table


def show_calibration(verdicts: list[tuple[float, bool, str]]) -> None:
    """How often events of each range of confidence are right."""
    print("\nconfidence    events  mean  right")
    for low, high in pairwise(BINS):
        inside = [(c, right) for c, right, _ in verdicts if low <= c < high]
        if inside:
            mean, right = sum(c for c, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside)
            print(f"  {low:.1f}-{min(1.0, high):.1f}     {len(inside):6d}  {mean:.2f}  {right:.2f}")


def show_worst(gold: list[dict[str, Any]], found: dict[str, Any], score: ModuleType) -> None:
    """The articles with most errors, of stories that were read: the others stay unread."""
    counted = []
    for row in gold:
        if not is_held_out(row):
            one = score.score([row], found)["city"]["status"]
            counted.append((one["fn"] + one["fp"], row["id"], one))
    print("\nworst articles of the stories read")
    for errors, article_id, one in sorted(counted, key=lambda c: (-c[0], c[1]))[:WORST]:
        print(f"  {article_id:12s} {errors:2d} errors: missed {one['fn']}, false {one['fp']}")


def main() -> None:
    from muster.shell import offline
    from muster.shell.model_file import load_model
    from muster.shell.settings import Settings
    from tests.gold import crossvalidation, unseen

    score, gold, extractor = scorer(), rows(), offline.load_extractor(Settings().cache_dir)
    rules = summary(gold, crossvalidation.read_by(None, gold, extractor), score)
    found = crossvalidation.predictions(gold, extractor, score, load_model().calibration)
    learned = summary(gold, found, score)
    before = json.loads(RESULT.read_text(encoding="utf-8"))["cross-validated"] if RESULT.exists() else {}
    for name, part in parts(gold).items():
        score.show(f"\n{name} (cross-validated)", score.score(part, found))
        low, high = interval(part, found, score)
        change = learned[name]["status"] - before.get(name, learned[name])["status"]
        print(f"  status F1 {learned[name]['status']:.3f}, 90 % between {low:.3f} and {high:.3f} over folds")
        print(f"  rules alone {rules[name]['status']:.3f}; against the committed result {change:+.3f}")
    show_calibration(crossvalidation.judged(gold, found, score))
    show_worst(gold, found, score)
    for part, result in unseen.results("unseen", extractor, score).items():
        score.show(f"\n120 articles that nothing was learned from, {part} (shipped model)", result)
    if "--keep" in sys.argv[1:]:
        result = {"cross-validated": learned, "rules alone": rules}
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
