"""Words that are people's names in an article: "Rich Walsh ... Walsh said", "Mr. Burton", "Dan A. Adkins, 24,".

No list of first names: a person is introduced by a title, by a run of capitalised words that is no place, by an
initial or an age, and speaks. What a person is called once is that person's name when it stands alone later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.lexicon.places import BEFORE_PLACES, ORGANISATIONS_AFTER, PERSON_TITLES, STREETS_AFTER, STREETS_BEFORE
from muster.core.lexicon.words import FUNCTION_WORDS, MONTHS, WEEKDAYS
from muster.core.text import Document, Token, within

SAYING: Final = words("""
    said says say told tells added adds explained explains wrote writes asked asks noted notes argued argues testified
    declined denied denies thinks believes recalled recalls admitted replied insisted stressed hopes hoped pleaded
    dijo dice senalo afirmo explico agrego indico aseguro declaro informo detallo sostuvo expreso comento pidio
    """)
"""Verbs of which the subject is a person."""

WEAK, STRONG = 1, 2
RUN_WORDS_MAX: Final = 3
_AGE_MIN, _AGE_MAX = 5, 110
_AGE_DIGITS_MAX: Final = 3
_NO_NAMES: Final = frozenset(
    {*ORGANISATIONS_AFTER, *STREETS_AFTER, *STREETS_BEFORE, *BEFORE_PLACES, *MONTHS, *WEEKDAYS}
)


def people(document: Document, is_place: Callable[[str], bool]) -> dict[str, int]:
    """Words that are parts of people's names -> `WEAK` or `STRONG`.

    `is_place` tells whether a key of several words names a city, a region or a country: `New York` is nobody.
    """
    found: dict[str, int] = {}
    for paragraph in document.paragraphs:
        _read(document, paragraph.first, paragraph.last, is_place, found)
    return found


def _read(document: Document, first: int, last: int, is_place: Callable[[str], bool], found: dict[str, int]) -> None:
    tokens = document.tokens
    functions = FUNCTION_WORDS[document.lang]
    end = first
    for i in within(document.capitals(), first, last):
        if i < end or tokens[i].kind != "word" or not _may_be_named(tokens, i, last):
            continue
        run, end = _run(tokens, i, last)
        title = _has_title(tokens, i)
        while run and (run[0].key in PERSON_TITLES or run[0].key in functions):
            title = title or run[0].key in PERSON_TITLES
            run = run[1:]
        strength = _strength(tokens, run, end, titled=title, is_place=is_place)
        for token in run if strength else ():
            if len(token.text) > 1:
                found[token.key] = max(strength, found.get(token.key, 0))


def _may_be_named(tokens: list[Token], i: int, last: int) -> bool:
    """A title, or more words: a word alone is somebody's name only behind a title."""
    if i + 1 < last and (tokens[i + 1].capital or tokens[i + 1].text == "."):
        return True
    return _is_title(tokens[i]) or _has_title(tokens, i)


def _run(tokens: list[Token], i: int, last: int) -> tuple[list[Token], int]:
    """Capitalised words from token i on, over the full stops of initials, and the token after them."""
    run = [tokens[i]]
    k = i + 1
    while k < last:
        token = tokens[k]
        if token.kind == "word" and token.capital and not token.glued:
            run.append(token)
        elif not (token.text == "." and token.glued and (len(tokens[k - 1].text) == 1 or _is_title(tokens[k - 1]))):
            break
        k += 1
    return run, k


def _is_title(token: Token) -> bool:
    return token.key in PERSON_TITLES


def _has_title(tokens: list[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].kind == "word" and _is_title(tokens[i - 1]) and not tokens[i - 1].capital


def _strength(tokens: list[Token], run: list[Token], end: int, *, titled: bool, is_place: Callable[[str], bool]) -> int:
    if not 1 <= len(run) <= RUN_WORDS_MAX or (len(run) == 1 and not titled) or any(t.key in _NO_NAMES for t in run):
        return 0
    if is_place(" ".join(t.key for t in run)):
        return 0
    initial = any(len(t.text) == 1 for t in run[:-1])
    speaks = end < len(tokens) and tokens[end].key in SAYING
    if titled or initial or speaks or has_age(tokens, end):
        return STRONG
    return 0 if all(t.text.isupper() for t in run) else WEAK


def has_age(tokens: Sequence[Token], i: int) -> bool:
    """`, 24,` or `, 24 ` and the like at token i."""
    if i + 2 >= len(tokens) or tokens[i].text != "," or tokens[i + 1].kind != "number":
        return False
    digits = tokens[i + 1].text
    return (
        digits.isdecimal() and len(digits) <= 3 and _AGE_MIN <= int(digits) <= _AGE_MAX and tokens[i + 2].text in ",."
    )
