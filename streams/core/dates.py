"""When: years that make a sentence history, and the calendar date of an event as the text tells it.

Relative words are resolved against the date of publication; without one they give nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.lexicon.words import MONTHS, WEEKDAYS
from muster.core.model import DateSpan
from muster.core.numbers import YEAR_FIRST, YEAR_LAST
from muster.core.text import Document, Token

HEADER_TOKENS: Final = 60
_ONGOING_BEFORE: Final = words("since desde until hasta by")
_ONGOING_REACH: Final = 5
_TODAY: Final = {"today": 0, "hoy": 0, "tonight": 0, "yesterday": -1, "ayer": -1, "anoche": -1, "tomorrow": 1}
_DAY_WORDS: Final = frozenset({*_TODAY, *WEEKDAYS, *MONTHS})
_PAST_PHRASES: Final = (
    ("back", "then"), ("at", "that", "time"), ("at", "the", "time"), ("years", "ago"), ("years", "earlier"),
    ("a", "year", "earlier"), ("a", "year", "ago"), ("last", "year"), ("decade", "ago"), ("that", "year"),
    ("en", "aquel"), ("en", "aquella"), ("en", "ese", "entonces"), ("anos", "atras"), ("hace", "un", "ano"),
    ("el", "ano", "pasado"), ("aquel", "ano"), ("ese", "ano"), ("aquella", "ocasion"), ("hace", "anos"),
    ("years", "before"), ("un", "ano", "antes"), ("anos", "antes"), ("previous", "surge"), ("last", "surge"),
)  # fmt: skip
_PAST_BY_ENDING: Final[dict[str, list[list[str]]]] = {}
for _phrase in _PAST_PHRASES:
    _PAST_BY_ENDING.setdefault(_phrase[-1], []).append(list(_phrase))
_PAST_ENDINGS: Final = frozenset(_PAST_BY_ENDING)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What "now" is for an article: its date of publication, or the year that its header or newest year tells.

    `pasts` are the tokens that may tell of the past, in order: (first, after the last, the year or None for words).
    """

    published: date | None
    year: int | None
    pasts: list[tuple[int, int, int | None]]


def calendar(document: Document, published: date | None) -> Calendar:
    tokens = document.tokens
    years = [(i, year) for i in document.numbers if (year := _year(tokens[i])) is not None]
    now = published.year if published is not None else _year_of(years)
    pasts: list[tuple[int, int, int | None]] = []
    for i, year in years:
        if now is not None and year < now:
            pasts.append((i, i + 1, year))
    for ending in _PAST_ENDINGS.intersection(document.vocabulary):
        for last in document.places(frozenset((ending,))):
            for phrase in _PAST_BY_ENDING[ending]:
                first = max(0, last + 1 - len(phrase))
                if document.keys[first : last + 1] == phrase:
                    pasts.append((first, last + 1, None))
    return Calendar(published, now, sorted(pasts, key=lambda past: past[:2]))


def _year_of(years: list[tuple[int, int]]) -> int | None:
    """The first year of the header, else the newest; `years` are (token, year)."""
    if years and years[0][0] < HEADER_TOKENS:
        return years[0][1]
    return max((year for _, year in years), default=None)


def _year(token: Token) -> int | None:
    if token.kind != "number" or len(token.text) != 4 or not token.text.isdigit():
        return None
    value = int(token.text)
    return value if YEAR_FIRST <= value <= min(YEAR_LAST, 2099) else None


def past_at(document: Document, first: int, last: int, now: Calendar) -> int | None:
    """Where the sentence names an earlier year, or says "back then", "years ago" and the like; None: nowhere."""
    for k in range(bisect_left(now.pasts, (first, 0, None)), len(now.pasts)):
        at, end, year = now.pasts[k]
        if at >= last:
            break
        if end <= last and (year is None or _stands_as_year(document.tokens, at, first, last)):
            return at
    return None


def is_of_the_past(document: Document, at: int, span_last: int) -> bool:
    """Whether a number that ends before token span_last is of the past named at token `at`.

    Not where the past stands in a clause of its own behind it: `are going to Juárez, which in 2009 had 8,000`.
    """
    ended = document.has(_CLAUSE_STARTS, span_last, at) or any(t.text == ";" for t in document.tokens[span_last:at])
    return not ended


_CLAUSE_STARTS: Final = words(
    "which where who as since when while after because whose que donde cuando tras desde mientras"
)


def _stands_as_year(tokens: list[Token], i: int, first: int, last: int) -> bool:
    """A bare year, not a count ("2010 soldiers") and not the start of something that goes on ("since 2006")."""
    if any(tokens[k].key in _ONGOING_BEFORE for k in range(max(first, i - _ONGOING_REACH), i)):
        return False
    if i + 1 < last and tokens[i + 1].kind == "word" and tokens[i + 1].text.islower() and len(tokens[i + 1].text) > 6:
        return False
    before = tokens[i - 1] if i > first else None
    return before is None or before.text not in "-/$"


def event_date(document: Document, first: int, last: int, now: Calendar) -> DateSpan | None:
    """The day that the sentence names, None when it names none or the article has no date."""
    if now.published is None:
        return None
    if not document.has(_DAY_WORDS, first, last):
        return None
    tokens = document.tokens
    for i in range(first, last):
        key = tokens[i].key
        if key not in _DAY_WORDS:
            continue
        if key in _TODAY:
            day = now.published + timedelta(days=_TODAY[key])
            return DateSpan(day, day)
        if key in WEEKDAYS and (tokens[i].capital or document.lang == "es"):
            back = (now.published.weekday() - WEEKDAYS[key]) % 7
            day = now.published - timedelta(days=back)
            return DateSpan(day, day)
        explicit = _month_day(tokens, i, last, now.published.year)
        if explicit is not None:
            return DateSpan(explicit, explicit)
    return None


def _month_day(tokens: list[Token], i: int, last: int, year: int) -> date | None:
    """`February 5`, `Feb. 5`, `5 de febrero`; the year of publication unless one follows."""
    token = tokens[i]
    month = MONTHS.get(token.key) if token.kind == "word" else None
    if month is None:
        return None
    day = None
    if i + 1 < last and tokens[i + 1].kind == "number":
        day = tokens[i + 1].text
    elif i + 2 < last and tokens[i + 1].text == "." and tokens[i + 2].kind == "number":
        day = tokens[i + 2].text
    elif i >= 2 and tokens[i - 1].key == "de" and tokens[i - 2].kind == "number":
        day = tokens[i - 2].text
    if day is None or not day.isdigit() or len(day) > 2:
        return None
    try:
        return date(year, month, int(day))
    except ValueError:
        return None
