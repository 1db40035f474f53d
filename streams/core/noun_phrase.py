"""The noun phrase after a number: who is counted, read word by word.

`10,000 National Guard members`, `300 elementos del Ejército y la Marina`, `250 members of Mexico's National Guard`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from muster.core.lexicon.forces import BODIES, GUARD_WORDS, HEADS, MODIFIERS, SOFT_HEADS
from muster.core.lexicon.lists import words
from muster.core.lexicon.numerals import MORE_AFTER
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.model import ForceCategory
from muster.core.text import Lang, Token

PHRASE_TOKENS_MAX: Final = 14
BODY_STARTS: Final = {
    lang: frozenset({"guard", "guardia", *(names[0] for names in bodies)}) for lang, bodies in BODIES.items()
}
"""The words that names of forces begin with."""
_BODY_LENGTHS: Final = {
    lang: {
        first: sorted({len(names) for names in bodies if names[0] == first}, reverse=True)
        for first in BODY_STARTS[lang]
    }
    for lang, bodies in BODIES.items()
}
SOFT: Final = "soft"
"""The head of a phrase like "members of ...": not by itself a uniformed person."""

_ALSO_ADJECTIVES: Final = words("police guard army navy patrol military guards")
_NEED_CAPITALS: Final = frozenset({"ice"})
_OF_FILLERS: Final = words(
    "the its their his her an a la las los el propia misma este esta su sus mexican federal national us state"
)
_OF: Final = words("of de del from with")
_WIDE: Final[frozenset[ForceCategory]] = frozenset({"army", "federal_agents"})
"""Categories of nouns that members of other forces are called by too: soldiers, agents."""
_AND: Final = frozenset({"and", "y", "e", ",", "or"})
_INNER_MARKS: Final = frozenset("-\u2019'\"“”")


def body_at(tokens: list[Token], i: int, stop: int, lang: Lang) -> tuple[ForceCategory, int] | None:
    """(category, end) of the longest force name that starts at token i."""
    lengths = _BODY_LENGTHS[lang].get(tokens[i].key)
    if lengths is None:
        return None
    bodies = BODIES[lang]
    for length in lengths:
        if i + length <= stop:
            category = bodies.get(tuple([token.key for token in tokens[i : i + length]]))
            if category is not None and not (tokens[i].key in _NEED_CAPITALS and not tokens[i].text.isupper()):
                return category, i + length
    if tokens[i].key in ("guard", "guardia") and tokens[i].capital:
        return "national_guard", i + 1
    return None


@dataclass(slots=True)
class NounPhrase:
    """What has been read of a phrase that starts at token `at`; `end` is the token after its last telling one."""

    tokens: list[Token]
    at: int
    stop: int
    lang: Lang
    head: str = ""
    end: int = 0
    categories: set[ForceCategory] = field(default_factory=set)
    increment: bool = False
    _joined: bool = False  # after "and": another force stands beside the first
    _open: bool = False  # after "of" or "and": articles and names may stand before the next force word

    def read(self) -> None:
        """Read on to the first word that is no part of the phrase; `at` stays there."""
        self.end = self.at
        if self.at < self.stop and self.tokens[self.at].key in ("of", "de") and self._force_follows(self.at + 1, 6):
            self.at += 1
        following = self.tokens[self.at : self.at + 2] if self.lang == "es" else []
        if len(following) == 2 and following[0].key in ("los", "las") and following[1].key in HEADS["es"]:
            self.at += 1  # `suman mil 450 los militares`
        while self.at < self.stop and self._step():
            pass
        if not self.head and self.categories and self._ends_here():
            self.head = self.tokens[self.end - 1].key

    def counts_people(self) -> bool:
        """A head that means uniformed people, and not only describes what comes next (`police dogs`)."""
        if not self.head or (self.head == SOFT and not self.categories):
            return False
        return self.head not in _ALSO_ADJECTIVES or self.at >= len(self.tokens) or self._may_follow_noun()

    def _step(self) -> bool:
        token = self.tokens[self.at]
        body = body_at(self.tokens, self.at, self.stop, self.lang)
        if body is not None and not self._is_spanish_head(token, body[1]):
            self._take_body(*body)
        elif token.key in HEADS[self.lang]:
            self._take_head(token)
        elif token.key in SOFT_HEADS[self.lang]:
            self.head = self.head or SOFT
            self.at += 1
            self.end = self.at
        else:
            return self._take_joint(token)
        return True

    def _is_spanish_head(self, token: Token, end: int) -> bool:
        """`soldados`, `policías` are nouns first and names of a force only after one."""
        return self.lang == "es" and not self.head and token.key in HEADS["es"] and end == self.at + 1

    def _take_body(self, category: ForceCategory, end: int) -> None:
        self._add(category)
        if self.lang == "es" or any(self.tokens[k].key in HEADS["en"] for k in range(self.at, end)):
            self.head = self.head or self.tokens[end - 1].key
        self.at = self.end = end
        self._open = False

    def _take_head(self, token: Token) -> None:
        category = HEADS[self.lang][token.key]
        if category is not None:
            self._add(category)
        self.head = token.key
        self.at += 1
        self.end = self.at
        self._open = False

    def _add(self, category: ForceCategory) -> None:
        """One force unless joined by "and": `National Guard soldiers`, `soldiers of the Guard` are of the Guard."""
        if self.categories and not self._joined:
            if category in _WIDE:
                return
            if self.categories <= _WIDE:
                self.categories.clear()
        self.categories.add(category)

    def _take_joint(self, token: Token) -> bool:
        """A word between the telling ones; False when it ends the phrase."""
        if self.head and token.key in _OF and self._force_follows(self.at + 1, 6):
            self._open = True
        elif self.head and token.key in _AND and self._force_follows(self.at + 1, 4):
            if not self.categories and self.head in ("troops", "troop"):
                self.categories.add("army")  # "troops and police" are two kinds
            self._open = self._joined = True
        elif not (self._open and _may_open(token)):
            if not self._may_modify(token):
                return False
            self.increment = self.increment or token.key in MORE_AFTER[self.lang]
        self.at += 1
        return True

    def _may_modify(self, token: Token) -> bool:
        if token.kind == "mark":
            return token.text in _INNER_MARKS or (token.text == "." and token.glued)
        if token.kind == "number":
            return False
        if token.key in MODIFIERS[self.lang] or token.key in GUARD_WORDS or token.key == "'s":
            return True
        return not self.head and token.capital and token.key not in FUNCTION_WORDS[self.lang]

    def _force_follows(self, start: int, reach: int) -> bool:
        """A force word within reach, with only articles, names, adjectives before: `of Mexico's National Guard`."""
        for k in range(start, min(self.stop, start + reach)):
            token = self.tokens[k]
            if body_at(self.tokens, k, self.stop, self.lang) is not None or token.key in HEADS[self.lang]:
                return True
            if not (_may_open(token) or token.key in MODIFIERS[self.lang] or token.key in ("and", "y", "de", "other")):
                return False
        return False

    def _ends_here(self) -> bool:
        if self.at >= self.stop:
            return True
        token = self.tokens[self.at]
        return token.kind == "mark" or token.key in FUNCTION_WORDS[self.lang]

    def _may_follow_noun(self) -> bool:
        token = self.tokens[self.at]
        if token.kind != "word" or token.capital or token.key in FUNCTION_WORDS[self.lang]:
            return True
        if token.key in CUES[self.lang]:
            return True
        return token.key.endswith(("ed", "ing", "ly"))


def _may_open(token: Token) -> bool:
    return token.kind == "word" and (token.key in _OF_FILLERS or token.capital or token.key == "'s")
