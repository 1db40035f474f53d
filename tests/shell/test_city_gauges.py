"""Cities as gauges: only so many, the right ones, and none of yesterday's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.shell.city_gauges import PEOPLE_MAX, STATUSES, CityGauges
from muster.shell.metrics import Metrics

figures = st.none() | st.integers(0, 10**400).map(lambda best: {"low": None, "best": best, "high": None})


def totals(bests):
    return {
        f"city:{n}": {"place": {"key": f"city:{n}", "name": f"City {n}"}, **dict(zip(STATUSES, pair, strict=True))}
        for n, pair in enumerate(bests)
    }


def told(metrics: Metrics) -> dict[tuple[str, str], float]:
    (family,) = [f for f in metrics.registry.collect() if f.name == "muster_city_people"]
    return {(s.labels["geonames_id"], s.labels["status"]): s.value for s in family.samples}


@given(st.lists(st.tuples(figures, figures), max_size=12), st.integers(0, 6))
def test_the_cities_with_the_most_people_are_told_and_no_more(bests, cities_max):
    """As many as allowed, with both figures; nobody left out has more than one who is told."""
    metrics, cities = Metrics(), totals(bests)
    CityGauges(cities, metrics, cities_max).update()
    found = told(metrics)
    most = [max(one["best"] if one else 0 for one in pair) for pair in bests]
    chosen = sorted(range(len(bests)), key=lambda n: -most[n])[:cities_max]
    wanted = {most[n] for n in chosen}
    named = {int(city) for city, _ in found}
    assert len(named) <= cities_max
    assert {most[n] for n in named} <= wanted
    for (city, status), value in found.items():
        assert value == min(bests[int(city)][STATUSES.index(status)]["best"], PEOPLE_MAX)
    assert wanted - {0} == {most[n] for n in named} - {0}


def test_a_city_that_others_outgrew_is_forgotten():
    """What is told is of now: a city leaves when another one passes it, and when it has no total any more."""
    metrics = Metrics()
    cities = totals([({"low": 1, "best": 5, "high": 9}, None), (None, None)])
    gauges = CityGauges(cities, metrics, 1)
    gauges.update()
    assert told(metrics) == {("0", "planned"): 5}
    cities["city:1"]["deployed"] = {"low": 6, "best": 6, "high": 6}
    gauges.update()
    assert told(metrics) == {("1", "deployed"): 6}
    cities.clear()
    gauges.update()
    assert told(metrics) == {}
