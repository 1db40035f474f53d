"""What extraction gives: the reference article, laws on any text, and one example for each rule of the language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.core import limits
from muster.core.extract import extract
from muster.core.model import Article
from muster.shell.model_file import load_model
from tests.core.reading import brief

WEDNESDAY = datetime(2025, 2, 5, 18, tzinfo=UTC)


def read(text, atlas, *, title=None, lang="en"):
    article = Article("a", text, title=title, lang=lang, published_at=WEDNESDAY)
    return extract(article, atlas, load_model().choose)


def briefs(*args, **kwargs):
    return {brief(event) for event in read(*args, **kwargs)}


def test_the_reference_article_gives_its_three_facts(shared, atlas):
    """Two cities and the border, each once; nothing for El Paso, nothing from links to other stories."""
    text = (shared / "seed" / "article.txt").read_text(encoding="utf-8")
    events = read(text, atlas)
    assert [brief(event)[:5] for event in events] == [
        ("region", "region:MX:northern-border", 10_000, 10_000, "planned"),
        ("city", "Ciudad Juárez", 1_650, None, "planned"),
        ("city", "Tijuana", 1_949, 1_949, "planned"),
    ]
    assert [event.location.places[0].geonames_id for event in events[1:]] == [4013708, 3981609]
    assert [event.location.places[0].admin1 for event in events[1:]] == ["Chihuahua", "Baja California"]


WORDS = st.sampled_from(
    [
        "2,000",
        "500",
        "mil",
        "650",
        "soldiers",
        "troops",
        "officers",
        "guardias",
        "elementos",
        "to",
        "in",
        "from",
        "a",
        "en",
        "de",
        "Tijuana",
        "Juárez",
        "Texas",
        "the",
        "border",
        "will",
        "sent",
        "deployed",
        "not",
        "no",
        "denied",
        "enviará",
        "Guardia",
        "Nacional",
        "National",
        "Guard",
        ",",
        ".",
        ";",
        ":",
        "—",
        "“",
        "(",
        ")",
        "\n",
        "hundreds",
        "another",
        "more",
        "respectively",
        "each",
        "total",
        "2019",
        "$",
        "%",
        "km",
        "January",
        "U.S.",
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=120).map(" ".join))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, title=st.none() | st.text(max_size=40), lang=st.sampled_from(["en", "es", None]))
def test_any_text_gives_ordered_events_whose_words_stand_in_it(text, title, lang, atlas):
    """No text raises; quotes are slices, short, in order; ids are unique; the same text gives the same events."""
    article = Article("a", text, title=title, lang=lang)
    events = extract(article, atlas, load_model().choose)
    assert events == extract(article, atlas, load_model().choose)
    starts = [event.assertion.evidence.start for event in events]
    assert starts == sorted(starts)
    assert len({event.assertion.event_id for event in events}) == len(events) <= limits.EVENTS_PER_ARTICLE_MAX
    for event in events:
        said = event.assertion
        assert text[said.evidence.start : said.evidence.end] == said.evidence.quote
        assert len(said.evidence.quote) <= limits.QUOTE_CHARS_MAX
        assert said.personnel.text in said.evidence.quote
        assert 0 <= said.confidence <= 1
        assert (event.location.scope == "multi") == (len(event.location.places) > 1)


def test_a_retracted_article_and_other_languages_give_nothing(atlas):
    """Only English and Spanish are read, and a retraction says nothing."""
    text = "The army sent 500 soldiers to Tijuana on Monday, the government said."
    assert briefs(text, atlas)
    assert not extract(Article("a", text, lang="en", retracted=True), atlas, load_model().choose)
    assert not briefs(text, atlas, lang="fr")
    assert not briefs("L'armée a envoyé 500 soldats à Tijuana, ont dit les autorités.", atlas, lang=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tijuana and Mexicali will get 300 and 200 guardsmen, respectively.",
         {("Tijuana", 300, "planned"), ("Mexicali", 200, "planned")}),
        ("The plan for the border towns, by city: Tijuana, 900 soldiers; Mexicali, 450; Reynosa, 310.",
         {("Tijuana", 900, "planned"), ("Mexicali", 450, "planned"), ("Reynosa", 310, "planned")}),
        ("The army pulled 400 soldiers out of Acapulco on Sunday.", {("Acapulco de Juárez", 400, "withdrawn")}),
        ("Officials said 400 soldiers will be withdrawn from Acapulco.", {("Acapulco de Juárez", 400, "withdrawing")}),
        ("A judge blocked the plan to send 300 soldiers to Portland.", {("Portland", 300, "cancelled")}),
        ("The ministry denied that 300 soldiers had been sent to Tijuana.", set()),
        ("A report that 2,000 marines had landed in Reynosa is false. Nothing moved.", set()),
        ("Gunmen killed 12 soldiers in Reynosa on Monday.", set()),
        ("The city police of Reynosa arrested 120 people and seized 40 rifles.", set()),
        ("Some 700 migrants wait in Tijuana, and 45 lawyers have read 900 papers there.", set()),
    ],
)  # fmt: skip
def test_rules_of_english(text, expected, atlas):
    """One sentence, its cities, numbers and statuses, and nothing else."""
    assert {(place, low, status) for _, place, low, _, status, _ in briefs(text, atlas)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Tijuana llegaron ayer 500 elementos de la Guardia Nacional.", {("Tijuana", 500, "deployed")}),
        ("En Mexicali operan 561 guardias y en Tecate otros 500.",
         {("Mexicali", 561, "deployed"), ("Tecate", 500, "deployed")}),
        ("El Ejército retiró de Ciudad Juárez a mil 500 soldados.", {("Ciudad Juárez", 1_500, "withdrawn")}),
        ("Medio millar de soldados llegará el viernes a Reynosa.", {("Reynosa", 500, "planned")}),
        ("La alcaldía negó que vayan a enviar 300 soldados a Tijuana.", set()),
        ("En Tijuana detuvieron a 300 personas y hay 20 soldados heridos.", set()),
    ],
)  # fmt: skip
def test_rules_of_spanish(text, expected, atlas):
    """The same in Spanish, with its own grammar and numbers."""
    found = briefs(text, atlas, lang="es")
    assert {(place, low, status) for _, place, low, _, status, _ in found} == expected


def test_a_number_that_several_cities_share_belongs_to_none_of_them(atlas):
    """`multi`: the places together, in the order of their keys."""
    (event,) = read("The army has deployed 600 soldiers in Tijuana, Tecate and Mexicali.", atlas)
    assert event.location.scope == "multi"
    assert {place.name for place in event.location.places} == {"Tijuana", "Tecate", "Mexicali"}
    keys = [place.key for place in event.location.places]
    assert keys == sorted(keys)


def test_the_country_of_the_story_decides_between_towns_of_one_name(atlas):
    """ "Nogales" is in Sonora in a story about Sonora, and in Arizona in one about Arizona."""
    mexico = read("Mexico sent 300 soldiers to Nogales, Sonora, and more to Hermosillo.", atlas)
    arizona = read("The governor of Arizona sent 300 soldiers to Nogales, Arizona.", atlas)
    assert [event.location.places[0].country for event in mexico + arizona] == ["MX", "US"]


def test_more_of_them_is_an_increment_and_an_old_year_is_history(atlas):
    """`measure` and `historical` come from the words beside the number and from the year of the sentence."""
    (more,) = read("The army will send 250 more soldiers to Tijuana.", atlas)
    (old,) = read("In 2009 there were 8,000 soldiers in Ciudad Juárez.", atlas)
    assert (more.assertion.personnel.measure, more.assertion.historical) == ("increment", False)
    assert (old.assertion.personnel.measure, old.assertion.historical) == ("level", True)


def test_the_force_has_its_name_and_origin_where_the_words_tell(atlas):
    """The noun phrase names the force; a demonym or country within it is whose force it is."""
    (event,) = read("Some 400 Kenyan police officers arrived in Port-au-Prince.", atlas)
    force = event.assertion.force
    assert (force.category, force.name, force.origin) == ("police", "Kenyan police officers", "KE")


def test_a_weekday_is_resolved_against_the_day_of_publication(atlas):
    """ "On Monday" in an article of a Wednesday is two days before; without a date it stays open."""
    text = "Mexico sent 300 soldiers to Tijuana on Monday."
    (dated,) = read(text, atlas)
    (undated,) = extract(Article("a", text, lang="en"), atlas, load_model().choose)
    assert dated.assertion.event_date is not None
    assert dated.assertion.event_date.start == date(2025, 2, 3)
    assert undated.assertion.event_date is None


def test_long_texts_are_read_in_one_pass(atlas):
    """A megabyte without a full stop, of numbers, names and forces, ends and stays within the cap."""
    text = "Tijuana 500 soldiers Juárez 300 guards to the northern border, " * 15_000
    assert len(read(text, atlas)) <= limits.EVENTS_PER_ARTICLE_MAX
