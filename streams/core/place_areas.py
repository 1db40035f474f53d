"""States and provinces as the press hints at them: "Paris, Texas", "Springfield, Ill.", "in Bourbon County".

An area is a country and, where it is known, its first-level division. Areas tell which city of a name is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from muster.core.countries import table_rows
from muster.core.model import City
from muster.core.text import Token

POSTAL_COUNTRY: Final = "US"
"""Its GeoNames admin1 codes are its postal abbreviations."""

COUNTY_STATES_MAX: Final = 6
"""A county name that more states have (Washington, Jackson) tells nothing."""

_COUNTY_WORDS: Final = frozenset({"county", "parish"})
_COUNTIES_WORDS: Final = frozenset({"counties", "parishes"})
COUNTY_WORDS: Final = _COUNTY_WORDS | _COUNTIES_WORDS
"""A text without any of these names no county."""
_COUNTY_WORDS_MAX: Final = 3
_LISTED_COUNTIES_MAX: Final = 8
_ABBREVIATION_TOKENS_MAX: Final = 6
_WORDS_WITHOUT_STOP: Final = frozenset(
    {"ill", "ore", "miss", "mass", "ala", "col", "man", "son", "ver", "camp", "wash", "me", "la"}
)
"""Abbreviations that are words or names of their own when no full stop follows."""


class Area(NamedTuple):
    """`admin1` is GeoNames' code within the country; None: the country as a whole."""

    country: str
    admin1: str | None


@dataclass(frozen=True, slots=True)
class Areas:
    """Parsed tables; read-only."""

    counties: dict[str, tuple[str, ...]] = field(default_factory=dict)  # folded name -> postal abbreviations
    abbreviations: dict[str, tuple[Area, ...]] = field(default_factory=dict)  # "wva" -> West Virginia
    postal: frozenset[str] = frozenset()

    def abbreviated(self, tokens: list[Token], i: int, last: int) -> tuple[int, tuple[Area, ...]] | None:
        """(end, areas) of an abbreviation at token i: `Ill.`, `W.Va.`, `TX`. Several where countries share one."""
        if i >= last or not tokens[i].capital:
            return None
        if tokens[i].text in self.postal and not (i + 1 < last and tokens[i + 1].text == "." and tokens[i + 1].glued):
            return i + 1, (Area(POSTAL_COUNTRY, tokens[i].text), *self.abbreviations.get(tokens[i].key, ()))
        letters, best = "", None
        for k in range(i, min(last, i + _ABBREVIATION_TOKENS_MAX)):
            token = tokens[k]
            if token.kind == "word" and token.capital and (k == i or tokens[k - 1].text == "."):
                letters += token.key
            elif token.text == "." and token.glued:
                areas = self.abbreviations.get(letters)
                if areas is not None:
                    best = k + 1, areas
            else:
                break
        if best is None and len(tokens[i].text) > 1 and tokens[i].key not in _WORDS_WITHOUT_STOP:
            areas = self.abbreviations.get(tokens[i].key)
            return None if areas is None else (i + 1, areas)
        return best

    def county_spans(self, tokens: list[Token]) -> list[tuple[int, int, tuple[str, ...]]]:
        """(first, last, states) of each name of a county; `last` is after "County", in lists after the name."""
        spans: list[tuple[int, int, tuple[str, ...]]] = []
        for i, token in enumerate(tokens):
            if token.key in _COUNTY_WORDS and token.capital and i:
                first = self._county_before(tokens, i)
                if first < i:
                    spans.append((first, i + 1, self.counties.get(_key(tokens, first, i), ())))
            elif token.key in _COUNTIES_WORDS and i:
                spans += self._listed_before(tokens, i)
        return spans

    def _county_before(self, tokens: list[Token], i: int) -> int:
        """First token of the longest known name that ends before token i; else of the one word there."""
        known = i
        first = i
        while first and i - first < 2 * _COUNTY_WORDS_MAX and _in_name(tokens[first - 1], tokens[first]):
            first -= 1
            if tokens[first].capital and _key(tokens, first, i) in self.counties:
                known = first
        if known == i and first < i:
            return i - 1
        return known

    def _listed_before(self, tokens: list[Token], i: int) -> list[tuple[int, int, tuple[str, ...]]]:
        """`Barrow, Jackson and Madison counties`."""
        spans: list[tuple[int, int, tuple[str, ...]]] = []
        end = i
        while end and len(spans) < _LISTED_COUNTIES_MAX:
            first = self._county_before(tokens, end)
            if first == end or not tokens[first].capital:
                break
            spans.append((first, end, self.counties.get(_key(tokens, first, end), ())))
            end = first
            while end and tokens[end - 1].key in (",", "and", "or"):
                end -= 1
            if end == first:
                break
        return spans


def lies_in(city: City, area: Area) -> bool:
    return city.country == area.country and area.admin1 in (None, city.admin1_code)


def _in_name(token: Token, following: Token) -> bool:
    if token.kind == "word":
        return token.capital and not (following.kind == "word" and following.glued)
    return token.text == "." and token.glued


def _key(tokens: list[Token], first: int, last: int) -> str:
    return " ".join(t.key for t in tokens[first:last] if t.kind == "word")


def parse_areas(counties_text: str, abbreviations_text: str, postal: frozenset[str]) -> Areas:
    """Raise ValueError if a row has the wrong number of fields."""
    counties = {name: tuple(states.split("|")) for name, states in table_rows(counties_text, fields=2)}
    abbreviations: dict[str, tuple[Area, ...]] = {}
    for country, code, names in table_rows(abbreviations_text, fields=3):
        for name in names.split("|"):
            abbreviations[name] = (*abbreviations.get(name, ()), Area(country, code))
    return Areas(counties, abbreviations, postal)
