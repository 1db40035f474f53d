"""Sentence by sentence: candidates -> place -> status, as drafts of events.

The reader carries what a human reader carries: the place and the verb that the text was just talking about. Drafts keep
token spans; roles, repeated facts and identities are the next step (`extract`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from muster.core import dates, forces, status
from muster.core.attach import Attachment, SentencePlaces, Span
from muster.core.background import shares_of, topics_of
from muster.core.candidates import Candidate
from muster.core.deictics import Here, deictics, speaks_of_country
from muster.core.lexicon.attach import OUT_WORDS, SOURCE_WORDS
from muster.core.lexicon.drafts import (
    CORRECTIONS,
    DENIAL_SENTENCES,
    TAKEN_UP_AFTER,
    TAKEN_UP_BEFORE,
)
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.limits import EVENTS_PER_ARTICLE_MAX
from muster.core.model import DateSpan, ForceCategory, Place, Scope, Status
from muster.core.numbers import NumberPhrase
from muster.core.options import Choice, Chooser, Refusal, Situation
from muster.core.places import Mention
from muster.core.text import Document, Paragraph, Sentence

FALLBACK_SCORE = -1.0
_BARE_SCORE_MIN = 0.4
_REFUSAL_TOKENS_MAX = 25
_OPENING_TOKENS_MAX = 4
_DRAFTS_MAX = 2 * EVENTS_PER_ARTICLE_MAX
"""Enough to keep the first events after repetitions have gone; a text that yields more is not a story."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One number at one location, before the article is looked at as a whole."""

    scope: Scope
    places: tuple[Place, ...]
    number: NumberPhrase
    counted: forces.Counted
    categories: frozenset[ForceCategory]
    origin: str | None  # alpha-2 of the country whose force it is
    status: Status
    historical: bool
    date: DateSpan | None
    sentence: Sentence
    quote_last: int  # token after the last one that the evidence should hold
    headline: bool
    confidence: float


