"""Where: mentions of cities, regions and countries, chosen by what the article talks about.

Names are found (`place_names`), all of an article are resolved together (`place_resolver`), and each is judged by what
stands around it (`place_evidence`, `place_people`). Two readings come out: `PlaceFinder.mentions` for events, strict
about names that are parts of others, and `PlaceFinder.cities`, every city that the text names.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from muster.core.model import City, Place, Scope
from muster.core.names import fold_name
from muster.core.place_areas import lies_in
from muster.core.place_atlas import Atlas
from muster.core.place_evidence import Surroundings, score
from muster.core.place_names import NO_PLACE_PARTS, Name, NameFinder
from muster.core.place_people import people
from muster.core.place_resolver import Resolver
from muster.core.place_source import city_keys, home_country
from muster.core.text import Document

POPULATION_MIN_IN: Final = 15_000
POPULATION_MIN_ALONE: Final = 90_000
"""Least population of a one-word name in a country that the article does not mention otherwise."""

EVENT_EVIDENCE_MIN: Final = -1.5
"""Lower than for `cities`: that troops are counted speaks for a place by itself."""
DOUBTFUL_EVIDENCE_MIN: Final = -4.0
"""Down to this a name is no place for the rules, and one to choose from for the model."""

CONTEXT_COUNTRIES: Final = 5
TITLED_MAX: Final = 3
_STATES_FIRST: Final = frozenset({"MX", "US", "CA", "AU"})
"""Where the press means the state when city and state share a name."""
_STATES_FIRST_POPULATION_MIN: Final = 2_000_000
_STATE_CITY_POPULATION_MIN: Final = 30_000
_NAMESAKE_POPULATION_MIN: Final = 2_000
_COUNTRY_CITY_POPULATION_MIN: Final = 1_000_000
_FORT_CITY_POPULATION_MIN: Final = 60_000
_HAMLET_POPULATION: Final = 1_000
_HOME_SHARE: Final = 0.3
"""A country with less of the article's votes is not what it is about."""
_CITY_STATES: Final = {"HK": "hong kong", "SG": "singapore", "MO": "macau"}
"""Countries that are one city: any place there is that city (gold/GUIDE.md: a district counts under its city)."""

Kind = Literal["plain", "dateline", "organisation", "here", "doubtful"]
"""What a place is named as. A doubtful one may as well be a person or a word: the rules pass it by."""

UNSURE_KINDS: Final = frozenset({"organisation", "doubtful"})
"""Mentions of these kinds are not where the text is."""


class Mention(NamedTuple):
    """A name of a place at tokens first..last-1; `end` also covers an apposition ("Tijuana, Baja California,")."""

    first: int
    last: int
    end: int
    place: Place
    scope: Scope
    kind: Kind
    rivals: tuple[tuple[Place, Scope], ...] = ()
    """What else the name may mean: the city of the name of a state, the state of a city's."""


class CityMention(NamedTuple):
    """A name of a city at tokens first..last-1."""

    first: int
    last: int
    city: City


