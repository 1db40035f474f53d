"""What small words do: where "this city" is, which figure is a part, what is history, and which verb is no country."""

from __future__ import annotations

from datetime import UTC, datetime

from muster.core.extract import explain
from muster.core.model import Article
from muster.shell.model_file import load_model

DAY = datetime(2025, 2, 5, 18, tzinfo=UTC)


def told(text, atlas, lang="en"):
    """(place, number, historical, role) of each event."""
    found = explain(Article("a", text, lang=lang, published_at=DAY), atlas, load_model().choose)
    events = [(one.event.location, one.event.assertion) for one in found]
    return {(where.places[0].name, what.personnel.low, what.historical, what.role) for where, what in events}


def test_this_city_is_not_where_people_came_from(atlas):
    """The sources of a list are no antecedents."""
    text = "CIUDAD JUÁREZ, Mexico — Trucks from Guadalajara and Torreón have brought 2,000 soldiers to this city."
    assert told(text, atlas) == {("Ciudad Juárez", 2_000, False, "single")}


def test_a_figure_of_those_before_is_their_part(atlas):
    """ "450 of them": the larger figure before is the total."""
    text = "Police have stationed 1,994 officers in Jakarta, Indonesia. In Jakarta, 450 of them guard the palace."
    assert told(text, atlas) == {("Jakarta", 1_994, False, "total"), ("Jakarta", 450, False, "part")}


def test_the_past_of_a_clause_is_not_that_of_the_sentence(atlas):
    """`which in 2009 had 8,000` leaves what is going there now as it is."""
    text = "Some 1,600 soldiers will be sent to Ciudad Juárez, which in 2009 saw much worse."
    assert told(text, atlas) == {("Ciudad Juárez", 1_600, False, "single")}


def test_a_spanish_future_is_no_country(atlas):
    """`Irán 400 guardias a Nogales` is about nobody in Iran."""
    text = "El gobierno de Sonora recibirá a la Guardia Nacional. Irán 400 guardias nacionales a Nogales, Sonora."
    assert {place for place, *_ in told(text, atlas, "es")} == {"Nogales"}


def test_the_state_of_a_name_is_that_state(atlas):
    """`the state of Chihuahua` stands for no state named before."""
    text = "The government will send 3,070 guardsmen to Baja California and 2,400 guardsmen to the state of Chihuahua."
    assert told(text, atlas) == {("Baja California", 3_070, False, "single"), ("Chihuahua", 2_400, False, "single")}
