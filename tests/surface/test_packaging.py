"""The wheel holds the whole product under names that collide with nobody's, and works where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from muster import __version__
from muster.shell import build

ROOT = Path(__file__).resolve().parents[2]
DATA_SUFFIXES = {".tsv", ".toml", ".txt", ".json", ".yaml", ".typed", ".html", ".css", ".js", ".svg"}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FETCH_THE_PAGE = """
import asyncio, importlib.resources, json, aiohttp
from aiohttp import web
import muster, muster.schemas
from muster.shell.page import Page

async def main():
    server = web.Application()
    server.add_routes(Page().routes())
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found = {}
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/page/app.js", "/page/world.json"):
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                found[path] = (answer.status, len(await answer.read()))
    await runner.cleanup()
    print(json.dumps({"muster": muster.__file__, "schemas": muster.schemas.__file__, "found": found}))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built from, so that no build folder is left in the tree."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("streams", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE", "COMMIT"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", ".", "--no-deps", "--no-build-isolation", "-w", str(target)]
    environment = {**os.environ, "MUSTER_COMMIT": COMMIT}
    subprocess.run(command, cwd=source, check=True, capture_output=True, env=environment)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel alone, and a link to the packages that it needs."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    (site,) = home.glob("lib/python*/site-packages")
    into = [sys.executable, "-m", "pip", "--python", str(home / "bin/python"), "install", "-q", "--no-deps"]
    subprocess.run([*into, str(wheel)], check=True, capture_output=True)
    assert {p.name for p in site.iterdir() if p.suffix != ".dist-info"} == {"muster"}
    # A path and no .pth of this environment's own, which would bring its editable Muster along.
    (packages,) = {p for p in sys.path if p.endswith("site-packages")}
    (site / "packages.pth").write_text(packages + "\n", encoding="utf-8")
    return home / "bin"


def run(command: list[str], folder: Path) -> str:
    """What a program prints, away from the checkout and with nothing of this environment."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_wheel_holds_every_module_and_data_file(wheel):
    """A package that is missing in pyproject.toml, or data that no pattern names, would be found by users only."""
    wanted = {f"muster/{build.IN_THE_PACKAGE}"}
    for folder, name in (("streams", "muster"), ("schemas", "muster/schemas")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and (path.suffix == ".py" or path.suffix in DATA_SUFFIXES):
                wanted.add(f"{name}/{path.relative_to(ROOT / folder)}")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted


def test_an_installed_muster_works(installed, cache_dir, tmp_path):
    """From site-packages alone: the version with the commit, an article's events, and the page."""
    assert run([str(installed / "muster"), "--version"], tmp_path) == f"muster {__version__}, commit {COMMIT[:12]}\n"
    article = min((ROOT / "seeds" / "articles").glob("*.json"))
    extract = [str(installed / "muster"), "extract", "--cache-dir", str(cache_dir), str(article)]
    assert json.loads(run(extract, tmp_path))["events"]
    said = json.loads(run([str(installed / "python"), "-c", FETCH_THE_PAGE], tmp_path))
    assert {Path(said[name]).is_relative_to(installed.parent) for name in ("muster", "schemas")} == {True}
    assert {status for status, _ in said["found"].values()} == {200}
    assert min(size for _, size in said["found"].values()) > 0


def test_a_source_distribution_carries_the_commit(source, tmp_path):
    """What is built from it later, without git, is still of that commit."""
    command = [sys.executable, "setup.py", "-q", "sdist", "--formats=gztar", "-d", str(tmp_path)]
    environment = {**os.environ, "MUSTER_COMMIT": COMMIT}
    subprocess.run(command, cwd=source, check=True, capture_output=True, env=environment)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path)
    (tree,) = (p for p in tmp_path.iterdir() if p.is_dir())
    assert build.commit_of_tree(tree) == COMMIT
    assert (tree / "streams/shell/page/index.html").is_file()


def test_a_tree_says_its_commit_however_it_came_here(tmp_path):
    """With git, without the program git, as an archive; a bare copy and a folder in another repository do not know."""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@news.example"]
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "COMMIT").write_text((ROOT / "COMMIT").read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    assert build.commit_of_tree(tmp_path) == build.UNKNOWN
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert build.commit_of_tree(tmp_path) == head
    assert build._head(tmp_path / ".git") == head
    subprocess.run([*git, "pack-refs", "--all"], check=True)
    assert build._head(tmp_path / ".git") == head
    archive = tmp_path.parent / "archive.tar"
    subprocess.run([*git, "archive", "-o", str(archive), "HEAD"], check=True)
    shutil.unpack_archive(archive, tmp_path / "unpacked")
    assert build.commit_of_tree(tmp_path / "unpacked") == head
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert build.commit_of_tree(tmp_path) == f"{head}-dirty"
    (tmp_path / "below").mkdir()
    assert build.commit_of_tree(tmp_path / "below") == build.UNKNOWN
