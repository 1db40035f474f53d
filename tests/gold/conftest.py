"""The places that extraction needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.shell.gazetteer import CompiledGazetteer, load_gazetteer
from muster.shell.tables import load_regions


@pytest.fixture(scope="session")
def gazetteer(cache_dir: Path) -> CompiledGazetteer:
    return load_gazetteer(cache_dir)


@pytest.fixture(scope="session")
def regions():
    return load_regions()
