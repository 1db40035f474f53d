"""Scores the shipped model on ten articles that were written after everything else and tuned on by nobody.

`python -m tests.gold.last_ten --keep` writes docs/gold/last-ten.json. Ten articles are few.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from muster.shell import offline
from muster.shell.model_file import load_model
from muster.shell.settings import Settings
from tests.gold import crossvalidation, measure

ARTICLES = Path(__file__).with_name("last_ten.jsonl")
RESULT = measure.ROOT / "docs" / "gold" / "last-ten.json"


def articles() -> list[dict[str, Any]]:
    return [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    score, rows, extractor = measure.scorer(), articles(), offline.load_extractor(Settings().cache_dir)
    found = crossvalidation.read_by(load_model(), rows, extractor)
    named = {"all": rows} | {lang: [row for row in rows if row["lang"] == lang] for lang in ("en", "es")}
    results = {name: score.score(part, found) for name, part in named.items()}
    for name, result in results.items():
        score.show(name, result)
    if "--keep" in sys.argv[1:]:
        RESULT.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
