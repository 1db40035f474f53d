"""Rows of data on standard output: a table for people, JSON lines or CSV for programs. Safe whatever the cells hold."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any, Literal, TypeVar

import click

Format = Literal["table", "json", "csv"]
Function = TypeVar("Function", bound=Callable[..., Any])

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these."""

WIDTH_OF_FILES = 10_000
"""Columns of a table that goes to a file or pipe: nothing wraps there."""

_INVISIBLE_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def output_options(function: Function, default: Format = "table") -> Function:
    """Adds --format and --json; the command is called with `fmt`."""
    function = click.option("--json", "fmt", flag_value="json", help="Short for --format json.")(function)
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(["table", "json", "csv"]),
        default=default,
        show_default=True,
        help="A table, JSON lines or CSV.",
    )(function)


def data_options(function: Function) -> Function:
    """The same for commands whose output programs read: JSON lines by default."""
    return output_options(function, default="json")


def emit(rows: Iterable[Mapping[str, Any]], fmt: Format, columns: Sequence[str], stream: IO[str] | None = None) -> None:
    """Writes rows.

    Args:
        rows: JSON gets each of them whole.
        fmt: how.
        columns: what the table and CSV show, in this order.
        stream: standard output by default.
    """
    stream = stream or sys.stdout
    if fmt == "json":
        for row in rows:
            stream.write(json_line(row) + "\n")
    elif fmt == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([csv_cell(row.get(column)) for column in columns] for row in rows)
    else:
        _emit_table(rows, columns, stream)


def json_line(row: Mapping[str, Any]) -> str:
    """JSON in one line; characters that drive a terminal or turn the direction of text are written as escapes."""
    return _INVISIBLE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(row, ensure_ascii=False))


def visible(text: str) -> str:
    r"""The text with everything that is not printable (escapes, line ends, direction marks) as \x1b and the like."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _emit_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], stream: IO[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream, width=None if stream.isatty() else WIDTH_OF_FILES, highlight=False)
    rows = list(rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        numeric = all(isinstance(row.get(column), int | float | None) for row in rows)
        table.add_column(
            column.replace("_", " "), justify="right" if numeric else "left", no_wrap=number == 0, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column), "-")) for column in columns))
    console.print(table)


def _cell(value: object, empty: str) -> str:
    if value is None:
        return empty
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def csv_cell(value: object) -> object:
    """A cell that no spreadsheet runs and no terminal obeys; numbers stay numbers."""
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = visible(text)
    return f"'{shown}" if text.startswith(FORMULA_STARTS) else shown
