"""The auditor's numbers, and its reading of one article: decision 0010, from its text and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from muster.core.model import Assertion

NEVER = datetime.min.replace(tzinfo=UTC)
GENERIC = {"mixed", "unspecified"}
FAMILIES = [
    {"army", "national_guard", "marines", "navy", "air_force"},
    {"paramilitary"},
    {"peacekeepers"},
    {"police", "federal_agents"},
]
"""In the order of their names, which decides between sums that are equal in everything (decision 0040)."""


@dataclass(frozen=True)
class Number:
    """A stated number: bounds, None where open, and whether it is "about"."""

    low: int | None
    high: int | None
    about: bool = False

    @property
    def kind(self) -> str:
        if self.low is None or self.high is None:
            return "open"
        if self.low != self.high:
            return "range"
        return "about" if self.about else "exact"

    @property
    def best(self) -> int:
        if self.low is not None and self.high is not None:
            return (self.low + self.high) // 2
        return self.low if self.low is not None else (self.high or 0)


@dataclass(frozen=True)
class Item:
    """One assertion with a number."""

    assertion: Assertion
    number: Number

    @property
    def force(self) -> str:
        return self.assertion.force.category

    @property
    def role(self) -> str:
        return self.assertion.role


@dataclass(frozen=True)
class Speaker:
    """Who says it, and how it counts: its place in time, whose copy it is, of which publisher and UTC day."""

    article_id: str
    order: tuple[object, ...]
    moment: datetime
    copies: int
    publisher_day: tuple[str, date]


@dataclass(frozen=True)
class Statement:
    """One article's figure of one status: who says it and when, how many, and of which forces."""

    status: str
    article_id: str
    order: tuple[object, ...]
    moment: datetime
    copies: int
    publisher_day: tuple[str, date]
    number: Number
    increment: bool
    forces: tuple[tuple[str, Number], ...]  # specific forces that are certainly different people
    people: frozenset[str]  # categories of all that it rests on
    by_force: tuple[tuple[str, Number], ...] = ()  # every force that it names, generic ones too


# Inside one article (decision 0010)


def read(assertions: Iterable[Assertion], by: Speaker) -> list[Statement]:
    items: dict[str, list[Item]] = {"planned": [], "deployed": [], "withdrawn": [], "cancelled": []}
    for assertion in assertions:
        said = assertion.personnel
        without = said.qualifier == "vague" or (said.low is None and said.high is None)
        if without or assertion.historical or assertion.status == "withdrawing":
            continue
        items[assertion.status].append(Item(assertion, Number(said.low, said.high, said.qualifier == "approx")))
    found = []
    for status, stated in items.items():
        kept, less = stated, []
        if status == "planned":
            called_off = items["cancelled"]
            kept = [p for p in stated if not any(_same_people(p, c) and agree(p.number, c.number) for c in called_off)]
            less = _parts(called_off, [p for p in kept if p.role == "total"])
        if status == "deployed":
            kept, less = _what_stayed(stated, items["withdrawn"])
        if kept:
            found.append(_statement(status, kept, less, by))
    return found


def read_background(assertions: Iterable[Assertion], by: Speaker) -> list[Statement]:
    """What an article tells of one earlier time, read as if it were its news."""
    return read([replace(assertion, historical=False) for assertion in assertions], by)


def _what_stayed(deployed: list[Item], withdrawn: list[Item]) -> tuple[list[Item], list[Item]]:
    before = [d for d in deployed if d.role == "total" and _parts(withdrawn, [d])]
    if not before:
        return deployed, []
    rest = [d for d in deployed if d not in before]
    if _parts(rest, before):
        return rest, []
    return deployed, _parts(withdrawn, before)


def _parts(items: list[Item], totals: list[Item]) -> list[Item]:
    return [i for i in items if i.role == "part" and any(_same_people(i, t) for t in totals)]


def _statement(status: str, stated: list[Item], less: list[Item], by: Speaker) -> Statement:
    counted = _counted_once(stated)
    number = add([i.number for i in counted])
    specific: list[Item] = []
    if less:
        number = subtract(number, add([i.number for i in less]))
    else:
        specific = _counted_once([i for i in stated if i.force not in GENERIC])
    categories = sorted({i.force for i in specific})
    return Statement(
        status,
        by.article_id,
        by.order,
        by.moment,
        by.copies,
        by.publisher_day,
        number=number,
        increment=all(i.assertion.personnel.measure == "increment" for i in counted),
        forces=tuple((c, add([i.number for i in specific if i.force == c])) for c in categories),
        people=frozenset(i.force for i in [*counted, *less]),
        by_force=tuple(
            (force, add([i.number for i in _counted_once([i for i in stated if i.force == force])]))
            for force in sorted({i.force for i in stated})
        ),
    )


def _counted_once(items: list[Item]) -> list[Item]:
    totals = [i for i in items if i.role == "total"]
    if totals:
        return [i for i in items if not any(_contains(t, i) for t in totals)]
    generic = [i for i in items if i.force in GENERIC]
    specific = [i for i in items if i.force not in GENERIC]
    if len(generic) == 1 and specific and generic[0].role != "part":
        together = add([i.number for i in specific])
        if agree(generic[0].number, together):
            only_they = together.kind == "exact" and generic[0].number.kind != "exact"
            return specific if only_they else generic
    return items


def _contains(total: Item, item: Item) -> bool:
    if total is item or not _same_people(total, item) or item.role == "single":
        return False
    if item.role == "part":
        return True

    def size(t: Item) -> tuple[int, bool, int, str]:
        return t.number.best, t.force in GENERIC, -t.assertion.evidence.start, t.assertion.event_id

    return size(total) > size(item)


def _same_people(a: Item, b: Item) -> bool:
    return may_be_same({a.force}, {b.force})


def may_be_same(some: Iterable[str], others: Iterable[str]) -> bool:
    others = set(others)
    return any(
        a in GENERIC or b in GENERIC or any({a, b} <= family for family in FAMILIES) for a in some for b in others
    )


# Numbers


def agree(a: Number, b: Number) -> bool:
    if (a.low, a.high) == (b.low, b.high):
        return True
    for exact, other in ((a, b), (b, a)):
        if exact.kind != "exact":
            continue
        if other.kind == "about" and abs(other.best - exact.best) * 100 <= 5 * exact.best:
            return True
        if other.kind == "open" and other.best == exact.best:
            return True
    return False


def add(numbers: list[Number]) -> Number:
    lows = [n.low for n in numbers if n.low is not None]
    highs = [n.high for n in numbers if n.high is not None]
    high = sum(highs) if len(highs) == len(numbers) else None
    return Number(sum(lows) if lows else None, high, any(n.about for n in numbers))


def subtract(whole: Number, part: Number) -> Number:
    low = 0 if whole.low is None or part.high is None else max(0, whole.low - part.high)
    high = None if whole.high is None else max(0, whole.high - (part.low or 0))
    return Number(low, high, whole.about or part.about)
