"""Which words of the text made an event: the spans of its number, force, place and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from muster.core.draft import Draft
from muster.core.model import ExtractedEvent
from muster.core.text import Document

Part = Literal["number", "force", "place", "status"]
PARTS: Final[tuple[Part, ...]] = ("number", "force", "place", "status")
Offsets: TypeAlias = tuple[int, int]
"""Start and end, in code points of the text, end exclusive."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An event and the words that gave its parts; a part that no single phrase gave has no spans.

    A place that the sentence does not name has the span of the words that named it before.
    """

    event: ExtractedEvent
    spans: Mapping[Part, tuple[Offsets, ...]]


def spans_of(document: Document, draft: Draft) -> dict[Part, tuple[Offsets, ...]]:
    number, counted = draft.number, draft.counted
    told: dict[Part, list[tuple[int, int]]] = {
        "number": [(number.phrase_first, number.phrase_last)],
        "force": [(counted.first, counted.last)],
        "place": list(draft.place_at),
        "status": [draft.cue_at] if draft.cue_at else [],
    }
    return {
        part: tuple((document.starts[first], document.end(last - 1)) for first, last in spans if first < last)
        for part, spans in told.items()
    }
