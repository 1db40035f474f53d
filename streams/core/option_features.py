"""Features of the places that a number could belong to, and of none: named for what they say, weighed by training.

What goes by few values is a group: its names are made once for each of their combinations, and weighed once
(`linear.Scorer`). What goes by the words of the text is named and weighed one by one.
"""

# ruff: noqa: FBT001 - what is remembered is asked for by position

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from muster.core.attach import Pair
from muster.core.lexicon.forces import GUARD_WORDS, HEADS, OTHER_PEOPLE
from muster.core.lexicon.lists import words
from muster.core.lexicon.people import OFFICIALS, SAYING
from muster.core.linear import Features, Group
from muster.core.places import Mention
from muster.core.sense_features import between_features, number_features, with_kind
from muster.core.situation import Situation

_NEAR_TOKENS: Final = 3
_OPENING_TOKENS: Final = 2
_SIGNS: Final = {
    "force": frozenset(word for heads in HEADS.values() for word in heads) | GUARD_WORDS,
    "people": OTHER_PEOPLE,
    "hurt": words(
        "dead died killed kills murders murder homicide homicides wounded injured missing arrested detained muertos "
        "murieron mueren heridos homicidios asesinatos asesinadas detenidos desaparecidos lesionados"
    ),
    "money": words(
        "million billion dollars pesos millones dolares euros percent ciento kilometers kilometros km acres"
    ),
    "them": words("them those these ellos estos esos quienes cuales whom"),
    "hearsay": words("claimed rumor rumour rumors facebook tabloid whatsapp rumores supuestos radio redes jure dicen"),
}
"""Words whose presence in the sentence speaks for or against a number; the weights say how much."""
_DISTANCES: Final = (1, 3, 6, 12, 24)
_JOINTS: Final = ("and", "y", "who", "that", "que", "while", "but", ";", ":")
_SENTENCES: Final = (0, 1, 2, 4, 8)
_SHARES: Final = (0.1, 0.25, 0.5, 0.75)
_SIZES: Final = (9, 49, 199, 999, 9_999)
_SCORES: Final = (-6, -3, -1, 0, 1, 2, 3)
_RULE_SCORES: Final = (-1.0, 0.5, 2.0)
_remembered: Final = lru_cache(maxsize=4_096)


def _bucket(value: float, bounds: Sequence[float]) -> int:
    """How many of the bounds, which ascend, lie below the value."""
    return bisect_left(bounds, value)


def _kind(situation: Situation) -> str:
    if not situation.candidate.bare:
        return "told"
    return "soft" if situation.candidate.counted.head else "bare"


def _verb(situation: Situation) -> str:
    if situation.verdict is None:
        return "no"
    return situation.verdict + ("?" if situation.weak else "")


def rule_features(situation: Situation) -> Group:
    rule = situation.rule
    if rule is None or situation.refusal:
        return _rule_names(situation.refusal, "", _kind(situation), 0)
    return _rule_names("", rule.relation, _kind(situation), _bucket(rule.score, _RULE_SCORES))


@_remembered
def _rule_names(refusal: str, relation: str, kind: str, size: int) -> Group:
    if refusal:
        return "rule", f"rule:{refusal}"
    if not relation:
        return "rule", "rule:none", f"rule:none:{kind}"
    return "rule", f"rule:{relation}", f"rule:{kind}", f"rule:{size}"


def none_features(situation: Situation) -> Features:
    number = situation.candidate.number
    kind, verb = _kind(situation), _verb(situation)
    more = number.more or number.measure == "increment"
    groups = [
        _number_names(kind, verb, _bucket(number.value or 0, _SIZES), number.qualifier, situation.candidate.suspect),
        _referent_names(situation, kind),
        _since_names(
            "never" if situation.since is None else str(_bucket(situation.since, _SENTENCES)),
            kind,
            verb,
            "more" if more else str(situation.referent.pronoun),
        ),
        _city_names(min(3, situation.background.cities), kind, "with" if situation.pairs else "without"),
        tuple(name for name, is_so in _flags(situation, more=more) if is_so),
    ]
    groups += [with_kind("none:about:", topic, kind) for topic in situation.background.topics]
    groups += number_features(situation, kind)
    return groups, _none_loose(situation, kind)


