"""Which names are places, and which place a name is."""

from __future__ import annotations

import pytest

from muster.core import text
from muster.core.places import PlaceFinder


def mentions(words, atlas, lang="en"):
    document = text.read(words, None, lang)
    assert document is not None
    found = PlaceFinder(document, atlas).mentions()
    return [(m.place.name, m.place.country, m.scope) for m in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("They went to Tijuana.", [("Tijuana", "MX", "city")]),
        ("They went to Ciudad Juárez, Chihuahua, and home.", [("Ciudad Juárez", "MX", "city")]),
        ("The state of Sinaloa and the city of Culiacán.", [("Sinaloa", "MX", "region"), ("Culiacán", "MX", "city")]),
        (
            "Mexico sent them to its northern border.",
            [("Mexico", "MX", "country"), ("Northern border", "MX", "region")],
        ),
        (
            "Later on they were welcomed warmly there by President Jackson and by Mayor Victoria Reynosa of the party.",
            [],
        ),
        ("They met in Jackson, Mississippi.", [("Jackson", "US", "city")]),
        ("They passed Juárez Street and the Reynosa bridge.", []),
        ("They are on Hong Kong Island.", [("Hong Kong", "HK", "city")]),
        ("Most of them read. Nice work.", []),
    ],
)
def test_names_are_places_where_they_stand_as_places(words, expected, atlas):
    """Not as persons, streets or common words; a state after a city belongs to the city."""
    assert mentions(words, atlas) == expected


def test_the_country_of_the_article_chooses_between_cities_of_one_name(atlas):
    """The largest city of the name, unless the article is about another country."""
    assert mentions("He came from Cartagena.", atlas)[0][1] == "CO"
    story = "Spain, Madrid, Sevilla and Murcia. Spanish police came from Cartagena."
    assert [m for m in mentions(story, atlas) if m[0] == "Cartagena"] == [("Cartagena", "ES", "city")]
