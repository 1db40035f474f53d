"""Laws of finding places, for any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.core import text
from muster.core.model import City
from muster.core.place_areas import Area
from muster.core.place_atlas import Atlas
from muster.core.place_company import KM_PER_DEGREE, Anchor, ChosenCompany
from muster.core.place_names import NAME_TOKENS_MAX
from muster.core.place_source import city_keys, home_country
from muster.core.places import PlaceFinder
from muster.core.text import tokenize
from muster.shell.tables import load_regions

REGIONS = load_regions()
WORDS = ["Paris", "London", "Texas", "Ill.", "Walsh", "said", "in", ",", "(", ")", "County", "counties", "and", "of"]
WORDS += [
    "Mr.",
    "A.",
    "St.",
    "24",
    "Nuevo",
    "Laredo",
    "Juárez",
    "de",
    "la",
    "police",
    "Police",
    "-",
    "\n",
    "W.Va.",
    "the",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(max_size=200)


class Counting:
    """A gazetteer that counts what it is asked."""

    def __init__(self, gazetteer):
        self.gazetteer = gazetteer
        self.asked = []

    def lookup(self, folded_name):
        self.asked.append(folded_name)
        return self.gazetteer.lookup(folded_name)

    def begins(self, folded_words):
        return self.gazetteer.begins(folded_words)

    def city(self, geonames_id):
        return self.gazetteer.city(geonames_id)


def finder(words, gazetteer, source=None):
    document = text.read(words, words[:80], "en")
    return document, PlaceFinder(document, Atlas(gazetteer, REGIONS), source)


@settings(max_examples=150, deadline=None)
@given(words=TEXTS)
def test_places_are_spans_of_the_text_in_order_and_the_same_each_time(words, gazetteer):
    """Offsets are good, spans do not overlap, and a second reading finds the same."""
    document, found = finder(words, gazetteer)
    cities = found.cities()
    for mentions in (cities, found.mentions()):
        ends = [0]
        for mention in mentions:
            assert ends[-1] <= mention.first < mention.last <= len(document.tokens)
            ends.append(mention.last)
    assert finder(words, gazetteer)[1].cities() == cities


@settings(max_examples=60, deadline=None)
@given(words=TEXTS)
def test_no_name_is_looked_up_twice_and_look_ups_are_linear(words, gazetteer):
    """At most one look-up for each start and length of a name, in text and title, however often names are read."""
    counting = Counting(gazetteer)
    document, found = finder(words, counting)
    found.cities()
    found.mentions()
    assert len(counting.asked) == len(set(counting.asked))
    tokens = len(document.tokens) + len(tokenize(words[:80]))
    assert len(counting.asked) <= (NAME_TOKENS_MAX + 1) * tokens


@given(source=st.text(max_size=150) | st.from_regex(r"[a-z.-]{1,120}", fullmatch=True))
def test_any_source_is_read(source):
    """Whatever a scraper calls its source: a known country or none, keys that are cities."""
    assert home_country(source, REGIONS.countries.places) in {None, *REGIONS.countries.places}
    assert all(key == "paris" for key in city_keys(source, lambda key: key == "paris"))


def test_publishers_name_their_city():
    """Beside words of the trade, as a label of the domain, in a name of several words; not inside another word."""
    known = {"paris", "augusta", "houston", "post"}.__contains__
    assert city_keys("parisbeacon.com", known) == ["paris"]
    assert city_keys("www.theparisnews.com", known) == ["paris"]
    assert city_keys("chronicle.augusta.com", known) == ["augusta"]
    assert city_keys("Houston Chronicle", known) == ["houston"]
    assert city_keys("washingtonpost.com", known) == []
    assert city_keys("eparisextra.com", known) == []


def test_nearness_falls_with_distance_and_goes_round_the_date_line():
    """1 at the same place; two towns on either side of 180 degrees are neighbours."""

    def at(lat, lon):
        return City(1, "X", "FJ", "01", lat, lon, 1000)

    def nearness(one, other):
        return ChosenCompany([Anchor("one", one, 1.0)]).near("other", other)

    assert nearness(at(0, 0), at(0, 0)) == 1
    assert nearness(at(0, 0), at(0, 1)) > nearness(at(0, 0), at(0, 2)) > nearness(at(0, 0), at(9, 0)) == 0
    assert abs(nearness(at(0, 179.9), at(0, -179.9)) - nearness(at(0, 0), at(0, 0.2))) < 1e-9
    assert KM_PER_DEGREE > 100


def test_abbreviations_and_counties_are_areas():
    """AP and postal style with or without stops; lists of counties; a word that is one too needs its stop."""

    def area(words):
        tokens = tokenize(words)
        hit = REGIONS.areas.abbreviated(tokens, 0, len(tokens))
        return None if hit is None else (hit[0], hit[1][0])

    assert area("W.Va. police") == (4, Area("US", "WV"))
    assert area("TX police") == (1, Area("US", "TX"))
    assert area("Ill. police") == (2, Area("US", "IL"))
    assert area("Ill police") is None
    assert area("Ont. police") == (2, Area("CA", "08"))
    spans = REGIONS.areas.county_spans(tokenize("In St. Clair County, and in Barrow, Jackson and Madison counties."))
    assert [(first, last) for first, last, _ in sorted(spans)] == [(1, 5), (8, 9), (10, 11), (12, 13)]
