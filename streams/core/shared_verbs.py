"""The verb that several numbers of a sentence share: the later ones have none of their own."""

from __future__ import annotations

from typing import Final, TypeAlias

from muster.core.attach import Span, runs_of
from muster.core.status import Cue, Verdict
from muster.core.text import Token

Judged: TypeAlias = tuple[Verdict | None, bool]
"""What `status.judge` says of a number: the verdict, and whether it is weak."""


def handed_on(tokens: list[Token], judged: list[Judged], spans: list[Span], cues: list[Cue]) -> list[Judged]:
    """The verdicts of the numbers of a sentence, where a number without a firm verb has that of its neighbours."""
    return _carried_on(tokens, _shared(judged, runs_of(tokens, spans)), spans, cues)


def _shared(judged: list[Judged], runs: list[list[int]]) -> list[Judged]:
    """`sent 65 soldiers and 17 officers`: a number without a firm verb of its own takes that of its run."""
    told = list(judged)
    for run in runs:
        firm = next((judged[i] for i in run if not judged[i][1]), None)
        if firm is not None:
            for i in run:
                if judged[i][1]:
                    told[i] = firm
    return told


def _carried_on(
    tokens: list[Token],
    judged: list[Judged],
    spans: list[Span],
    cues: list[Cue],
) -> list[Judged]:
    """`sent 1,300 soldiers to A and 1,200 to B`: what follows `and` without a firm verb has the verb told before."""
    told = list(judged)
    for k in range(1, len(spans)):
        before, span = spans[k - 1], spans[k]
        joined = tokens[span.first - 1].key in _CARRYING
        ends = spans[k + 1].first if k + 1 < len(spans) else span.last + _CARRY_TOKENS
        own = any(before.last <= cue.first < ends and not cue.weak for cue in cues)
        if joined and not own and told[k][1] and not told[k - 1][1]:
            told[k] = told[k - 1]
    return told


_CARRYING: Final = frozenset({"and", "y", "e", ",", ";", "another", "otros"})
_CARRY_TOKENS: Final = 8
