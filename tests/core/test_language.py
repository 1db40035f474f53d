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


def statuses(text, atlas, lang="en"):
    """(place, number, status) of each event."""
    found = explain(Article("a", text, lang=lang, published_at=DAY), atlas, load_model().choose)
    events = [(one.event.location, one.event.assertion) for one in found]
    return {(where.places[0].name, what.personnel.low, what.status) for where, what in events}


def test_numbers_in_a_row_share_their_verb(atlas):
    """`sent 65 soldiers and 17 officers`, `sent 1,300 to A and 1,200 to B`: the second has no verb of its own."""
    one = "Australia has sent 65 soldiers and 17 federal police officers to Port Vila, Vanuatu."
    assert {what for *_, what in statuses(one, atlas)} == {"deployed"}
    two = "The army on Tuesday sent 1,300 soldiers to Johannesburg and 1,200 to Durban, a spokesperson said."
    assert statuses(two, atlas) == {("Johannesburg", 1_300, "deployed"), ("Durban", 1_200, "deployed")}


def test_a_road_to_a_place_is_not_the_place(atlas):
    """`the road to Basra` tells where the road leads, not where they are."""
    text = "In Baghdad, the general said, 90 soldiers are guarding the road to Basra."
    assert statuses(text, atlas) == {("Baghdad", 90, "deployed")}


def test_whence_people_are_is_not_whence_they_leave(atlas):
    """`100 reservists from Edmonton leave` are not leaving Edmonton, `withdrew 100 from Edmonton` are."""
    home = "CALGARY, Alberta - In Calgary, 100 army reservists from Edmonton left on Friday."
    assert "Edmonton" not in {place for place, *_ in statuses(home, atlas)}
    gone = "The army withdrew 100 soldiers from Edmonton, Alberta, on Friday."
    assert statuses(gone, atlas) == {("Edmonton", 100, "withdrawn")}


def test_words_that_say_what_a_city_is_are_no_second_city(atlas):
    """`Jos, the capital of Plateau State`: one place, not a list of two."""
    text = "ABUJA - Nigeria's police have sent 350 policemen to Jos, the capital of Plateau State, after the violence."
    assert statuses(text, atlas) == {("Jos", 350, "deployed")}


def test_an_age_counts_nobody(atlas):
    """`who is 89`."""
    text = "Zimbabwe sent 700 police officers to Bulawayo. President Mugabe, who is 89, is in Bulawayo too."
    assert {number for _, number, _ in statuses(text, atlas)} == {700}
