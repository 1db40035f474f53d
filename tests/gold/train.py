"""Learns the weights that the product ships with: `make train`. The same articles give the same file.

The shipped model learns from all annotated articles and from seeds/training. What it scores on those is no measure of
anything; `make gold` prints the score of models that had not seen the story.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from muster.shell import offline
from muster.shell.model_file import MODEL, dump_model
from muster.shell.settings import Settings
from tests.gold import crossvalidation, fit, measure

MODEL_PATH = Path(str(MODEL))


def main() -> None:
    extractor, score, rows = offline.load_extractor(Settings().cache_dir), measure.scorer(), measure.rows()
    unseen = crossvalidation.predictions(rows, extractor, score)
    calibration = crossvalidation.calibrate(crossvalidation.judged(rows, unseen, score))
    told = crossvalidation.lessons([*rows, *crossvalidation.imitations()], extractor, score)
    raw = dump_model(replace(fit.fit(told), calibration=calibration))
    MODEL_PATH.write_bytes(raw)
    print(f"{MODEL.name}: {len(raw):,} bytes from {len(told)} articles")


if __name__ == "__main__":
    main()
