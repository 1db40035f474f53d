"""Article text as tokens, sentences and paragraphs, with every offset kept.

Offsets are Unicode code points of the article's text, end exclusive. Everything runs in time linear in the text: each
repetition of each pattern is bounded, and a sentence is never longer than `SENTENCE_TOKENS_MAX`.

A token object is a word as it is written, shared by all its places in all texts: news is made of a few thousand words,
and an object a place would take longer to make than all the reading. Where a token stands is the document's to tell.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from muster.core.lexicon.words import ABBREVIATIONS, FURNITURE, MONTHS, STOP_WORDS

Lang = Literal["en", "es"]

SENTENCE_TOKENS_MAX: Final = 110
"""Longer runs without a full stop are tables or noise; cutting them keeps work per sentence bounded."""

WRAPPED_LINE_CHARS_MIN: Final = 50
"""A shorter line before one that starts in lower case was not cut by wrapping."""

DATELINE_TOKENS_MAX: Final = 26
LANG_SAMPLE_TOKENS: Final = 2_000
LANG_STOP_WORDS_MIN: Final = 3
_WORDS_REMEMBERED: Final = 16_384
_PIECES_REMEMBERED: Final = 16_384
_PIECE_CHARS_MAX: Final = 40
"""Longer ones are not remembered: they do not come again."""
GAP_MAX: Final = 2
LANG_SHORT_TOKENS: Final = 40
"""In a text shorter than this one stop-word tells the language."""


_TOKEN: Final = re.compile(
    r"""
      # a plain word; in didn't the negation stays with its verb (possessive repeats are wrong in Python 3.11.0 to .2)
      [^\W\d_]{1,60}(?![^\W\d_])(?:(?<=[A-Za-z]n)['\u2019]t\b)?(?![\u0300-\u036f])
    | ['\u2019](?:s|re|ve|ll|d|m)\b                        # Mexico | 's
    | [0-9]{1,15}(?:[.,][0-9]{1,3}(?![0-9])){0,5}     # 1,650  1.650  10
    | (?:[^\W\d_][\u0300-\u036f]{0,3}){1,60}          # letters, also in decomposed form
    | \S
    """,
    re.VERBOSE,
)
_LINE: Final = re.compile(r"[^\n\r\u2028\u2029]+")
_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")
_OPENERS: Final = frozenset("\"'“\u2018«(¿¡[*•-\u2013—")
_CLOSERS: Final = frozenset("\"'”\u2019»)]")


Kind = Literal["word", "number", "mark"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark with the white space before it.

    Attributes:
        key: the text without case and accents.
        gap: characters of white space before it, `GAP_MAX` for more and at the start of a text.
        glued: there is none.
        ends: a full stop or the like: a sentence may end here.
    """

    text: str
    key: str
    kind: Kind
    capital: bool
    ends: bool
    gap: int
    glued: bool


class Sentence(NamedTuple):
    """Tokens first..last-1 of the document."""

    first: int
    last: int
    paragraph: int


class Paragraph(NamedTuple):
    """`furniture`: links, captions, adverts: nothing there is reported. `body` is the first token after a dateline."""

    first: int
    body: int
    last: int
    furniture: bool
    headline: bool


@dataclass
class Document:
    text: str
    lang: Lang
    tokens: list[Token]
    starts: list[int]  # offset of each token in the text
    keys: list[str]
    """The key of each token: a list of words is looked for in a slice of these at once, not token by token."""
    numbers: list[int]
    """The tokens that are digits."""
    vocabulary: frozenset[str]
    """The different keys, to see at once that none of a list of words is anywhere."""
    title: list[Token] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    _places: dict[frozenset[str], list[int]] = field(default_factory=dict)
    _capitals: list[int] | None = None
    numerals: list[int] | None = None
    """The tokens that a numeral may begin with, once they have been looked for (`numbers`)."""

    def places(self, words: frozenset[str]) -> list[int]:
        """Tokens of which the key is one of the words, in order; looked for once."""
        found = self._places.get(words)
        if found is None:
            absent = self.vocabulary.isdisjoint(words)
            found = self._places[words] = [] if absent else [i for i, key in enumerate(self.keys) if key in words]
        return found

    def capitals(self) -> list[int]:
        """Tokens that begin with a capital letter; looked for once."""
        if self._capitals is None:
            self._capitals = [i for i, token in enumerate(self.tokens) if token.capital]
        return self._capitals

    def places_in(self, words: frozenset[str], first: int, last: int) -> list[int]:
        """Those of tokens first..last-1."""
        return within(self.places(words), first, last)

    def has(self, words: frozenset[str], first: int, last: int) -> bool:
        """Whether one of the words is the key of a token first..last-1."""
        return not words.isdisjoint(self.keys[first:last])

    def end(self, i: int) -> int:
        """Offset behind token i."""
        return self.starts[i] + len(self.tokens[i].text)

    def slice(self, first: int, last: int) -> str:
        """The text of tokens first..last-1, of which there is at least one, as it is written."""
        return self.text[self.starts[first] : self.end(last - 1)]


def within(places: list[int], first: int, last: int) -> list[int]:
    """Those of ascending numbers that are first..last-1."""
    return places[bisect_left(places, first) : bisect_left(places, last)] if places else places


def fold_word(word: str) -> str:
    """One word without case and accents.

    >>> fold_word("Juárez")
    'juarez'
    """
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def tokenize(text: str) -> list[Token]:
    """Tokens of a text in order; white space is dropped, everything else is in exactly one token."""
    return _tokens(text)[0]


def _tokens(text: str) -> tuple[list[Token], list[int]]:
    """Tokens and the offset of each.

    No token reaches over white space, so that a piece between two blanks has the same tokens wherever it stands.
    """
    tokens: list[Token] = []
    starts: list[int] = []
    at = end = 0
    for line in text.split("\n"):
        pieces = line.split(" ")
        read = _read_piece if max(map(len, pieces)) <= _PIECE_CHARS_MAX else _read_any_piece
        for piece, (one, wide, others, offsets, blank, length) in zip(pieces, map(read, pieces), strict=True):
            if one is not None:
                start = at + blank
                tokens.append(one if start - end == 1 else wide)
                starts.append(start)
                if others:
                    tokens += others
                    starts += [start + offset for offset in offsets]
                end = start + length
            at += len(piece) + 1
    if tokens:
        tokens[0] = _forms(tokens[0].text)[GAP_MAX]
    return tokens, starts


class _Piece(NamedTuple):
    """What stands between two blanks: mostly a word and a mark or none; it may hold white space of other kinds."""

    one: Token | None  # the first token after one character of white space; None if there is no token
    wide: Token  # the same after more
    others: tuple[Token, ...]
    offsets: tuple[int, ...]  # of the others from the first
    blank: int  # characters before the first
    length: int  # from the first to the end of the last


def _piece(piece: str) -> _Piece:
    found = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(piece)]
    if not found:
        return _NO_TOKENS
    word, blank, _ = found[0]
    others = tuple(_forms(word)[min(start - end, GAP_MAX)] for (_, _, end), (word, start, _) in pairwise(found))
    offsets = tuple(start - blank for _, start, _ in found[1:])
    return _Piece(_forms(word)[1], _forms(word)[GAP_MAX], others, offsets, blank, found[-1][2] - blank)


_read_piece = lru_cache(_PIECES_REMEMBERED)(_piece)
"""A few thousand pieces make up most of what is written."""


def _read_any_piece(piece: str) -> _Piece:
    return _read_piece(piece) if len(piece) <= _PIECE_CHARS_MAX else _piece(piece)


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _forms(word: str) -> tuple[Token, ...]:
    """The tokens of a text, by gap."""
    first = word[0]
    kind: Kind = "number" if first in "0123456789" else "word" if first.isalpha() or len(word) > 1 else "mark"
    key = sys.intern(fold_word(word).replace("\u2019", "'"))
    ends = kind == "mark" and word in ".!?…"
    return tuple(Token(word, key, kind, first.isupper(), ends, gap, gap == 0) for gap in range(GAP_MAX + 1))


_NO_TOKENS: Final = _Piece(None, _forms(".")[GAP_MAX], (), (), 0, 0)


def language(lang: str | None, tokens: list[Token]) -> Lang | None:
    """The language as given, else the one whose stop-words are more frequent; None: neither English nor Spanish."""
    if lang:
        given = lang.strip().lower()[:2]
        return "en" if given == "en" else "es" if given == "es" else None
    counts = {"en": 0, "es": 0, "other": 0}
    for token in tokens[:LANG_SAMPLE_TOKENS]:
        of = STOP_WORDS.get(token.key)
        if of is not None:
            counts[of] += 1
    best = max(counts, key=lambda name: counts[name])
    if counts[best] < (1 if len(tokens) < LANG_SHORT_TOKENS else LANG_STOP_WORDS_MIN):
        return None
    return "en" if best == "en" else "es" if best == "es" else None


def read(text: str, title: str | None, lang: str | None) -> Document | None:
    """Text -> document; None when the language is not one that Muster reads."""
    tokens, starts = _tokens(text)
    known = language(lang, tokens)
    if known is None:
        return None
    keys = [token.key for token in tokens]
    numbers = [i for i, token in enumerate(tokens) if token.kind == "number"]
    document = Document(text, known, tokens, starts, keys, numbers, frozenset(keys), tokenize(title or ""))
    folded_title = _squeezed(title or "")
    position = 0
    furniture_goes_on = False
    for start, end in _lines(text):
        first = position
        position = bisect_left(starts, end, first)
        if first == position:
            continue
        furniture = _is_furniture(tokens, first, position)
        listed = tokens[first].text in ">\u2013—-•*" or tokens[first].kind == "number"
        if furniture:
            furniture_goes_on = position - first <= 4
        elif furniture_goes_on and listed:
            furniture = True
        else:
            furniture_goes_on = False
        headline = not document.paragraphs and bool(folded_title) and _squeezed(text[start:end]) == folded_title
        body = first if headline else _after_dateline(tokens, first, position)
        document.paragraphs.append(Paragraph(first, body, position, furniture, headline))
        _split_sentences(document, len(document.paragraphs) - 1)
    return document


def _squeezed(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text.casefold())


def _lines(text: str) -> list[tuple[int, int]]:
    """Line spans; a line that starts in lower case goes on with the one before (hard-wrapped text)."""
    lines: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            lines.append((match.end(), match.end()))
            continue
        if lines and lines[-1][1] - lines[-1][0] >= WRAPPED_LINE_CHARS_MIN and stripped[0].islower():
            lines[-1] = (lines[-1][0], match.end())
        else:
            lines.append((match.start(), match.end()))
    return lines


def _is_furniture(tokens: list[Token], first: int, last: int) -> bool:
    words = tuple([t.key for t in tokens[first : min(last, first + 7)] if t.kind != "mark"])
    openings = FURNITURE.get(words[0]) if words else None
    return openings is not None and any(words[: len(opening)] == opening for opening in openings)


def _after_dateline(tokens: list[Token], first: int, last: int) -> int:
    """Index of the first token after `CITY, State, Month 5 (Agency) —`, or `first` when there is none."""
    depth = 0
    for i in range(first, min(last, first + DATELINE_TOKENS_MAX)):
        token = tokens[i]
        if token.text in "([":
            depth += 1
        elif token.text in ")]":
            depth -= 1
        elif depth > 0:
            continue
        elif token.text in "—\u2013-:" and i > first and _ends_dateline(tokens, first, i):
            following = i + 1
            while following < last and tokens[following].text in "—\u2013-":
                following += 1
            return following
        elif (token.kind == "word" and not token.capital and token.key not in _DATELINE_WORDS) or token.text in '?!;"“':
            return first
    return first


_DATELINE_WORDS: Final = frozenset(MONTHS) | {"de", "del", "la", "el", "los", "las", "of", "the", "y", "and"}


def _ends_dateline(tokens: list[Token], first: int, dash: int) -> bool:
    """A dash ends a dateline when it stands free or after a full stop; a colon after a word in upper case."""
    if dash + 1 >= len(tokens) or not tokens[first].capital:
        return False
    if tokens[dash].text == ":":
        return tokens[first].text.isupper() and len(tokens[first].text) > 2
    if not tokens[dash].glued:
        return True
    return tokens[dash - 1].text in ".)" or tokens[dash + 1].text in "—\u2013-"


def _split_sentences(document: Document, index: int) -> None:
    paragraph = document.paragraphs[index]
    tokens, last = document.tokens, paragraph.last
    begin = paragraph.body
    ends = [i for i, token in enumerate(tokens[begin:last], begin) if token.ends and _ends_sentence(tokens, i, last)]
    for end in [*ends, last]:
        while end - begin > SENTENCE_TOKENS_MAX:
            begin = _cut(document, begin, begin + SENTENCE_TOKENS_MAX, index)
        if end < last:
            begin = _cut(document, begin, end, index)
    if begin < last:
        document.sentences.append(Sentence(begin, last, index))


def _cut(document: Document, begin: int, i: int, paragraph: int) -> int:
    """End a sentence with token i and what closes it; returns the token after it."""
    tokens, last = document.tokens, document.paragraphs[paragraph].last
    while i + 1 < last and tokens[i + 1].glued and tokens[i + 1].text in _CLOSERS:
        i += 1
    document.sentences.append(Sentence(begin, i + 1, paragraph))
    return i + 1


def _ends_sentence(tokens: list[Token], i: int, last: int) -> bool:
    if i + 1 >= last:
        return True
    following = tokens[i + 1]
    if following.glued and following.text not in _CLOSERS:
        return False
    if tokens[i].text != ".":
        return True
    before = tokens[i - 1] if i else tokens[i]
    if before.kind == "word" and (before.key in ABBREVIATIONS or len(before.text) == 1):
        return False
    return following.kind == "number" or following.capital or following.text in _OPENERS | _CLOSERS
