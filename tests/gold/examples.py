"""Annotated articles as examples to learn from: each counted number with the options that are right for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from muster.core.by_rules import choose as choose_by_rules
from muster.core.by_rules import status_by_rules
from muster.core.model import Article
from muster.core.options import options
from muster.core.pipeline import Extractor
from muster.core.situation import Choice, Situation
from muster.core.status_features import status_features


@dataclass(frozen=True)
class Example:
    """Alternatives as lists of feature names, and which of them are right."""

    alternatives: list[list[str]]
    right: list[bool]


@dataclass(frozen=True)
class Lesson:
    """What one article teaches: where its numbers belong, and their statuses."""

    fold: str
    places: list[Example]
    statuses: list[tuple[list[str], set[str]]]


def article_of(row: dict[str, Any]) -> Article:
    published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row["published"] else None
    return Article(row["id"], row["text"], title=row["title"], lang=row["lang"], published_at=published)


def lesson(row: dict[str, Any], extractor: Extractor, score: Any) -> Lesson:
    """The lesson of an annotated article. Numbers are read in the state that right decisions leave behind."""
    gold = [score.Ev(event, True) for event in row["events"]]
    places: list[Example] = []
    statuses: list[tuple[list[str], set[str]]] = []

    def choose(situation: Situation) -> Choice | None:
        near, equal = _events_of(row, gold, situation)
        offered = options(situation)
        right = [_is_right(situation, option.mentions, near or equal, score) for option in offered]
        best = next((o for o, is_right in zip(offered, right, strict=True) if is_right), None)
        right[0] = not near  # told elsewhere already: the number may be taken up again or not
        if any(right):
            places.append(Example([option.features() for option in offered], right))
        if best is None:
            return None
        relation = situation.relation_to(best.mentions)
        by_rules = status_by_rules(situation, relation)
        if not near:
            chosen = choose_by_rules(situation)
            return chosen if chosen is None else chosen._replace(mentions=best.mentions)
        told = {s for event in near if _agrees(situation, best.mentions, event, score) for s in event.status}
        statuses.append((status_features(situation, relation, by_rules), told))
        return Choice(best.mentions, by_rules if by_rules in told else min(told), 1.0)

    replace(extractor, choose=choose).claim(article_of(row), None)
    return Lesson(row["fold"], places, statuses)


def _events_of(row: dict[str, Any], gold: list[Any], situation: Situation) -> tuple[list[Any], list[Any]]:
    """(events whose evidence holds this very number, all events with an equal number)."""
    number = situation.candidate.number
    value = number.low if number.low is not None else number.high
    at = situation.document.starts[number.first]
    equal = [event for event in gold if event.number == value]
    return [event for event in equal if _holds(row["text"], event.raw["evidence"], at)], equal


def _holds(text: str, evidence: str, at: int) -> bool:
    start = text.find(evidence)
    while start >= 0:
        if start <= at < start + len(evidence):
            return True
        start = text.find(evidence, start + 1)
    return False


def _is_right(situation: Situation, mentions: Any, events: list[Any], score: Any) -> bool:
    if not mentions:
        return False
    return all(
        any(_event_at(scope, places, score).same_place(event) for event in events)
        for scope, places in situation.locations(mentions)
    )


def _agrees(situation: Situation, mentions: Any, event: Any, score: Any) -> bool:
    return any(_event_at(scope, places, score).same_place(event) for scope, places in situation.locations(mentions))


def _event_at(scope: str, places: Any, score: Any) -> Any:
    named = [{"name": p.name, "geonames_id": p.geonames_id, "country": p.country} for p in places]
    return score.Ev({"scope": scope, "places": named, "status": "planned"}, False)
