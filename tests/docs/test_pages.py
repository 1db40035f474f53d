"""The documentation is true: examples keep the contracts, commands and settings exist, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muster.shell import replay
from muster.shell.settings import Settings
from tests.docs.blocks import LANGUAGES, ROOT, Page, is_command, languages_of
from tests.docs.pages import PAGES, READ, named

NOT_SETTINGS = {"MUSTER_COMPILE", "MUSTER_REQUIRE_ALL", "MUSTER_SHARED"}  # of the build and of the tests
LINK = re.compile(r"\]\(([^()\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", READ, ids=named)
def test_what_a_page_shows_is_real(path, tmp_path, monkeypatch):
    """Where nothing is to be run: examples keep the contracts, commands exist with their options."""
    monkeypatch.chdir(ROOT)
    Page(path, tmp_path, {}, {}).check()


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_block_says_what_it_is(path):
    """A block in no language of tests/docs/blocks.py would escape the tests."""
    assert set(languages_of(path)) <= set(LANGUAGES)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_command_is_merely_indented(path):
    """An indented block is a sketch: it cannot say what it is, and would escape the tests."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    assert re.findall(r"^ {4,}(?:\$ |muster |make |python |docker |curl |pip ).*", text, re.MULTILINE) == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_commands_in_running_text_exist(path):
    """Every `muster ...` and `make ...` between backticks names a command, and options that it has."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    unknown = [span for span in re.findall(r"`((?:muster|make) [^`]+)`", text) if not is_command(span)]
    assert unknown == []


def test_the_variables_of_a_replay_are_those_that_it_prints():
    """The page shows the very lines of `muster replay`."""
    settings = Settings(_env_prefix="MUSTER_DEFAULTS_")
    page = (ROOT / "docs/how-to/replay.md").read_text(encoding="utf-8")
    printed = replay.variables(settings, replay.switched_settings(settings, "extractor-4"))
    assert re.findall(r"^\$ export (\w+)=(\S+)$", page, re.MULTILINE) == list(printed.items())


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_variables_that_a_page_names_are_settings(path):
    """A MUSTER_ variable that nothing reads helps nobody."""
    variables = set(re.findall(r"\bMUSTER_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))) - NOT_SETTINGS
    unknown = {v for v in variables if v.removeprefix("MUSTER_").lower() not in Settings.model_fields}
    assert unknown == set()


def anchors(path: Path) -> set[str]:
    """Of the headings of a page, as renderers of Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def links(path: Path) -> list[tuple[Path, str]]:
    """(file or folder, anchor) of every link that stays in the checkout."""
    found = LINK.findall(FENCED.sub("", path.read_text(encoding="utf-8")))
    parts = [link.partition("#") for link in found if not re.match(r"https?:", link)]
    return [((path.parent / file).resolve() if file else path, anchor) for file, _, anchor in parts]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_to_files_and_headings(path):
    """No link of a page is dead."""
    dead = [
        f"{target}#{anchor}"
        for target, anchor in links(path)
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target))
    ]
    assert dead == []


def test_every_page_is_found_from_the_index():
    """Whoever starts at docs/README.md gets everywhere by links; a link to a folder leads to its pages."""
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            for target, _ in links(page):
                waiting += sorted(target.glob("*.md")) if target.is_dir() else [target] * (target.suffix == ".md")
    assert {path for path in PAGES if "docs" in path.relative_to(ROOT).parts} - reached == set()