class Reader:
    """Reads one document in order and collects drafts. `told` are the candidates of each of its sentences."""

    def __init__(
        self,
        document: Document,
        told: list[list[Candidate]],
        mentions: list[Mention],
        here: Here,
        now: dates.Calendar,
        demonym_country: Callable[[str], str | None],
        choose: Chooser,
    ) -> None:
        self._told = told
        self._demonym_country = demonym_country
        self._document = document
        self._mentions = mentions
        self._next_mention = 0
        self._here = here
        self._now = now
        self._choose = choose
        self._shares, self._top = shares_of(mentions)
        self._topics = topics_of(document)
        self._story = forces.Story(document)
        self._lead: Mention | None = None
        self._carried: Status | None = None
        self._past_paragraph = -1
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
        words = [t.key for t in self._document.tokens[block.first : min(block.last, block.first + 10)]]
        return any(w in CORRECTIONS for w in words[:6]) or words[:3] == ["for", "the", "record"]

    def _enter(self, block: Paragraph) -> None:
        """A paragraph may be headed by its place: `LAHORE — ...`, `Tijuana. The commander ...`."""
        self._lead = None
        for mention in self._peek(block.first, block.last):
            if mention.first - block.first > 2:
                break
            headed = mention.first < block.body or (
                mention.end < block.last and self._document.tokens[mention.end].text in ".:|—\u2013"
            )
            if headed and mention.kind != "organisation":
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
        past = dates.tells_of_the_past(document, sentence.first, sentence.last, self._now)
        if candidates:
            places = sorted(
                named + deictics(document, sentence.first, sentence.last, sentence.paragraph, self._here, named),
                key=lambda m: m.first,
            )
            self._attach(sentence, candidates, places, past=past)
        else:
            self._without_numbers(sentence)
        if past:
            self._past_paragraph = sentence.paragraph
        self._here.note([m for m in named if not self._is_source(m)], sentence.paragraph)

    def _is_source(self, mention: Mention) -> bool:
        """`from Mérida`, `procedentes de Santa Lucía`: where people came from is not where the story is."""
        before = self._document.tokens[max(0, mention.first - 2) : mention.first]
        return any(t.key in SOURCE_WORDS or t.key in OUT_WORDS for t in before)

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
            self.drafts[-1] = replace(last, status="cancelled")

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

    def _attach(self, sentence: Sentence, told: list[Candidate], places: list[Mention], *, past: bool) -> None:
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
        leaving = [verdict in ("withdrawn", "withdrawing") for verdict, _ in judged]
        sentence_places = SentencePlaces(document, sentence.first, sentence.last, places)
        attached = sentence_places.attach(spans, leaving=leaving)
        past = past or (self._past_paragraph == sentence.paragraph and self._still_past(sentence))
        nationwide = speaks_of_country(document, sentence.first, sentence.last)
        before: Attachment | None = None
        for k, (candidate, span, (verdict, weak)) in enumerate(zip(told, spans, judged, strict=True)):
            found = attached[k]
            if found is None and before is not None and candidate.bare and verdict and not weak:
                rule: Attachment | None = replace(before, score=before.score - 1)
            else:
                rule = found or self._fallback(candidate, sentence, places, verdict, weak=weak, nationwide=nationwide)
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
                past=past,
                headline=document.paragraphs[sentence.paragraph].headline,
                force_known=bool(categories or self.drafts),
                others=len(told) - 1,
                elsewhere=self._in_mind(sentence.paragraph),
                shares=self._shares,
                nationwide=nationwide,
                topics=self._topics,
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
        if rule is not None and candidate.bare and not self._bare_stands(rule, categories):
            return "bare"
        return "repeated" if self._is_repeated(candidate, span) else ""

    def _in_mind(self, paragraph: int) -> list[tuple[str, tuple[Mention, ...]]]:
        """The places that a reader has in mind here, with the reason."""
        here = self._here
        last = self.drafts[-1] if self.drafts else None
        known = {
            "lead": self._lead,
            "about": here.about,
            "paragraph": here.city_of(paragraph),
            "last": here.city,
            "state": here.state,
            "filed": here.filed_from,
            "top": self._top,
        }
        found: list[tuple[str, tuple[Mention, ...]]] = [
            (why, (mention,)) for why, mention in known.items() if mention is not None
        ]
        if last is not None:
            scope: Scope = "city" if last.scope == "multi" else last.scope
            at = last.sentence.first
            near = last.sentence.paragraph >= paragraph - 1
            mentions = tuple(Mention(at, at, at, place, scope, "plain") for place in last.places)
            found.append(("told" if near else "told_before", mentions))
        return found

    def _is_repeated(self, candidate: Candidate, span: Span) -> bool:
        """`the 500 guards`, `los 500 efectivos`: a number that was told before, taken up again."""
        before = self._document.tokens[span.first - 1].key if span.first else ""
        return before in ("the", "los", "las", "esos", "estos", "those", "these") and any(
            d.number.value == candidate.number.value and not d.headline for d in self.drafts
        )

    def _bare_stands(self, attachment: Attachment, categories: frozenset[ForceCategory]) -> bool:
        return bool(categories or self.drafts) and attachment.score >= _BARE_SCORE_MIN and attachment.relation != "none"

    def _fallback(
        self,
        candidate: Candidate,
        sentence: Sentence,
        named: list[Mention],
        verdict: status.Verdict | None,
        *,
        weak: bool,
        nationwide: bool,
    ) -> Attachment | None:
        """No place in the sentence: the heading of the paragraph, else where the story is at this point."""
        taken_up = self._taken_up(candidate, sentence)
        if taken_up is not None:
            return taken_up
        if candidate.bare:
            return self._subject(candidate, sentence, verdict, weak=weak)
        if self._lead is not None:
            return Attachment((self._lead,), "subject", FALLBACK_SCORE + 2)
        if verdict is None or weak:
            return None
        police = next((m for m in named if m.kind == "organisation" and m.scope == "city"), None)
        if police is not None:
            return Attachment((police,), "subject", FALLBACK_SCORE)
        about = self._here.about
        elsewhere = bool(named) or nationwide
        return None if about is None or elsewhere else Attachment((about,), "subject", FALLBACK_SCORE)

    def _subject(
        self, candidate: Candidate, sentence: Sentence, verdict: status.Verdict | None, *, weak: bool
    ) -> Attachment | None:
        """`About 425 are on the streets today.`: a bare number that opens its sentence, with a verb of deployment."""
        if verdict is None or weak or not self._opens_sentence(candidate.number, sentence):
            return None
        place = self._lead or self._here.city_of(sentence.paragraph) or self._here.about
        return None if place is None else Attachment((place,), "subject", 1.0)

    def _opens_sentence(self, number: NumberPhrase, sentence: Sentence) -> bool:
        """Only little words, or in Spanish the verb, stand before it."""
        before = self._document.tokens[sentence.first : number.phrase_first]
        lang = self._document.lang
        return len(before) <= _OPENING_TOKENS_MAX and all(
            t.key in FUNCTION_WORDS[lang] or t.key in ("first", "further") or (lang == "es" and t.key in CUES["es"])
            for t in before
        )

    def _taken_up(self, candidate: Candidate, sentence: Sentence) -> Attachment | None:
        """`of them 450 ...`, `the 2,000 who ...`, `another 184 ...`: of what the last draft told."""
        if not self.drafts or candidate.number.value is None:
            return None
        last = self.drafts[-1]
        if last.sentence.paragraph < sentence.paragraph - 1:
            return None
        tokens = self._document.tokens
        number = candidate.number
        before = {t.key for t in tokens[max(sentence.first, number.phrase_first - 5) : number.phrase_first]}
        after = tokens[number.phrase_last].key if number.phrase_last < sentence.last else ""
        part = before & TAKEN_UP_BEFORE or after in TAKEN_UP_AFTER or number.more or number.measure == "increment"
        if not part or (not candidate.bare and not (number.more or candidate.counted.increment)):
            return None
        scope: Scope = "city" if last.scope == "multi" else last.scope
        at = sentence.first
        mentions = tuple(Mention(at, at, at, place, scope, "plain") for place in last.places)
        return Attachment(mentions, "subject", 1.0)

    def _draft(self, situation: Situation, choice: Choice, categories: frozenset[ForceCategory]) -> None:
        sentence, span = situation.sentence, situation.span
        inside = [m.end for m in choice.mentions if sentence.first <= m.first < sentence.last]
        for scope, places in situation.locations(choice.mentions):
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
                )
            )

    def _origin(self, span: Span) -> str | None:
        """`300 Kenyan police`, `members of Mexico's National Guard`: the country within the noun phrase."""
        for mention in self._mentions[self._next_mention :]:
            if mention.first >= span.last:
                break
            if mention.scope == "country" and mention.first >= span.first:
                return mention.place.country
        told = (self._demonym_country(t.key) for t in self._document.tokens[span.numeral_last : span.last])
        return next((country for country in told if country is not None), None)

    def _still_past(self, sentence: Sentence) -> bool:
        """History goes on within its paragraph until a word of the present."""
        return not any(
            t.key in ("now", "today", "currently", "will", "hoy", "ahora", "actualmente", "ya")
            for t in self._document.tokens[sentence.first : sentence.last]
        )