@_remembered
def _number_names(kind: str, verb: str, size: int, qualifier: str, suspect: str) -> Group:
    found = ["none", f"none:{kind}", f"none:verb:{verb}", f"none:{kind}:{verb}"]
    found += [f"none:size:{size}", f"none:{qualifier}"]
    if suspect:
        found += ["none:suspect", f"none:suspect:{suspect}"]
    return tuple(found)


@_remembered
def _since_names(since: str, kind: str, verb: str, more: str) -> Group:
    return f"none:since:{since}:{kind}", f"none:since:{since}:{kind}:{more}", f"none:since:{since}:{verb}"


@_remembered
def _city_names(cities: int, kind: str, places: str) -> Group:
    return f"none:cities:{cities}:{kind}", f"none:cities:{cities}:{kind}:{places}"


def _flags(situation: Situation, *, more: bool) -> tuple[tuple[str, bool], ...]:
    span, sentence = situation.span, situation.sentence
    opens = False
    for pair in situation.pairs:
        first = pair.mention.first
        opens = opens or (first - sentence.first <= _OPENING_TOKENS and first < span.first)
    return (
        ("none:headline", situation.headline),
        ("none:past", situation.past),
        ("none:no_force", not situation.force_known),
        ("none:year", situation.candidate.number.like_year),
        ("none:more", more),
        ("none:alone", not situation.others),
        ("none:no_place", not situation.pairs),
        ("none:nationwide", situation.nationwide),
        ("none:opens", opens),
        ("none:doubt", situation.candidate.counted.doubt),
    )


def _none_loose(situation: Situation, kind: str) -> list[str]:
    keys, span, sentence = situation.document.keys, situation.span, situation.sentence
    found = [f"none:cue:{cue.verdict}" for cue in situation.cues if cue.verdict in ("denied", "cancelled")]
    found.append(f"none:head:{situation.candidate.counted.head}")
    firm = len([cue for cue in situation.cues if not cue.weak])
    found.append(f"none:{kind}:cues:{min(2, firm)}")
    told = frozenset(keys[sentence.first : sentence.last])
    for name, vocabulary in _SIGNS.items():
        if not told.isdisjoint(vocabulary):
            found += with_kind("none:says:", name, kind)
    found += ["none:<:" + key for key in keys[max(sentence.first, span.first - _NEAR_TOKENS) : span.first]]
    found += ["none:>:" + key for key in keys[span.last : min(sentence.last, span.last + _NEAR_TOKENS)]]
    return found


def _referent_names(situation: Situation, kind: str) -> Group:
    who = situation.referent
    listed = situation.rule is not None and situation.rule.relation == "list"
    return _names_of_referent(who.named, who.named_far, who.counted, who.share, who.pronoun, listed, kind)


@_remembered
def _names_of_referent(
    named: str | None, far: int, counted: str | None, share: int, pronoun: bool, listed: bool, kind: str
) -> Group:
    found = [
        f"none:named:{named}:{kind}",
        f"none:named:{named}:{far}:{kind}",
        f"none:counted:{counted}:{kind}",
        f"none:who:{named}:{counted}:{kind}",
        f"none:forces:{share}:{kind}",
    ]
    if pronoun:
        found += [f"none:them:{kind}", f"none:them:{named}:{kind}"]
    if listed:
        found += ["none:listed", f"none:listed:{counted}", f"none:listed:{named}"]
    return tuple(found)


def pair_features(situation: Situation, pair: Pair, mentions: tuple[Mention, ...], top: float) -> Features:
    tokens, span, mention = situation.document.tokens, situation.span, pair.mention
    after = mention.first >= span.last
    start, end = (span.last, mention.first) if after else (mention.end, span.first)
    side = ">" if after else "<"
    between = situation.document.keys[start:end]
    relation = f"{side}{pair.relation}"
    groups = [
        _pair_names(relation, _kind(situation), _verb(situation)),
        between_features(situation, start, end, side),
        _distance_names(
            _bucket(end - start, _DISTANCES), _bucket(pair.score, _SCORES), side, min(2, between.count(","))
        ),
    ]
    found = [f"in:{side}{key}" for key in _JOINTS if key in between]
    found.append(f"in:word:{tokens[mention.first - 1].key if mention.first else ''}")
    found.append(f"in:kind:{mention.kind}:{side}")
    if mention.first - situation.sentence.first <= _OPENING_TOKENS and not after:
        found += ["in:opens", f"in:opens:{_kind(situation)}"]
    if pair.score >= top:
        found.append("in:best")
    if len(situation.pairs) == 1:
        found.append("in:only")
    if len(mentions) > 1:
        found += ["in:shared", f"in:shared:{relation}"]
    elif pair.sharing:
        found += ["in:one_of_list", f"in:one_of_list:{relation}"]
    if mention.end < len(tokens) and tokens[mention.end].key == "'s":
        found.append("in:'s")
    around = situation.document.keys[max(situation.sentence.first, mention.first - _NEAR_TOKENS) : mention.first]
    if not SAYING.isdisjoint(around):
        found.append("in:said")
    if not OFFICIALS.isdisjoint(around):
        found.append("in:official")
    return groups, found


