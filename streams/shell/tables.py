"""Reads the tables of regions and countries that come with the package."""

from __future__ import annotations

import pkgutil

from muster.core.regions import Regions, parse_regions


def load_regions() -> Regions:
    """Parsed anew at each call (about 15 ms): the composition root keeps the result."""
    return parse_regions(
        _table("countries.tsv"),
        _table("admin1.tsv"),
        _table("regions.tsv"),
        _table("counties.tsv"),
        _table("abbreviations.tsv"),
    )


def _table(name: str) -> str:
    data = pkgutil.get_data("muster.data", name)
    assert data is not None  # only loaders that cannot read data give None
    return data.decode()
