"""Writes the commit into what is built and compiles the core if asked; all else of the package is in pyproject.toml.

Setuptools has no other place for a step of the build. The variable MUSTER_COMMIT names the commit where the build
cannot see it. MUSTER_COMPILE=1 has the modules that read articles and reconcile reports compiled to C beside their
source, which needs a C compiler and some minutes; Python then takes the compiled ones (docs/decisions/0071).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).parent
spec = importlib.util.spec_from_file_location("muster_build", ROOT / "streams" / "shell" / "build.py")
assert spec is not None
assert spec.loader is not None
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)
COMMIT = os.environ.get("MUSTER_COMMIT") or build.commit_of_tree(ROOT)


COMPILE = os.environ.get("MUSTER_COMPILE", "") not in ("", "0")
COMPILER = "mypy>=2.4"  # as in the group "compile" of pyproject.toml; the first version that the core was compiled with
BUILDS = {"bdist_wheel", "build", "build_ext"}  # other commands only ask about the package, or install the checkout
INTERPRETED = {
    "__init__", "model",  # other libraries make and read the classes of model
    "route", "why",  # done in no time, and asked for by people
}  # fmt: skip


def compiled_core() -> list[Extension]:
    """The extensions of the core. They are compiled from a tree that has its import names."""
    from mypyc.build import mypycify

    tree = ROOT / "build" / "compiled"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT / "streams" / "core", tree / "muster" / "core", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "py.typed"):
        shutil.copy(ROOT / "streams" / name, tree / "muster")
    modules = [path for path in sorted((tree / "muster" / "core").rglob("*.py")) if path.stem not in INTERPRETED]
    options = ["--config-file=", "--strict", "--ignore-missing-imports"]
    paths = [str(path.relative_to(ROOT)) for path in modules]
    target = str(ROOT / "build" / "c")
    return list(mypycify([*options, *paths], opt_level="2", debug_level="0", multi_file=True, target_dir=target))


class BuildWithCommit(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # an editable install runs from the checkout, which knows better
            (Path(self.build_lib) / "muster" / build.IN_THE_PACKAGE).write_text(f"{COMMIT}\n", encoding="utf-8")


class SdistWithCommit(sdist):
    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        target = Path(base_dir) / build.IN_THE_TREE
        target.unlink(missing_ok=True)  # setuptools may have linked it to the checkout's own
        target.write_text(f"{COMMIT}\n", encoding="utf-8")


setup(
    cmdclass={"build_py": BuildWithCommit, "sdist": SdistWithCommit},
    setup_requires=[COMPILER] if COMPILE else [],
    ext_modules=compiled_core() if COMPILE and BUILDS.intersection(sys.argv) else [],
)
