"""Reads the seed articles and what they must give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from muster.core.limits import ARTICLE_BYTES_MAX
from muster.core.model import Article, PlaceTotal
from muster.shell.article_codec import decode_article
from tests.core.reading import brief

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def article_files() -> list[Path]:
    return sorted((SEEDS / "articles").glob("*.json"))


def article(path: Path) -> Article:
    decoded = decode_article(None, path.read_bytes(), bytes_max=ARTICLE_BYTES_MAX)
    assert not decoded.warnings
    assert isinstance(decoded.value, Article)
    return decoded.value


def expected() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SEEDS / "expected.json").read_text(encoding="utf-8"))
    return read


def lines(events) -> list[list[Any]]:
    """Events in the form of expected.json."""
    return [[*brief(event), event.assertion.historical] for event in events]


def city_line(total: PlaceTotal) -> dict[str, Any]:
    """A city's total in the form of expected.json."""
    figures = total.figures
    return {
        status: None if figure is None else [figure.low, figure.best, figure.high]
        for status, figure in (
            ("planned", figures.planned),
            ("deployed", figures.deployed),
            ("withdrawn", figures.withdrawn),
        )
    }
