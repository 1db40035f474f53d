"""The house style that no linter checks; each message says what to do instead."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
BLOB_BYTES_MAX = 700_000
KNOWN_HOSTS = re.compile(
    r"(^|\.)(localhost|127\.0\.0\.1|[\w-]+\.example|example(\.[a-z]{2,3}){0,2}|json-schema\.org|w3\.org|creativecommons\.org|geonames\.org"
    r"|apache\.org|keepachangelog\.com|semver\.org|cloudevents\.io|asyncapi\.com|prometheus\.io|rfc-editor\.org)$"
)
TEXT_SUFFIXES = {
    ".py",
    ".html",
    ".js",
    ".css",
    ".svg",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".tsv",
    ".txt",
    ".lock",
    ".json",
    "",
}


def tracked() -> list[Path]:
    """Files that git knows, or all files where the tests run without git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def product_modules() -> list[Path]:
    return sorted([*ROOT.glob("streams/**/*.py"), *ROOT.glob("schemas/**/*.py")])


@pytest.mark.parametrize("path", product_modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_are_small(path):
    """A module over the cap has two purposes: split it. A function over the cap hides steps: name them."""
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MODULE_LINES_MAX
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not long


def test_every_product_module_is_used():
    """A module that nothing imports is dead: delete it."""
    modules = {".".join(p.relative_to(ROOT).with_suffix("").parts) for p in product_modules()}
    names = {re.sub(r"^streams", "muster", re.sub(r"^schemas", "muster.schemas", m)) for m in modules}
    sources = "\n".join(
        p.read_text(encoding="utf-8") for p in [*product_modules(), ROOT / "Makefile", ROOT / "pyproject.toml"]
    )
    unused = []
    for name in names:
        parent, _, last = name.rpartition(".")
        if last in ("__init__", "__main__"):
            continue
        imported = re.search(rf"(from|import) {re.escape(name)}\b", sources)
        imported = imported or re.search(rf"from {re.escape(parent)} import [^\n]*(\([^)]*)?\b{last}\b", sources)
        imported = imported or f'"{name}"' in sources or f"-m {name}" in sources
        if not imported:
            unused.append(name)
    assert not unused


def test_no_leftovers_and_no_foreign_paths():
    """No notes to self, no paths of one machine, no addresses but examples and standards."""
    leftovers = re.compile(r"\bFIXM[E]\b|\bTOD[O]\b|\bXX[X]\b|/(hom[e]|roo[t]|User[s])/")
    address = re.compile(r"https?://([\w.-]+)")
    found = []
    for path in tracked():
        if path.suffix not in TEXT_SUFFIXES or path.name == "LICENSE" or "gold" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            hosts = [h for h in address.findall(line) if "." in h and not KNOWN_HOSTS.search(h)]
            if leftovers.search(line) or hosts:
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found


def test_no_large_files():
    """Large files belong into packages or caches, not into git."""
    assert not [str(p) for p in tracked() if p.stat().st_size > BLOB_BYTES_MAX]


def test_no_possessive_repeats_and_atomic_groups():
    """Python 3.11.0 to 3.11.2, which Debian 12 has, matches them wrongly: rule the backtracking out by a look-ahead."""
    possessive = re.compile(r"(?<!\\)(\*\+|\+\+|\?\+|\}\+|\(\?>)")
    found = []
    for path in product_modules():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if possessive.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found
