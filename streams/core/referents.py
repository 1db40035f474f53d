"""Whom a number without a noun counts: whoever the text counted or named before it.

"Four hundred police were there. Another 250 came": the 250 are police. "The exam drew 33,000 applicants. Madrid:
10,940" counts applicants. The nearest people, and the nearest counted people, say which.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, Literal, NamedTuple, TypeAlias

from muster.core.lexicon.forces import BODIES, HEADS
from muster.core.lexicon.people import OTHERS, PRONOUNS
from muster.core.text import Document

Who: TypeAlias = Literal["force", "other"]
_FORCE_WORDS: Final = {
    lang: frozenset(HEADS[lang]) | frozenset(name[0] for name in BODIES[lang] if len(name) == 1) for lang in HEADS
}
_PEOPLE: Final = {lang: words | OTHERS for lang, words in _FORCE_WORDS.items()}
_DISTANCES: Final = (8, 25, 60, 150)


class Referent(NamedTuple):
    """Who was named last before a number, who was counted last, and which share of all people named are forces."""

    named: Who | None
    named_far: int  # 0..4, by tokens
    counted: Who | None
    share: int  # 0..4
    pronoun: bool  # "of them", "the rest", "they" stand beside the number

    @property
    def is_other(self) -> bool:
        """Certainly no uniformed people: neither named nor counted last."""
        return self.named == "other" and self.counted != "force"


class Referents:
    """All people of a document in order. `counted` are its counted numbers: (token, who), in text order."""

    def __init__(self, document: Document, counted: list[tuple[int, Who]]) -> None:
        self._document = document
        self._counted = counted
        self._counted_at = [at for at, _ in counted]
        self._named: list[tuple[int, Who]] = []
        forces = _FORCE_WORDS[document.lang]
        for paragraph in document.paragraphs:
            if paragraph.furniture:
                continue
            for i in document.places_in(_PEOPLE[document.lang], paragraph.first, paragraph.last):
                self._named.append((i, "force" if document.keys[i] in forces else "other"))
        self._named_at = [at for at, _ in self._named]
        uniformed = sum(who == "force" for _, who in self._named)
        self._share = 4 * uniformed // len(self._named) if self._named else 4

    def before(self, at: int, end: int) -> Referent:
        """For the number at tokens at..end-1."""
        k = bisect_left(self._named_at, at) - 1
        named, far = (self._named[k][1], at - self._named_at[k]) if k >= 0 else (None, 1_000)
        c = bisect_left(self._counted_at, at) - 1
        keys = self._document.keys
        beside = keys[max(0, at - 4) : at] + keys[end : end + 3]
        return Referent(
            named=named,
            named_far=sum(far > bound for bound in _DISTANCES),
            counted=self._counted[c][1] if c >= 0 else None,
            share=self._share,
            pronoun=not PRONOUNS.isdisjoint(beside),
        )
