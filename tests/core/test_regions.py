"""Regions, borders and countries: one key for one region, whatever it is called."""

from __future__ import annotations

import collections
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.countries import parse_countries, table_rows
from muster.core.names import fold_name
from muster.core.regions import NEEDS_TYPE_WORD, parse_regions


def table(name: str) -> str:
    data = pkgutil.get_data("muster.data", name)
    assert data is not None
    return data.decode()


COUNTRIES, ADMIN1, REGIONS = table("countries.tsv"), table("admin1.tsv"), table("regions.tsv")
TABLES = parse_regions(COUNTRIES, ADMIN1, REGIONS)
CODES = sorted(TABLES.countries.places)
KEY = re.compile(r"region:[A-Z]{2}(-[A-Z0-9]{1,3}|:[a-z0-9\u0080-\uffff]+(-[a-z0-9\u0080-\uffff]+)*)")

NAMES = [
    *((country, name) for country, *_, names in table_rows(ADMIN1, 5) for name in filter(None, names.split("|"))),
    *((country, name) for country, *_, names in table_rows(REGIONS, 4) for name in names.split("|")),
]
"""Country and name, marked as in the tables, of every region."""


def region_key(name: str, *context: str) -> str | None:
    place = TABLES.lookup_region(fold_name(name), context)
    return None if place is None else place.key


def test_every_name_is_one_region_in_its_country() -> None:
    """No name stands for two regions of one country, and the country as context gives it."""
    twice = [name for name, count in collections.Counter(NAMES).items() if count > 1]
    assert twice == []
    for country, name in NAMES:
        phrase = name if not name.startswith(NEEDS_TYPE_WORD) else f"{name[1:]} province"
        place = TABLES.lookup_region(phrase, [country])
        assert place is not None, name
        assert (place.country, bool(KEY.fullmatch(place.key))) == (country, True), place


def test_names_are_comparison_keys() -> None:
    """Every name in the tables is as fold_name makes it, so that folded text can equal it."""
    names = [name.removeprefix(NEEDS_TYPE_WORD) for _, name in NAMES]
    names += [*TABLES.countries.by_name, *TABLES.countries.by_demonym]
    assert [name for name in names if fold_name(name) != name] == []


def test_every_key_is_one_region() -> None:
    """No two rows have the same key, and a key begins with its country."""
    keys = [region.key for region in TABLES.admin1.values()]
    keys += [key for _, key, *_ in table_rows(REGIONS, 4)]
    assert [key for key, count in collections.Counter(keys).items() if count > 1] == []
    assert all(region.key.startswith(country) for (country, _), region in TABLES.admin1.items())
    assert all(key.startswith(country) for country, key, *_ in table_rows(REGIONS, 4))


@pytest.mark.parametrize(
    ("country", "count"),
    [
        ("MX", 32),
        ("US", 51),
        ("ES", 19),
        ("GT", 22),
        ("HN", 18),
        ("SV", 14),
        ("CO", 33),
        ("EC", 24),
        ("BR", 27),
        ("AR", 24),
        ("CA", 13),
        ("GB", 4),
        ("DE", 16),
        ("IT", 20),
        ("UA", 27),
        ("NG", 37),
        ("KE", 47),
        ("HT", 10),
        ("TR", 81),
        ("SY", 14),
        ("ZA", 9),
        ("AU", 8),
        ("JP", 47),
        ("PG", 22),
        ("SS", 10),
        ("SO", 18),
    ],
)
def test_divisions_are_complete(country: str, count: int) -> None:
    """Every first-level division of these countries is there with its ISO 3166-2 code."""
    keys = {region.key for (owner, _), region in TABLES.admin1.items() if owner == country}
    assert (len(keys), {key[:3] for key in keys}) == (count, {f"{country}-"})


@pytest.mark.parametrize(
    ("key", "context", "phrases"),
    [
        (
            "region:MX:northern-border",
            ["MX", "US"],
            [
                "northern border",
                "frontera norte",
                "northern frontier",
                "Mexico's northern border",
                "the U.S.-Mexico border",
                "U.S.-Mexico line",
                "border with the United States",
                "frontera con Estados Unidos",
                "United States border",
                "frontera norte de México",
                "la frontera entre México y Estados Unidos",
                "franja fronteriza norte",
            ],
        ),
        (
            "region:US:southern-border",
            ["US", "MX"],
            [
                "southern border",
                "southwest border",
                "the nation's southern border",
                "U.S.-Mexico border",
                "Mexican border",
                "border with Mexico",
                "frontera sur de Estados Unidos",
                "US/Mexico frontier",
            ],
        ),
        ("region:MX:southern-border", ["MX"], ["frontera sur", "Guatemalan frontier", "border with Guatemala"]),
        ("region:TR:border-with-syria", ["TR"], ["Syrian border", "frontera con Siria", "Turkish-Syrian border"]),
        ("region:MX:southern-mexico", ["MX"], ["southern Mexico", "sur de México", "el sur del país"]),
        ("region:MX-SON", ["US"], ["Sonora", "the state of Sonora", "estado de Sonora", "Sonora State"]),
        ("region:MX-MEX", ["MX"], ["Estado de México", "Edomex", "State of Mexico"]),
        ("region:US:rio-grande-valley", ["US"], ["Rio Grande Valley", "Valle del Río Grande"]),
        ("region:ES-SE", ["ES"], ["province of Seville", "provincia de Sevilla"]),
        ("region:ES-CT", [], ["Catalonia", "Cataluña", "Catalunya"]),
        ("region:HN-CR", [], ["Cortés department", "departamento de Cortés"]),
        ("region:UA:donbas", ["US"], ["Donbas", "Donbass"]),
        ("region:US-GA", ["US"], ["Georgia", "state of Georgia"]),
        ("region:IN-PB", ["IN", "PK"], ["Punjab", "Punjab state"]),
        ("region:PK-PB", ["PK", "IN"], ["Punjab", "Punjab province"]),
    ],
)
def test_names_of_one_region_give_one_key(key: str, context: list[str], phrases: list[str]) -> None:
    """However English and Spanish papers call a region, its key is the same."""
    assert {phrase: region_key(phrase, *context) for phrase in phrases} == dict.fromkeys(phrases, key)


