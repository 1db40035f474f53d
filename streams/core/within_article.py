"""The reading of one article at one place: what a careful reader says stands there, from this article alone.

Vague, historical and numberless assertions give no figure. A part is left out only where a total of the same status
includes it. Of what is left, everything counts once and adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from muster.core.figures import GENERIC, Figure, agree, difference, figure_of, same_people, sum_of
from muster.core.model import Assertion, ForceCategory, Measure

Counted: TypeAlias = Literal["planned", "deployed", "withdrawn", "cancelled"]
"""The statuses that have figures. `withdrawing` has none: a pull-out that has not begun changes nothing yet."""

COUNTED: tuple[Counted, ...] = ("planned", "deployed", "withdrawn", "cancelled")


@dataclass(slots=True)
class Stated:
    """An assertion that has a number."""

    assertion: Assertion
    figure: Figure

    @property
    def force(self) -> ForceCategory:
        return self.assertion.force.category


@dataclass(slots=True)
class ForceFigure:
    """An article's figure of one force, with the assertions that make it."""

    category: ForceCategory
    figure: Figure
    carriers: tuple[Assertion, ...]


@dataclass(slots=True)
class Reading:
    """An article's figure of one status at one place, with the assertions that make it.

    `forces` are its specific forces that are certainly different people; `by_force` are all that it names, which may
    overlap. Both are sorted by category.
    """

    figure: Figure
    measure: Measure
    forces: tuple[ForceFigure, ...]
    by_force: tuple[ForceFigure, ...]
    carriers: tuple[Assertion, ...]


def read(assertions: Iterable[Assertion]) -> dict[Counted, Reading]:
    """The article's reading of each status that it has a figure for. The order of the assertions does not matter."""
    return _read([assertion for assertion in assertions if not assertion.historical])


def read_historical(assertions: Iterable[Assertion]) -> dict[Counted, Reading]:
    """The reading of what an article says of one earlier time, as if that were its news."""
    return _read(list(assertions))


def _read(told: list[Assertion]) -> dict[Counted, Reading]:
    stated: dict[Counted, list[Stated]] = {}
    if len(told) > 1:
        told.sort(key=_text_order)
    for assertion in told:
        figure = figure_of(assertion.personnel)
        status = assertion.status
        if figure is None or status == "withdrawing":
            continue
        if len(told) == 1:
            return {status: _only(Stated(assertion, figure))}
        stated.setdefault(status, []).append(Stated(assertion, figure))
    return _readings(stated)


def _text_order(assertion: Assertion) -> tuple[int, str]:
    return (assertion.evidence.start, assertion.event_id)


def _readings(stated: dict[Counted, list[Stated]]) -> dict[Counted, Reading]:
    readings: dict[Counted, Reading] = {}
    for status, figures in stated.items():
        standing = figures
        taken_off: list[Stated] = []
        if status == "planned" and "cancelled" in stated:
            standing, taken_off = _less_cancelled(figures, stated["cancelled"])
        elif status == "deployed" and "withdrawn" in stated:
            standing, taken_off = _less_withdrawn(figures, stated["withdrawn"])
        if standing:
            readings[status] = _reading(standing, taken_off)
    return readings


def _reading(stated: Sequence[Stated], taken_off: Sequence[Stated]) -> Reading:
    if len(stated) == 1 and not taken_off:
        return _only(stated[0])
    standing = outermost(stated)
    figure = sum_of(one.figure for one in standing)
    specific: list[Stated] = []
    if taken_off:  # of which force the rest is, the article does not say
        figure = difference(figure, sum_of(one.figure for one in taken_off))
    else:
        specific = outermost([one for one in stated if one.force not in GENERIC])
    categories = sorted({one.force for one in stated})
    return Reading(
        figure=figure,
        measure="increment" if all(one.assertion.personnel.measure == "increment" for one in standing) else "level",
        forces=tuple(_force_figure(c, specific) for c in categories if any(one.force == c for one in specific)),
        by_force=tuple(_force_figure(c, outermost([one for one in stated if one.force == c])) for c in categories),
        carriers=tuple(one.assertion for one in (*standing, *taken_off)),
    )


def _only(one: Stated) -> Reading:
    """The same as for several, by a shorter way: most articles state one figure."""
    carriers = (one.assertion,)
    by_force = (ForceFigure(one.force, one.figure, carriers),)
    forces = () if one.force in GENERIC else by_force
    return Reading(one.figure, one.assertion.personnel.measure, forces, by_force, carriers)


def _force_figure(category: ForceCategory, stated: Sequence[Stated]) -> ForceFigure:
    own = [one for one in stated if one.force == category]
    return ForceFigure(category, sum_of(one.figure for one in own), tuple(one.assertion for one in own))


def outermost(stated: Sequence[Stated]) -> list[Stated]:
    """What no total among them includes."""
    totals = [one for one in stated if one.assertion.role == "total"]
    if totals:
        return [one for one in stated if not any(_includes(total, one) for total in totals)]
    return _one_for_all(stated) or list(stated)


def _includes(total: Stated, one: Stated) -> bool:
    """A total includes parts and smaller totals of the same people."""
    if one is total or not same_people(total.force, one.force):
        return False
    if one.assertion.role == "total":
        return _size(total) > _size(one)
    return one.assertion.role == "part"


def _size(total: Stated) -> tuple[int, bool, int, str]:
    """A strict order, so that two equal totals do not include each other."""
    return total.figure.best, total.force in GENERIC, -total.assertion.evidence.start, total.assertion.event_id


def _one_for_all(stated: Sequence[Stated]) -> list[Stated] | None:
    """A lone generic figure that the specific ones make up says the same again: "1,650 troops" beside "1,650 guards".

    The generic figure stands for all, unless only the specific ones are exact.
    """
    generic = [one for one in stated if one.force in GENERIC]
    specific = [one for one in stated if one.force not in GENERIC]
    if len(generic) != 1 or not specific or generic[0].assertion.role == "part":
        return None
    made_up = sum_of(one.figure for one in specific)
    if not agree(generic[0].figure, made_up):
        return None
    return specific if made_up.is_exact and not generic[0].figure.is_exact else generic


def _less_cancelled(planned: list[Stated], cancelled: list[Stated]) -> tuple[list[Stated], list[Stated]]:
    """What stands of a plan, and what to take off.

    A cancelled figure voids its like and reduces a total of which it is a part. The article's other plans stand: "not
    the 400 Guards; 200 will come instead".
    """
    standing = [one for one in planned if not any(_alike(one, other) for other in cancelled)]
    totals = [one for one in standing if one.assertion.role == "total"]
    return standing, _parts_of(totals, cancelled)


def _less_withdrawn(deployed: list[Stated], withdrawn: list[Stated]) -> tuple[list[Stated], list[Stated]]:
    """What is there after a pull-out of part of a total: the parts that stayed, else the total less what left."""
    totals = [one for one in deployed if one.assertion.role == "total" and _parts_of([one], withdrawn)]
    if not totals:
        return deployed, []
    stayed = [one for one in deployed if one not in totals]
    if _parts_of(totals, stayed):
        return stayed, []
    return deployed, _parts_of(totals, withdrawn)


def _parts_of(totals: Sequence[Stated], others: Sequence[Stated]) -> list[Stated]:
    return [
        one
        for one in others
        if one.assertion.role == "part" and any(same_people(total.force, one.force) for total in totals)
    ]


def _alike(a: Stated, b: Stated) -> bool:
    return same_people(a.force, b.force) and agree(a.figure, b.figure)
