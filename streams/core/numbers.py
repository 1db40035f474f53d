"""Number phrases of a sentence: value, bounds, qualifier. What is counted is decided elsewhere.

Digits with `,` `.` or space between thousands, "10k", "2 mil 620", number words, collectives ("medio millar"),
ranges and vague words ("hundreds of"). `number_form` leaves out those whose form tells that they count no people.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from muster.core.lexicon.numerals import (
    AFTER,
    BEFORE,
    COLLECTIVES,
    MORE_AFTER,
    MORE_BEFORE,
    SCALES,
    SKIPPED_BEFORE,
    UNITS,
    VAGUE_WORDS,
)
from muster.core.limits import PERSONNEL_MAX
from muster.core.model import Measure, Qualifier
from muster.core.number_form import may_count_people
from muster.core.text import Document, Lang, Token, within

YEAR_FIRST, YEAR_LAST = 1900, 2100
_NUMERAL_TOKENS_MAX: Final = 16

_COLLECTIVES_BY_FIRST: Final = {
    lang: {
        first: tuple((words, value) for words, value in table.items() if words[0] == first)
        for first in {words[0] for words in table}
    }
    for lang, table in COLLECTIVES.items()
}
_VAGUE_OPENERS: Final = {"en": frozenset({"several", "few", "couple"}), "es": frozenset({"varios", "varias", "unos"})}
_NUMERAL_STARTS: Final = {
    lang: frozenset(
        {*UNITS[lang], *VAGUE_WORDS[lang], *_VAGUE_OPENERS[lang], *_COLLECTIVES_BY_FIRST[lang], "mil"} - {"a"}
    )
    for lang in UNITS
}
"""A numeral begins with digits, with one of these, or with "a" before one of the next."""
_SPELLED_SCALES: Final = frozenset({"hundred", "thousand"})
_AFTER_A: Final = _SPELLED_SCALES.union(words[1] for words, _ in _COLLECTIVES_BY_FIRST["en"].get("a", ()))
_AFTER_BY_FIRST: Final = {
    lang: {first: tuple(row for row in rows if row[0][0] == first) for first in {words[0] for words, _ in rows}}
    for lang, rows in AFTER.items()
}
_BEFORE_BY_LAST: Final = {
    lang: {last: tuple(row for row in rows if row[0][0] == last) for last in {words[0] for words, _ in rows}}
    for lang, rows in BEFORE.items()
}


class NumberPhrase(NamedTuple):
    """Tokens first..last-1 hold the number itself; phrase_first..phrase_last-1 also its qualifier.

    `value` is None for vague words. `like_year`: four bare digits that could name a year.
    """

    first: int
    last: int
    phrase_first: int
    phrase_last: int
    value: int | None
    low: int | None
    high: int | None
    qualifier: Qualifier
    measure: Measure
    more: bool  # "another", "otros": more of something, perhaps elsewhere
    like_year: bool


def find(document: Document, first: int, last: int) -> list[NumberPhrase]:
    """Number phrases of tokens first..last-1, in order, not overlapping."""
    tokens, lang = document.tokens, document.lang
    found: list[NumberPhrase] = []
    done = first
    if document.numerals is None:
        document.numerals = _starts(document)
    for i in within(document.numerals, first, last):
        read = _numeral(tokens, i, last, lang) if i >= done else None
        if read is None:
            continue
        value, done = read
        if value is not None and not 0 < value <= PERSONNEL_MAX:
            continue
        if value is None or may_count_people(tokens, i, done, first, last):
            phrase = _qualified(tokens, i, done, value, first, last, lang)
            phrase = _range(tokens, phrase, last, lang) or phrase
            found.append(phrase)
            done = max(phrase.last, done)
    return found


def _starts(document: Document) -> list[int]:
    """Tokens that a numeral may begin with."""
    keys, spelled = document.keys, _NUMERAL_STARTS[document.lang]
    found = document.numbers + [i for i, key in enumerate(keys) if key in spelled]
    if document.lang == "en":
        found += [i - 1 for i in document.places(_AFTER_A) if i and keys[i - 1] == "a"]
    return sorted(found)


def _numeral(tokens: list[Token], i: int, last: int, lang: Lang) -> tuple[int | None, int] | None:
    """(value, end) of the numeral that starts at i; a value of None is vague."""
    token = tokens[i]
    if token.kind == "mark":
        return None
    vague = _vague(tokens, i, last, lang)
    if vague is not None:
        return None, vague
    for words, collective in _COLLECTIVES_BY_FIRST[lang].get(token.key, ()):
        end = i + len(words)
        if end <= last and all(tokens[i + k].key == w for k, w in enumerate(words)):
            return _scaled(tokens, end, last, lang, collective)
    if token.kind == "number":
        return _digits(tokens, i, last, lang)
    if token.key in UNITS[lang] or (token.key == "mil" and lang == "es"):
        return _spelled(tokens, i, last, lang)
    one = token.key == "a" and lang == "en" and i + 1 < last and tokens[i + 1].key in _SPELLED_SCALES
    return _spelled(tokens, i + 1, last, lang) if one else None


def _vague(tokens: list[Token], i: int, last: int, lang: Lang) -> int | None:
    words = VAGUE_WORDS[lang]
    key = tokens[i].key
    if key in words:
        end = i + 1
        if end + 1 < last and tokens[end].key in ("of", "de") and tokens[end + 1].key in words:
            end += 2
        return end
    if key in _VAGUE_OPENERS[lang]:
        following = i + 1
        while following < min(last, i + 3) and tokens[following].key in ("hundred", "thousand", "of", "dozen"):
            following += 1
            if tokens[following - 1].key != "of":
                return following
        if lang == "es" and following < last and tokens[following].key in words:
            return following + 1
    return None


def _digits(tokens: list[Token], i: int, last: int, lang: Lang) -> tuple[int, int] | None:
    text = tokens[i].text
    groups = text.replace(".", ",").split(",")
    end = i + 1
    if len(groups) == 1:
        value = int(text)
        if len(text) <= 3:
            while end < last and _is_thousands_group(tokens[end]):
                value = value * 1_000 + int(tokens[end].text)
                end += 1
    elif len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:]) and len({c for c in text if c in ".,"}) == 1:
        value = int("".join(groups))
    elif end < last and tokens[end].key in SCALES[lang] and len(groups) == 2:
        scale = SCALES[lang][tokens[end].key]
        return int(groups[0]) * scale + int(groups[1]) * scale // 10 ** len(groups[1]), end + 1
    else:
        return 0, end
    if end < last and tokens[end].key == "k" and tokens[end].glued:
        return value * 1_000, end + 1
    return _scaled(tokens, end, last, lang, value)


def _is_thousands_group(group: Token) -> bool:
    """`10 000`: exactly three digits, one blank after the group before."""
    return group.kind == "number" and len(group.text) == 3 and group.text.isdigit() and group.gap == 1


def _scaled(tokens: list[Token], end: int, last: int, lang: Lang, value: int) -> tuple[int, int]:
    """Value times a scale word that follows, plus what follows `mil` in Spanish ("2 mil 620", "10 mil")."""
    if end >= last or tokens[end].key not in SCALES[lang]:
        return value, end
    scale = SCALES[lang][tokens[end].key]
    value *= scale
    end += 1
    if lang == "es" and scale == 1_000:
        return _rest_of_thousand(tokens, end, last, value)
    if end < last and tokens[end].key in SCALES[lang]:
        value *= SCALES[lang][tokens[end].key]
        end += 1
    return value, end


def _rest_of_thousand(tokens: list[Token], end: int, last: int, value: int) -> tuple[int, int]:
    if end >= last:
        return value, end
    token = tokens[end]
    if token.kind == "number" and token.text.isdigit() and len(token.text) <= 3:
        return value + int(token.text), end + 1
    if token.key in UNITS["es"] and token.key not in ("un", "una", "uno"):
        rest, end = _below_thousand(tokens, end, last, "es")
        return value + rest, end
    return value, end


def _spelled(tokens: list[Token], i: int, last: int, lang: Lang) -> tuple[int, int] | None:
    if lang == "es":
        if tokens[i].key == "mil":
            return _rest_of_thousand(tokens, i + 1, last, 1_000)
        value, end = _below_thousand(tokens, i, last, "es")
        if tokens[i].key in ("un", "una", "uno") and end == i + 1:
            return None
        return _scaled(tokens, end, last, "es", value)
    total, current, end = 0, 0, i
    while end < min(last, i + _NUMERAL_TOKENS_MAX):
        key = tokens[end].key
        if key in UNITS["en"]:
            if current % 100 and not (current % 10 == 0 and UNITS["en"][key] < 10):
                break
            current += UNITS["en"][key]
        elif key in SCALES["en"]:
            scale = SCALES["en"][key]
            if scale == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * scale, 0
        elif not (key in ("and", "-") and end > i and end + 1 < last and _joins(tokens, end)):
            break
        end += 1
    value = total + current
    return (value, end) if value > 1 or end > i + 1 else None


def _joins(tokens: list[Token], i: int) -> bool:
    """`twenty-five`, `two hundred and fifty`."""
    before, after = tokens[i - 1], tokens[i + 1]
    if after.key not in UNITS["en"]:
        return False
    if tokens[i].key == "-":
        return UNITS["en"].get(before.key, 0) >= 20 and tokens[i].glued
    return before.key in ("hundred", "thousand")


def _below_thousand(tokens: list[Token], i: int, last: int, lang: Lang) -> tuple[int, int]:
    value, end, units = 0, i, UNITS[lang]
    while end < min(last, i + _NUMERAL_TOKENS_MAX):
        key = tokens[end].key
        if key in units:
            new = units[key]
            if value and not (value % 100 == 0 or (value % 10 == 0 and new < 10 and tokens[end - 1].key == "y")):
                break
            value += new
        elif not (key == "y" and value % 10 == 0 and value % 100 and end + 1 < last
                  and units.get(tokens[end + 1].key, 99) < 10):  # fmt: skip
            break
        end += 1
    return value, end


def _qualified(
    tokens: list[Token], i: int, end: int, value: int | None, first: int, last: int, lang: Lang
) -> NumberPhrase:
    qualifier: Qualifier = "exact" if value is not None else "vague"
    phrase_first, phrase_last, more = i, end, False
    back = i - 1
    while back >= first and i - back <= 3 and tokens[back].key in SKIPPED_BEFORE[lang]:
        more = more or tokens[back].key in MORE_BEFORE[lang]
        back -= 1
    for start in dict.fromkeys((i - 1, back)):
        hit = _qualifier_before(tokens, start, first, lang)
        if hit is not None and value is not None:
            phrase_first, qualifier = hit
            break
    if more:
        phrase_first = min(phrase_first, back + 1)
    increment = False
    if value is not None:
        for words, name in _AFTER_BY_FIRST[lang].get(tokens[end].key, ()) if end < last else ():
            if end + len(words) <= last and all(tokens[end + k].key == w for k, w in enumerate(words)):
                qualifier, phrase_last = name, end + len(words)
        skip = end + 1 if end < last and tokens[end].text == "-" else end
        if skip < last and tokens[skip].key in ("odd", "plus"):
            qualifier, phrase_last = ("approx" if tokens[skip].key == "odd" else "at_least"), skip + 1
        if end < last and tokens[end].text == "+" and tokens[end].glued:
            qualifier, phrase_last = "at_least", end + 1
        increment = phrase_last < last and tokens[phrase_last].key in MORE_AFTER[lang]
    low, high = _bounds(value, qualifier)
    digits = tokens[i].text
    like_year = end == i + 1 and digits.isdigit() and len(digits) == 4 and YEAR_FIRST <= int(digits) <= YEAR_LAST
    return NumberPhrase(
        i, end, phrase_first, phrase_last, value, low, high, qualifier,
        "increment" if increment else "level", more, like_year,
    )  # fmt: skip


def _qualifier_before(tokens: list[Token], start: int, first: int, lang: Lang) -> tuple[int, Qualifier] | None:
    for words, name in _BEFORE_BY_LAST[lang].get(tokens[start].key if start >= first else "", ()):
        if start - len(words) + 1 >= first and all(tokens[start - k].key == w for k, w in enumerate(words)):
            return start - len(words) + 1, name
    return None


def _bounds(value: int | None, qualifier: Qualifier) -> tuple[int | None, int | None]:
    if qualifier == "at_least":
        return value, None
    if qualifier == "at_most":
        return None, value
    return value, value


def _range(tokens: list[Token], low: NumberPhrase, last: int, lang: Lang) -> NumberPhrase | None:
    """`100 to 120`, `between 300 and 400`, `300-400`, `entre 300 y 400`, `de 300 a 400`."""
    i = low.last
    if low.value is None or low.like_year or i + 1 >= last:
        return None
    joint = tokens[i].key
    before = tokens[low.first - 1].key if low.first else ""
    if lang == "en":
        joined = joint in ("to", "-", "\u2013") or (joint == "and" and before == "between")
    else:
        joined = (
            joint in ("-", "\u2013")
            or (joint == "a" and before in ("de", "entre"))
            or (joint == "y" and before == "entre")
        )
    read = _numeral(tokens, i + 1, last, lang) if joined else None
    if read is None or read[0] is None:
        return None
    value, end = read
    if (
        value is None
        or not low.value < value <= 10 * low.value
        or not may_count_people(tokens, i + 1, end, i + 1, last)
    ):
        return None
    start = low.first - 1 if before in ("between", "entre") else low.phrase_first
    return low._replace(last=end, phrase_first=start, phrase_last=end, low=low.value, high=value, qualifier="range")
