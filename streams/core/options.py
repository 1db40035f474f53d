"""The places that a counted number could belong to, each described by features: what the place model chooses from.

Options are the places of the number's own sentence, alone and as a list that shares it, the places that the text has
in mind at that point, and none. Features are named for what they say; their weights are learned (`make train`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from muster.core.attach import Pair
from muster.core.option_features import mind_features, none_features, pair_features, place_features, rule_features
from muster.core.places import Mention
from muster.core.situation import Situation


@dataclass(slots=True)
class Option:
    """`mentions` is empty for "no place: the number is no event"."""

    mentions: tuple[Mention, ...]
    features: list[str] = field(default_factory=list)
    inside: bool = False  # the number's own sentence names it


def options(situation: Situation) -> list[Option]:
    """All options, none first; a place that is both in the sentence and in mind is one option with both features."""
    found: dict[tuple[str, ...], Option] = {(): Option((), none_features(situation))}
    inside = _offer_inside(found, situation)
    for why, mentions in situation.elsewhere:
        for k, meant in enumerate([mentions, *rivals_of(mentions)]):
            option = found.setdefault(_key(meant), Option(meant))
            option.features += mind_features(situation, why, inside=_key(meant) in inside)
            if k:
                option.features.append("mind:rival")
    rule = _key(situation.rule.mentions) if situation.rule is not None and not situation.refusal else ()
    if rule and rule not in found and situation.rule is not None:
        found[rule] = Option(situation.rule.mentions)
    found[rule].features += rule_features(situation)
    for key, option in found.items():
        if key:
            option.features += place_features(situation, option.mentions, inside=key in inside)
    return list(found.values())


def _offer_inside(found: dict[tuple[str, ...], Option], situation: Situation) -> Container[tuple[str, ...]]:
    """Adds the places of the number's sentence, and what their names may mean else; returns their keys."""
    best: dict[tuple[str, ...], float] = {}
    top = max((pair.score for pair in situation.pairs), default=0.0)
    for pair in situation.pairs:
        meanings = situation.meanings.get(pair.mention.first, ())
        for mentions in ((pair.mention,), pair.sharing) if pair.sharing else ((pair.mention,),):
            _offer(found, best, situation, pair, mentions, top)
        for rival in rivals_of((pair.mention,)):
            _offer(found, best, situation, pair, rival, top)
            found[_key(rival)].features.append("in:rival")
        for _, meaning in meanings:
            _offer(found, best, situation, pair, (meaning,), top)
        for why, meaning in meanings:
            found[_key((meaning,))].features.append(f"in:means:{why}")
    return best


def rivals_of(mentions: Sequence[Mention]) -> list[tuple[Mention, ...]]:
    """The other readings of a single name."""
    if len(mentions) != 1:
        return []
    return [(mentions[0]._replace(place=place, scope=scope, rivals=()),) for place, scope in mentions[0].rivals]


def _offer(
    found: dict[tuple[str, ...], Option],
    best: dict[tuple[str, ...], float],
    situation: Situation,
    pair: Pair,
    mentions: tuple[Mention, ...],
    top: float,
) -> None:
    """Adds a place of the sentence, unless another mention of it there is nearer to the number."""
    key = _key(mentions)
    if key not in best or pair.score > best[key]:
        best[key] = pair.score
        found[key] = Option(mentions, pair_features(situation, pair, mentions, top), inside=True)


def _key(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(sorted({m.place.key for m in mentions}))
