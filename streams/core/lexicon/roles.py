"""Phrases that call a number a total or a part."""

from __future__ import annotations

TOTAL_BEFORE = (
    "a total of", "total of", "un total de", "bringing the total", "the total number", "adding up to",
    "brings the total", "bring the total",
    "bringing the number", "raising the number", "take the number", "will bring the", "brings the number",
    "swell to", "total to", "number to", "strength to", "force to", "presence to", "sumaran", "sumaria", "en total",
    "con lo que habra", "para llegar a", "para sumar", "con lo que suman", "elevar a", "elevara a", "llegara a",
    "force of", "adds up to", "makes", "goes to", "will have", "lo que habra", "para alcanzar",
)  # fmt: skip

PART_AFTER = (
    "of whom", "of which", "of those", "of these", "of them", "of that number", "de los cuales", "de las cuales",
    "de ellos", "de esos", "among them", "entre ellos",
)  # fmt: skip
