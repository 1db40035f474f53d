"""What commands print: exact for programs, harmless for terminals and spreadsheets, whatever the cells hold."""

from __future__ import annotations

import csv
import io
import json

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from muster.shell.cli.options import CONNECTION, TOPICS, WEB, connection_options, setting_options
from muster.shell.cli.output import FORMULA_STARTS, Format, emit, visible
from muster.shell.settings import Settings

CELLS = (
    st.none() | st.integers() | st.booleans() | st.text() | st.sampled_from(["\x1b[2J", "=1+1", "\x9b31m", "\u202e"])
)
ROWS = st.lists(st.fixed_dictionaries({"a": CELLS, "b": CELLS}), max_size=4)


def printed(rows: list[dict], fmt: Format) -> str:
    stream = io.StringIO()
    emit(rows, fmt, ("a", "b"), stream)
    return stream.getvalue()


def drives_a_terminal(text: str) -> bool:
    return any(not c.isprintable() and c != "\n" for c in text)


@given(ROWS)
def test_json_is_exact_and_one_line_a_row(rows: list[dict]) -> None:
    """Each line reads back as its row, and holds no character that drives a terminal."""
    text = printed(rows, "json")
    assert [json.loads(line) for line in text.split("\n")[:-1]] == rows
    assert not set(text) & set(map(chr, (*range(10), *range(11, 32), *range(127, 160), 0x202E)))


@given(ROWS)
def test_csv_is_harmless_in_a_spreadsheet(rows: list[dict]) -> None:
    """No text cell begins as a formula, numbers stay numbers, and each row stays one row."""
    text = printed(rows, "csv")
    assert not drives_a_terminal(text)
    header, *cells = csv.reader(io.StringIO(text))
    assert header == ["a", "b"]
    assert len(cells) == len(rows)
    for row, line in zip(rows, cells, strict=True):
        for value, cell in zip((row["a"], row["b"]), line, strict=True):
            if isinstance(value, str):
                assert not cell.startswith(FORMULA_STARTS)
                assert cell.removeprefix("'") == visible(value) or cell == visible(value)
            elif value is not None:
                assert cell == str(value)


@given(ROWS)
def test_tables_hold_each_row_in_one_line(rows: list[dict]) -> None:
    """A table is a header and a line for each row; nothing in it drives the terminal or is read as markup."""
    text = printed(rows, "table")
    assert not drives_a_terminal(text)
    assert len(text.splitlines()) == len(rows) + 1
    assert "[bold]x" in printed([{"a": "[bold]x", "b": 1}], "table")


def invoke(arguments: list[str], environment: dict[str, str] | None = None) -> tuple[int, str]:
    @click.command()
    @connection_options
    def show(settings: Settings) -> None:
        click.echo(settings.bootstrap)

    result = CliRunner().invoke(show, arguments, env=environment or {})
    return result.exit_code, result.output


def test_an_option_wins_over_its_variable() -> None:
    """Default, then variable, then option."""
    assert invoke([], {"MUSTER_BOOTSTRAP": ""}) == (0, "\n")
    assert invoke([], {"MUSTER_BOOTSTRAP": "variable:1"}) == (0, "variable:1\n")
    assert invoke(["--bootstrap", "option:1"], {"MUSTER_BOOTSTRAP": "variable:1"}) == (0, "option:1\n")


@pytest.mark.parametrize("name", [*CONNECTION, *WEB, *TOPICS])
def test_every_shared_option_is_a_setting_with_its_help(name: str) -> None:
    """Option, variable and help come from one field, and no secret can be given on a command line."""

    @click.command()
    @setting_options
    def show() -> None:
        pass

    (option,) = [parameter for parameter in show.params if parameter.name == name]
    assert isinstance(option, click.Option)
    assert option.envvar == f"MUSTER_{name.upper()}"
    assert option.help == Settings.model_fields[name].description
    assert "password" not in name


def test_a_wrong_value_is_one_line_with_its_variable_and_without_itself() -> None:
    """The message names where the value came from and does not repeat it: it may be a secret."""
    code, told = invoke([], {"MUSTER_COMMIT_INTERVAL_SECONDS": "hunter2"})
    assert code == 2
    assert "MUSTER_COMMIT_INTERVAL_SECONDS: Input should be a valid number" in told
    assert "hunter2" not in told
