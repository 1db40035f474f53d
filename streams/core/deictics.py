"""Words that stand for a place named before: "the city", "here", "la entidad"."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from muster.core.lexicon.places import CITY_WORDS, COUNTRY_WORDS, HERE_WORDS, STATE_WORDS, THERE_WORDS
from muster.core.places import Mention
from muster.core.text import Document

_DeicticScope = Literal["city", "region"]


def _by_first_word(lang: str) -> dict[str, list[tuple[tuple[str, ...], _DeicticScope]]]:
    table: dict[str, list[tuple[tuple[str, ...], _DeicticScope]]] = {}
    for phrase in CITY_WORDS[lang]:
        table.setdefault(phrase.split()[0], []).append((tuple(phrase.split()), "city"))
    for phrase in STATE_WORDS[lang]:
        table.setdefault(phrase.split()[0], []).append((tuple(phrase.split()), "region"))
    return table


_PHRASES = {lang: _by_first_word(lang) for lang in ("en", "es")}
"""Language -> first word -> phrases with the scope that they stand for."""


class Here:
    """Where the text is: the last city and state that it named, and where it is filed from."""

    def __init__(self, filed_from: Mention | None, about: Mention | None) -> None:
        self.filed_from = filed_from
        self.about = about
        self.city = about or filed_from
        self.state: Mention | None = None
        self._city_paragraph = -1

    def city_of(self, paragraph: int) -> Mention | None:
        """The last city named in this paragraph."""
        return self.city if self._city_paragraph == paragraph else None

    def note(self, named: list[Mention], paragraph: int) -> None:
        """Take in the mentions of a sentence that has been read."""
        for mention in named:
            if mention.kind == "organisation":
                continue
            if mention.scope == "city":
                self.city, self._city_paragraph = mention, paragraph
            elif mention.scope == "region" and not _is_border(mention):
                self.state = mention


def _is_border(mention: Mention) -> bool:
    return "border" in mention.place.key or "frontier" in mention.place.key


def deictics(
    document: Document, first: int, last: int, paragraph: int, here: Here, named: list[Mention]
) -> list[Mention]:
    """Mentions, at their own tokens, of the places that such words of tokens first..last-1 stand for."""
    tokens, lang = document.tokens, document.lang
    found: list[Mention] = []
    city = here.city_of(paragraph) or here.about or here.city
    for i in range(first, last):
        key = tokens[i].key
        if key in HERE_WORDS[lang] and here.filed_from is not None:
            found.append(replace(_stand_in(here.filed_from, i, i + 1), kind="here"))
        elif key in THERE_WORDS[lang] and _is_adverb(document, i) and here.city is not None:
            before = [m for m in named if m.scope == "city" and m.end <= i]
            found.append(replace(_stand_in(before[-1] if before else here.city, i, i + 1), kind="here"))
        else:
            for phrase, scope in _PHRASES[lang].get(key, []):
                end = i + len(phrase)
                target = city if scope == "city" else here.state
                if target is None or end > last or any(tokens[i + k].key != w for k, w in enumerate(phrase)):
                    continue
                if not _named_next(document, end, named):
                    before = [m for m in named if m.scope == scope and m.end <= i]
                    found.append(_stand_in(before[-1] if before else target, i, end))
                break
    return found


def speaks_of_country(document: Document, first: int, last: int) -> bool:
    """`across the nation`, `en todo el país`: no one city is meant."""
    words = " ".join(token.key for token in document.tokens[first:last])
    return any(f" {phrase} " in f" {words} " for phrase in COUNTRY_WORDS[document.lang])


def _is_adverb(document: Document, i: int) -> bool:
    following = document.tokens[i + 1].key if i + 1 < len(document.tokens) else ""
    return following not in ("are", "is", "were", "was", "will", "has", "have", "s", "'s", "'ll", "would")


def _named_next(document: Document, end: int, named: list[Mention]) -> bool:
    """`the city of Tijuana`, `la ciudad de Tijuana`: the name itself follows."""
    tokens = document.tokens
    if end < len(tokens) and tokens[end].key in ("of", "de", "del"):
        return any(m.first == end + 1 for m in named)
    return any(m.first == end for m in named)


def _stand_in(mention: Mention, first: int, last: int) -> Mention:
    return replace(mention, first=first, last=last, end=last, kind="plain")
