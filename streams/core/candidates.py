"""The numbers of a sentence that count uniformed people who may have been sent somewhere.

Left out: counts of others, a force's standing strength, a town's own police, former levels, ages, exercises.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from muster.core import forces, numbers
from muster.core.forces import Counted
from muster.core.lexicon.drafts import EXERCISES, LOCAL_POLICE, NOT_COUNTED_BEFORE, OF_ITS_OWN, STANDING_STRENGTH
from muster.core.lexicon.forces import EXCLUDING_AFTER
from muster.core.numbers import NumberPhrase
from muster.core.referents import Who
from muster.core.text import Document, Sentence

BARE_VALUE_MIN: Final = 20
"""A smaller number without a noun is an age, a time or an item."""
EXPLICIT_VALUE_MIN: Final = 5
"""A handful of officers is no deployment to a city."""
AGE_MAX: Final = 99
_WINDOW_TOKENS: Final = 4
_NOT_COUNTED_TOKENS_MAX: Final = max(map(len, NOT_COUNTED_BEFORE))


class Candidate(NamedTuple):
    number: NumberPhrase
    counted: Counted
    suspect: str = ""  # why the rules take it for no count of people sent

    @property
    def bare(self) -> bool:
        return self.counted.kind == "bare"


def candidates(document: Document, sentence: Sentence, census: list[tuple[int, Who]]) -> list[Candidate]:
    """The candidates of a sentence, in order. `census` gets whom each number with a noun counts, by its token."""
    found: list[Candidate] = []
    others_before = False  # an earlier number of the sentence counts something else
    for number in numbers.find(document, sentence.first, sentence.last):
        counted = forces.counted(document, number, sentence.last)
        suspect = "" if counted is None else next(_reasons_against(document, number, counted, sentence), "")
        if counted is not None and suspect and number.value is not None and number.value >= BARE_VALUE_MIN:
            found.append(Candidate(number, counted, suspect))
        if counted is None or suspect:
            others_before = others_before or not number.like_year
            if not number.like_year:
                census.append((number.first, "other"))
        elif counted.kind == "explicit":
            census.append((number.first, "force"))
            if number.value is None or number.value >= EXPLICIT_VALUE_MIN:
                found.append(Candidate(number, counted))
        elif _may_stand_alone(document, number, sentence, others_before=others_before):
            found.append(Candidate(number, counted))
    return found


def _may_stand_alone(document: Document, number: NumberPhrase, sentence: Sentence, *, others_before: bool) -> bool:
    """A bare number that is no age and does not take up another count (`901 patients, and 53 of them`)."""
    tokens = document.tokens
    if number.value is None or number.value < BARE_VALUE_MIN:
        return False
    after = tokens[number.phrase_last].key if number.phrase_last < sentence.last else ""
    if others_before and after in ("of", "de"):
        return False
    return number.value > AGE_MAX or not _is_age(document, number, sentence, after)


def _reasons_against(document: Document, number: NumberPhrase, counted: Counted, sentence: Sentence) -> Iterator[str]:
    """Why a number seems to tell of no people sent: a force's strength, a former level ("up from 300"), one in N."""
    keys = document.keys
    start = number.phrase_first
    before = tuple(keys[max(sentence.first, start - _NOT_COUNTED_TOKENS_MAX) : start])
    if any(before[k:] in NOT_COUNTED_BEFORE for k in range(len(before))):
        yield "before"
    if before[-1:] in (("from",), ("de",)) and _changes(document, number, sentence):
        yield "from"
    if document.has(LOCAL_POLICE, counted.first, counted.last):
        yield "local"
    if document.has(EXERCISES, sentence.first, sentence.last):
        yield "exercise"
    after = keys[counted.last : min(sentence.last, counted.last + _WINDOW_TOKENS)]
    if counted.kind == "bare" and not EXCLUDING_AFTER[document.lang].isdisjoint(after):
        yield "hurt"
    if any(tuple(after[: len(phrase)]) == phrase for phrase in OF_ITS_OWN):
        yield "own"
    if not STANDING_STRENGTH.isdisjoint(after[:3]):
        yield "strength"


def _is_age(document: Document, number: NumberPhrase, sentence: Sentence, after: str) -> bool:
    """`Smith, 43, said`, `who is 89`, `aged 19`."""
    before = tuple(document.keys[max(sentence.first, number.first - 2) : number.first])
    return (
        (before[-1:] == (",",) and after == ",") or before in _AGES or before[-1:] in (("aged",), ("age",), ("edad",))
    )


_AGES: Final = frozenset((who, verb) for who in ("who", "he", "she") for verb in ("is", "was", "turned", "turns"))


def _changes(document: Document, number: NumberPhrase, sentence: Sentence) -> bool:
    """`from 3,000 to 1,200`: the first is a former level."""
    after = document.tokens[number.last : min(sentence.last, number.last + 2)]
    return len(after) == 2 and after[0].key in ("to", "a") and after[1].kind == "number"
