"""What an article is about as a whole: the places that it names most, and topics that are no deployments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from muster.core.lexicon.people import TOPICS
from muster.core.lexicon.senses import senses_of
from muster.core.places import UNSURE_KINDS, Mention
from muster.core.referents import Referents, Who
from muster.core.text import Document, tokenize


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of the whole article before any of its numbers is placed.

    `shares`: place key -> its share of the mentions of places of its scope; `top`: the city that is named most often;
    `titled`: keys of the places that the title names; `cities`: how many it names.
    """

    referents: Referents
    shares: Mapping[str, float]
    top: Mention | None
    topics: Sequence[str]
    titled: frozenset[str]
    cities: int
    country: str | None  # named most, by itself or by its places
    title_senses: Sequence[str]  # classes of the title's words


def background_of(
    document: Document, title: str | None, mentions: list[Mention], census: list[tuple[int, Who]]
) -> Background:
    shares, top = shares_of(mentions)
    cities = len({m.place.key for m in mentions if m.scope == "city" and m.kind in ("plain", "dateline")})
    referents = Referents(document, census)
    return Background(
        referents,
        shares,
        top,
        topics_of(document),
        _titled(document, title, mentions),
        cities,
        country_of(mentions),
        senses_of(token.key for token in document.title),
    )


def _titled(document: Document, title: str | None, mentions: list[Mention]) -> frozenset[str]:
    title = title or ""
    heading = document.title if len(title) <= TITLE_CHARS_MAX else tokenize(title[:TITLE_CHARS_MAX])
    told = {token.key for token in heading}
    return frozenset(
        m.place.key
        for m in mentions
        if any(t.capital and t.key in told for t in document.tokens[m.first : m.last]) and m.kind not in UNSURE_KINDS
    )


TITLE_CHARS_MAX: Final = 500


def shares_of(mentions: list[Mention]) -> tuple[dict[str, float], Mention | None]:
    """(place key -> its share of the mentions of places of its scope, the city that is named most often)."""
    told = [m for m in mentions if m.kind in ("plain", "dateline")]
    of_scope = Counter(m.scope for m in told)
    counts = Counter(m.place.key for m in told)
    shares = {m.place.key: counts[m.place.key] / of_scope[m.scope] for m in told}
    cities = [m for m in told if m.scope == "city"]
    return shares, max(cities, key=lambda m: counts[m.place.key], default=None)


def country_of(mentions: list[Mention]) -> str | None:
    """The country that most of these places lie in, alpha-2; None without any."""
    counts = Counter(m.place.country for m in mentions if m.place.country and m.kind != "doubtful")
    return counts.most_common(1)[0][0] if counts else None


def topics_of(document: Document) -> list[str]:
    """Topics of which two words or more stand in the article."""
    counts = Counter(topic for i in document.places(_TOPIC_WORDS) for topic in _TOPIC_OF[document.keys[i]])
    return sorted(topic for topic, count in counts.items() if count > 1)


_TOPIC_OF: Final = {
    word: [topic for topic, vocabulary in TOPICS.items() if word in vocabulary]
    for word in frozenset().union(*TOPICS.values())
}
_TOPIC_WORDS: Final = frozenset(_TOPIC_OF)
