"""The places that a counted number could belong to, each described by features: what the place model chooses from.

Options are the places of the number's own sentence, alone and as a list that shares it, the places that the text has
in mind at that point, and none. Features are named for what they say; their weights are learned (`make train`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from muster.core.attach import Attachment, Pair, Relation, Span
from muster.core.candidates import Candidate
from muster.core.lexicon.attach import EACH
from muster.core.lexicon.forces import GUARD_WORDS, HEADS, OTHER_PEOPLE
from muster.core.lexicon.lists import words
from muster.core.model import Place, Scope, Status
from muster.core.places import Mention
from muster.core.status import Cue, Verdict
from muster.core.text import Document, Sentence

Refusal = Literal["", "denied", "bare", "repeated"]
_EACH_REACH_TOKENS = 12
_NEAR_TOKENS = 3
_SIGNS = {
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
TOPICS = {
    "exercise": words("exercise exercises drill parade homecoming graduation ejercicio ejercicios desfile maniobras"),
    "exam": words("applicants candidates exam recruits recruiting aspirantes opositores examen pruebas reclutas"),
    "losses": words("casualties losses bajas frontline"),
}
_DISTANCES = (1, 3, 6, 12, 24)
_JOINTS = ("and", "y", "who", "that", "que", "while", "but", ";", ":")
_SHARES = (0.1, 0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Situation:
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
    shares: Mapping[str, float]  # place key -> its share of the mentions of places of its scope
    nationwide: bool
    topics: Sequence[str]  # what else the article is about: "exercise", "exam"

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


@dataclass(frozen=True, slots=True)
class Choice:
    """What a number is taken for; `confidence` is the probability that it is right, 0..1."""

    mentions: tuple[Mention, ...]
    status: Status
    confidence: float


Chooser: TypeAlias = Callable[[Situation], Choice | None]
"""Reads a situation; None: the number is no event."""


@dataclass(slots=True)
class Option:
    """`mentions` is empty for "no place: the number is no event"."""

    mentions: tuple[Mention, ...]
    features: list[str] = field(default_factory=list)
    inside: bool = False  # the number's own sentence names it


def options(situation: Situation) -> list[Option]:
    """All options, none first; a place that is both in the sentence and in mind is one option with both features."""
    found: dict[tuple[str, ...], Option] = {(): Option((), _none_features(situation))}
    best: dict[tuple[str, ...], float] = {}
    top = max((pair.score for pair in situation.pairs), default=0.0)
    for pair in situation.pairs:
        for mentions in ((pair.mention,), pair.sharing) if pair.sharing else ((pair.mention,),):
            key = _key(mentions)
            if key not in best or pair.score > best[key]:
                best[key] = pair.score
                found[key] = Option(mentions, _pair_features(situation, pair, mentions, top), inside=True)
    for why, mentions in situation.elsewhere:
        option = found.setdefault(_key(mentions), Option(mentions))
        option.features += _mind_features(situation, why, inside=_key(mentions) in best)
    rule = _key(situation.rule.mentions) if situation.rule is not None and not situation.refusal else ()
    if rule and rule not in found and situation.rule is not None:
        found[rule] = Option(situation.rule.mentions)
    found[rule].features += _rule_features(situation)
    for key, option in found.items():
        if key:
            option.features += _place_features(situation, option, inside=key in best)
    return list(found.values())


def _key(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(sorted({m.place.key for m in mentions}))


def _bucket(value: float, bounds: Sequence[float]) -> int:
    return sum(value > bound for bound in bounds)


def _kind(situation: Situation) -> str:
    return "bare" if situation.candidate.bare else "told"


def _verb(situation: Situation) -> str:
    if situation.verdict is None:
        return "no"
    return situation.verdict + ("?" if situation.weak else "")


def _rule_features(situation: Situation) -> list[str]:
    if situation.refusal:
        return ["rule", f"rule:{situation.refusal}"]
    if situation.rule is None:
        return ["rule", "rule:none", f"rule:none:{_kind(situation)}"]
    size = _bucket(situation.rule.score, (-1.0, 0.5, 2.0))
    return ["rule", f"rule:{situation.rule.relation}", f"rule:{_kind(situation)}", f"rule:{size}"]


def _none_features(situation: Situation) -> list[str]:
    tokens, span, sentence = situation.document.tokens, situation.span, situation.sentence
    number = situation.candidate.number
    kind = _kind(situation)
    found = ["none", f"none:{kind}", f"none:verb:{_verb(situation)}", f"none:{kind}:{_verb(situation)}"]
    found += [f"none:size:{_bucket(number.value or 0, (9, 49, 199, 999, 9_999))}", f"none:{number.qualifier}"]
    found += [f"none:cue:{cue.verdict}" for cue in situation.cues if cue.verdict in ("denied", "cancelled")]
    flags = {
        "headline": situation.headline,
        "past": situation.past,
        "no_force": not situation.force_known,
        "year": number.like_year,
        "more": number.more or number.measure == "increment",
        "alone": not situation.others,
        "no_place": not situation.pairs,
        "nationwide": situation.nationwide,
    }
    found += [f"none:{name}" for name, is_so in flags.items() if is_so]
    found += [f"none:head:{situation.candidate.counted.head}"]
    found += [f"none:about:{topic}" for topic in situation.topics]
    found += [f"none:about:{topic}:{kind}" for topic in situation.topics]
    keys = {token.key for token in tokens[sentence.first : sentence.last]}
    firm = sum(not cue.weak for cue in situation.cues)
    found.append(f"none:{kind}:cues:{min(2, firm)}")
    for name, vocabulary in _SIGNS.items():
        if not keys.isdisjoint(vocabulary):
            found += [f"none:says:{name}", f"none:says:{name}:{kind}"]
    found += [f"none:<:{t.key}" for t in tokens[max(sentence.first, span.first - _NEAR_TOKENS) : span.first]]
    found += [f"none:>:{t.key}" for t in tokens[span.last : min(sentence.last, span.last + _NEAR_TOKENS)]]
    return found


def _pair_features(situation: Situation, pair: Pair, mentions: tuple[Mention, ...], top: float) -> list[str]:
    tokens, span, mention = situation.document.tokens, situation.span, pair.mention
    after = mention.first >= span.last
    start, end = (span.last, mention.first) if after else (mention.end, span.first)
    side = ">" if after else "<"
    between = [t.key for t in tokens[start:end]]
    relation = f"{side}{pair.relation}"
    found = ["in", f"in:{relation}", f"in:{relation}:{_kind(situation)}", f"in:{relation}:{_verb(situation)}"]
    found += [f"in:far:{_bucket(end - start, _DISTANCES)}", f"in:score:{_bucket(pair.score, (-6, -3, -1, 0, 1, 2, 3))}"]
    found += [f"in:{side}comma:{min(2, between.count(','))}"]
    found += [f"in:{side}{key}" for key in _JOINTS if key in between]
    found.append(f"in:word:{tokens[mention.first - 1].key if mention.first else ''}")
    found.append(f"in:kind:{mention.kind}:{side}")
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
    return found


def _mind_features(situation: Situation, why: str, *, inside: bool) -> list[str]:
    place = "in" if inside else "out" if situation.pairs else "free"
    kind = _kind(situation)
    found = [f"mind:{why}:{place}", f"mind:{why}:{place}:{kind}", f"mind:{why}:{_verb(situation)}"]
    if situation.nationwide:
        found.append(f"mind:{why}:nationwide")
    if situation.candidate.number.more:
        found.append(f"mind:{why}:more")
    return found


def _place_features(situation: Situation, option: Option, *, inside: bool) -> list[str]:
    first = option.mentions[0]
    share = _bucket(situation.shares.get(first.place.key, 0.0), _SHARES)
    where = "in" if inside else "out"
    scope = "multi" if len(option.mentions) > 1 else first.scope
    return [f"scope:{scope}:{where}", f"share:{share}:{where}", f"scope:{scope}:{_kind(situation)}"]
