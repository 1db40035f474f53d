"""Comparison keys and slugs of names: two spellings that a reader takes for one give the same key."""

from __future__ import annotations

import string
import unicodedata
from functools import lru_cache
from typing import Final

_ASCII_KEYS: Final = {
    code: chr(code).lower() if chr(code) in string.ascii_letters + string.digits else " " for code in range(128)
}


NAMES_REMEMBERED: Final = 16_384
NAME_CHARS_MAX: Final = 80
"""Longer names are not remembered: they do not come again."""


def fold_name(name: str) -> str:
    """Name -> comparison key: no accents, no case, every run of other characters one space.

    >>> fold_name("Ciudad Juárez"), fold_name("St.-Denis")
    ('ciudad juarez', 'st denis')
    """
    return _folded_before(name) if len(name) <= NAME_CHARS_MAX else _folded(name)


def _folded(name: str) -> str:
    if name.isascii():  # most names: a sixth of the time
        return " ".join(name.translate(_ASCII_KEYS).split())
    decomposed = unicodedata.normalize("NFKD", name)
    kept = [c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c)]
    return " ".join("".join(kept).casefold().split())


_folded_before = lru_cache(NAMES_REMEMBERED)(_folded)


def slug(name: str) -> str:
    """Name -> lower-case ASCII words joined by hyphens, for region keys."""
    return fold_name(name).replace(" ", "-")
