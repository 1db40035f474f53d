"""The pages of the documentation: those whose blocks are run, and those that are only read."""

from __future__ import annotations

from pathlib import Path

from tests.docs.blocks import ROOT, languages_of

PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"), *ROOT.glob("schemas/examples/*.md")])
RUN = [path for path in PAGES if {"bash", "python"} & set(languages_of(path))]
READ = [path for path in PAGES if path not in RUN and languages_of(path)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))
