"""What the words around a number mean, as features: classes of verbs and nouns (`lexicon.senses`), near and far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.lexicon.senses import sense_of
from muster.core.situation import Situation
from muster.core.text import Token

_STOPS: Final = frozenset(".;?!")
_BEFORE_TOKENS: Final = 12
_AFTER_TOKENS: Final = 12
_CONTEXT_TOKENS: Final = 30
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


def senses(tokens: Sequence[Token]) -> list[str]:
    """The classes of these words, each once, in alphabetical order."""
    return sorted({sense_of(token.key) for token in tokens if token.kind == "word"} - {""})


def number_features(situation: Situation, kind: str) -> list[str]:
    """For "none": what stands nearest before and behind the number, in its sentence, and in the text before it."""
    tokens, span, sentence = situation.document.tokens, situation.span, situation.sentence
    found: list[str] = []
    sides = (
        ("<", max(sentence.first, span.first - _BEFORE_TOKENS), span.first, True),
        (">", span.last, min(sentence.last, span.last + _AFTER_TOKENS), False),
    )
    for side, start, end, backwards in sides:
        first = ""
        for at, (_, sense) in enumerate(near(tokens, start, end, backwards=backwards)):
            if at == 0:
                first = sense
                found += [f"none:s{side}:{sense}", f"none:s{side}:{sense}:{kind}"]
            elif at == 1:
                found += [f"none:s{side}2:{sense}", f"none:s{side}:{first}:{sense}"]
            else:
                break
        if not first:
            found += [f"none:s{side}:no", f"none:s{side}:no:{kind}"]
    told = senses(tokens[sentence.first : sentence.last])
    found += [f"none:has:{sense}" for sense in told]
    found += [f"none:has:{sense}:{kind}" for sense in told]
    found += [f"none:title:{sense}" for sense in situation.background.title_senses]
    found += [f"none:title:{sense}:{kind}" for sense in situation.background.title_senses]
    before = {
        sense_of(t.key) for t in tokens[max(0, sentence.first - _CONTEXT_TOKENS) : sentence.first] if t.kind == "word"
    }
    found += [f"none:prev:{sense}:{kind}" for sense in before if sense]
    return found


def between_features(situation: Situation, start: int, end: int, side: str) -> list[str]:
    """For a place of the sentence: the classes of the words between it and the number."""
    tokens = situation.document.tokens
    senses = [sense for _, sense in near(tokens, start, end, backwards=side == "<")]
    if not senses:
        return [f"in:{side}s:no"]
    return [f"in:{side}s:{senses[0]}", f"in:{side}s-1:{senses[-1]}"]


def verb_features(situation: Situation) -> list[str]:
    """For the status: the nearest words with a class, with their form and what helps them."""
    tokens, span, sentence = situation.document.tokens, situation.span, situation.sentence
    found: list[str] = []
    for side, start, end, backwards in (
        ("<", max(sentence.first, span.first - _BEFORE_TOKENS), span.first, True),
        (">", span.last, min(sentence.last, span.last + _AFTER_TOKENS), False),
    ):
        for at, (i, sense) in enumerate(near(tokens, start, end, backwards=backwards)):
            if at == 2:
                break
            form = _form(tokens, i, sentence.first)
            found += [f"s{side}{at}:{sense}", f"s{side}{at}:{sense}:{form}", f"s{side}{at}:form:{form}"]
    found += [f"has:{sense}" for sense in senses(tokens[sentence.first : sentence.last])]
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
