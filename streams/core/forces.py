"""Who is counted: the noun phrase after a number, as a force category, or the reason that it is none.

A number followed by a noun that no list knows counts something else and is dropped; that open rule replaces an endless
list of migrants, kilometres and pesos. A number without a noun is bare and takes its force from the story so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muster.core.lexicon.forces import (
    BODIES,
    EXCLUDING_AFTER,
    EXCLUDING_BEFORE,
    GUARD_WORDS,
    GROUP_WORDS,
    HEADS,
    MODIFIERS,
    OTHER_PEOPLE,
    SOFT_HEADS,
)
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.model import ForceCategory
from muster.core.numbers import NumberPhrase
from muster.core.text import Document, Lang, Token

_PHRASE_TOKENS_MAX = 14
_SIDE_TOKENS = 4
_SPECIFIC_WINDOW_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts. `categories` is empty where the words do not tell; tokens first..last-1 say it."""

    kind: Literal["explicit", "bare"]
    categories: frozenset[ForceCategory]
    first: int
    last: int
    head: str  # key of the head noun, "" when bare
    increment: bool


def counted(document: Document, number: NumberPhrase, last: int) -> Counted | None:
    """What `number` counts, None when it is not uniformed people. `last` ends the sentence."""
    tokens, lang = document.tokens, document.lang
    start = number.phrase_last
    found = _noun_phrase(tokens, start, last, lang)
    if found is None:
        if number.like_year or not _is_bare(tokens, start, last, lang) or _counts_others(tokens, number, last):
            return None
        return Counted("bare", frozenset(), start, start, "", increment=False)
    if _is_excluded(tokens, number, found, last, lang):
        return None
    return found


def _is_bare(tokens: list[Token], i: int, last: int, lang: Lang) -> bool:
    if i >= last:
        return True
    token = tokens[i]
    if token.kind == "mark":
        return True
    if token.kind != "word":
        return False
    if token.key in FUNCTION_WORDS[lang] or token.key in CUES[lang]:
        return True
    return lang == "es" and token.text.lower().endswith(("rá", "rán", "ron"))


def _counts_others(tokens: list[Token], number: NumberPhrase, last: int) -> bool:
    """A bare number whose clause names other people or things: murders, inhabitants, "47 of the victims"."""
    before = tokens[number.phrase_first - 1].key if number.phrase_first else ""
    if before in ("of", "de") and (number.phrase_first < 2 or tokens[number.phrase_first - 2].key not in GROUP_WORDS):
        return True
    after = tokens[number.phrase_last].key if number.phrase_last < last else ""
    if after in ("of", "de", "del"):
        following = tokens[number.phrase_last + 1].key if number.phrase_last + 1 < last else ""
        return following not in _THEM
    for k in range(number.phrase_first - 1, max(-1, number.phrase_first - _CLAUSE_TOKENS_MAX), -1):
        token = tokens[k]
        if token.text in ".,;:?!“”":
            break
        if token.key in OTHER_PEOPLE:
            return True
    return any(t.key in OTHER_PEOPLE for t in tokens[number.phrase_last : min(last, number.phrase_last + 6)])


_CLAUSE_TOKENS_MAX = 14
_THEM = frozenset({"them", "those", "these", "ellos", "ellas", "esos", "estos"})


def _noun_phrase(tokens: list[Token], start: int, last: int, lang: Lang) -> Counted | None:
    heads, soft = HEADS[lang], SOFT_HEADS[lang]
    categories: set[ForceCategory] = set()
    head = ""
    increment = open_phrase = False
    end = start
    i = start
    stop = min(last, start + _PHRASE_TOKENS_MAX)
    if i < stop and tokens[i].key in ("of", "de") and _starts_body(tokens, i + 1, stop, lang):
        i += 1
    while i < stop:
        token = tokens[i]
        body = body_at(tokens, i, stop, lang)
        if body is not None and not (token.key in heads and lang == "es" and not head and body[1] == i + 1):
            category, following = body
            categories.add(category)
            if any(tokens[k].key in heads for k in range(i, following)) or lang == "es":
                head = head or tokens[following - 1].key
            i = end = following
            open_phrase = False
            continue
        if token.key in heads:
            if heads[token.key] is not None and not (token.key == "agents" and categories):
                categories.add(heads[token.key])  # type: ignore[arg-type]
            head, i = token.key, i + 1
            end = i
            open_phrase = False
        elif token.key in soft:
            head = head or "soft"
            i += 1
            end = i
        elif head and token.key in ("of", "de", "del", "from", "with") and _starts_body(tokens, i + 1, stop, lang):
            i += 1
            open_phrase = True
        elif head and token.key in ("and", "y", "e", ",", "or") and _continues(tokens, i + 1, stop, lang):
            if not categories and head in ("troops", "troop"):
                categories.add("army")  # "troops and police" are two kinds
            i += 1
            open_phrase = True
        elif open_phrase and (token.key in _OF_FILLERS or token.capital or token.key == "'s"):
            i += 1
            continue
        elif not _may_modify(token, lang, bool(head)):
            break
        else:
            increment = increment or token.key in ("more", "additional", "extra", "further", "mas", "adicionales")
            i += 1
    if not head and categories and (i >= last or tokens[i].kind == "mark" or tokens[i].key in FUNCTION_WORDS[lang]):
        head = tokens[end - 1].key
    if not head or (head == "soft" and not categories):
        return None
    return Counted("explicit", frozenset(_narrowed(categories)), start, end, head, increment)


