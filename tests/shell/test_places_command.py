"""`muster places` on files, as a user runs it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from muster.shell.cli import main

TEXT = "\U0001f525 Fire in Paris, Texas: police in Nuevo Laredo, Tamps., said so."
FIELDS = ["start", "end", "text", "geonames_id", "name", "country", "lat", "lon"]


def run(*arguments: str, given: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["places", *arguments], input=given)
    return result.exit_code, result.stdout


def test_one_line_an_article_with_offsets_in_code_points():
    """Also for what has no cities or cannot be read; `cities` of the input are not looked at."""
    given = [
        {"id": "a", "text": TEXT, "cities": ["x"]},
        {"id": "b", "text": "Nothing at all happened there."},
        {"id": "c"},
    ]
    code, out = run(given="\n".join([*map(json.dumps, given), "nonsense"]))
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["id"] for row in rows] == ["a", "b", "c", None]
    assert [len(row["cities"]) for row in rows] == [2, 0, 0, 0]
    for city in rows[0]["cities"]:
        assert list(city) == FIELDS
        assert TEXT[city["start"] : city["end"]] == city["text"]
    assert [(city["text"], city["country"]) for city in rows[0]["cities"]] == [("Paris", "US"), ("Nuevo Laredo", "MX")]


@pytest.mark.parametrize("fmt", ["table", "csv"])
def test_tables_have_a_row_a_city(fmt):
    """--format table and csv."""
    code, out = run("--format", fmt, given=json.dumps({"id": "a", "text": TEXT}))
    assert code == 0
    assert len(out.splitlines()) == 3
    assert "Nuevo Laredo" in out
