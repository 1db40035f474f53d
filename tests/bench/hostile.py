"""Texts of a given length that are made to be slow: what a scraper may send, or somebody who means harm."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

from muster.core.model import Gazetteer

NEWS = (
    "The army will send 500 soldiers to Tijuana and 300 to Ciudad Juárez on Monday, the governor of Chihuahua said. ",
    "Some 1,200 guardsmen were deployed in Reynosa, Tamaulipas, while 64 left Nogales for the northern border. ",
    "Mayor Laura Benítez of El Paso, Texas, said that Mexico had not told her anything about the troops. ",
)


def texts(names: list[str]) -> dict[str, Callable[[int], str]]:
    """Kind -> maker of a text of so many characters. `names` are names of cities."""
    return {
        "news": lambda length: _repeat(NEWS, length),
        "digits": lambda length: "500 soldiers " + "7" * length,
        "numbers": lambda length: "500 soldiers " + _repeat(("500 ", "1,650 ", "2019 ", "10 000 ", "mil 620 "), length),
        "capitals": lambda length: _repeat([sentence.upper() for sentence in NEWS], length),
        "cities": lambda length: _repeat(["500 soldiers in ", *(f"{name}, " for name in names)], length),
        "cities without end": lambda length: _repeat(["500 soldiers ", *(f"{name} " for name in names)], length),
        "numbers and cities": lambda length: _repeat([f"500 soldiers to {name} and " for name in names], length),
        "no spaces": lambda length: "500 soldiers " + "Tijuana" * (length // 7),
        "combining marks": lambda length: "500 soldiers " + "e\u0301" * (length // 2),
        "marks": lambda length: "500 soldiers " + _repeat(("(", "“", ".", "-", "\u2019", ","), length),
        "lines": lambda length: "500 soldiers in Tijuana\n" * (length // 24),
        "borders": lambda length: _repeat(("300 troops to its northern border with Guatemala and ",), length),
        "people": lambda length: _repeat(("Mr. Walsh said 40 soldiers came, ", "Dan A. Adkins, 24, "), length),
    }


def city_names(gazetteer: Gazetteer, count: int = 2_000) -> list[str]:
    """Names of the most populous cities, written as their table has them."""
    return [city.name for city, _ in zip(iter(gazetteer), range(count), strict=False)]  # type: ignore[call-overload]


def _repeat(parts: list[str] | tuple[str, ...], length: int) -> str:
    pieces: list[str] = []
    written = 0
    for part in cycle(parts):
        if written >= length:
            break
        pieces.append(part)
        written += len(part)
    return "".join(pieces)[:length]
