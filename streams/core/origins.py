"""Places that people come from: a story is not set there, and its numbers do not belong there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from muster.core.lexicon.attach import OUT_WORDS, SOURCE_WORDS
from muster.core.lexicon.lists import words
from muster.core.places import Mention
from muster.core.text import Document, Token

_JOINTS: Final = frozenset({",", "and", "y", "e", "or"})
_LEFT: Final = words("left leave leaves leaving depart departed salio salieron partio partieron")
_BOUND: Final = words("for rumbo hacia bound headed heading")
_BOUND_REACH_TOKENS: Final = 10
_NAME_REACH_TOKENS: Final = 3


def origins(document: Document, named: Sequence[Mention]) -> list[Mention]:
    """Of these mentions of a sentence: `from Mérida and Torreón`, `procedentes de Mérida`, `left Puno for Lima`."""
    tokens = document.tokens
    found: list[Mention] = []
    for mention in named:
        listed = bool(found) and 0 < mention.first - found[-1].end <= 2 and tokens[found[-1].end].key in _JOINTS
        before = {token.key for token in tokens[max(0, mention.first - 2) : mention.first]}
        told = not (before.isdisjoint(SOURCE_WORDS) and before.isdisjoint(OUT_WORDS))
        if listed or told or (not before.isdisjoint(_LEFT) and _goes_elsewhere(tokens, mention.end)):
            found.append(mention)
    return found


def _goes_elsewhere(tokens: Sequence[Token], after: int) -> bool:
    """`left Arequipa | on Thursday for Juliaca`, `salieron de Mérida | rumbo a Chetumal`."""
    for i in range(after, min(len(tokens) - 1, after + _BOUND_REACH_TOKENS)):
        if tokens[i].text in ".;":
            return False
        if tokens[i].key in _BOUND:
            return any(token.capital for token in tokens[i + 1 : i + 1 + _NAME_REACH_TOKENS])
    return False
