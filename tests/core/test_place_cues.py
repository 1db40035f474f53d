"""Which city a name is, and whether it is one: each cue in a sentence of its own."""

from __future__ import annotations

import pytest

from muster.core import text
from muster.core.places import PlaceFinder


def cities(words, atlas, *, title=None, source=None, lang="en"):
    """[(text, country and GeoNames admin1 code)]."""
    document = text.read(words, title, lang)
    assert document is not None
    found = PlaceFinder(document, atlas, source).cities()
    return [
        (
            document.slice(m.first, m.last),
            f"{m.city.country}.{m.city.admin1_code}",
        )
        for m in found
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The fire broke out in Paris on Monday.", [("Paris", "FR.11")]),
        ("The fire broke out in Paris, Texas, on Monday.", [("Paris", "US.TX")]),
        ("The fire broke out in Springfield, Ill., on Monday.", [("Springfield", "US.IL")]),
        ("The fire broke out in Springfield, MA, on Monday.", [("Springfield", "US.MA")]),
        ("She left Charleston, W.Va., for Portland, Maine.", [("Charleston", "US.WV"), ("Portland", "US.ME")]),
        ("In the Mexican state of Sonora, police in Nogales found it.", [("Nogales", "MX.26")]),
        ("In Arizona, police in Nogales found it.", [("Nogales", "US.AZ")]),
        ("They came from Birmingham, Coventry and Wolverhampton.", [("Birmingham", "GB.ENG")]),
        ("They went to Birmingham, and then to Huntsville in Alabama.", [("Birmingham", "US.AL")]),
        ("A judge in Rapides Parish spoke in Alexandria, and again in Alexandria.", [("Alexandria", "US.LA")] * 2),
    ],
)
def test_the_article_tells_which_city_a_name_is(words, expected, atlas):
    """What follows the name, states, counties and other cities; without any of them the largest city."""
    found = cities(words, atlas)
    assert [city for city in found if city[0] in {name for name, _ in expected}] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Fuego en Acuña (Coahuila) y Nuevo Laredo, Tamps., dijo.", [("Acuña", "MX.07"), ("Nuevo Laredo", "MX.28")]),
        (
            "Un incendio en Córdoba, Veracruz, y otro en Córdoba, Argentina.",
            [("Córdoba", "MX.30"), ("Córdoba", "AR.05")],
        ),
    ],
)
def test_mexican_states_tell_it_too(words, expected, atlas):
    """In brackets, shortened, written out; one name may be two cities when the text says so of each."""
    assert cities(words, atlas, lang="es") == expected


@pytest.mark.parametrize(
    ("source", "country"),
    [("lfpress.ca", "CA"), ("news.example.co.uk", "GB"), ("example.com", "GB"), ("example.co", "GB"), (None, "GB")],
)
def test_the_publishers_domain_is_a_cue(source, country, atlas):
    """A country's top-level domain speaks for its cities; a general one says nothing."""
    ((_, where),) = cities("Police in London were called.", atlas, source=source)
    assert where[:2] == country


@pytest.mark.parametrize(
    "words",
    [
        "Washington said it would act.",
        "Mobile phones are sold here.",
        "Reading is fun for most of them.",
        "Victoria Nuland spoke. Victoria said no.",
        "Mr. Houston, 24, was late. Houston said so.",
        "Dan A. Adkins came late. They asked Adkins why.",
        "Officers met at Juárez University.",
        "Real Madrid won.",
        "The Bank of America closed.",
        "They met in March or in August.",
        "La Guardia Nacional llegó.",
        "Jackson and Madison counties were hit.",
        "They closed Lincoln Avenue.",
    ],
)
def test_a_name_that_stands_for_something_else_is_no_city(words, atlas):
    """People, also when named again by surname; words, organisations, teams, months, counties, streets."""
    assert cities(words, atlas) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Rich Walsh lives in Toronto. Walsh was ill.", "Toronto"),
        ("The Houston Police Department said so.", "Houston"),
        ("Houston residents fled.", "Houston"),
        ("A Dallas-based firm was sold.", "Dallas"),
        ("Texas Gov. Smith spoke in Austin.", "Austin"),
    ],
)
def test_a_city_is_one_beside_people_and_bodies(words, name, atlas):
    """Residents, police and firms are a city's; whoever lives in one is not a city."""
    assert [found for found, _ in cities(words, atlas)] == [name]
