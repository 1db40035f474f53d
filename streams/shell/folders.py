"""The user's own folders, where no setting names others."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def default_cache_dir() -> Path:
    return platformdirs.user_cache_path("muster")


def default_data_dir() -> Path:
    return platformdirs.user_data_path("muster")
