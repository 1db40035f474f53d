"""Phrases that call a number a total or a part."""

from __future__ import annotations

from typing import Final

from muster.core.lexicon.lists import words

TOTAL_BEFORE: Final = (
    "a total of", "total of", "un total de", "bringing the total", "the total number", "adding up to",
    "brings the total", "bring the total",
    "bringing the number", "raising the number", "take the number", "will bring the", "brings the number",
    "swell to", "total to", "number to", "strength to", "force to", "presence to", "sumaran", "sumaria", "en total",
    "con lo que habra", "para llegar a", "para sumar", "con lo que suman", "elevar a", "elevara a", "llegara a",
    "force of", "adds up to", "makes", "goes to", "lo que habra", "para alcanzar",
)  # fmt: skip

PART_AFTER: Final = (
    "of whom", "of which", "of those", "of these", "of them", "of that number", "de los cuales", "de las cuales",
    "de ellos", "de esos", "among them", "entre ellos", "including", "of the officers", "of the soldiers",
    "of the troops", "of the guards", "of the force", "incluidos", "incluidas", "de los elementos", "de los efectivos",
)  # fmt: skip

PART_BEFORE: Final = (
    "of them",
    "of those",
    "of these",
    "of whom",
    "of the guard",
    "de ellos",
    "de ellas",
    "de esos",
    "de los cuales",
)
"""Right after a number: it is a part of people told before."""

LEVEL_WORDS: Final = words("now ahora ya total there altogether stands asciende ascienden suman swelled")
"""Shortly before a number: it counts all who are there, those told just before among them."""

FIRST_ONES: Final = words("first second primeros segundo")
COLLEAGUES: Final = words("colleagues comrades companeros")
"""Beside a number: one contingent of several, which may have the same number as another."""
