"""From drafts to facts: repeated facts become one, and totals are told from their parts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations

from muster.core.drafts import Draft
from muster.core.lexicon.roles import PART_AFTER, TOTAL_BEFORE
from muster.core.model import ForceCategory, Role
from muster.core.text import Document

SUM_TERMS_MAX = 4
_GROUP_MAX = 8
"""More figures of one place than this are not searched for sums of three or more."""


@dataclass(frozen=True, slots=True)
class Fact:
    draft: Draft
    role: Role


def facts(document: Document, drafts: list[Draft]) -> list[Fact]:
    """Drafts without repetitions, each with its role, in text order."""
    kept = _distinct(drafts)
    roles = [_spoken_role(document, draft) for draft in kept]
    _by_sums(kept, roles)
    kept = [
        _with_forces_of_parts(kept, draft) if role == "total" else draft
        for draft, role in zip(kept, roles, strict=True)
    ]
    return [Fact(draft, role) for draft, role in zip(kept, roles, strict=True)]


def _identity(draft: Draft) -> tuple[object, ...]:
    number = draft.number
    value = number.value if number.qualifier != "range" else (number.low, number.high)
    return (tuple(sorted(p.key for p in draft.places)), value, draft.historical)


def _distinct(drafts: list[Draft]) -> list[Draft]:
    """One draft a fact. A headline gives way to the sentence that it announces, whatever its tense."""
    kept: list[Draft] = []
    at: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda d: (d.headline, d.number.first)):
        identity = _identity(draft)
        twin = next((i for i in at[identity] if _same_fact(kept[i], draft)), None)
        if twin is None:
            at[identity].append(len(kept))
            kept.append(draft)
        elif not kept[twin].categories and draft.categories:
            kept[twin] = replace(kept[twin], categories=draft.categories)
        elif kept[twin].counted.kind == "bare" and draft.counted.kind == "explicit":
            kept[twin] = draft
    return sorted(kept, key=lambda d: d.number.first)


def _same_fact(a: Draft, b: Draft) -> bool:
    if b.number.more and b.counted.kind == "bare" and not b.headline:
        return False
    if not _forces_agree(a.categories, b.categories):
        return False
    return a.status == b.status or b.headline


def _forces_agree(a: frozenset[ForceCategory], b: frozenset[ForceCategory]) -> bool:
    return not a or not b or bool(a & b)


def _spoken_role(document: Document, draft: Draft) -> Role:
    """What the words beside the number say: "a total of", "bringing the number to", "of whom"."""
    tokens = document.tokens
    first = max(draft.sentence.first, draft.number.phrase_first - 9)
    before = " " + " ".join(t.key for t in tokens[first : draft.number.first]) + " "
    last = min(draft.sentence.last, draft.counted.last + 4)
    after = " " + " ".join(t.key for t in tokens[draft.number.last : last]) + " "
    if any(f" {phrase} " in before for phrase in TOTAL_BEFORE) or any(
        f" {phrase} " in after for phrase in ("in all", "all told", "in total", "en total", "altogether")
    ):
        return "total"
    if any(f" {phrase} " in before for phrase in PART_AFTER):
        return "part"
    return "single"


def _with_forces_of_parts(drafts: list[Draft], total: Draft) -> Draft:
    """A total without a noun of its own is of all the forces told for its place."""
    if total.counted.kind == "explicit" and total.counted.categories:
        return total
    place = [p.key for p in total.places]
    told = [d.categories for d in drafts if [p.key for p in d.places] == place and not d.historical]
    return replace(total, categories=frozenset().union(*told))


def _by_sums(drafts: list[Draft], roles: list[Role]) -> None:
    """A figure that is the sum of others of its place is their total."""
    by_place: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, draft in enumerate(drafts):
        if draft.number.value is not None and not draft.historical:
            by_place[tuple(p.key for p in draft.places)].append(i)
    for indexes in by_place.values():
        if len(indexes) < 3:
            continue
        for i in indexes:
            others = [k for k in indexes if k != i and (drafts[k].number.value or 0) < (drafts[i].number.value or 0)]
            parts = _summands(drafts, others[:_GROUP_MAX], drafts[i].number.value or 0)
            if parts:
                roles[i] = "total"
                for k in parts:
                    roles[k] = "part" if roles[k] != "total" else roles[k]


def _summands(drafts: list[Draft], indexes: list[int], total: int) -> tuple[int, ...]:
    for size in range(2, SUM_TERMS_MAX + 1):
        for chosen in combinations(indexes, size):
            if sum(drafts[k].number.value or 0 for k in chosen) == total:
                return chosen
    return ()
