"""How word lists are written down: as running text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set.

    >>> sorted(words("b a  c"))
    ['a', 'b', 'c']
    """
    return frozenset(text.split())
