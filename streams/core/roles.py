"""From drafts to facts: repeated facts become one, and totals are told from their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Final, NamedTuple

from muster.core.draft import Draft
from muster.core.lexicon.roles import COLLEAGUES, FIRST_ONES, LEVEL_WORDS, PART_AFTER, PART_BEFORE, TOTAL_BEFORE
from muster.core.model import ForceCategory, Role
from muster.core.text import Document

SUM_TERMS_MAX: Final = 4
SLACK_SHARE: Final = 50
"""A total that is not exact may fall short of the sum by one part in so many."""
_GROUP_TOKENS: Final = 4
_GROUP_MAX: Final = 8
"""More figures of one place than this are not searched for sums of three or more."""


class Fact(NamedTuple):
    draft: Draft
    role: Role


def facts(document: Document, drafts: list[Draft]) -> list[Fact]:
    """Drafts without repetitions, each with its role, in text order."""
    kept = _distinct(document, drafts)
    roles = [_spoken_role(document, draft) for draft in kept]
    parts_of = _by_sums(kept, roles)
    _by_words(document, kept, roles)
    kept = [
        _with_forces_of_parts(kept, i, parts_of.get(i)) if role == "total" else kept[i] for i, role in enumerate(roles)
    ]
    return [Fact(draft, role) for draft, role in zip(kept, roles, strict=True)]


def _identity(draft: Draft) -> tuple[object, ...]:
    number = draft.number
    value = number.value if number.qualifier != "range" else (number.low, number.high)
    return (tuple(sorted(p.key for p in draft.places)), value, draft.historical)


def _distinct(document: Document, drafts: list[Draft]) -> list[Draft]:
    """One draft a fact. A headline gives way to the sentence that it announces, whatever its tense."""
    kept: list[Draft] = []
    at: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda d: (d.headline, d.number.first)):
        identity = _identity(draft)
        twin = next((i for i in at[identity] if _same_fact(document, kept[i], draft)), None)
        if twin is None:
            at[identity].append(len(kept))
            kept.append(draft)
        elif not kept[twin].categories and draft.categories:
            kept[twin] = kept[twin]._replace(categories=draft.categories)
        elif kept[twin].counted.kind == "bare" and draft.counted.kind == "explicit":
            kept[twin] = draft
    return sorted(kept, key=lambda d: d.number.first)


def _same_fact(document: Document, a: Draft, b: Draft) -> bool:
    if b.number.more and b.counted.kind == "bare" and not b.headline:
        return False
    if not b.headline and _is_another_group(document, b) != _is_another_group(document, a):
        return False
    if not _forces_agree(a.categories, b.categories):
        return False
    return a.status == b.status or b.headline


def _is_another_group(document: Document, draft: Draft) -> bool:
    """`the first 250`, `250 of their colleagues`: one contingent of several with this number."""
    tokens, number = document.tokens, draft.number
    before = tokens[number.phrase_first - 1].key if number.phrase_first > draft.sentence.first else ""
    after = tokens[number.last : min(draft.sentence.last, number.last + _GROUP_TOKENS)]
    return before in FIRST_ONES or any(token.key in COLLEAGUES for token in after)


def _forces_agree(a: frozenset[ForceCategory], b: frozenset[ForceCategory]) -> bool:
    return not a or not b or bool(a & b)


def _spoken_role(document: Document, draft: Draft) -> Role:
    """What the words beside the number say: "a total of", "bringing the number to", "of whom"."""
    first = max(draft.sentence.first, draft.number.phrase_first - 9)
    before = f" {' '.join(document.keys[first : draft.number.first])} "
    last = min(draft.sentence.last, draft.counted.last + 4)
    after = f" {' '.join(document.keys[draft.number.last : last])} "
    if _holds_any(before, _TOTAL_BEFORE) or _holds_any(after, _TOTAL_AFTER):
        return "total"
    return "part" if _holds_any(before, _PART_AFTER) or after.startswith(_PART_BEFORE) else "single"


def _holds_any(words: str, phrases: tuple[str, ...]) -> bool:
    for phrase in phrases:  # noqa: SIM110 - a generator takes twice as long
        if phrase in words:
            return True
    return False


def _apart(phrases: Iterable[str]) -> tuple[str, ...]:
    """Phrases as they stand among words."""
    return tuple(f" {phrase} " for phrase in phrases)


_TOTAL_BEFORE: Final = _apart(TOTAL_BEFORE)
_TOTAL_AFTER: Final = _apart(("in all", "all told", "in total", "en total", "altogether"))
_PART_AFTER: Final = _apart(PART_AFTER)
_PART_BEFORE: Final = _apart(PART_BEFORE)


def _with_forces_of_parts(drafts: list[Draft], i: int, parts: tuple[int, ...] | None) -> Draft:
    """A total without a noun of its own is of the forces that make it up, else of all told for its place."""
    total = drafts[i]
    if total.counted.kind == "explicit" and total.counted.categories:
        return total
    place = [p.key for p in total.places]
    told = (
        [drafts[k] for k in parts]
        if parts
        else [d for d in drafts if [p.key for p in d.places] == place and not d.historical]
    )
    return total._replace(categories=frozenset().union(*(d.categories for d in told)))


def _by_sums(drafts: list[Draft], roles: list[Role]) -> dict[int, tuple[int, ...]]:
    """A figure that is the sum of others of its place is their total: its index -> theirs."""
    found: dict[int, tuple[int, ...]] = {}
    for indexes in _by_place(drafts).values():
        if len(indexes) < 3:
            continue
        for i in indexes:
            others = [k for k in indexes if k != i and (drafts[k].number.value or 0) < (drafts[i].number.value or 0)]
            parts = _summands(drafts, others[:_GROUP_MAX], drafts[i])
            if parts:
                found[i] = parts
                roles[i] = "total"
                for k in parts:
                    roles[k] = "part" if roles[k] != "total" else roles[k]
    return found


def _by_place(drafts: list[Draft]) -> dict[tuple[str, ...], list[int]]:
    by_place: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, draft in enumerate(drafts):
        if draft.number.value is not None and not draft.historical:
            by_place[tuple(p.key for p in draft.places)].append(i)
    return by_place


def _by_words(document: Document, drafts: list[Draft], roles: list[Role]) -> None:
    """`450 of them`: the larger figure before is their total. `now 6,000 in all`: smaller ones before are its parts."""
    for indexes in _by_place(drafts).values():
        for n, i in enumerate(indexes):
            value, force = drafts[i].number.value or 0, drafts[i].categories
            before = [k for k in indexes[:n] if _may_include(drafts, k, i)]
            if roles[i] == "part" and not any(roles[k] == "total" for k in before):
                larger = [k for k in before if (drafts[k].number.value or 0) > value and roles[k] == "single"]
                if larger and _is_share(drafts[i]):
                    roles[larger[-1]] = "total"
            elif roles[i] == "single" and force and _ends_a_count(document, drafts[i]):
                smaller = [k for k in before if (drafts[k].number.value or 0) < value and roles[k] != "total"]
                if smaller:
                    roles[i] = "total"
                    for k in smaller:
                        roles[k] = "part"


def _may_include(drafts: list[Draft], a: int, b: int) -> bool:
    return drafts[a].status == drafts[b].status and _forces_agree(drafts[a].categories, drafts[b].categories)


def _is_share(draft: Draft) -> bool:
    """The words make it a part of people told before, and no addition to them."""
    return not draft.number.more and draft.number.measure != "increment" and not draft.counted.increment


def _ends_a_count(document: Document, draft: Draft) -> bool:
    """`the army now has 6,000`, `con ellos hay ya 427`: a level after arrivals."""
    tokens = document.tokens
    before = [t.key for t in tokens[max(draft.sentence.first, draft.number.phrase_first - 9) : draft.number.first]]
    return _is_share(draft) and any(key in LEVEL_WORDS for key in before)


def _summands(drafts: list[Draft], indexes: list[int], total: Draft) -> tuple[int, ...]:
    """Two to four of these figures that add up to the total, exactly or as nearly as it is stated."""
    value = total.number.value or 0
    slack = 0 if total.number.qualifier == "exact" else value // SLACK_SHARE
    for size in range(2, SUM_TERMS_MAX + 1):
        for chosen in combinations(indexes, size):
            if 0 <= sum(drafts[k].number.value or 0 for k in chosen) - value <= slack:
                return chosen
    return ()
