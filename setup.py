"""Writes the commit into what is built; everything else about the package is in pyproject.toml.

Setuptools has no other place for a step of the build. The variable MUSTER_COMMIT names the commit where the build
cannot see it.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).parent
spec = importlib.util.spec_from_file_location("muster_build", ROOT / "streams" / "shell" / "build.py")
assert spec is not None
assert spec.loader is not None
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)
COMMIT = os.environ.get("MUSTER_COMMIT") or build.commit_of_tree(ROOT)


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


setup(cmdclass={"build_py": BuildWithCommit, "sdist": SdistWithCommit})
