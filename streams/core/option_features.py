"""Features of the places that a number could belong to, and of none: named for what they say, weighed by training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from muster.core.attach import Pair
from muster.core.lexicon.forces import GUARD_WORDS, HEADS, OTHER_PEOPLE
from muster.core.lexicon.lists import words
from muster.core.lexicon.people import OFFICIALS, SAYING
from muster.core.places import Mention
from muster.core.sense_features import between_features, number_features
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


def _bucket(value: float, bounds: Sequence[float]) -> int:
    return sum(value > bound for bound in bounds)


def _kind(situation: Situation) -> str:
    if not situation.candidate.bare:
        return "told"
    return "soft" if situation.candidate.counted.head else "bare"


def _verb(situation: Situation) -> str:
    if situation.verdict is None:
        return "no"
    return situation.verdict + ("?" if situation.weak else "")


def rule_features(situation: Situation) -> list[str]:
    if situation.refusal:
        return ["rule", f"rule:{situation.refusal}"]
    if situation.rule is None:
        return ["rule", "rule:none", f"rule:none:{_kind(situation)}"]
    size = _bucket(situation.rule.score, (-1.0, 0.5, 2.0))
    return ["rule", f"rule:{situation.rule.relation}", f"rule:{_kind(situation)}", f"rule:{size}"]


def none_features(situation: Situation) -> list[str]:
    tokens, span, sentence = situation.document.tokens, situation.span, situation.sentence
    number = situation.candidate.number
    kind = _kind(situation)
    found = ["none", f"none:{kind}", f"none:verb:{_verb(situation)}", f"none:{kind}:{_verb(situation)}"]
    found += [f"none:size:{_bucket(number.value or 0, (9, 49, 199, 999, 9_999))}", f"none:{number.qualifier}"]
    found += [f"none:cue:{cue.verdict}" for cue in situation.cues if cue.verdict in ("denied", "cancelled")]
    if situation.candidate.suspect:
        found += ["none:suspect", f"none:suspect:{situation.candidate.suspect}"]
    flags = {
        "headline": situation.headline,
        "past": situation.past,
        "no_force": not situation.force_known,
        "year": number.like_year,
        "more": number.more or number.measure == "increment",
        "alone": not situation.others,
        "no_place": not situation.pairs,
        "nationwide": situation.nationwide,
        "opens": any(
            pair.mention.first - sentence.first <= _OPENING_TOKENS and pair.mention.first < span.first
            for pair in situation.pairs
        ),
        "doubt": situation.candidate.counted.doubt,
    }
    found += _referent_features(situation, kind)
    found += number_features(situation, kind)
    since = "never" if situation.since is None else _bucket(situation.since, _SENTENCES)
    more = "more" if number.more or number.measure == "increment" else situation.referent.pronoun
    found += [
        f"none:since:{since}:{kind}",
        f"none:since:{since}:{kind}:{more}",
        f"none:since:{since}:{_verb(situation)}",
    ]
    cities = min(3, situation.background.cities)
    found += [f"none:cities:{cities}:{kind}", f"none:cities:{cities}:{kind}:{'with' if situation.pairs else 'without'}"]
    found += [f"none:{name}" for name, is_so in flags.items() if is_so]
    found += [f"none:head:{situation.candidate.counted.head}"]
    found += [f"none:about:{topic}" for topic in situation.background.topics]
    found += [f"none:about:{topic}:{kind}" for topic in situation.background.topics]
    keys = {token.key for token in tokens[sentence.first : sentence.last]}
    firm = sum(not cue.weak for cue in situation.cues)
    found.append(f"none:{kind}:cues:{min(2, firm)}")
    for name, vocabulary in _SIGNS.items():
        if not keys.isdisjoint(vocabulary):
            found += [f"none:says:{name}", f"none:says:{name}:{kind}"]
    found += [f"none:<:{t.key}" for t in tokens[max(sentence.first, span.first - _NEAR_TOKENS) : span.first]]
    found += [f"none:>:{t.key}" for t in tokens[span.last : min(sentence.last, span.last + _NEAR_TOKENS)]]
    return found


def _referent_features(situation: Situation, kind: str) -> list[str]:
    who = situation.referent
    listed = situation.rule is not None and situation.rule.relation == "list"
    found = [
        f"none:named:{who.named}:{kind}",
        f"none:named:{who.named}:{who.named_far}:{kind}",
        f"none:counted:{who.counted}:{kind}",
        f"none:who:{who.named}:{who.counted}:{kind}",
        f"none:forces:{who.share}:{kind}",
    ]
    if who.pronoun:
        found += [f"none:them:{kind}", f"none:them:{who.named}:{kind}"]
    if listed:
        found += ["none:listed", f"none:listed:{who.counted}", f"none:listed:{who.named}"]
    return found


def pair_features(situation: Situation, pair: Pair, mentions: tuple[Mention, ...], top: float) -> list[str]:
    tokens, span, mention = situation.document.tokens, situation.span, pair.mention
    after = mention.first >= span.last
    start, end = (span.last, mention.first) if after else (mention.end, span.first)
    side = ">" if after else "<"
    between = [t.key for t in tokens[start:end]]
    relation = f"{side}{pair.relation}"
    found = ["in", f"in:{relation}", f"in:{relation}:{_kind(situation)}", f"in:{relation}:{_verb(situation)}"]
    found += between_features(situation, start, end, side)
    found += [f"in:far:{_bucket(end - start, _DISTANCES)}", f"in:score:{_bucket(pair.score, (-6, -3, -1, 0, 1, 2, 3))}"]
    found += [f"in:{side}comma:{min(2, between.count(','))}"]
    found += [f"in:{side}{key}" for key in _JOINTS if key in between]
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
    around = {t.key for t in tokens[max(situation.sentence.first, mention.first - _NEAR_TOKENS) : mention.first]}
    if not around.isdisjoint(SAYING):
        found.append("in:said")
    if not around.isdisjoint(OFFICIALS):
        found.append("in:official")
    return found


def mind_features(situation: Situation, why: str, *, inside: bool) -> list[str]:
    place = "in" if inside else "out" if situation.pairs else "free"
    kind = _kind(situation)
    found = [f"mind:{why}:{place}", f"mind:{why}:{place}:{kind}", f"mind:{why}:{_verb(situation)}"]
    if situation.since is not None and why in ("told", "told_before"):
        found.append(f"mind:{why}:since:{_bucket(situation.since, _SENTENCES)}:{kind}")
    if situation.background.cities == 1:
        found.append(f"mind:{why}:only:{kind}")
    if situation.nationwide:
        found.append(f"mind:{why}:nationwide")
    if situation.candidate.number.more:
        found.append(f"mind:{why}:more")
    return found


def place_features(situation: Situation, mentions: Sequence[Mention], *, inside: bool) -> list[str]:
    first = mentions[0]
    share = _bucket(situation.background.shares.get(first.place.key, 0.0), _SHARES)
    where = "in" if inside else "out"
    scope = "multi" if len(mentions) > 1 else first.scope
    found = [f"scope:{scope}:{where}", f"share:{share}:{where}", f"scope:{scope}:{_kind(situation)}"]
    key = first.place.key
    found.append(f"home:{first.place.country == situation.background.country}:{where}")
    if scope == "city":
        found.append(f"titled:{key in situation.background.titled}:{where}")
        trace = situation.trail.get(key)
        ago = _bucket(situation.sentence_number - trace.sentence, _SENTENCES) if trace else "new"
        found += [f"ago:{ago}:{where}", f"times:{min(3, trace.times if trace else 0)}:{where}"]
        found.append(f"told:{min(2, situation.told.get(key, 0))}:{where}")
        if where == "out":
            found.append(f"ago:{ago}:{_kind(situation)}")
    return found
