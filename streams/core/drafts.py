"""Sentence by sentence: candidates -> place -> status, as drafts of events.

The reader carries what a human reader carries: the place and the verb that the text was just talking about. Drafts keep
token spans; roles, repeated facts and identities are the next step (`extract`).
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

from muster.core import dates, forces, status
from muster.core.attach import Attachment, SentencePlaces, Span
from muster.core.background import Background
from muster.core.candidates import Candidate
from muster.core.capitals import capitals_named
from muster.core.deictics import Here, StandIn, speaks_of_country, stand_ins
from muster.core.draft import Draft
from muster.core.lexicon.drafts import (
    CORRECTIONS,
    DENIAL_SENTENCES,
)
from muster.core.limits import EVENTS_PER_ARTICLE_MAX
from muster.core.mind import Mind
from muster.core.model import ForceCategory, Status
from muster.core.origins import origins
from muster.core.place_atlas import Atlas
from muster.core.places import UNSURE_KINDS, Mention
from muster.core.shared_verbs import handed_on
from muster.core.situation import Choice, Chooser, Refusal, Situation
from muster.core.text import Document, Paragraph, Sentence

_BARE_SCORE_MIN: Final = 0.4
_REFUSAL_TOKENS_MAX: Final = 25
_DRAFTS_MAX: Final = 2 * EVENTS_PER_ARTICLE_MAX
"""Enough to keep the first events after repetitions have gone; a text that yields more is not a story."""


class Reader:
    """Reads one document in order and collects drafts. `told` are the candidates of each of its sentences."""

    def __init__(
        self,
        document: Document,
        told: list[list[Candidate]],
        background: Background,
        mentions: list[Mention],
        here: Here,
        now: dates.Calendar,
        atlas: Atlas,
        choose: Chooser,
    ) -> None:
        self._told = told
        self._background = background
        self._sentence_number = 0
        self._atlas = atlas
        self._document = document
        self._mentions = mentions
        self._next_mention = 0
        self._here = here
        self._now = now
        self._choose = choose
        self._story = forces.Story(document)
        self._lead: Mention | None = None
        self._carried: Status | None = None
        self._past_paragraph = -1
        self._told_at: Counter[str] = Counter()
        self._told_last: int | None = None
        self.drafts: list[Draft] = []

    def read(self) -> list[Draft]:
        paragraph = -1
        skipped = False
        for sentence, candidates in zip(self._document.sentences, self._told, strict=True):
            if sentence.paragraph != paragraph:
                paragraph = sentence.paragraph
                block = self._document.paragraphs[paragraph]
                skipped = block.furniture or self._corrects(block)
                self._enter(block)
            if not skipped:
                self._sentence(sentence, candidates)
            if len(self.drafts) >= _DRAFTS_MAX:
                break
        self._drop_denied()
        return self.drafts

    def _corrects(self, block: Paragraph) -> bool:
        """A paragraph that corrects an earlier version repeats figures that no longer stand."""
        words = self._document.keys[block.first : min(block.last, block.first + 6)]
        return not CORRECTIONS.isdisjoint(words) or words[:3] == ["for", "the", "record"]

    def _enter(self, block: Paragraph) -> None:
        """A paragraph may be headed by its place: `LAHORE — ...`, `Tijuana. The commander ...`."""
        self._lead = None
        for mention in self._peek(block.first, block.last):
            if mention.first - block.first > 2:
                break
            headed = mention.first < block.body or (
                mention.end < block.last and self._document.tokens[mention.end].text in ".:|—\u2013"
            )
            if headed and mention.kind not in UNSURE_KINDS:
                self._lead = mention
                if mention.scope == "city":
                    self._here.city = mention
            break

    def _peek(self, first: int, last: int) -> list[Mention]:
        while self._next_mention < len(self._mentions) and self._mentions[self._next_mention].first < first:
            self._next_mention += 1
        found = []
        k = self._next_mention
        while k < len(self._mentions) and self._mentions[k].first < last:
            found.append(self._mentions[k])
            k += 1
        return found

    def _sentence(self, sentence: Sentence, candidates: list[Candidate]) -> None:
        document = self._document
        named = self._peek(sentence.first, sentence.last)
        if named and self._is_verb(named[0], sentence):
            named = named[1:]
        past = dates.past_at(document, sentence.first, sentence.last, self._now)
        sources = origins(document, named) if named else named
        self._sentence_number += 1
        if candidates:
            nearby = [m for m in named if m not in sources]
            words = stand_ins(document, sentence.first, sentence.last, sentence.paragraph, self._here, nearby)
            words += capitals_named(document, sentence, nearby, self._background.country, self._atlas)
            words = [word for word in words if not self._is_apposed(word.mention, nearby)]
            places = sorted(named + [word.mention for word in words], key=lambda m: m.first)
            self._attach(sentence, candidates, places, words, past)
        else:
            self._without_numbers(sentence)
        if past is not None:
            self._past_paragraph = sentence.paragraph
        if named:
            self._here.note([m for m in named if m not in sources], sentence.paragraph, self._sentence_number)

    def _is_apposed(self, stand_in: Mention, named: list[Mention]) -> bool:
        """`Jos, the capital of Plateau State`: the words say what the named city is."""
        tokens = self._document.tokens
        return any(
            place.end + 1 == stand_in.first and tokens[place.end].text == ","
            for place in named
            if place.scope == "city" and place.kind not in UNSURE_KINDS
        )

    def _is_verb(self, mention: Mention, sentence: Sentence) -> bool:
        """`Irán 400 a Nogales`, `Serían 200`: a Spanish verb that begins its sentence and is a place elsewhere."""
        token = self._document.tokens[mention.first]
        if self._document.lang != "es" or mention.first != sentence.first or mention.last != mention.first + 1:
            return False
        return token.text.endswith(("rán", "rían")) and self._document.tokens[mention.last].kind == "number"

    def _without_numbers(self, sentence: Sentence) -> None:
        """A colon introduces a list and sets its status; "The ministry declined." ends the plan told before."""
        introduces = self._document.tokens[sentence.last - 1].text == ":"
        last = self.drafts[-1] if self.drafts else None
        refusable = (
            last is not None
            and last.status == "planned"
            and last.sentence.paragraph == sentence.paragraph
            and sentence.last - sentence.first < _REFUSAL_TOKENS_MAX
        )
        if not introduces and not refusable:
            return
        found = [c for c in status.cues(self._document, sentence.first, sentence.last) if not c.weak]
        if not found:
            return
        if introduces and found[-1].verdict != "denied":
            self._carried = found[-1].verdict
        elif last is not None and refusable and found[0].verdict == "cancelled" and not found[0].local:
            self.drafts[-1] = last._replace(status="cancelled")

    def _drop_denied(self) -> None:
        """`It is false.` right after a claim takes the claim back."""
        tokens = self._document.tokens
        told = {draft.sentence for draft in self.drafts}
        for before, sentence in pairwise(self._document.sentences):
            if before not in told:
                continue
            words = [t.key for t in tokens[sentence.first : min(sentence.last, sentence.first + 5)] if t.kind == "word"]
            if tuple(words[:2]) in DENIAL_SENTENCES or tuple(words[:3]) in DENIAL_SENTENCES:
                self.drafts = [d for d in self.drafts if d.sentence != before]

    def _attach(
        self,
        sentence: Sentence,
        told: list[Candidate],
        places: list[Mention],
        words: list[StandIn],
        past_at: int | None,
    ) -> None:
        document = self._document
        spans = [
            Span(c.number.phrase_first, max(c.counted.last, c.number.phrase_last), c.number.first, c.number.last)
            for c in told
        ]
        cues = status.cues(document, sentence.first, sentence.last)
        ends = [(span.first, span.last) for span in spans]
        judged = []
        for k, span in enumerate(spans):
            others = [e for j, e in enumerate(ends) if j != k]
            judged.append(status.judge(document, cues, (span.first, span.last), others))
        judged = handed_on(document.tokens, judged, spans, cues)
        leaving = [verdict in ("withdrawn", "withdrawing") for verdict, _ in judged]
        sentence_places = SentencePlaces(document, sentence.first, sentence.last, places)
        attached = sentence_places.attach(spans, leaving=leaving)
        still_past = self._past_paragraph == sentence.paragraph and self._still_past(sentence)
        nationwide = speaks_of_country(document, sentence.first, sentence.last)
        before: Attachment | None = None
        for k, (candidate, span, (verdict, weak)) in enumerate(zip(told, spans, judged, strict=True)):
            last = self.drafts[-1] if self.drafts else None
            mind = Mind(document, self._here, self._lead, self._background.top, last)
            found = attached[k]
            if found is None and before is not None and candidate.bare and verdict and not weak:
                rule: Attachment | None = before._replace(score=before.score - 1)
            else:
                rule = found or mind.fallback(candidate, sentence, places, verdict, weak=weak, nationwide=nationwide)
            categories = self._story.resolve(candidate.counted, span.first)
            if rule is not None and verdict != "denied":
                before = rule
            situation = Situation(
                document=document,
                sentence=sentence,
                candidate=candidate,
                span=span,
                pairs=sentence_places.pairs(spans, k, leaving=leaving[k]),
                cues=cues,
                verdict=verdict,
                weak=weak,
                rule=rule,
                refusal=self._refusal(candidate, span, rule, verdict, categories),
                carried=self._carried,
                past=still_past or (past_at is not None and dates.is_of_the_past(document, past_at, span.last)),
                headline=document.paragraphs[sentence.paragraph].headline,
                force_known=bool(categories or self.drafts),
                others=len(told) - 1,
                elsewhere=mind.places(sentence.paragraph),
                background=self._background,
                nationwide=nationwide,
                referent=self._background.referents.before(span.first, span.last),
                meanings={word.mention.first: word.meanings for word in words},
                trail=self._here.trail,
                sentence_number=self._sentence_number,
                told=self._told_at,
                status_before=last.status if last is not None else None,
                since=None if self._told_last is None else self._sentence_number - self._told_last,
            )
            choice = self._choose(situation)
            if choice is None:
                continue
            if verdict is not None and verdict != "denied" and not weak:
                self._carried = choice.status
            self._draft(situation, choice, categories)

    def _refusal(
        self,
        candidate: Candidate,
        span: Span,
        rule: Attachment | None,
        verdict: status.Verdict | None,
        categories: frozenset[ForceCategory],
    ) -> Refusal:
        if verdict == "denied":
            return "denied"
        if candidate.suspect:
            return "suspect"
        if rule is not None and candidate.bare and (candidate.counted.doubt or not self._bare_stands(rule, categories)):
            return "bare"
        return "repeated" if self._is_repeated(candidate, span) else ""

    def _is_repeated(self, candidate: Candidate, span: Span) -> bool:
        """`the 500 guards`, `los 500 efectivos`: a number that was told before, taken up again."""
        before = self._document.tokens[span.first - 1].key if span.first else ""
        return before in ("the", "los", "las", "esos", "estos", "those", "these") and any(
            d.number.value == candidate.number.value and not d.headline for d in self.drafts
        )

    def _bare_stands(self, attachment: Attachment, categories: frozenset[ForceCategory]) -> bool:
        return bool(categories or self.drafts) and attachment.score >= _BARE_SCORE_MIN and attachment.relation != "none"

    def _draft(self, situation: Situation, choice: Choice, categories: frozenset[ForceCategory]) -> None:
        sentence, span = situation.sentence, situation.span
        inside = [m.end for m in choice.mentions if sentence.first <= m.first < sentence.last]
        place_at = tuple((m.first, m.last) for m in choice.mentions if m.first < m.last)
        if not place_at and self.drafts:
            place_at = self.drafts[-1].place_at
        for scope, places in situation.locations(choice.mentions):
            self._told_at.update(place.key for place in places)
            self._told_last = self._sentence_number
            self.drafts.append(
                Draft(
                    scope=scope,
                    places=places,
                    number=situation.candidate.number,
                    counted=situation.candidate.counted,
                    categories=categories,
                    origin=self._origin(span),
                    status=choice.status,
                    historical=situation.past,
                    date=dates.event_date(self._document, sentence.first, sentence.last, self._now),
                    sentence=sentence,
                    quote_last=max(span.last, *inside, span.last),
                    headline=situation.headline,
                    confidence=choice.confidence,
                    place_at=place_at,
                    cue_at=_cue_of(situation, choice.status),
                )
            )

    def _origin(self, span: Span) -> str | None:
        """`300 Kenyan police`, `members of Mexico's National Guard`: the country within the noun phrase."""
        for mention in self._mentions[self._next_mention :]:
            if mention.first >= span.last:
                break
            if mention.scope == "country" and mention.first >= span.first:
                return mention.place.country
        told = (
            self._atlas.regions.demonym_country(t.key) for t in self._document.tokens[span.numeral_last : span.last]
        )
        return next((country for country in told if country is not None), None)

    def _still_past(self, sentence: Sentence) -> bool:
        """History goes on within its paragraph until a word of the present."""
        return not any(
            t.key in ("now", "today", "currently", "will", "hoy", "ahora", "actualmente", "ya")
            for t in self._document.tokens[sentence.first : sentence.last]
        )


def _cue_of(situation: Situation, told: Status) -> tuple[int, int] | None:
    """The tokens of the nearest verb of the sentence that says the status."""
    span = situation.span
    fitting = [cue for cue in situation.cues if cue.verdict == told]
    nearest = min(fitting, key=lambda c: max(span.first - c.last, c.first - span.last), default=None)
    if nearest is None:
        return None
    last = span.first if nearest.first < span.first < nearest.last else nearest.last  # `will send 135 guards to`
    return nearest.first, last
