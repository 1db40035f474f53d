"""Which version of the extraction it is: apart from the extraction itself, which not every worker has to load."""

from __future__ import annotations

from typing import Final

EXTRACTOR_VERSION: Final = "5"
"""Changes whenever the same text may give other events; part of every event's provenance."""
