"""The two settings that commands without a broker need, as options of click alone.

Settings stands on pydantic, whose import takes longer than reading an article; a test holds the two in agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from muster.core import limits
from muster.shell.folders import default_cache_dir

Function = TypeVar("Function", bound=Callable[..., Any])

ARTICLE_BYTES_MIN = 1_000


def offline_options(function: Function) -> Function:
    """Adds --cache-dir and --article-bytes-max; the command is called with both."""
    function = click.option(
        "--article-bytes-max",
        envvar="MUSTER_ARTICLE_BYTES_MAX",
        show_envvar=True,
        type=click.IntRange(min=ARTICLE_BYTES_MIN),
        default=limits.ARTICLE_BYTES_MAX,
        show_default=True,
        help="Longer articles are rejected.",
    )(function)
    return click.option(
        "--cache-dir",
        envvar="MUSTER_CACHE_DIR",
        show_envvar=True,
        type=click.Path(path_type=Path, file_okay=False),
        default=default_cache_dir,
        help="Where the compiled gazetteer is kept; safe to delete.",
    )(function)
