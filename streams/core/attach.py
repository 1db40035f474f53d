"""Which place a number belongs to: a score for each (number, place) pair of a sentence, lists and shares first.

The score adds up named features with weights in `WEIGHTS`, so that weights learned from data can take the place of
those set by hand. A sentence without a place of its own takes the place that the text is about at that point.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal, NamedTuple

from muster.core.lexicon.attach import (
    ALONG_WORDS,
    IN_WORDS,
    OUT_WORDS,
    RECEIVE_WORDS,
    RESPECTIVELY,
    SEND_WORDS,
    SOURCE_WORDS,
    TO_WORDS,
)
from muster.core.lexicon.lists import words
from muster.core.limits import PLACES_PER_MULTI_MAX
from muster.core.places import UNSURE_KINDS, Mention
from muster.core.text import Document, Token

Relation = Literal["to", "in", "of", "from", "subject", "sender", "partner", "list", "none"]

WEIGHTS: Final = {
    "distance": -0.06,
    "comma": -0.7,
    "semicolon": -6.0,
    "colon": -0.5,
    "dash": -1.2,
    "bracket": -1.5,
    "conjunction": -1.2,
    "number_between": -2.2,
    "place_between": -1.6,
    "to": 3.6,
    "in": 2.8,
    "of": 1.2,
    "subject": 3.0,
    "list": 5.0,
    "from": -7.0,
    "from_leaving": 3.5,
    "before_with_in": 2.2,
    "organisation": -2.6,
    "doubtful": -6.0,
    "region": -0.4,
    "country": -1.4,
    "possessive": -0.6,
    "beside": -1.8,
    "none": -0.8,
    "sender": -4.5,
    "partner": -3.0,
}
THRESHOLD: Final = -1.6
REACH_TOKENS: Final = 60
"""A place further away in a sentence belongs to something else."""


class Span(NamedTuple):
    """A counted number in a sentence: tokens first..last-1 with its noun phrase, and its numeral's first token."""

    first: int
    last: int
    numeral: int
    numeral_last: int


class Attachment(NamedTuple):
    """The places of a number (several: they share it), how they relate, and the score."""

    mentions: tuple[Mention, ...]
    relation: Relation
    score: float


class Pair(NamedTuple):
    """A number and a place of its sentence; `sharing` are the cities of the place's list, where it stands in one."""

    mention: Mention
    sharing: tuple[Mention, ...]
    relation: Relation
    score: float