@_remembered
def _pair_names(relation: str, kind: str, verb: str) -> Group:
    return "in", f"in:{relation}", f"in:{relation}:{kind}", f"in:{relation}:{verb}"


@_remembered
def _distance_names(far: int, score: int, side: str, commas: int) -> Group:
    return f"in:far:{far}", f"in:score:{score}", f"in:{side}comma:{commas}"


class Frame(NamedTuple):
    """What is the same for all places that a number could belong to."""

    kind: str
    verb: str
    outside: str
    since: int
    only: bool
    nationwide: bool
    more: bool


def frame_of(situation: Situation) -> Frame:
    since = situation.since
    return Frame(
        kind=_kind(situation),
        verb=_verb(situation),
        outside="out" if situation.pairs else "free",
        since=-1 if since is None else _bucket(since, _SENTENCES),
        only=situation.background.cities == 1,
        nationwide=situation.nationwide,
        more=situation.candidate.number.more,
    )


def mind_features(frame: Frame, why: str, *, inside: bool) -> Group:
    kind, verb, outside, since, only, nationwide, more = frame
    ago = since if why in ("told", "told_before") else -1
    return _mind_names(why, "in" if inside else outside, kind, verb, ago, only, nationwide, more)


@_remembered
def _mind_names(
    why: str, place: str, kind: str, verb: str, since: int, only: bool, nationwide: bool, more: bool
) -> Group:
    """`since` is negative where it does not matter."""
    found = [f"mind:{why}:{place}", f"mind:{why}:{place}:{kind}", f"mind:{why}:{verb}"]
    if since >= 0:
        found.append(f"mind:{why}:since:{since}:{kind}")
    if only:
        found.append(f"mind:{why}:only:{kind}")
    if nationwide:
        found.append(f"mind:{why}:nationwide")
    if more:
        found.append(f"mind:{why}:more")
    return tuple(found)


def place_features(situation: Situation, frame: Frame, mentions: Sequence[Mention], *, inside: bool) -> list[Group]:
    place = mentions[0].place
    background = situation.background
    key = place.key
    share = _bucket(background.shares.get(key, 0.0), _SHARES)
    scope = "multi" if len(mentions) > 1 else mentions[0].scope
    where = "in" if inside else "out"
    kind = frame.kind
    groups: list[Group] = [_place_names(scope, share, where, kind, place.country == background.country)]
    if scope == "city":
        trace = situation.trail.get(key)
        ago = -1 if trace is None else _bucket(situation.sentence_number - trace.sentence, _SENTENCES)
        times = 0 if trace is None else min(3, trace.times)
        told = min(2, situation.told.get(key, 0))
        groups.append(_place_names_of_city(where, kind, key in background.titled, ago, times, told))
    return groups


@_remembered
def _place_names(scope: str, share: int, where: str, kind: str, home: bool) -> Group:
    return f"scope:{scope}:{where}", f"share:{share}:{where}", f"scope:{scope}:{kind}", f"home:{home}:{where}"


@_remembered
def _place_names_of_city(where: str, kind: str, titled: bool, ago: int, times: int, told: int) -> Group:
    """`ago` is negative for a city that has not been named before."""
    since = "new" if ago < 0 else str(ago)
    found = (f"titled:{titled}:{where}", f"ago:{since}:{where}", f"times:{times}:{where}", f"told:{told}:{where}")
    return (*found, f"ago:{since}:{kind}") if where == "out" else found
