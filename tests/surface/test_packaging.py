"""The wheel holds the whole product under names that collide with nobody's, and works where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from muster import __version__

ROOT = Path(__file__).resolve().parents[2]
DATA_SUFFIXES = {".tsv", ".toml", ".txt", ".json", ".yaml", ".typed", ".html", ".css", ".js", ".svg"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that no build folder is left in the tree."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("streams", "schemas"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", ".", "--no-deps", "--no-build-isolation", "-w", str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_holds_every_module_and_data_file(wheel):
    """A package that is missing in pyproject.toml, or data that no pattern names, would be found by users only."""
    wanted = set()
    for folder, name in (("streams", "muster"), ("schemas", "muster/schemas")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and (path.suffix == ".py" or path.suffix in DATA_SUFFIXES):
                wanted.add(f"{name}/{path.relative_to(ROOT / folder)}")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted


def test_an_installed_muster_runs(wheel, tmp_path):
    """From site-packages alone, with the folders of the checkout out of sight."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(tmp_path), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    assert {p.name for p in tmp_path.iterdir() if p.suffix != ".dist-info"} == {"bin", "muster"}
    code = (
        "import muster.schemas; print(muster.schemas.__file__); from muster.shell.cli import main; main(['--version'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[0].startswith(str(tmp_path))
    assert __version__ in ended.stdout
