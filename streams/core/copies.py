"""Which reports of a place are copies of one another (rule 2 of what a number means).

Copies are the connected components of: within 7 days, and estimated Jaccard >= 0.8. Comparing every pair would cost
the square of the reports, so that a signature is compared only with those that share a band of it: 128 minima that
differ in at most 25 places, cut into 26 bands, agree in a whole band. No copy is missed by that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from muster.core.fingerprint import PERMUTATIONS, SIGNATURE_BYTES, signature, signature_similarity
from muster.core.limits import COPY_CANDIDATES_MAX

COPY_WINDOW = timedelta(days=7)
COPY_SIMILARITY = 0.8

_DIFFERING_MAX = int(PERMUTATIONS * (1 - COPY_SIMILARITY))
_BANDS = _DIFFERING_MAX + 1
_CUTS = [1 + 2 * round(band * PERMUTATIONS / _BANDS) for band in range(_BANDS + 1)]
assert _CUTS[-1] == SIGNATURE_BYTES


def copy_groups(dated: Sequence[tuple[datetime, str]]) -> list[int]:
    """(date, fingerprint) from oldest to newest -> a group number each, equal for copies.

    A text without a fingerprint is a copy of nothing.
    """
    index = _Index()
    groups = _Groups(len(dated))
    newest_of: dict[int, int] = {}  # text -> its newest report so far
    for report, (moment, fingerprint) in enumerate(dated):
        text = index.add(fingerprint)
        if text is None:
            continue
        for alike in (text, *index.alike[text]):
            other = newest_of.get(alike)
            if other is not None and moment - dated[other][0] <= COPY_WINDOW:
                groups.join(report, other)
        newest_of[text] = report
    return [groups.find(report) for report in range(len(dated))]


class _Index:
    """Distinct signatures, numbered in order of arrival, and for each those that are similar to it."""

    def __init__(self) -> None:
        self.alike: list[list[int]] = []
        self._numbers: dict[str, int | None] = {}
        self._signatures: list[bytes] = []
        self._buckets: list[dict[bytes, list[int]]] = [{} for _ in range(_BANDS)]

    def add(self, fingerprint: str) -> int | None:
        if fingerprint not in self._numbers:
            decoded = signature(fingerprint)
            self._numbers[fingerprint] = None if decoded is None else self._insert(decoded)
        return self._numbers[fingerprint]

    def _insert(self, new: bytes) -> int:
        number = len(self._signatures)
        shared: Counter[int] = Counter()
        for buckets, start, end in zip(self._buckets, _CUTS, _CUTS[1:], strict=False):
            band = new[start:end]
            bucket = buckets.get(band)
            if bucket is None:
                buckets[band] = [number]
            else:
                shared.update(bucket[-COPY_CANDIDATES_MAX:])
                bucket.append(number)
        candidates = [other for other, _ in shared.most_common(COPY_CANDIDATES_MAX)]
        alike = [other for other in candidates if signature_similarity(new, self._signatures[other]) >= COPY_SIMILARITY]
        for other in alike:
            self.alike[other].append(number)
        self.alike.append(alike)
        self._signatures.append(new)
        return number


class _Groups:
    """Union-find over report numbers; a group is named by its oldest report."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, report: int) -> int:
        while self._parent[report] != report:
            self._parent[report] = self._parent[self._parent[report]]
            report = self._parent[report]
        return report

    def join(self, a: int, b: int) -> None:
        low, high = sorted((self.find(a), self.find(b)))
        self._parent[high] = low
