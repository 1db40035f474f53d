"""A draft of an event: one number at one location, before the article is looked at as a whole."""

from __future__ import annotations

from typing import NamedTuple

from muster.core import forces
from muster.core.model import DateSpan, ForceCategory, Place, Scope, Status
from muster.core.numbers import NumberPhrase
from muster.core.text import Sentence


class Draft(NamedTuple):
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
    place_at: tuple[tuple[int, int], ...] = ()  # tokens that name its places, here or before
    cue_at: tuple[int, int] | None = None  # tokens of the verb that tells its status
