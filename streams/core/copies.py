"""Which reports of a place are copies of one another (rule 2 of what a number means).

Copies are the connected components of: within 7 days, and estimated Jaccard >= 0.8. Comparing every pair would cost the
square of the reports. 128 minima that differ in at most 25 places, cut into 32 bands, agree in 7 whole bands at least:
only texts that share so many are compared. No copy is missed by that, and texts that have a paragraph of boilerplate in
common share one band or two. What is alike does not depend on the order in which texts come.
"""

from __future__ import annotations

import struct
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import repeat

from muster.core.fingerprint import PERMUTATIONS, SIGNATURE_BYTES, signature

COPY_WINDOW = timedelta(days=7)
COPY_SIMILARITY = 0.8

_DIFFERING_MAX = int(PERMUTATIONS * (1 - COPY_SIMILARITY))
_BANDS = 32
_BANDS_SHARED_MIN = _BANDS - _DIFFERING_MAX
_CUT = struct.Struct(f"<{_BANDS}Q")
assert _CUT.size == SIGNATURE_BYTES - 1

_HIGH = sum(0x8000 << (16 * lane) for lane in range(PERMUTATIONS))
_LOW = sum(0x7FFF << (16 * lane) for lane in range(PERMUTATIONS))

_FEW = 16
"""So many texts are compared each with each, which is cheaper than the bands."""


def copy_groups(dated: Sequence[tuple[datetime, str]]) -> list[int]:
    """(date, fingerprint) from oldest to newest -> a group number each, equal for copies.

    A text without a fingerprint is a copy of nothing.
    """
    texts = AlikeTexts()
    groups = list(range(len(dated)))
    newest_of: dict[int, int] = {}  # text -> its newest report so far

    def find(report: int) -> int:
        while groups[report] != report:
            groups[report] = groups[groups[report]]
            report = groups[report]
        return report

    for report, (moment, fingerprint) in enumerate(dated):
        text = texts.add(fingerprint)
        if text is None:
            continue
        for alike in (text, *texts.alike[text]):
            other = newest_of.get(alike)
            if other is not None and moment - dated[other][0] <= COPY_WINDOW:
                low, high = sorted((find(report), find(other)))
                groups[high] = low
        newest_of[text] = report
    return [find(report) for report in range(len(dated))]


class AlikeTexts:
    """Distinct signatures, numbered in order of arrival, and for each those that are similar to it."""

    def __init__(self) -> None:
        self.alike: list[list[int]] = []
        self._numbers: dict[str, int | None] = {}
        self._signatures: list[bytes] = []
        self._minima: list[int] = []
        # For each band, its values and who has them; most are of one text, and need no list. None before they pay.
        self._bands: list[dict[int, int | list[int]]] = []

    def __len__(self) -> int:
        return len(self._signatures)

    def add(self, fingerprint: str) -> int | None:
        """The number of a text; None for what is not a fingerprint."""
        if fingerprint not in self._numbers:
            decoded = signature(fingerprint)
            self._numbers[fingerprint] = None if decoded is None else self._insert(decoded)
        return self._numbers[fingerprint]

    def _insert(self, new: bytes) -> int:
        number, minima = len(self._signatures), int.from_bytes(new[1:], "little")
        self._signatures.append(new)
        self._minima.append(minima)
        alike = [
            other
            for other in self._candidates(number)
            if self._signatures[other][0] == new[0] and _differing(minima, self._minima[other]) <= _DIFFERING_MAX
        ]
        for other in alike:
            self.alike[other].append(number)
        self.alike.append(alike)
        return number

    def _candidates(self, number: int) -> Iterable[int]:
        """Earlier texts that may be alike; indexes this one by its bands."""
        if number < _FEW:
            return range(number)
        if number == _FEW:
            self._bands = [{} for _ in range(_BANDS)]
            for one in range(number + 1):
                self._index(one)
            return range(number)
        shared = Counter(self._index(number))
        return sorted(other for other, bands in shared.items() if bands >= _BANDS_SHARED_MIN)

    def _index(self, number: int) -> list[int]:
        """Put a text under its bands; returns the texts that are there already, once for each band."""
        found: list[int] = []
        values = _CUT.unpack_from(self._signatures[number], 1)
        held = list(map(dict.setdefault, self._bands, values, repeat(number)))
        if held.count(number) == _BANDS:  # nothing shares a band with most texts
            return found
        for of_band, value, others in zip(self._bands, values, held, strict=True):
            if isinstance(others, list):
                found += others
                others.append(number)
            elif others != number:
                found.append(others)
                of_band[value] = [others, number]
        return found


