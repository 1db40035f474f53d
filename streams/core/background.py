"""What an article is about as a whole: the places that it names most, and topics that are no deployments."""

from __future__ import annotations

from collections import Counter

from muster.core.options import TOPICS
from muster.core.places import Mention
from muster.core.text import Document


def shares_of(mentions: list[Mention]) -> tuple[dict[str, float], Mention | None]:
    """(place key -> its share of the mentions of places of its scope, the city that is named most often)."""
    told = [m for m in mentions if m.kind in ("plain", "dateline")]
    of_scope = Counter(m.scope for m in told)
    counts = Counter(m.place.key for m in told)
    shares = {m.place.key: counts[m.place.key] / of_scope[m.scope] for m in told}
    cities = [m for m in told if m.scope == "city"]
    return shares, max(cities, key=lambda m: counts[m.place.key], default=None)


def topics_of(document: Document) -> list[str]:
    """Topics of which two words or more stand in the article."""
    if document.keys.isdisjoint(_TOPIC_OF):
        return []
    counts = Counter(topic for t in document.tokens for topic in _TOPIC_OF.get(t.key, ()))
    return sorted(topic for topic, count in counts.items() if count > 1)


_TOPIC_OF = {
    word: [topic for topic, vocabulary in TOPICS.items() if word in vocabulary]
    for word in frozenset().union(*TOPICS.values())
}
