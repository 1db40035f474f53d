"""All that has been read around a counted number before its place is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from muster.core.attach import Attachment, Pair, Relation, Span
from muster.core.background import Background
from muster.core.candidates import Candidate
from muster.core.deictics import Trace
from muster.core.lexicon.attach import EACH
from muster.core.model import Place, Scope, Status
from muster.core.places import Mention
from muster.core.referents import Referent
from muster.core.status import Cue, Verdict
from muster.core.text import Document, Sentence

Refusal = Literal["", "denied", "suspect", "bare", "repeated"]
_EACH_REACH_TOKENS: Final = 12


class Situation(NamedTuple):
    """A counted number with what has been read around it, before its place is chosen.

    `rule` is what the rules make of it; `refusal` names the rule that drops it, "" when none does.
    """

    document: Document
    sentence: Sentence
    candidate: Candidate
    span: Span
    pairs: Sequence[Pair]
    cues: Sequence[Cue]
    verdict: Verdict | None
    weak: bool
    rule: Attachment | None
    refusal: Refusal
    carried: Status | None  # of the verb told before, which a list goes on with
    past: bool
    headline: bool
    force_known: bool
    others: int  # further counted numbers in the sentence
    elsewhere: Sequence[tuple[str, tuple[Mention, ...]]]  # why the text has it in mind -> the place
    background: Background
    nationwide: bool
    referent: Referent  # whom a number without a noun counts
    meanings: Mapping[int, Sequence[tuple[str, Mention]]]  # token of a word like "there" -> what it may stand for
    trail: Mapping[str, Trace]
    sentence_number: int
    told: Mapping[str, int]  # place key -> figures told of it so far
    since: int | None  # sentences since a figure was told last
    status_before: Status | None  # of the figure told last

    def relation_to(self, mentions: Sequence[Mention]) -> Relation:
        """How the number relates to these places: as the sentence has it, "subject" when it does not name them."""
        keys = {m.place.key for m in mentions}
        told = [pair for pair in self.pairs if pair.mention.place.key in keys]
        if not told:
            return "subject"
        if self.rule is not None and {m.place.key for m in self.rule.mentions} == keys:
            return self.rule.relation
        return max(told, key=lambda pair: pair.score).relation

    def locations(self, mentions: Sequence[Mention]) -> list[tuple[Scope, tuple[Place, ...]]]:
        """Where the number belongs if these are its places: to each ("400 each"), or to all together."""
        after = self.document.tokens[self.span.last : min(self.sentence.last, self.span.last + _EACH_REACH_TOKENS)]
        each = len(mentions) == 1 or any(token.key in EACH for token in after)
        found: list[tuple[Scope, tuple[Place, ...]]] = []
        for group in [(m,) for m in mentions] if each else [tuple(mentions)]:
            unique = tuple({m.place.key: m.place for m in group}.values())
            found.append(("multi" if len(unique) > 1 else group[0].scope, unique))
        return found


class Choice(NamedTuple):
    """What a number is taken for; `confidence` is the probability that it is right, 0..1."""

    mentions: tuple[Mention, ...]
    status: Status
    confidence: float


Chooser: TypeAlias = Callable[[Situation], Choice | None]
"""Reads a situation; None: the number is no event."""
