"""The places that a counted number could belong to, each described by features: what the place model chooses from.

Options are the places of the number's own sentence, alone and as a list that shares it, the places that the text has
in mind at that point, and none. Features are named for what they say; their weights are learned (`make train`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias

from muster.core.attach import Pair
from muster.core.linear import Group
from muster.core.option_features import (
    Frame,
    frame_of,
    mind_features,
    none_features,
    pair_features,
    place_features,
    rule_features,
)
from muster.core.places import Mention
from muster.core.situation import Situation


@dataclass(slots=True)
class Option:
    """`mentions` is empty for "no place: the number is no event"."""

    mentions: tuple[Mention, ...]
    groups: list[Group]
    loose: list[str]  # see `linear.Features`
    ruled: bool = False  # what the rules say

    def features(self) -> list[str]:
        """The names of all its features."""
        return [*chain.from_iterable(self.groups), *self.loose]


def options(situation: Situation) -> list[Option]:
    """All options, none first; a place that is both in the sentence and in mind is one option with both features."""
    found: dict[_Key, Option] = {(): Option((), *none_features(situation))}
    inside = _offer_inside(found, situation)
    frame = frame_of(situation)
    for why, mentions in situation.elsewhere:
        _remember(found, inside, frame, why, mentions, ())
        for rival in rivals_of(mentions):
            _remember(found, inside, frame, why, rival, _RIVAL)
    rule = _key(situation.rule.mentions) if situation.rule is not None and not situation.refusal else ()
    if rule and rule not in found and situation.rule is not None:
        found[rule] = Option(situation.rule.mentions, [], [])
    found[rule].groups.append(rule_features(situation))
    found[rule].ruled = True
    for key, option in found.items():
        if key:
            option.groups += place_features(situation, frame, option.mentions, inside=key in inside)
    return list(found.values())


_Key: TypeAlias = tuple[str, ...]
_RIVAL: Final = ("mind:rival",)


def _remember(
    found: dict[_Key, Option],
    inside: Container[_Key],
    frame: Frame,
    why: str,
    meant: tuple[Mention, ...],
    rival: Group,
) -> None:
    """Adds a place that the text has in mind, or the reason to the place."""
    key = _key(meant)
    option = found.get(key)
    if option is None:
        option = found[key] = Option(meant, [], [])
    option.groups.append(mind_features(frame, why, inside=key in inside))
    if rival:
        option.groups.append(rival)


def _offer_inside(found: dict[_Key, Option], situation: Situation) -> Container[_Key]:
    """Adds the places of the number's sentence, and what their names may mean else; returns their keys."""
    best: dict[_Key, float] = {}
    top = max([pair.score for pair in situation.pairs], default=0.0)
    for pair in situation.pairs:
        _offer(found, best, situation, pair, (pair.mention,), top)
        if pair.sharing:
            _offer(found, best, situation, pair, pair.sharing, top)
        for rival in rivals_of((pair.mention,)):
            _offer(found, best, situation, pair, rival, top)
            found[_key(rival)].loose.append("in:rival")
        meanings = situation.meanings.get(pair.mention.first, ())
        for _, meaning in meanings:
            _offer(found, best, situation, pair, (meaning,), top)
        for why, meaning in meanings:
            found[_key((meaning,))].loose.append(f"in:means:{why}")
    return best


def rivals_of(mentions: Sequence[Mention]) -> list[tuple[Mention, ...]]:
    """The other readings of a single name."""
    if len(mentions) != 1 or not mentions[0].rivals:
        return []
    return [(mentions[0]._replace(place=place, scope=scope, rivals=()),) for place, scope in mentions[0].rivals]


def _offer(
    found: dict[_Key, Option],
    best: dict[_Key, float],
    situation: Situation,
    pair: Pair,
    mentions: tuple[Mention, ...],
    top: float,
) -> None:
    """Adds a place of the sentence, unless another mention of it there is nearer to the number."""
    key = _key(mentions)
    if key not in best or pair.score > best[key]:
        best[key] = pair.score
        found[key] = Option(mentions, *pair_features(situation, pair, mentions, top))


def _key(mentions: Sequence[Mention]) -> _Key:
    if len(mentions) == 1:
        return (mentions[0].place.key,)
    return tuple(sorted({m.place.key for m in mentions}))
