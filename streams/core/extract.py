"""Article -> events: the pure heart of Muster.

Candidates (numbers that count uniformed people) are attached to places, get a status, and become events with the
exact words that say so. What counts as an event is decided by gold/GUIDE.md. The time is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from muster.core import dates, text
from muster.core.background import background_of
from muster.core.candidates import candidates
from muster.core.deictics import Here
from muster.core.draft import Draft
from muster.core.drafts import Reader
from muster.core.explanation import Explained, spans_of
from muster.core.forces import category_of
from muster.core.identity import event_id, rank_of
from muster.core.limits import EVENTS_PER_ARTICLE_MAX, QUOTE_CHARS_MAX
from muster.core.model import (
    Article,
    Assertion,
    Evidence,
    ExtractedEvent,
    Force,
    ForceCategory,
    Location,
    Measure,
    Personnel,
    Rank,
)
from muster.core.place_atlas import Atlas
from muster.core.places import UNSURE_KINDS, Mention, PlaceFinder
from muster.core.referents import Who
from muster.core.roles import Fact, facts
from muster.core.situation import Chooser
from muster.core.text import Document


def extract(article: Article, atlas: Atlas, choose: Chooser) -> tuple[ExtractedEvent, ...]:
    """The events of an article, as `explain` gives them."""
    return tuple(explained.event for explained in explain(article, atlas, choose))


def explain(article: Article, atlas: Atlas, choose: Chooser) -> tuple[Explained, ...]:
    """The events of an article with the words that made them, by evidence.start.

    At most `limits.EVENTS_PER_ARTICLE_MAX`. A retraction, and a text in neither English nor Spanish, gives none.
    Deterministic; never raises on any text.
    """
    if article.retracted:
        return ()
    document = text.read(article.text, article.title, article.lang)
    if document is None:
        return ()
    census: list[tuple[int, Who]] = []
    told = [candidates(document, sentence, census) for sentence in document.sentences]
    if not any(told):
        return ()  # most articles end here, before any place is looked up
    finder = PlaceFinder(document, atlas)
    mentions = finder.mentions()
    titled = finder.titled()
    now = dates.calendar(document, article.published_at.date() if article.published_at else None)
    here = _here(document, mentions, titled)
    background = background_of(document, article.title, mentions, census)
    drafts = Reader(document, told, background, mentions, here, now, atlas, choose).read()
    return _events(article, document, facts(document, drafts))


def _here(document: Document, mentions: list[Mention], titled: list[Mention]) -> Here:
    """Where the article is filed from, and the city that it is about: named in the headline, else most often."""
    filed = next((m for m in mentions if m.kind == "dateline" and m.scope == "city"), None)
    counts = Counter(m.place.key for m in mentions if m.scope == "city" and m.kind == "plain")
    if not counts:
        return Here(filed, titled[0] if len(titled) == 1 and filed is None else None, titled)
    headline_last = document.paragraphs[0].last if document.paragraphs else 0
    in_headline = [m for m in mentions if m.scope == "city" and m.last <= headline_last and m.kind not in UNSURE_KINDS]
    top, times = counts.most_common(1)[0]
    if len({m.place.key for m in in_headline}) == 1:
        return Here(filed, in_headline[0], titled)
    if len(counts) == 1 or times >= 2 * sorted(counts.values())[-2]:
        return Here(filed, next(m for m in mentions if m.place.key == top), titled)
    return Here(filed, None, titled)


def _events(article: Article, document: Document, found: list[Fact]) -> tuple[Explained, ...]:
    rank = rank_of(article)
    events: list[Explained] = []
    ordinals: Counter[tuple[object, ...]] = Counter()
    for fact in sorted(found, key=lambda f: f.draft.number.phrase_first)[:EVENTS_PER_ARTICLE_MAX]:
        event = _event(article, document, fact, rank, ordinals)
        events.append(Explained(event, spans_of(document, fact.draft)))
    return tuple(sorted(events, key=lambda explained: explained.event.assertion.evidence.start))


def _event(
    article: Article, document: Document, fact: Fact, rank: Rank, ordinals: Counter[tuple[object, ...]]
) -> ExtractedEvent:
    draft = fact.draft
    personnel = _personnel(document, draft)
    category = _category(draft)
    places = tuple(sorted(draft.places, key=lambda p: p.key))
    keys = tuple(p.key for p in places)
    equal = (keys, personnel.low, personnel.high, draft.status, category)
    ordinal = ordinals[equal]
    ordinals[equal] += 1
    return ExtractedEvent(
        location=Location(draft.scope, places),
        assertion=Assertion(
            event_id=event_id(article.article_id, rank, draft.scope, keys, personnel, draft.status, category, ordinal),
            personnel=personnel,
            status=draft.status,
            force=Force(category, _force_name(document, draft), draft.origin),
            role=fact.role,
            historical=draft.historical,
            event_date=draft.date,
            evidence=_evidence(document, draft),
            confidence=round(draft.confidence, 2),
        ),
    )


def _personnel(document: Document, draft: Draft) -> Personnel:
    number = draft.number
    more = number.measure == "increment" or draft.counted.increment or number.more
    measure: Measure = "increment" if more else "level"
    words = document.slice(number.phrase_first, number.phrase_last)
    return Personnel(number.low, number.high, number.qualifier, measure, words)


def _category(draft: Draft) -> ForceCategory:
    if not draft.categories and draft.counted.head == "officers":
        return "police"
    return category_of(draft.categories)


def _force_name(document: Document, draft: Draft) -> str | None:
    counted = draft.counted
    if counted.kind == "bare" or counted.last <= counted.first:
        return None
    return document.slice(counted.first, counted.last)


def _evidence(document: Document, draft: Draft) -> Evidence:
    """The sentence, or as much of it around number and place as the quote may hold."""
    sentence, number = draft.sentence, draft.number
    start, end = document.starts[sentence.first], document.end(sentence.last - 1)
    if end - start > QUOTE_CHARS_MAX:
        start, end = _window(document, draft, start, end)
    start, end = min(start, document.starts[number.phrase_first]), max(end, document.end(number.phrase_last - 1))
    return Evidence(document.text[start:end], start, end)


def _window(document: Document, draft: Draft, start: int, end: int) -> tuple[int, int]:
    """At most `QUOTE_CHARS_MAX` characters on token boundaries, with the number a third of the way in."""
    starts, sentence = document.starts, draft.sentence
    earliest = max(start, starts[draft.number.phrase_first] - QUOTE_CHARS_MAX // 3)
    inside = range(bisect_left(starts, earliest, sentence.first, sentence.last), sentence.last)
    first = starts[inside[0]]
    ends = (document.end(i) for i in inside)
    last = max((at for at in ends if at - first <= QUOTE_CHARS_MAX), default=first)
    return first, min(end, last)