class SentencePlaces:
    """The places of one sentence, grouped, ready to be asked for each of its numbers."""

    def __init__(self, document: Document, first: int, last: int, mentions: list[Mention]) -> None:
        self._tokens = document.tokens
        self._first, self._last = first, last
        self._mention_starts = [mention.first for mention in mentions if mention.kind != "doubtful"]
        self.groups = _groups(document.tokens, mentions)
        self._pairs: dict[int, list[Pair]] = {}

    def attach(self, spans: list[Span], *, leaving: list[bool]) -> list[Attachment | None]:
        """One attachment for each span, in order."""
        zipped = self._zipped(spans)
        found = [zipped[i] if i in zipped else self._best(spans, i, leaving=leaving[i]) for i in range(len(spans))]
        for run in runs_of(self._tokens, spans):  # `8,500 soldiers and 1,500 officers` share their place
            known = next((found[i] for i in run if found[i] is not None), None)
            for i in run:
                found[i] = found[i] or known
        return found

    def _zipped(self, spans: list[Span]) -> dict[int, Attachment]:
        """`A, B and C can expect 780, 690 and 430, respectively`."""
        tokens = self._tokens
        told = any(tokens[i].key in RESPECTIVELY for i in range(self._first, self._last))
        for run in runs_of(tokens, spans):
            for group in self.groups:
                bare = all(spans[i].last <= spans[i].numeral_last for i in run[:-1])
                close = told or (bare and self._faces(group, [spans[i] for i in run]))
                if 1 < len(group) == len(run) and close:
                    return {
                        number: Attachment((mention,), "list", WEIGHTS["list"])
                        for number, mention in zip(run, group, strict=True)
                    }
        return {}

    def _faces(self, group: list[Mention], run: list[Span]) -> bool:
        """The list of numbers stands right beside the list of places."""
        between = run[0].first - group[-1].end if group[-1].end <= run[0].first else group[0].first - run[-1].last
        return 0 <= between <= 4

    def _best(self, spans: list[Span], index: int, *, leaving: bool) -> Attachment | None:
        best = max(self.pairs(spans, index, leaving=leaving), key=lambda pair: pair.score, default=None)
        if best is None or best.score < THRESHOLD:
            return None
        return Attachment(best.sharing or (best.mention,), best.relation, best.score)

    def pairs(self, spans: list[Span], index: int, *, leaving: bool) -> list[Pair]:
        """Each place of the sentence that number `index` may belong to, in text order; worked out once."""
        known = self._pairs.get(index)
        if known is not None:
            return known
        found: list[Pair] = []
        span = spans[index]
        for group in self.groups:
            if group[0].first - span.last > REACH_TOKENS or span.first - group[-1].end > REACH_TOKENS:
                continue
            cities = tuple(m for m in group if m.scope == "city")[:PLACES_PER_MULTI_MAX]
            for mention in group:
                if span.first <= mention.first and mention.last <= span.last:
                    continue  # whose force it is: `300 Illinois guardsmen`
                relation = self._relation(span, mention, group)
                score = self._score(
                    spans, index, mention, group, relation, leaving=leaving and not self._is_home(span, mention)
                )
                sharing = cities if len(cities) > 1 and mention.scope == "city" else ()
                found.append(Pair(mention, sharing, relation, score))
        self._pairs[index] = found
        return found

    def _relation(self, span: Span, mention: Mention, group: list[Mention]) -> Relation:
        word = _preposition(self._tokens, group[0].first, self._first)
        relation = _RELATION_OF.get(word)
        if relation == "to" and self._is_road(group[0].first):
            relation = None
        if relation == "of" and self._out_of(group[0].first):
            return "from"
        if relation not in ("to", "in", "from") and self._is_list_item(span, mention):
            return "list"
        if mention.kind == "here":
            return "in"
        if relation in ("to", "in", "from", "partner") or mention.last > span.first or mention.scope == "country":
            return relation or "none"
        if self._has(SEND_WORDS, mention.end, span.first):  # `Washington sent 500 troops`
            return "sender"
        return "subject" if self._receives(mention.end, span.first) else relation or "none"

    def _is_road(self, head: int) -> bool:
        """`la carretera a Altata`, `the road to Basra`: the way there, not where they are."""
        window = self._tokens[max(self._first, head - _ROAD_TOKENS) : head]
        return any(road.key in _ROADS and way.key in ("to", "a", "hacia") for road, way in pairwise(window))

    def _out_of(self, head: int) -> bool:
        """`took 1,500 soldiers out of the city`, `procedentes de Mérida`, `salieron de Torreón`."""
        window = [t.key for t in self._tokens[max(self._first, head - 4) : head]]
        return any(w in OUT_WORDS for w in window)

    def _is_home(self, span: Span, mention: Mention) -> bool:
        """`100 reservists from Edmonton leave`: their home; `withdrew 100 from Edmonton`: what they leave."""
        beside = 0 < mention.first - span.last <= _HOME_TOKENS and self._tokens[span.last].key == "from"
        return beside and not self._has(_PULLED, self._first, span.first)

    def _is_list_item(self, span: Span, mention: Mention) -> bool:
        """`Tijuana, 1,949;` `Nogales: 564` `Juárez (1,650)` `Tecate 500` `Sonoyta | 500`."""
        tokens = self._tokens
        gap = tokens[mention.end : span.first] if mention.end <= span.first else None
        if gap is None or len(gap) > 2:
            return False
        if not gap:
            return True
        return all(t.text in ",:(\u2013—-|=" or t.key in ("con", "with", "a") for t in gap)

    def _receives(self, start: int, end: int) -> bool:
        tokens = self._tokens
        return any(
            tokens[k].key in RECEIVE_WORDS
            and (tokens[k].key not in _AUXILIARIES or all(t.key in _ADVERBS for t in tokens[k + 1 : end]))
            for k in range(start, end)
        )

    def _has(self, vocabulary: frozenset[str], start: int, end: int) -> bool:
        return any(t.key in vocabulary for t in self._tokens[start:end])

    def _score(
        self,
        spans: list[Span],
        index: int,
        mention: Mention,
        group: list[Mention],
        relation: Relation,
        *,
        leaving: bool,
    ) -> float:
        span = spans[index]
        after = mention.first >= span.last
        start, end = (span.last, mention.first) if after else (mention.end, span.first)
        weights = WEIGHTS
        if not after and [t.key for t in self._tokens[start : start + 2]] in _WHERE:
            start += 2  # `Mombasa, where 2,070 are due`
        start = min(start, end)  # the place may stand inside the noun phrase: "500 Tijuana police"
        score = weights["distance"] * (end - start) + self._cost_between(start, end)
        score += weights["number_between"] * sum(
            1 for k, other in enumerate(spans) if k != index and start <= other.numeral < end
        )
        score += weights["place_between"] * sum(
            1 for at in self._mention_starts if start <= at < end and not group[0].first <= at <= group[-1].first
        )
        if relation == "from":
            score += weights["from_leaving"] if leaving else weights["from"]
        elif relation in ("to", "in") and not after:
            score += weights["before_with_in"]
        else:
            score += weights[relation]
        if mention.kind in UNSURE_KINDS:
            score += weights[mention.kind]
        if mention.scope != "city":
            score += weights["country" if mention.scope == "country" else "region"]
        if mention.end < len(self._tokens) and self._tokens[mention.end].key == "'s":
            score += weights["possessive"]
        return score

    def _cost_between(self, start: int, end: int) -> float:
        cost = 0.0
        for token in self._tokens[start:end]:
            name = _BOUNDARY.get(token.key)
            if name is not None:
                cost += WEIGHTS[name]
        return cost


