"""`muster extract`, `muster tally` and `muster why` on files, as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.shell.cli import main
from muster.shell.settings import Settings

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"
TEXT = "The army will send 1,650 soldiers to Tijuana, Mexico, on Friday, the Defense Ministry said."


def run(*arguments: str, given: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments, input=given)
    return result.exit_code, result.stdout, result.stderr


def test_extract_gives_one_line_an_article_also_for_what_it_rejects():
    """Good, empty and bad lines on standard input: as many lines out, each with its fate."""
    lines = [json.dumps({"id": "a", "text": TEXT}), '{"id": "b", "text": " "}', "nonsense", '{"id": "c"}']
    code, out, _ = run("extract", given="\n".join(lines))
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [r["article_id"] for r in rows] == ["a", "b", None, "c"]
    assert [r["rejected"] and r["rejected"]["reason"] for r in rows] == [None, None, "not_json", "missing_text"]
    (event,) = rows[0]["events"]
    quote = event["evidence"]
    assert TEXT[quote["start"] : quote["end"]] == quote["quote"]
    assert rows[0]["city_totals"][0]["planned"] == {"low": 1650, "best": 1650, "high": 1650}


@pytest.mark.parametrize("fmt", ["table", "csv"])
def test_tables_show_the_same_events(fmt):
    """--format table and csv have a row an event."""
    code, out, _ = run("extract", "--format", fmt, given=json.dumps({"id": "a", "text": TEXT}))
    assert code == 0
    assert "Tijuana" in out
    assert "planned" in out


def test_tally_names_what_it_could_not_read_and_exits_with_1(tmp_path):
    """The totals of the rest are printed all the same."""
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps({"id": "a", "text": TEXT}) + '\n{"id": "b"}\n')
    code, out, err = run("tally", str(file))
    assert code == 1
    assert json.loads(out)["place"]["name"] == "Tijuana"
    assert "missing_text" in err


def test_why_names_the_rule_and_the_fate_of_every_figure():
    """Any name of the city finds it; each row says what became of a figure and why."""
    code, out, _ = run("why", "Juárez", str(SEEDS), "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {r["fate"] for r in rows} >= {"carries", "before_window"}
    assert all(r["because"] and r["article_id"] and r["source"] for r in rows)
    code, out, _ = run("why", "Ciudad Juárez", str(SEEDS))
    assert "planned: 1,650" in out
    assert "only_figure" in out


def test_looking_back_leaves_out_what_was_reported_later():
    """`--as-of` gives the figures of that day, in both commands; `--timeline` ends with the total."""
    code, out, _ = run("tally", str(SEEDS), "--as-of", "2025-02-05")
    totals = {total["place"]["name"]: total for total in map(json.loads, out.splitlines())}
    assert code == 0
    assert "Reynosa" not in totals
    assert totals["Ciudad Juárez"]["as_of"] == "2025-02-05"
    code, out, _ = run("why", "Juárez", str(SEEDS), "--as-of", "2025-02-05", "--json")
    assert {json.loads(line)["date"][:10] for line in out.splitlines()} == {"2025-02-05"}
    code, out, _ = run("why", "Tijuana", str(SEEDS), "--timeline", "--json")
    points = [point for point in map(json.loads, out.splitlines()) if point["status"] == "planned"]
    assert [point["date"] for point in points] == sorted({point["date"] for point in points})
    assert points[-1]["best"] == 1949
    code, _, _ = run("why", "Tijuana", str(SEEDS), "--as-of", "2024-01-01")
    assert code == 1


def test_why_of_an_unnamed_place_is_an_error():
    """It says where to look instead."""
    code, _, err = run("why", "Atlantis", str(SEEDS))
    assert code == 1
    assert "No report names this place" in err


def test_the_options_without_pydantic_agree_with_the_settings():
    """Defaults, bounds and variables of extract and tally are those of Settings."""
    for name in ("extract", "tally"):
        command = main.get_command(None, name)
        options = {p.name: p for p in command.params}
        for field in ("cache_dir", "article_bytes_max"):
            setting, option = Settings.model_fields[field], options[field]
            assert option.envvar == f"MUSTER_{field.upper()}"
            default = option.default() if callable(option.default) else option.default
            assert default == setting.get_default(call_default_factory=True)
        (bound,) = Settings.model_fields["article_bytes_max"].metadata
        assert options["article_bytes_max"].type.min == bound.ge


def test_one_article_needs_no_pydantic_and_no_faust():
    """`muster extract` starts fast because it imports little; a time would not hold on every machine, this does."""
    code = (
        "import sys; from muster.shell.cli import main; "
        f"main(['extract', {str(SEEDS / '01-convoy-on-the-river.json')!r}], standalone_mode=False); "
        "print([m for m in ('pydantic', 'faust', 'aiokafka', 'aiohttp', 'rich') if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert ended.stderr.strip() == "[]"
