"""Scores the shipped model on articles that nothing was learned from, and whose errors nobody has looked at.

`last_ten.jsonl` was written after everything else of its day; `unseen.jsonl`, 120 articles, half of them plain, by the
guide alone, apart from the code and from all other articles. `python -m tests.gold.unseen --keep` writes
docs/gold/last-ten.json and docs/gold/unseen.json. `make gold` prints the second.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from muster.core.pipeline import Extractor
from muster.shell import offline
from muster.shell.model_file import load_model
from muster.shell.settings import Settings
from tests.gold import crossvalidation, measure

SETS = {"last-ten": "last_ten.jsonl", "unseen": "unseen.jsonl"}


def articles(name: str) -> list[dict[str, Any]]:
    lines = Path(__file__).with_name(SETS[name]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def results(name: str, extractor: Extractor, score: ModuleType) -> dict[str, dict[str, Any]]:
    """ "all", each language and each tier -> what the scorer says of the shipped model."""
    rows = articles(name)
    found = crossvalidation.read_by(load_model(), rows, extractor)
    parts = {"all": rows} | {
        value: [row for row in rows if row[key] == value]
        for key, values in (("lang", ("en", "es")), ("tier", ("plain", "hard")))
        for value in values
    }
    return {part: score.score(inside, found) for part, inside in parts.items() if inside}


def main() -> None:
    score, extractor = measure.scorer(), offline.load_extractor(Settings().cache_dir)
    for name in SETS:
        found = results(name, extractor, score)
        for part, result in found.items():
            score.show(f"\n{name}, {part}", result)
        if "--keep" in sys.argv[1:]:
            kept = measure.ROOT / "docs" / "gold" / f"{name}.json"
            kept.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
