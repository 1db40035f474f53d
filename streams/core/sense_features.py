"""What the words around a number mean, as features: classes of verbs and nouns (`lexicon.senses`), near and far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.lexicon.senses import sense_of, senses_of
from muster.core.situation import Situation
from muster.core.text import Token

_STOPS: Final = frozenset(".;?!")
_BEFORE_TOKENS: Final = 12
_AFTER_TOKENS: Final = 12
_CONTEXT_TOKENS: Final = 30
_NEAREST: Final = 2
"""So many words with a class count on each side."""
_AUXILIARIES: Final = words("""
    will would to be been being is are was were has have had may might could should must not ser sido siendo es son fue
    fueron ha han habia va van iba iban a no se que
    """)


def near(tokens: Sequence[Token], start: int, end: int, *, backwards: bool) -> Iterator[tuple[int, str]]:
    """(token, class) of the words of tokens start..end-1 that have one, nearest first, up to the end of the clause."""
    for i in range(end - 1, start - 1, -1) if backwards else range(start, end):
        token = tokens[i]
        if token.text in _STOPS:
            return
        if token.kind == "word":
            sense = sense_of(token.key)
            if sense:
                yield i, sense


def _sides(situation: Situation) -> tuple[tuple[str, int, int, bool], ...]:
    """(name, first token, token after the last, whether to read backwards) of the words before and after the number."""
    span, sentence = situation.span, situation.sentence
    return (
        ("<", max(sentence.first, span.first - _BEFORE_TOKENS), span.first, True),
        (">", span.last, min(sentence.last, span.last + _AFTER_TOKENS), False),
    )


def number_features(situation: Situation, kind: str) -> list[str]:
    """For "none": what stands nearest before and behind the number, in its sentence, and in the text before it."""
    keys, sentence = situation.document.keys, situation.sentence
    found: list[str] = []
    for side, start, end, backwards in _sides(situation):
        nearest = [s for _, s in islice(near(situation.document.tokens, start, end, backwards=backwards), _NEAREST)]
        first = nearest[0] if nearest else "no"
        found += [f"none:s{side}:{first}", f"none:s{side}:{first}:{kind}"]
        for second in nearest[1:]:
            found += [f"none:s{side}2:{second}", f"none:s{side}:{first}:{second}"]
    told = senses_of(keys[sentence.first : sentence.last])
    found += [f"none:has:{sense}" for sense in told]
    found += [f"none:has:{sense}:{kind}" for sense in told]
    found += [f"none:title:{sense}" for sense in situation.background.title_senses]
    found += [f"none:title:{sense}:{kind}" for sense in situation.background.title_senses]
    before = senses_of(keys[max(0, sentence.first - _CONTEXT_TOKENS) : sentence.first])
    found += [f"none:prev:{sense}:{kind}" for sense in before]
    return found


def between_features(situation: Situation, start: int, end: int, side: str) -> list[str]:
    """For a place of the sentence: the classes of the words between it and the number."""
    tokens = situation.document.tokens
    between = [sense for _, sense in near(tokens, start, end, backwards=side == "<")]
    if not between:
        return [f"in:{side}s:no"]
    return [f"in:{side}s:{between[0]}", f"in:{side}s-1:{between[-1]}"]


def verb_features(situation: Situation) -> list[str]:
    """For the status: the nearest words with a class, with their form and what helps them."""
    tokens, sentence = situation.document.tokens, situation.sentence
    found: list[str] = []
    for side, start, end, backwards in _sides(situation):
        for at, (i, sense) in enumerate(islice(near(tokens, start, end, backwards=backwards), _NEAREST)):
            form = _form(tokens, i, sentence.first)
            found += [f"s{side}{at}:{sense}", f"s{side}{at}:{sense}:{form}", f"s{side}{at}:form:{form}"]
    found += [f"has:{sense}" for sense in senses_of(situation.document.keys[sentence.first : sentence.last])]
    found += [f"title:{sense}" for sense in situation.background.title_senses]
    return found


def _form(tokens: Sequence[Token], i: int, first: int) -> str:
    """How a word ends, and the auxiliary before it: `will send`, `to-send`, `enviarán`."""
    token = tokens[i]
    before = tokens[i - 1].key if i > first else ""
    helped = before if before in _AUXILIARIES else ""
    text = token.text.lower()
    for ending in _ENDINGS:
        if text.endswith(ending):
            return f"{helped}-{ending}"
    return f"{helped}-"


_ENDINGS: Final = (
    "arán", "erán", "irán", "ará", "erá", "irá", "aron", "ieron", "aban", "ían", "ado", "ados", "ada", "adas",
    "ido", "idos", "ando", "iendo", "ar", "er", "ir", "ó", "ed", "ing", "s", "an", "en", "a", "e",
)  # fmt: skip