def _may_modify(token: Token, lang: Lang, has_head: bool) -> bool:
    if token.kind == "mark":
        return token.text in "-’'\"“”" or (token.text == "." and token.glued)
    if token.kind == "number":
        return False
    if token.key in MODIFIERS[lang] or token.key in GUARD_WORDS or token.key == "'s":
        return True
    if has_head or token.key in FUNCTION_WORDS[lang]:
        return False
    return token.capital


def _starts_body(tokens: list[Token], i: int, stop: int, lang: Lang) -> bool:
    """`of Mexico's National Guard`, `de la Guardia Nacional`, `de la propia Guardia`, `del estado`."""
    for k in range(i, min(stop, i + 6)):
        if body_at(tokens, k, stop, lang) is not None or tokens[k].key in HEADS[lang]:
            return True
        token = tokens[k]
        if not (token.capital or token.key in _OF_FILLERS or token.key == "'s"):
            return False
    return False


_OF_FILLERS = frozenset(
    "the its their his her a an la las los el propia misma este esta su sus mexican federal national us state".split()
)


def _continues(tokens: list[Token], i: int, stop: int, lang: Lang) -> bool:
    """After a head, `and` or a comma goes on with another force that has no number of its own."""
    for k in range(i, min(stop, i + 4)):
        token = tokens[k]
        if token.kind == "number":
            return False
        if body_at(tokens, k, stop, lang) is not None:
            return True
        if token.key in HEADS[lang]:
            return True
        if not (token.key in MODIFIERS[lang] or token.capital or token.key in ("and", "y", "de", "la", "the", "other")):
            return False
    return False


def body_at(tokens: list[Token], i: int, stop: int, lang: Lang) -> tuple[ForceCategory, int] | None:
    """(category, end) of the longest force name that starts at token i."""
    bodies = BODIES[lang]
    for length in (4, 3, 2, 1):
        if i + length <= stop:
            category = bodies.get(tuple(t.key for t in tokens[i : i + length]))
            if category is not None and not (tokens[i].key in _NEED_CAPITALS and not tokens[i].text.isupper()):
                return category, i + length
    token = tokens[i]
    if token.key in ("guard", "guardia") and token.capital:
        return "national_guard", i + 1
    return None


_NEED_CAPITALS = frozenset({"ice"})


def _narrowed(categories: set[ForceCategory]) -> set[ForceCategory]:
    """`special-forces soldiers of the National Guard` names one body twice: the more telling one stays."""
    return categories


def _is_excluded(tokens: list[Token], number: NumberPhrase, found: Counted, last: int, lang: Lang) -> bool:
    before = {t.key for t in tokens[max(0, number.phrase_first - 3) : number.phrase_first]}
    if before & EXCLUDING_BEFORE[lang]:
        return True
    for k in range(found.last, min(last, found.last + _SIDE_TOKENS)):
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
    mentions: list[tuple[int, frozenset[ForceCategory]]] = []
    for paragraph in document.paragraphs:
        if paragraph.furniture:
            continue
        i = paragraph.first
        while i < paragraph.last:
            hit = _mention_at(tokens, i, paragraph.last, lang)
            if hit is None:
                i += 1
                continue
            category, end = hit
            joined = mentions and i - mentions[-1][0] <= 3 and tokens[i - 1].key in ("and", "y", "e", ",")
            if joined:
                mentions[-1] = (end - 1, mentions[-1][1] | {category})
            else:
                mentions.append((end - 1, frozenset({category})))
            i = end
    return mentions


def _mention_at(tokens: list[Token], i: int, last: int, lang: Lang) -> tuple[ForceCategory, int] | None:
    body = body_at(tokens, i, last, lang)
    if body is not None:
        return body
    category = HEADS[lang].get(tokens[i].key)
    return (category, i + 1) if category is not None and category != "federal_agents" else None