_ROADS: Final = words("road highway route motorway carretera camino autopista puente")
_ROAD_TOKENS: Final = 4
_HOME_TOKENS: Final = 3
_PULLED: Final = words(
    """
    withdraw withdraws withdrew withdrawn withdrawing withdrawal pull pulls pulled pulling pullout recall recalls
    recalled remove removes removed removal take takes took taken bring brings brought move moves moved evacuate
    departure exit
    """
)
_WHERE: Final = [[",", "where"], [",", "donde"]]
_BOUNDARY: Final = {
    ",": "comma", ";": "semicolon", ":": "colon", "—": "dash", "\u2013": "dash", "(": "bracket", ")": "bracket",
    "and": "conjunction", "but": "conjunction", "while": "conjunction", "who": "conjunction", "which": "conjunction",
    "where": "conjunction", "y": "conjunction", "pero": "conjunction", "mientras": "conjunction",
    "donde": "conjunction", "near": "beside", "cerca": "beside", "when": "conjunction", "because": "conjunction",
    "that": "conjunction",
}  # fmt: skip


def _preposition(tokens: list[Token], i: int, first: int) -> str:
    """The preposition before token i, articles and "the city of", "las calles de" skipped."""
    k = i - 1
    for _ in range(6):
        if k < first:
            return ""
        key = tokens[k].key
        if (key in _SKIPPED or tokens[k].kind == "number") and k - 1 >= first:
            k -= 1
            continue
        if key == "," and k - 1 >= first and tokens[k - 1].key in _PLACE_NOUNS:
            k -= 2  # `to the capital, Tripoli`
            continue
        if key in ("of", "de", "del") and k - 1 >= first and tokens[k - 1].key in _PLACE_NOUNS:
            k -= 2
            continue
        return key
    return tokens[k].key if k >= first else ""


_RELATION_OF: Final[dict[str, Relation]] = {
    **dict.fromkeys(words("of de del"), "of"),
    **dict.fromkeys(words("with con asked told ask tells between entre"), "partner"),
    **dict.fromkeys(IN_WORDS | ALONG_WORDS, "in"),
    **dict.fromkeys(TO_WORDS, "to"),
    **dict.fromkeys(SOURCE_WORDS, "from"),
}
"""What the word before a place says; the later rows win."""

_AUXILIARIES: Final = frozenset({"has", "have", "had"})
_ADVERBS: Final = words("now already currently still about only just")

_SKIPPED: Final = words(
    """
    its their his her our su sus the la el los las downtown central greater north south east west northern
    southern eastern western nearby neighbouring neighboring cities of ciudades vecina troubled embattled
    violent own
    """
)
_PLACE_NOUNS: Final = words(
    """
    city town state port streets municipality province district capital ciudad estado municipio puerto calles
    localidad provincia outskirts region area cities ciudades municipios afueras border frontera
    """
)


def _groups(tokens: list[Token], mentions: list[Mention]) -> list[list[Mention]]:
    """Mentions joined by commas, "and", "or": `Tijuana, Tecate and Mexicali`."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and mention.scope == groups[-1][-1].scope and _joined(tokens, groups[-1][-1], mention):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _joined(tokens: list[Token], before: Mention, after: Mention) -> bool:
    gap = tokens[before.end : after.first]
    if not gap or len(gap) > 4:
        return False
    joints = sum(t.text in ",/" or t.key in ("and", "y", "e", "or", "as") for t in gap)
    fillers = sum(t.key in ("in", "to", "en", "a", "the", "well", "also", "de", "san") for t in gap)
    return joints > 0 and joints + fillers == len(gap)


def runs_of(tokens: list[Token], spans: list[Span]) -> list[list[int]]:
    """Indexes of numbers joined by commas and "and": `780, 690 and 430`, `65 soldiers and 17 officers`."""
    runs: list[list[int]] = []
    for index, span in enumerate(spans):
        if runs:
            gap = tokens[spans[runs[-1][-1]].last : span.first]
            if len(gap) <= 3 and all(t.text == "," or t.key in ("and", "y", "e", "to", "a", "another") for t in gap):
                runs[-1].append(index)
                continue
        runs.append([index])
    return [run for run in runs if len(run) > 1]
