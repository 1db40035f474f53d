"""What tells whether people are to come, are there, are leaving, have left or never came: features of a number.

The rules' own answer is one of them, beside the verbs around the number and the relation to its place.
"""

from __future__ import annotations

from typing import Final

from muster.core.attach import Relation
from muster.core.model import Status
from muster.core.sense_features import verb_features
from muster.core.situation import Situation
from muster.core.text import Token

_BEFORE_TOKENS: Final = 8
_AFTER_TOKENS: Final = 9
_NEAR_SENTENCES: Final = 3
_STOPS: Final = frozenset({".", ";", "?", "!"})


def status_features(situation: Situation, relation: Relation, by_rules: Status) -> list[str]:
    """Names of the features that are there."""
    tokens, span, sentence = situation.document.tokens, situation.span, situation.sentence
    verdict = f"{situation.verdict}{'?' if situation.weak else ''}"
    found = ["bias", f"rule:{by_rules}", f"verb:{verdict}", f"to:{relation}", f"to:{relation}:{by_rules}"]
    found += [f"rule:{by_rules}:{'weak' if situation.weak else 'firm'}"]
    if situation.carried is not None:
        found.append(f"carried:{situation.carried}")
    since = situation.since
    ago = "" if since is None else "same" if since == 0 else "near" if since < _NEAR_SENTENCES else "far"
    found += [f"before:{situation.status_before}:{ago}", f"before:{situation.status_before}:{ago}:{verdict}"]
    if situation.headline:
        found += ["headline", f"headline:{by_rules}"]
    before = [cue for cue in situation.cues if cue.last <= span.first]
    after = [cue for cue in situation.cues if cue.first >= span.last]
    for name, near in (("<", before[-2:][::-1]), (">", after[:2])):
        for place, cue in enumerate(near):
            found.append(f"cue:{name}{place}:{cue.verdict}{'?' if cue.weak else ''}")
    found += [f"any:{verdict}" for verdict in sorted({cue.verdict for cue in situation.cues if not cue.weak})]
    found += verb_features(situation)
    found += _words("<", tokens[max(sentence.first, span.first - _BEFORE_TOKENS) : span.first][::-1])
    found += _words(">", tokens[span.last : min(sentence.last, span.last + _AFTER_TOKENS)])
    return found


def _words(side: str, tokens: list[Token]) -> list[str]:
    """Words up to the end of the clause, by side."""
    found = []
    for token in tokens:
        if token.text in _STOPS:
            break
        if token.kind == "word" and not token.capital:
            found.append(f"{side}{token.key}")
    return found