@pytest.mark.parametrize(
    "phrase",
    [
        "Seville",
        "Northern Line",
        "South Sudan",
        "South Africa",
        "the border",
        "la frontera",
        "Punjab",
        "north",
        "sur",
        "police of the northern border",
        "Nord",
        "Central",
        "northern",
        "border with",
        "",
        " ",
    ],
)
def test_what_is_no_region(phrase: str) -> None:
    """Cities, countries, railways, bare directions and names of two countries give no region without a context."""
    assert region_key(phrase) is None


@given(st.sampled_from(CODES), st.sampled_from(["northern", "southern", "eastern", "western"]), st.data())
def test_borders_belong_to_a_country(country: str, direction: str, data: st.DataObject) -> None:
    """A border's owner is the country that the phrase names, in any language and form, else that of the context."""
    expected = f"region:{country}:{direction}-border"
    names = [name for name, code in TABLES.countries.by_name.items() if code == country]
    names += [name for name, code in TABLES.countries.by_demonym.items() if code == country]
    name = data.draw(st.sampled_from(sorted(names)))
    other = data.draw(st.sampled_from(CODES))
    assert region_key(f"{direction} border", country, other) == expected
    assert region_key(f"{name}'s {direction} border", other) == expected
    assert region_key(f"the {direction} frontier of {name}", other) == expected


@given(st.text() | st.lists(st.sampled_from(["border", "of", "mexico", "us", "norte", "s", "the", "la"])).map(" ".join))
def test_any_text_is_looked_up(text: str) -> None:
    """No text makes a look-up fail, and what is found is a region."""
    place = TABLES.lookup_region(fold_name(text), ["MX"])
    assert place is None or KEY.fullmatch(place.key)
    country = TABLES.lookup_country(fold_name(text))
    assert country is None or country.key == f"country:{country.country}"


FORMS = st.sampled_from(
    ["{}", "the {}", "{} province", "the {} autonomous region", "state of {}", "the state of the {}",
     "la provincia de {}", "estado {}", "northern {}", "the southern {}", "el norte de {}"]
)  # fmt: skip


@given(
    name=st.sampled_from([name.removeprefix(NEEDS_TYPE_WORD) for _, name in NAMES] + sorted(TABLES.countries.by_name)),
    form=FORMS,
)
def test_a_name_of_more_words_is_looked_for(name: str, form: str) -> None:
    """`may_go_on` only spares look-ups: it is True of whatever names a region or a country."""
    phrase = form.format(name)
    named = TABLES.lookup_region(phrase, ["US"]) or TABLES.lookup_country(phrase)
    if named is not None and " " in phrase:
        assert TABLES.may_go_on(*phrase.split()[:2])


def test_countries_are_known_in_both_languages() -> None:
    """Each country's English name gives it, and no word is the demonym of one country and the name of another."""
    for code, place in TABLES.countries.places.items():
        assert (place.key, place.country) == (f"country:{code}", code)
        assert TABLES.lookup_country(fold_name(place.name)) == place
    assert TABLES.countries.by_name.keys() & TABLES.countries.by_demonym.keys() == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Mexico", "MX"),
        ("México", "MX"),
        ("U.S.", "US"),
        ("USA", "US"),
        ("EE. UU.", "US"),
        ("Estados Unidos", "US"),
        ("UK", "GB"),
        ("Britain", "GB"),
        ("Reino Unido", "GB"),
        ("DRC", "CD"),
        ("Países Bajos", "NL"),
        ("Burma", "MM"),
    ],
)
def test_names_of_countries(name: str, code: str) -> None:
    """Names and abbreviations that papers use give the country."""
    place = TABLES.lookup_country(fold_name(name))
    assert place is not None
    assert place.country == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Mexican", "MX"),
        ("mexicanas", "MX"),
        ("estadounidenses", "US"),
        ("Americans", "US"),
        ("británicos", "GB"),
        ("franceses", "FR"),
        ("Salvadoran", "SV"),
        ("hondureño", "HN"),
        ("Nigerien", "NE"),
        ("nigeriano", "NG"),
        ("Kenyan", "KE"),
        ("alemana", "DE"),
        ("iraquíes", "IQ"),
        ("Filipino", "PH"),
        ("colombianos", "CO"),
    ],
)
def test_demonyms(word: str, code: str) -> None:
    """A demonym of either language, in any gender and number, gives the country."""
    assert TABLES.demonym_country(fold_name(word)) == code


def test_a_malformed_table_is_refused() -> None:
    """A row with a field too few is an error and not a region with a wrong name."""
    with pytest.raises(ValueError, match="fields"):
        parse_countries("MX\tMexico\tMéxico\n")
    with pytest.raises(ValueError, match="fields"):
        parse_regions(COUNTRIES, ADMIN1, "US\tUS:x\n")
