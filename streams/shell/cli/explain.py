"""An article in the terminal, with the words that made its events marked, and the events under it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console
from rich.style import Style
from rich.text import Text

from muster.core.explanation import PARTS, Part
from muster.shell.cli.output import WIDTH_OF_FILES, Format, json_line, visible
from muster.shell.explained import Explanation, parts_by_place

STYLES: dict[Part, Style] = {
    "number": Style(color="cyan", bold=True),
    "force": Style(color="magenta"),
    "place": Style(color="green", underline=True),
    "status": Style(color="yellow"),
}


def show(explanations: Iterable[Explanation], fmt: Format, stream: IO[str] | None = None) -> None:
    """Writes explanations: JSON lines, or pages for people; without colour the marks are brackets."""
    stream = stream or sys.stdout
    if fmt == "json":
        for one in explanations:
            stream.write(json_line(one.line) + "\n")
        return
    console = Console(file=stream, width=None if stream.isatty() else WIDTH_OF_FILES, highlight=False)
    coloured = console.is_terminal and not console.no_color
    console.print(_legend(coloured=coloured))
    for one in explanations:
        console.print()
        console.print(_heading(one))
        if one.article is not None:
            console.print(_marked(one, coloured=coloured), soft_wrap=not stream.isatty())
        for event in one.line["events"]:
            console.print(_event(event))
        if not one.line["events"] and one.article is not None:
            console.print(Text("  no deployment"))


def _legend(*, coloured: bool) -> Text:
    parts = [Text(part, STYLES[part]) if coloured else Text(f"[{part}: ...]") for part in PARTS]
    return Text("marked: ") + Text("  ").join(parts)


def _heading(one: Explanation) -> Text:
    name = visible(one.line["article_id"] or "(no id)")
    rejected = one.line["rejected"]
    if rejected is not None:
        return Text(f"== {name}: not read: {rejected['reason']}: {visible(rejected['detail'])}")
    title = one.article.title if one.article is not None else None
    return Text(f"== {name}" + (f": {visible(title)}" if title else ""), Style(bold=True))


def _marked(one: Explanation, *, coloured: bool) -> Text:
    """The article's text; everything that could drive a terminal is written as an escape."""
    assert one.article is not None
    text, at, page = one.article.text, 0, Text()
    for start, end, part in parts_by_place(one.events):
        page.append(_lines(text[at:start]))
        words = _lines(text[start:end])
        page.append(words if coloured else f"[{part}: {words}]", STYLES[part] if coloured else None)
        at = end
    return page.append(_lines(text[at:]))


def _lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


def _event(event: dict[str, Any]) -> Text:
    places = event["places"] or [event["place"]]
    names = " + ".join(visible(place["name"]) for place in places)
    told = [
        f"{visible(event['personnel']['text'])}",
        event["force"]["category"],
        event["status"] + (" (historical)" if event["historical"] else ""),
        event["role"],
        f"sure to {event['confidence']:.0%}",
    ]
    return Text("  -> ", Style(bold=True)) + Text(f"{names}, {places[0]['country']}: " + ", ".join(told))
