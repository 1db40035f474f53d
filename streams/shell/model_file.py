"""The learned weights, as `make train` writes them: streams/data/model.json."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import orjson

from muster.core.learned import Model
from muster.core.linear import Scorer

FORMAT = 1
MODEL = resources.files("muster.data").joinpath("model.json")


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model that ships with this version."""
    return parse_model(MODEL.read_bytes())


def parse_model(raw: bytes) -> Model:
    """Bytes of a model file -> model. Raises ValueError on a file of another format."""
    told: Any = orjson.loads(raw)
    try:
        if told["format"] != FORMAT:
            raise ValueError(f"a model file of another format, this version reads {FORMAT}: run `make train`")
        offset, slope = map(float, told["calibration"])
        place, status = (
            {str(feature): float(weight) for feature, weight in told[name].items()} for name in ("place", "status")
        )
    except (AttributeError, KeyError, OverflowError, TypeError):
        raise ValueError("not a model file: run `make train`") from None
    return Model(Scorer(place), status, (offset, slope))


def dump_model(model: Model) -> bytes:
    """Model -> bytes, the same for the same model; weights of less than a hundredth are dropped."""
    tables = {
        name: {feature: rounded for feature in sorted(weights) if (rounded := round(weights[feature], 2))}
        for name, weights in (("place", model.place.weights), ("status", model.status))
    }
    calibration = [round(value, 3) for value in model.calibration]
    value = {"format": FORMAT, "calibration": calibration, **tables}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"
