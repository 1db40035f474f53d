"""What a reader has in mind where a sentence names no place for its number, and which place the rules take."""

from __future__ import annotations

from typing import Final, NamedTuple

from muster.core import status
from muster.core.attach import Attachment
from muster.core.candidates import Candidate
from muster.core.deictics import Here
from muster.core.draft import Draft
from muster.core.lexicon.drafts import TAKEN_UP_AFTER, TAKEN_UP_BEFORE
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS
from muster.core.model import Scope
from muster.core.numbers import NumberPhrase
from muster.core.places import Mention
from muster.core.text import Document, Sentence

FALLBACK_SCORE: Final = -1.0
_OPENING_TOKENS_MAX: Final = 4
_REMEMBERED: Final[tuple[tuple[Scope, int], ...]] = (("city", 4), ("region", 2), ("country", 1))
"""How many of the places named last are options for a number, by scope."""


class Mind(NamedTuple):
    """`lead` heads the paragraph, `top` is the city named most often, `last` the event told last."""

    document: Document
    here: Here
    lead: Mention | None
    top: Mention | None
    last: Draft | None

    def places(self, paragraph: int) -> list[tuple[str, tuple[Mention, ...]]]:
        """The places that a reader has in mind here, with the reason."""
        here = self.here
        last = self.last
        known = {
            "lead": self.lead,
            "about": here.about,
            "paragraph": here.city_of(paragraph),
            "last": here.city,
            "state": here.state,
            "filed": here.filed_from,
            "top": self.top,
        }
        found: list[tuple[str, tuple[Mention, ...]]] = [
            (why, (mention,)) for why, mention in known.items() if mention is not None
        ]
        found += [(f"title:{k}", (mention,)) for k, mention in enumerate(here.titled)]
        for scope, most in _REMEMBERED:
            found += [(f"recent:{scope}:{k}", (mention,)) for k, mention in enumerate(here.recent(scope, most))]
        if last is not None:
            told_scope: Scope = "city" if last.scope == "multi" else last.scope
            at = last.sentence.first
            near = last.sentence.paragraph >= paragraph - 1
            mentions = tuple(Mention(at, at, at, place, told_scope, "plain") for place in last.places)
            found.append(("told" if near else "told_before", mentions))
        return found

    def fallback(
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
        if self.lead is not None:
            return Attachment((self.lead,), "subject", FALLBACK_SCORE + 2)
        if verdict is None or weak:
            return None
        police = next((m for m in named if m.kind == "organisation" and m.scope == "city"), None)
        if police is not None:
            return Attachment((police,), "subject", FALLBACK_SCORE)
        about = self.here.about
        elsewhere = any(m.kind != "doubtful" for m in named) or nationwide
        return None if about is None or elsewhere else Attachment((about,), "subject", FALLBACK_SCORE)

    def _subject(
        self, candidate: Candidate, sentence: Sentence, verdict: status.Verdict | None, *, weak: bool
    ) -> Attachment | None:
        """`About 425 are on the streets today.`: a bare number that opens its sentence, with a verb of deployment."""
        if verdict is None or weak or not self._opens_sentence(candidate.number, sentence):
            return None
        place = self.lead or self.here.city_of(sentence.paragraph) or self.here.about
        return None if place is None else Attachment((place,), "subject", 1.0)

    def _opens_sentence(self, number: NumberPhrase, sentence: Sentence) -> bool:
        """Only little words, or in Spanish the verb, stand before it."""
        before = self.document.tokens[sentence.first : number.phrase_first]
        lang = self.document.lang
        return len(before) <= _OPENING_TOKENS_MAX and all(
            t.key in FUNCTION_WORDS[lang] or t.key in ("first", "further") or (lang == "es" and t.key in CUES["es"])
            for t in before
        )

    def _taken_up(self, candidate: Candidate, sentence: Sentence) -> Attachment | None:
        """`of them 450 ...`, `the 2,000 who ...`, `another 184 ...`: of what the last draft told."""
        last = self.last
        if last is None or candidate.number.value is None:
            return None
        if last.sentence.paragraph < sentence.paragraph - 1:
            return None
        tokens = self.document.tokens
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