class PlaceFinder:
    """Finds the places of one document. `source` is the publisher's domain or name."""

    def __init__(self, document: Document, atlas: Atlas, source: str | None = None) -> None:
        self._document = document
        self._atlas = atlas
        self._regions = regions = atlas.regions
        self._finder = NameFinder(document, atlas)
        first_reading = self._finder.in_text()
        self._title = self._finder.in_title()
        publisher = [self._name_of_publisher(key) for key in city_keys(source, self._is_city)]
        home = home_country(source, regions.countries.places)
        counties = [states for _, _, states in self._finder.county_spans]
        self._resolver = Resolver([*first_reading, *self._title, *publisher], counties, atlas, home)
        countries = [code for code, _ in self._resolver.votes.countries.most_common(CONTEXT_COUNTRIES)]
        changed = self._finder.region_finder.prefer(countries)
        self._names = self._finder.in_text() if changed else first_reading
        self._placed = {name.key for name in self._names if name.placed and name.cities}
        self._known_people: dict[str, int] | None = None
        self._titled = {name.key for name in [*self._title, *publisher] if name.part != "person"}

    def mentions(self) -> list[Mention]:
        """Places that events may lie at, in text order, not overlapping."""
        found = [self._mention(name) for name in self._names]
        return self._appositions([mention for mention in found if mention is not None])

    def titled(self) -> list[Mention]:
        """Cities that the title names, at no token of the text; the text need not name them again."""
        tokens = self._document.title
        found: dict[str, Mention] = {}
        for name in self._title:
            if not name.cities or name.region is not None or name.part in NO_PLACE_PARTS:
                continue
            city = self._resolver.city(name)
            around = Surroundings(self._resolver.near(name, city), self._resolver.votes.states_of(city), 0, False, True)
            if score(tokens, name, city, around) >= EVENT_EVIDENCE_MIN:
                place = self._atlas.place(city.geonames_id)
                found.setdefault(place.key, Mention(0, 0, 0, place, "city", "plain"))
        return list(found.values())[:TITLED_MAX]

    def cities(self) -> list[CityMention]:
        """Every city that the text names, in text order, not overlapping, of whatever it is a part."""
        found = []
        for name in self._names:
            city = self._resolver.city(name) if name.cities else None
            if city is None or self._evidence(name, city) <= 0:
                continue
            if name.region is None or self._city_wins(city, name):
                found.append(CityMention(name.first, name.last, city))
        return found

    def _evidence(self, name: Name, city: City) -> float:
        tokens = self._document.tokens
        known = self._people()
        around = Surroundings(
            near=self._resolver.near(name, city),
            state=self._resolver.votes.states_of(city),
            person=known.get(self._document.keys[name.first], 0),
            placed=name.key in self._placed,
            titled=name.key in self._titled,
        )
        return score(tokens, name, city, around)

    def _people(self) -> dict[str, int]:
        if self._known_people is None:
            self._known_people = people(self._document, self._is_place)
        return self._known_people

    def _is_city(self, key: str) -> bool:
        return bool(self._atlas.cities(key))

    def _is_place(self, key: str) -> bool:
        regions = self._regions
        return self._is_city(key) or key in regions.plain or regions.lookup_country(key) is not None

    def _name_of_publisher(self, key: str) -> Name:
        return Name(0, 0, "free", key, self._atlas.cities(key), None, (), True, 0)

    def _mention(self, name: Name) -> Mention | None:
        city = self._city_of_event(name) if name.cities and name.part not in NO_PLACE_PARTS else None
        kind: Kind = "dateline" if name.part == "dateline" else "organisation" if name.part == "force" else "plain"
        if name.region is not None and not (city is not None and self._city_wins(city, name)):
            place, scope = name.region
            rivals = self._rival_cities(name)
            return Mention(name.first, name.last, name.last, place, scope, kind, rivals)
        if city is None:
            return None
        evidence = self._evidence(name, city)
        if evidence < (DOUBTFUL_EVIDENCE_MIN if kind == "plain" else EVENT_EVIDENCE_MIN):
            return None
        if evidence < EVENT_EVIDENCE_MIN:
            kind = "doubtful"
        place = self._atlas.place(city.geonames_id)
        rivals = () if name.region is None else (name.region,)
        return Mention(name.first, name.last, name.last, place, "city", kind, rivals)

    def _rival_cities(self, name: Name) -> tuple[tuple[Place, Scope], ...]:
        """The largest city of the state's own name within it: Veracruz in Veracruz."""
        if not name.cities or name.region is None or name.part in NO_PLACE_PARTS:
            return ()
        area = self._regions.area_of(name.region[0])
        inside = [city for city in name.cities if area is not None and lies_in(city, area)]
        if not inside:
            return ()
        return ((self._atlas.place(max(inside, key=lambda c: c.population).geonames_id), "city"),)

    def _city_of_event(self, name: Name) -> City | None:
        city = self._resolver.city(name)
        if name.key.startswith(("fort ", "camp ")) and city.population < _FORT_CITY_POPULATION_MIN:
            return None  # a base, not a town
        if city.country in _CITY_STATES:
            return next(iter(self._atlas.cities(_CITY_STATES[city.country])), city)
        if name.areas or name.last - name.first > 1:
            return city
        votes = self._resolver.votes
        own = votes.countries.get(city.country, 0)
        if not own:
            least = POPULATION_MIN_IN if self._follows_preposition(name) else POPULATION_MIN_ALONE
            if city.population < least:
                return None
        foreign = own < _HOME_SHARE * votes.total
        return None if foreign and city.population < _HAMLET_POPULATION and name.part != "dateline" else city

    def _follows_preposition(self, name: Name) -> bool:
        return name.first > 0 and self._document.tokens[name.first - 1].key in ("in", "to", "en")

    def _city_wins(self, city: City, name: Name) -> bool:
        """A name that is both: a metropolis is the city, else it is the state, if the article is about its country."""
        assert name.region is not None
        place, scope = name.region
        if name.areas and self._regions.area_of(place) not in name.areas:
            return any(lies_in(city, area) for area in name.areas)  # Córdoba, Veracruz
        if scope == "country":
            return city.population > _COUNTRY_CITY_POPULATION_MIN and fold_name(city.name) == fold_name(place.name)
        if (city.country, city.admin1_code) == ("US", "DC"):
            return True
        if place.country != city.country:
            votes = self._resolver.votes
            known = city.population >= _STATE_CITY_POPULATION_MIN  # Texas is a village in Hidalgo too
            return known and votes.of_others(city.country, name.key) >= votes.of_others(place.country or "", name.key)
        if place.country not in _STATES_FIRST and city.population >= _NAMESAKE_POPULATION_MIN:
            area = self._regions.area_of(place)
            if area is not None and lies_in(city, area):
                return True
        metropolis = _STATES_FIRST_POPULATION_MIN if city.country in _STATES_FIRST else _STATE_CITY_POPULATION_MIN
        return city.population >= metropolis

    def _appositions(self, found: list[Mention]) -> list[Mention]:
        """A state or country right after a city tells which city it is and is no place of its own."""
        tokens = self._document.tokens
        merged: list[Mention] = []
        for mention in found:
            before = merged[-1] if merged else None
            if (
                before is not None
                and before.scope == "city"
                and mention.scope in ("region", "country")
                and mention.first == before.end + 1
                and tokens[before.end].text in ",("
                and before.place.country == mention.place.country
                and self._closes(mention)
                and (mention.scope == "country" or self._same_admin(before, mention))
            ):
                end = mention.end
                if end < len(tokens) and tokens[end].text in ".)":
                    end += 1
                merged[-1] = before._replace(end=end)
                continue
            merged.append(mention)
        return merged

    def _closes(self, mention: Mention) -> bool:
        tokens = self._document.tokens
        return mention.last >= len(tokens) or tokens[mention.last].kind == "mark" or not tokens[mention.last].glued

    def _same_admin(self, city: Mention, region: Mention) -> bool:
        return bool(city.place.admin1) and fold_name(city.place.admin1 or "") == fold_name(region.place.name)
