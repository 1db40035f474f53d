"""Regions, provinces and countries that news name as destinations: pure tables and look-ups.

Reads no file: the shell hands over the texts of data/countries.tsv, data/admin1.tsv and data/regions.tsv. Names are
given as `muster.core.names.fold_name` makes them, and the tables hold them so, since folding them anew at each start
would take longer than all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from muster.core.countries import Countries, parse_countries, table_rows
from muster.core.frontiers import DIRECTIONS, FRONTIER_STARTS, frontier_place, may_be_frontier
from muster.core.model import City, Place
from muster.core.names import slug
from muster.core.place_areas import POSTAL_COUNTRY, Area, Areas, parse_areas

KEY_CHARS_MAX: Final = 120
"""A longer phrase is no name."""

NEEDS_TYPE_WORD: Final = "~"
"""Mark before a name that is also a common word or a city, e.g. Nord, Central, Seville."""

_TYPE: Final = (
    "autonomous region|state|province|region|department|county|governorate|oblast|krai|district|prefecture|parish"
    "|voivodeship|valley"
)
_TIPO: Final = "estado|provincia|departamento|region|comunidad autonoma|comunidad|gobernacion|condado|oblast|distrito"
_TYPE_AFTER: Final = re.compile(rf"(?:the )?(.+?) (?:{_TYPE})")
_TYPE_BEFORE: Final = re.compile(
    rf"(?:the )?(?:{_TYPE}) of (?:the )?(.+)|(?:(?:el|la) )?(?:{_TIPO}) (?:de |del )?(?:la |el )?(.+)"
)

_TYPE_WORDS: Final = frozenset(f"{_TYPE}".replace("|", " ").split())
_NONE: Final[frozenset[str]] = frozenset()
_TYPE_STARTS: Final = frozenset(f"{_TYPE}|{_TIPO}|the|el|la".replace("|", " ").split())


class _Region(NamedTuple):
    """A row of the tables. Becomes a Place when it is asked for: making thousands at start takes twice the time."""

    country: str
    key: str
    name: str

    def place(self) -> Place:
        return Place(key=f"region:{self.key}", name=self.name, country=self.country)


_Names = dict[str, tuple[_Region, ...]]


class Phrase(NamedTuple):
    """What a phrase may name: the regions that bear it, the only one if there is no doubt, or a border.

    Which of several regions, and whose border or part ("southern Mexico"), the context decides.
    """

    regions: tuple[_Region, ...]
    only: Place | None
    frontier: bool
    open: bool  # the context decides


_NO_NAME: Final = Phrase((), None, frontier=False, open=False)


@dataclass(frozen=True, slots=True)
class Regions:
    """Parsed tables of regions and countries; read-only."""

    countries: Countries
    admin1: dict[tuple[str, str], _Region]  # (alpha-2, GeoNames admin1 code) -> region
    plain: _Names  # folded names that stand alone
    typed: _Names  # folded names that count only with "province" or the like
    first_words: frozenset[str]  # no phrase that starts with another word is a region or country
    country_words: frozenset[str]  # the same for countries alone
    country_hints: frozenset[str]  # these and all demonyms
    second_words: dict[str, frozenset[str]]  # first word -> what may follow it in a longer name or phrase
    areas: Areas
    area_of_key: dict[str, Area]  # key of a Place that is a first-level division -> its area

    def admin1_place(self, country: str, admin1_code: str) -> Place | None:
        """The region of a GeoNames admin1 code."""
        region = self.admin1.get((country, admin1_code))
        return None if region is None else region.place()

    def admin1_name(self, country: str, admin1_code: str) -> str | None:
        region = self.admin1.get((country, admin1_code))
        return None if region is None else region.name

    def lookup_region(self, folded_name: str, context_countries: Sequence[str] = ()) -> Place | None:
        """The region that a name or phrase means in an article about these countries (alpha-2, likeliest first).

        A name that several countries have is resolved by the context or not at all; a name of one country is found
        whatever the context: the caller judges whether so far away is plausible. Never a country or a city, but a
        region may share its name with one (Chihuahua, Georgia).
        """
        return self.choose(self.read(folded_name), folded_name, context_countries)

    def read(self, folded_name: str) -> Phrase:
        """What a name or phrase may mean, whatever the context."""
        if not folded_name or len(folded_name) > KEY_CHARS_MAX:
            return _NO_NAME
        exact = self.plain.get(folded_name, ())
        qualified = self._with_type_word(folded_name)
        only = _only(exact) or _only(qualified)
        regions = exact + qualified
        frontier = may_be_frontier(folded_name, self.countries)
        return Phrase(regions, only, frontier, open=len(regions) > 1 or (frontier and not regions))

    def choose(self, phrase: Phrase, folded_name: str, context_countries: Sequence[str]) -> Place | None:
        """What a phrase that `read` has made of the name means in this context."""
        place = _of_context(phrase.regions, context_countries) or phrase.only
        if place is None and phrase.frontier:
            return frontier_place(folded_name, context_countries, self.countries)
        return place

    def may_go_on(self, word: str, following: str) -> bool:
        """Whether a name or phrase that begins with these two words may be a region or country, borders left out."""
        if following in _TYPE_WORDS or self.may_be_longer(word, following):
            return True
        return word in DIRECTIONS or (word in _TYPE_STARTS and following in self.first_words)

    def may_be_longer(self, word: str, following: str) -> bool:
        """Whether a name in the tables begins with these two words."""
        return following in self.second_words.get(word, _NONE)

    def _with_type_word(self, folded_name: str) -> tuple[_Region, ...]:
        """Regions of the name without its "province", "state of" or the like; none if there is no such word."""
        match = _TYPE_AFTER.fullmatch(folded_name) or _TYPE_BEFORE.fullmatch(folded_name)
        if match is None:
            return ()
        bare = next(group for group in match.groups() if group is not None)
        return self.plain.get(bare, ()) + self.typed.get(bare, ())

    def area_of(self, place: Place) -> Area | None:
        """The area of a region or country; None for regions that are not one division (borders, valleys)."""
        if place.key.startswith("country:"):
            return Area(place.country or "", None)
        return self.area_of_key.get(place.key)

    def lookup_country(self, folded_name: str) -> Place | None:
        """See `Countries.lookup`: "us" is for the caller to tell from the pronoun by its capitals."""
        return self.countries.lookup(folded_name)

    def demonym_country(self, folded_word: str) -> str | None:
        """Alpha-2 of the country of "mexican", "mexicanas", "Mexicans"."""
        return self.countries.by_demonym.get(folded_word)

    def capital_of(self, country: str) -> int | None:
        """GeoNames id of the capital; None for countries without or with a disputed one."""
        return self.countries.capitals.get(country)


def _of_context(candidates: Sequence[_Region], context: Sequence[str]) -> Place | None:
    for country in context:
        for region in candidates:
            if region.country == country:
                return region.place()
    return None


def _only(candidates: Sequence[_Region]) -> Place | None:
    return candidates[0].place() if len(candidates) == 1 else None


def parse_regions(
    countries_text: str, admin1_text: str, regions_text: str, counties_text: str = "", abbreviations_text: str = ""
) -> Regions:
    """Raise ValueError if a row has the wrong number of fields."""
    plain: _Names = {}
    typed: _Names = {}
    admin1: dict[tuple[str, str], _Region] = {}
    for country, code, iso, name, names in table_rows(admin1_text, fields=5):
        region = admin1[country, code] = _Region(country, iso or f"{country}:{slug(name)}", name)
        _enter(region, names, plain, typed)
    for country, key, name, names in table_rows(regions_text, fields=4):
        _enter(_Region(country, key, name), names, plain, typed)
    countries = parse_countries(countries_text)
    named = (countries.by_name, countries.by_demonym, plain, typed)
    first_words = {name.split(" ", 1)[0] for names in named for name in names} | FRONTIER_STARTS | _TYPE_STARTS
    country_words = frozenset(name.split(" ", 1)[0] for name in countries.by_name)
    country_hints = country_words.union(countries.by_demonym)
    postal = frozenset(code for country, code in admin1 if country == POSTAL_COUNTRY)
    areas = parse_areas(counties_text, abbreviations_text, postal)
    area_of_key = {f"region:{region.key}": Area(*area) for area, region in admin1.items()}
    seconds = _second_words((*countries.by_name, *plain, *typed))
    return Regions(
        countries,
        admin1,
        plain,
        typed,
        frozenset(first_words),
        country_words,
        country_hints,
        seconds,
        areas,
        area_of_key,
    )


def _second_words(names: Iterable[str]) -> dict[str, frozenset[str]]:
    """First word -> the second words of the names that begin with it."""
    found: dict[str, set[str]] = {}
    for name in names:
        if " " in name:
            first, second, *_ = name.split(" ", 2)
            found.setdefault(first, set()).add(second)
    return {first: frozenset(seconds) for first, seconds in found.items()}


def _enter(region: _Region, names: str, plain: _Names, typed: _Names) -> None:
    for name in filter(None, names.split("|")):
        if name.startswith(NEEDS_TYPE_WORD):
            typed[name[1:]] = (*typed.get(name[1:], ()), region)
        else:
            plain[name] = (*plain.get(name, ()), region)


def place_of_city(city: City, regions: Regions) -> Place:
    """The Place of a city of the gazetteer: GeoNames' name, and the name of its first-level division where known."""
    return Place(
        key=f"city:{city.geonames_id}",
        name=city.name,
        geonames_id=city.geonames_id,
        admin1=regions.admin1_name(city.country, city.admin1_code),
        country=city.country,
        lat=city.lat,
        lon=city.lon,
    )
