"""Does the form of a number, with the marks and words that touch it, allow that it counts people?

Money, shares, decimals, times, dates, ordinals, weights, and numbers of roads, pages and aircraft do not.
"""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words
from muster.core.lexicon.words import MONTHS
from muster.core.text import Token

_CURRENCY: Final = frozenset({"$", "€", "£", "¥", "₹", "₦", "us$", "rs", "usd", "eur", "mxn", "n"})
_NUMBERED: Final = words(
    "no num numero number page route carretera km chapter call dial boeing airbus al building room ruta kilometro"
)
_SHARES_AND_ORDINALS: Final = frozenset({"%", "percent", "°", "º", "ª", "th", "st", "nd", "rd"})
_PEOPLE_COMPOUNDS: Final = words("strong plus odd member members man men person soldier troop officer guard agent")
_JOINTS: Final = frozenset("-/:#.+\u2019'\u2013")
_WORD_BEFORE_CHARS_MIN: Final = 4
"""Shorter words glued to a number are its unit or its series (`C130`); longer ones lost their blank in a table."""


def may_count_people(tokens: list[Token], i: int, end: int, first: int, last: int) -> bool:
    """The numeral is tokens i..end-1 of the sentence first..last-1."""
    return (
        _fits_before(tokens, i, first) and _fits_after(tokens, end, last) and not _is_date(tokens, i, end, first, last)
    )


def _fits_before(tokens: list[Token], i: int, first: int) -> bool:
    if i == first:
        return True
    before = tokens[i - 1]
    if before.key in _CURRENCY and (before.kind == "mark" or not before.text.islower()):
        return False
    if tokens[i].glued and (
        before.kind == "number"
        or (before.kind == "word" and len(before.text) < _WORD_BEFORE_CHARS_MIN)
        or (before.text in _JOINTS and i - 2 >= first and before.glued)
    ):
        return False
    if before.key == "por" and tokens[i].key in ("ciento", "cien"):
        return False
    return before.key not in _NUMBERED and not (
        before.text == "." and i - 2 >= first and tokens[i - 2].key in ("no", "num", "nos")
    )


def _fits_after(tokens: list[Token], end: int, last: int) -> bool:
    if end >= last:
        return True
    after = tokens[end]
    following = tokens[end + 1] if end + 1 < last else None
    if after.key in _SHARES_AND_ORDINALS or after.text in _CURRENCY:
        return False
    if after.glued and after.kind == "word":
        return after.key == "k"
    return following is None or _fits_pair(after, following)


def _fits_pair(after: Token, following: Token) -> bool:
    if after.glued and following.glued and after.text == "-" and following.kind == "word":
        return following.key in _PEOPLE_COMPOUNDS  # not `25-year-old`, `90-bed`
    if after.glued and following.glued and after.text in ":/":
        return following.kind != "number"
    return not (after.key in ("per", "por") and following.key in ("cent", "ciento"))


def _is_date(tokens: list[Token], i: int, end: int, first: int, last: int) -> bool:
    """`May 27`, `Feb. 3`, `5 de febrero`, `5 February`."""
    text = tokens[i].text
    if end != i + 1 or not text.isdigit() or len(text) > 2 or not 0 < int(text) <= 31:
        return False
    back = i - 1
    if back > first and tokens[back].text == ".":
        back -= 1
    if back >= first and tokens[back].key in MONTHS and tokens[back].capital:
        return True
    following = tokens[i + 1].key if i + 1 < last else ""
    month = tokens[i + 2].key if i + 2 < last and following == "de" else following
    return month in MONTHS