def _differing(a: int, b: int) -> int:
    """In how many of the 16-bit lanes two numbers differ: a lane's high bit is raised where any of its bits is set."""
    different = a ^ b
    return ((((different & _LOW) + _LOW) | different) & _HIGH).bit_count()


class CopyGroups:
    """The same groups, kept while reports come and go. A report that goes costs its group."""

    def __init__(self) -> None:
        self._texts = AlikeTexts()
        self._dated: dict[str, tuple[datetime, int | None]] = {}
        self._of_text: dict[int, list[tuple[datetime, str]]] = {}
        self._group: dict[str, int] = {}
        self._members: dict[int, set[str]] = {}
        self._next = 0

    @property
    def texts_count(self) -> int:
        """Texts that are remembered, those included that no report has any more."""
        return len(self._texts)

    def of(self, article_id: str) -> int:
        """A number that is equal for copies; it says nothing else."""
        return self._group[article_id]

    def add(self, article_id: str, moment: datetime, fingerprint: str) -> set[str]:
        """Returns the articles that now have another group number, this one left out."""
        changed = self._add(article_id, moment, self._texts.add(fingerprint))
        return changed - {article_id}

    def remove(self, article_ids: Iterable[str]) -> set[str]:
        """Returns the articles left that now have another group number."""
        torn: set[int] = set()
        for article_id in article_ids:
            group = self._group[article_id]
            self._take_out(article_id)
            torn.add(group)
        changed: set[str] = set()
        for group in torn:
            rest = self._members.get(group, set())
            if len(rest) > 1:
                changed |= self._part(group, rest)
            elif not rest:
                self._members.pop(group, None)
        return changed

    def _part(self, group: int, rest: set[str]) -> set[str]:
        """Find the groups of these anew; the largest of them keeps the number."""
        dated = sorted((self._dated[article_id][0], article_id) for article_id in rest)
        texts = {article_id: self._dated[article_id][1] for article_id in rest}
        for article_id in texts:
            self._take_out(article_id)
        del self._members[group]
        for moment, article_id in dated:
            self._add(article_id, moment, texts[article_id])
        largest = max({self._group[article_id] for article_id in texts}, key=lambda one: (len(self._members[one]), one))
        self._members[group] = self._members.pop(largest)
        for article_id in self._members[group]:
            self._group[article_id] = group
        return {article_id for article_id in texts if self._group[article_id] != group}

    def _take_out(self, article_id: str) -> None:
        moment, text = self._dated.pop(article_id)
        self._members[self._group.pop(article_id)].discard(article_id)
        if text is not None:
            held = self._of_text[text]
            del held[bisect_left(held, (moment, article_id))]

    def _add(self, article_id: str, moment: datetime, text: int | None) -> set[str]:
        self._dated[article_id] = (moment, text)
        self._group[article_id] = self._next
        self._members[self._next] = {article_id}
        self._next += 1
        changed: set[str] = set()
        if text is None:
            return changed
        for alike in (text, *self._texts.alike[text]):
            held = self._of_text.get(alike, [])
            at = bisect_left(held, (moment, article_id))
            # Reports of one text within 7 days are copies: the nearest before and after stand for all of them.
            for other_moment, other in held[max(0, at - 1) : at + 1]:
                if abs(other_moment - moment) <= COPY_WINDOW:
                    changed |= self._join(article_id, other)
        insort(self._of_text.setdefault(text, []), (moment, article_id))
        return changed

    def _join(self, a: str, b: str) -> set[str]:
        one, other = self._group[a], self._group[b]
        if one == other:
            return set()
        small, large = sorted((one, other), key=lambda group: len(self._members[group]))
        moved = self._members.pop(small)
        self._members[large] |= moved
        for article_id in moved:
            self._group[article_id] = large
        return moved
