"""What the words around a number mean, as features: classes of verbs and nouns (`lexicon.senses`), near and far."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.lexicon.senses import sense_of, senses_of
from muster.core.linear import Group
from muster.core.situation import Situation
from muster.core.text import Token

_STOPS: Final = frozenset(".;?!")
_BEFORE_TOKENS: Final = 12
_AFTER_TOKENS: Final = 12
_CONTEXT_TOKENS: Final = 30
_remembered: Final = lru_cache(maxsize=4_096)
_NEAREST: Final = 2
"""So many words with a class count on each side."""
_AUXILIARIES: Final = words("""
    will would to be been being is are was were has have had may might could should must not ser sido siendo es son fue
    fueron ha han habia va van iba iban a no se que
    """)


def near(tokens: Sequence[Token], start: int, end: int, most: int, *, backwards: bool) -> list[tuple[int, str]]:
    """(token, class) of `most` of tokens start..end-1 that have one, nearest first, up to the end of the clause."""
    found: list[tuple[int, str]] = []
    for i in range(end - 1, start - 1, -1) if backwards else range(start, end):
        token = tokens[i]
        if token.kind == "word":
            sense = sense_of(token.key)
            if sense:
                found.append((i, sense))
                if len(found) == most:
                    break
        elif token.text in _STOPS:
            break
    return found


def _sides(situation: Situation) -> tuple[tuple[str, int, int, bool], ...]:
    """(name, first token, token after the last, whether to read backwards) of the words before and after the number."""
    span, sentence = situation.span, situation.sentence
    return (
        ("<", max(sentence.first, span.first - _BEFORE_TOKENS), span.first, True),
        (">", span.last, min(sentence.last, span.last + _AFTER_TOKENS), False),
    )


def number_features(situation: Situation, kind: str) -> list[Group]:
    """For "none": what stands nearest before and behind the number, in its sentence, and in the text before it."""
    keys, sentence = situation.document.keys, situation.sentence
    groups: list[Group] = []
    for side, start, end, backwards in _sides(situation):
        nearest = [s for _, s in near(situation.document.tokens, start, end, _NEAREST, backwards=backwards)]
        groups.append(_side_names(side, nearest[0] if nearest else "no", nearest[1] if len(nearest) > 1 else "", kind))
    groups += [with_kind("none:has:", sense, kind) for sense in senses_of(keys[sentence.first : sentence.last])]
    groups += [with_kind("none:title:", sense, kind) for sense in situation.background.title_senses]
    before = senses_of(keys[max(0, sentence.first - _CONTEXT_TOKENS) : sentence.first])
    groups += [with_kind("none:prev:", sense, kind)[1:] for sense in before]
    return groups


@_remembered
def _side_names(side: str, first: str, second: str, kind: str) -> Group:
    """`second` is empty where there is only one."""
    found = (f"none:s{side}:{first}", f"none:s{side}:{first}:{kind}")
    return (*found, f"none:s{side}2:{second}", f"none:s{side}:{first}:{second}") if second else found


@_remembered
def with_kind(prefix: str, name: str, kind: str) -> Group:
    """That something is there, and that it is with a number of this kind."""
    return f"{prefix}{name}", f"{prefix}{name}:{kind}"


def between_features(situation: Situation, start: int, end: int, side: str) -> Group:
    """For a place of the sentence: the classes of the words between it and the number."""
    tokens = situation.document.tokens
    between = [sense for _, sense in near(tokens, start, end, end - start, backwards=side == "<")]
    return _between_names(side, between[0], between[-1]) if between else _between_names(side, "no", "")


@_remembered
def _between_names(side: str, first: str, last: str) -> Group:
    return (f"in:{side}s:{first}", f"in:{side}s-1:{last}") if last else (f"in:{side}s:{first}",)


def verb_features(situation: Situation) -> list[str]:
    """For the status: the nearest words with a class, with their form and what helps them."""
    tokens, sentence = situation.document.tokens, situation.sentence
    found: list[str] = []
    for side, start, end, backwards in _sides(situation):
        for at, (i, sense) in enumerate(near(tokens, start, end, _NEAREST, backwards=backwards)):
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
