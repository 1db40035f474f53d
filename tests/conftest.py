"""Fixtures for all tests: the embedded broker (started once a run), places, and what may be missing on a machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from muster.core.place_atlas import Atlas
from muster.core.regions import Regions
from muster.shell.gazetteer import CompiledGazetteer, load_gazetteer
from muster.shell.settings import Settings
from muster.shell.tables import load_regions
from tests.secured import Authority, SecuredBroker, broker_arguments

if TYPE_CHECKING:
    from tests.browser import BrowserThread

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
REQUIRE_ALL = os.environ.get("MUSTER_REQUIRE_ALL") == "1"

# No test asserts a time, Hypothesis's own included. The gate must say the same of the same commit twice; at a desk each
# run looks at other examples.
settings.register_profile(
    "muster", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=REQUIRE_ALL
)
settings.load_profile("muster")


def missing(what: str, how: str) -> None:
    """Skip loudly; where everything is required a skip is a failure."""
    message = f"{what} is missing. To run this test: {how}"
    if REQUIRE_ALL:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference texts that are no part of the project."""
    path = Path(os.environ.get("MUSTER_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        missing(f"the folder {path.name}", "set MUSTER_SHARED to where it is")
    return path


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """The user's own cache: jars and gazetteer are made once a machine, not once a run."""
    return Settings().cache_dir


@pytest.fixture(scope="session")
def gazetteer(cache_dir: Path) -> CompiledGazetteer:
    """The cities of GeoNames, compiled at the first use on a machine."""
    return load_gazetteer(cache_dir)


@pytest.fixture(scope="session")
def regions() -> Regions:
    """Regions, countries and admin1 names."""
    return load_regions()


@pytest.fixture(scope="session")
def atlas(gazetteer: CompiledGazetteer, regions: Regions) -> Atlas:
    """Both, as extraction asks for them."""
    return Atlas(gazetteer, regions)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[str]:
    """Bootstrap address of an embedded Kafka that all tests share. Use topics and groups of your own."""
    from muster.shell.broker import EmbeddedBroker

    with EmbeddedBroker(tmp_path_factory.mktemp("kafka"), cache_dir) as running:
        yield running.bootstrap


@pytest.fixture(scope="session")
def promtool() -> str:
    """The program that checks Prometheus' rules and metrics."""
    return _of_prometheus("promtool")


@pytest.fixture(scope="session")
def prometheus() -> str:
    """The server itself."""
    return _of_prometheus("prometheus")


def _of_prometheus(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        missing(program, "apt-get install -y --no-install-recommends prometheus")
    assert path is not None
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[BrowserThread]:
    """A headless Chromium that all tests share; each opens a profile of its own."""
    from tests.browser import INSTALL, BrowserThread, chromium_path

    executable = chromium_path()
    if executable is None:
        missing("chromium", INSTALL)
    assert executable is not None
    running = BrowserThread(executable)
    yield running
    running.close()


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[SecuredBroker]:
    """A Kafka with TLS, SCRAM, PLAIN, client certificates and an authorizer, that all tests share."""
    from muster.shell.broker import EmbeddedBroker
    from muster.shell.ports import free_ports

    folder = tmp_path_factory.mktemp("secured")
    authority = Authority(folder)
    sasl, mutual = free_ports(2)
    arguments = broker_arguments(authority, folder, {"SASL_SSL": sasl, "SSL": mutual})
    with EmbeddedBroker(folder / "data", cache_dir, **arguments) as running:  # type: ignore[arg-type]
        yield SecuredBroker(f"127.0.0.1:{sasl}", f"127.0.0.1:{mutual}", running.bootstrap, authority, folder)
