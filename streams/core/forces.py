"""Who is counted: the noun phrase after a number, as a force category, or the reason that it is none.

A number followed by a noun that no list knows counts something else and is dropped; that open rule replaces an endless
list of migrants, kilometres and pesos. A number without a noun is bare and takes its force from the story so far.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from muster.core.lexicon.forces import (
    EXCLUDING_AFTER,
    EXCLUDING_BEFORE,
    GROUP_WORDS,
    HEADS,
    MODIFIERS,
    OTHER_PEOPLE,
    SOFT_HEADS,
)
from muster.core.lexicon.lists import words
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.model import ForceCategory
from muster.core.noun_phrase import BODY_STARTS, PHRASE_TOKENS_MAX, NounPhrase, body_at
from muster.core.numbers import NumberPhrase
from muster.core.text import Document, Lang, Token

_SIDE_TOKENS: Final = 4
_SPECIFIC_WINDOW_TOKENS: Final = 400


class Counted(NamedTuple):
    """What a number counts. `categories` is empty where the words do not tell; tokens first..last-1 say it."""

    kind: Literal["explicit", "bare"]
    categories: frozenset[ForceCategory]
    first: int
    last: int
    head: str  # key of the head noun, "" when bare
    increment: bool
    doubt: bool = False  # bare, and its clause names other people or things


def counted(document: Document, number: NumberPhrase, last: int) -> Counted | None:
    """What `number` counts, None when it is not uniformed people. `last` ends the sentence."""
    tokens, lang = document.tokens, document.lang
    start = number.phrase_last
    phrase = NounPhrase(tokens, start, min(last, start + PHRASE_TOKENS_MAX), lang)
    phrase.read()
    if not phrase.counts_people():
        phrase = _group_that_it_is_of(tokens, start, last, lang) or phrase
    if not phrase.counts_people():
        return None if number.like_year else _without_force(tokens, number, last, lang)
    if _is_excluded(tokens, number, phrase.end, last, lang):
        return None
    return Counted("explicit", frozenset(phrase.categories), start, phrase.end, phrase.head, phrase.increment)


def _without_force(tokens: list[Token], number: NumberPhrase, last: int, lang: Lang) -> Counted | None:
    """A number of people who may be a force, or of nothing that is named; None when it counts something else."""
    start = number.phrase_last
    people = _people_at(tokens, start, last, lang)
    if people is not None:
        excluded = _is_excluded(tokens, number, people, last, lang)
        head = tokens[people - 1].key
        return None if excluded else Counted("bare", frozenset(), start, people, head, increment=False, doubt=True)
    if tokens[number.first].text in _EMERGENCY_LINES or not _is_bare(tokens, start, last, lang):
        return None
    return Counted("bare", frozenset(), start, start, "", increment=False, doubt=_counts_others(tokens, number, last))


def _group_that_it_is_of(tokens: list[Token], i: int, last: int, lang: Lang) -> NounPhrase | None:
    """`1,800 of its soldiers`, `1,700 of the Guard`, `250 de los guardias`: the group, None when none follows."""
    if i + 1 >= last or tokens[i].key not in _OF:
        return None
    start = i + 1
    while start < min(last, i + _DETERMINERS_MAX) and tokens[start].key in _DETERMINERS:
        start += 1
    phrase = NounPhrase(tokens, start, min(last, start + PHRASE_TOKENS_MAX), lang)
    phrase.read()
    if phrase.categories and not phrase.head:
        phrase.head = tokens[phrase.end - 1].key
    return phrase


_OF: Final = frozenset({"of", "de", "del"})
_DETERMINERS: Final = words("the its their his her our these those los las sus esos estos nuestros")
_DETERMINERS_MAX: Final = 3


def _people_at(tokens: list[Token], i: int, last: int, lang: Lang) -> int | None:
    """The token after "men", "armed men", "of his people", "Ghanaians": people who may be a force; None for others."""
    for k in range(i, min(last, i + _PEOPLE_TOKENS_MAX)):
        token = tokens[k]
        if (token.key in SOFT_HEADS[lang] and token.key not in _ANYBODY) or (
            lang == "en" and token.capital and token.key.endswith(_DEMONYM_ENDS)
        ):
            return k + 1
        if token.kind != "word" or not (
            token.key in MODIFIERS[lang] or token.key in _DETERMINERS or token.key in _OF or token.capital
        ):
            return None
    return None


_ANYBODY: Final = words("people personas others employees funcionarios deputies women mujeres")
_PEOPLE_TOKENS_MAX: Final = 4
_DEMONYM_ENDS: Final = ("ans", "ese", "is", "ish")


def _is_bare(tokens: list[Token], i: int, last: int, lang: Lang) -> bool:
    if i >= last:
        return True
    token = tokens[i]
    if token.kind != "word":
        return token.kind == "mark"
    if token.key in FUNCTION_WORDS[lang]:
        return True
    if token.key in _REMAINING:
        return _is_bare(tokens, i + 1, last, lang)
    if any(
        all(i + k < last and tokens[i + k].key == w for k, w in enumerate(c[0])) for c in CUES[lang].get(token.key, ())
    ):
        return True
    return lang == "es" and token.text.lower().endswith(("rá", "rán", "ron"))


def _counts_others(tokens: list[Token], number: NumberPhrase, last: int) -> bool:
    """A bare number whose clause names other people or things: murders, inhabitants, "47 of the victims"."""
    before = tokens[number.phrase_first - 1].key if number.phrase_first else ""
    if before in ("of", "de"):
        at = number.phrase_first - 2
        if at > 0 and tokens[at].text == ",":
            at -= 1  # `un primer grupo, de 120, llegará`
        if at < 0 or tokens[at].key not in GROUP_WORDS:
            return True
    after = tokens[number.phrase_last].key if number.phrase_last < last else ""
    if after in ("of", "de", "del"):
        following = tokens[number.phrase_last + 1].key if number.phrase_last + 1 < last else ""
        return following not in _THEM
    for k in range(number.phrase_first - 1, max(-1, number.phrase_first - _CLAUSE_TOKENS_MAX), -1):
        token = tokens[k]
        if token.text in ".,;?!“”":
            break
        if token.key in OTHER_PEOPLE:
            return True
    return any(t.key in OTHER_PEOPLE for t in tokens[number.phrase_last : min(last, number.phrase_last + 6)])


_CLAUSE_TOKENS_MAX: Final = 14
_REMAINING: Final = words("remaining restantes")
_EMERGENCY_LINES: Final = frozenset({"911", "999", "112", "089", "066"})
_THEM: Final = frozenset({"them", "those", "these", "ellos", "ellas", "esos", "estos"})


def _is_excluded(tokens: list[Token], number: NumberPhrase, end: int, last: int, lang: Lang) -> bool:
    before = {t.key for t in tokens[max(0, number.phrase_first - 3) : number.phrase_first]}
    if before & EXCLUDING_BEFORE[lang]:
        return True
    for k in range(end, min(last, end + _SIDE_TOKENS)):
        token = tokens[k]
        if token.key in EXCLUDING_AFTER[lang]:
            return True
        if token.kind == "mark" or token.key in ("and", "y", "to", "in", "a", "en"):
            return False
    return False


def category_of(categories: frozenset[ForceCategory]) -> ForceCategory:
    """One category for a set: several are mixed, none is unspecified."""
    if not categories:
        return "unspecified"
    return next(iter(categories)) if len(categories) == 1 else "mixed"


class Story:
    """The forces named so far, to tell who "officers" or a bare number are; read forwards, in linear time."""

    def __init__(self, document: Document) -> None:
        self._mentions = _mentions(document)
        counts: dict[frozenset[ForceCategory], int] = {}
        for _, categories in self._mentions:
            counts[categories] = counts.get(categories, 0) + 1
        self._dominant = max(counts, key=lambda c: counts[c]) if counts else frozenset()
        self._at = 0

    def resolve(self, found: Counted, at: int) -> frozenset[ForceCategory]:
        """Categories of a phrase that does not tell itself, by what was named last before token `at`.

        Calls come in order of `at`.
        """
        if found.categories:
            return found.categories
        while self._at < len(self._mentions) and self._mentions[self._at][0] < at:
            self._at += 1
        if self._at and at - self._mentions[self._at - 1][0] < _SPECIFIC_WINDOW_TOKENS:
            return self._mentions[self._at - 1][1]
        return self._dominant


def _mentions(document: Document) -> list[tuple[int, frozenset[ForceCategory]]]:
    tokens, lang = document.tokens, document.lang
    starts = _FORCE_STARTS[lang]
    mentions: list[tuple[int, frozenset[ForceCategory]]] = []
    for paragraph in document.paragraphs:
        if paragraph.furniture:
            continue
        end = paragraph.first
        for i in document.places_in(starts, paragraph.first, paragraph.last):
            hit = _mention_at(tokens, i, paragraph.last, lang) if i >= end else None
            if hit is None:
                continue
            category, end = hit
            joined = mentions and i - mentions[-1][0] <= 3 and tokens[i - 1].key in ("and", "y", "e", ",")
            if joined:
                mentions[-1] = (end - 1, mentions[-1][1] | {category})
            else:
                mentions.append((end - 1, frozenset({category})))
    return mentions


_FORCE_STARTS: Final = {lang: frozenset({*BODY_STARTS[lang], *HEADS[lang]}) for lang in HEADS}


def _mention_at(tokens: list[Token], i: int, last: int, lang: Lang) -> tuple[ForceCategory, int] | None:
    body = body_at(tokens, i, last, lang)
    if body is not None:
        return body
    category = HEADS[lang].get(tokens[i].key)
    return (category, i + 1) if category is not None and category != "federal_agents" else None
