"""One hostile corpus over everything that shows or carries text: an article's words are data wherever they come out."""

from __future__ import annotations

import csv
import io
import json
import logging
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from prometheus_client import exposition

from muster.shell import codec, offline
from muster.shell.api.query import page_of, read_query
from muster.shell.api.render import render
from muster.shell.cli import demo, main
from muster.shell.cli.output import FORMULA_STARTS, Format, emit, visible
from muster.shell.logs import OneLineFormatter
from muster.shell.metrics import Metrics
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.roles.extract import ExtractWork
from muster.shell.settings import Settings
from tests.fuzz.targets import Fetched

CORPUS = {
    "clear screen": "\x1b[2J\x1b[H",
    "window title": "\x1b]0;owned\x07",
    "c1 control": "\x9b31m\x9d0;owned\x9c",
    "link": "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "backspace": "safe\x08\x08\x08\x08evil",
    "forged line": "\r\n2025-02-05 extract CRITICAL muster: all is lost",
    "null": "\x00",
    "direction": "\u202e0561\u202c \u2066x\u2069",
    "line separators": "\u2028next\u2029next\x85next",
    "formula =": "=HYPERLINK(A1)",
    "formula +": "+1+cmd|' /C calc'!A0",
    "formula -": "-2+3",
    "formula @": "@SUM(A1)",
    "formula tab": "\t=1+1",
    "formula return": "\r=1+1",
    "markup": "[bold red]x[/] [link=https://evil.example]y[/link]",
    "html": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "format": "%s %n {0} {self.__class__}",
    "quotes": '",\'`\\"',
}
HOSTILE = pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)


def obeyed(shown: str) -> list[str]:
    """The characters that a terminal would obey instead of showing."""
    return [c for c in shown if not c.isprintable() and c != "\n"]


def check_cells(shown: str) -> None:
    """CSV whose text cells no spreadsheet runs."""
    assert not obeyed(shown.replace("\r\n", "\n"))
    for row in csv.reader(io.StringIO(shown)):
        for cell in row:
            number = cell.lstrip("-").replace(".", "", 1).isdecimal()
            assert number or not cell.startswith(FORMULA_STARTS), cell


def article(text: str) -> dict[str, Any]:
    """One with an event, and the text in every field."""
    return {
        "article_id": f"id-{visible(text)}"[:200],
        "text": f"{text} The army will send 300 {text} soldiers to Tijuana, Mexico, on Friday, it said. {text}",
        "title": text,
        "url": f"https://a.example/{text}",
        "source": text,
        "lang": text,
        "published_at": "2025-02-05T12:00:00Z",
    }


def plain(text: str) -> dict[str, Any]:
    """The same with a sentence that is surely read, in a language that is."""
    return article(text) | {
        "lang": "en",
        "text": f"{text}\n\nThe army will send 300 soldiers to Tijuana, Mexico, on Friday, the ministry said. {text}",
    }


@HOSTILE
def test_logs_are_one_line_an_event(text: str) -> None:
    """In a message, an argument or an exception: nothing forges a line or drives the terminal."""
    formatter = OneLineFormatter("%(levelname)s %(message)s")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is the point
        int(f"x{text}", 10)
    info = (caught.type, caught.value, caught.tb)
    for record in (
        logging.LogRecord("x", logging.ERROR, "", 0, text.replace("%", "%%"), None, None),
        logging.LogRecord("x", logging.ERROR, "", 0, "it says %s", (text,), None),
        logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, info),
    ):
        head, *trace = formatter.format(record).split("\n")
        assert head.startswith("ERROR ")
        assert not obeyed(head)
        assert all(line.startswith("    ") and not obeyed(line) for line in trace)


@HOSTILE
@pytest.mark.parametrize("fmt", ["table", "json", "csv"])
def test_rows_of_every_format_show_it_and_obey_nothing(text: str, fmt: Format) -> None:
    """In a cell, a nested value or a name: escaped for people, exact for programs, no formula for spreadsheets."""
    stream = io.StringIO()
    emit([{"a": text, "b": [text, {text: 1}]}], fmt, ("a", "b"), stream)
    shown = stream.getvalue()
    assert not obeyed(shown)
    if fmt == "json":
        assert json.loads(shown) == {"a": text, "b": [text, {text: 1}]}
    if fmt == "csv":
        check_cells(shown)


@HOSTILE
def test_every_command_that_shows_articles_shows_them_harmlessly(text: str, tmp_path: Path) -> None:
    """extract, tally, why and places, in every format, from a file whose name is hostile too."""
    folder = tmp_path / "articles"
    folder.mkdir()
    name = text.replace("/", "").replace("\x00", "")[:40]
    (folder / f"a{name}.json").write_bytes(orjson.dumps([article(text), plain(text)]))
    (folder / f"b{name}.json").write_bytes(b'{"text": 1}')
    for command in (["extract"], ["tally"], ["why", "Tijuana"], ["places"]):
        for fmt in ("table", "json", "csv"):
            result = CliRunner().invoke(main, [*command, str(folder), "--format", fmt])
            assert "Traceback" not in result.output
            assert not result.exception or isinstance(result.exception, SystemExit), result.exception
            assert result.stdout.count("\n") > 1 or fmt == "json"
            assert not obeyed(result.stdout), (command, fmt)
            assert not obeyed(result.stderr), (command, fmt)
            if fmt == "csv":
                check_cells(result.stdout)


@HOSTILE
def test_headers_and_metric_labels_hold_none_of_it(text: str) -> None:
    """What comes of an article carries headers of known words, and counts under few labels, whatever it says."""
    metrics, settings = Metrics(), Settings()
    extractor = offline.load_extractor(settings.cache_dir)
    work = ExtractWork(settings, extractor, 1, DeadLetters(settings, metrics, stage="extract"), metrics)
    hostile = [("traceparent", text.encode()), ("ce_id", text.encode()), (text, text.encode())]
    for body in (
        plain(text),
        plain(text) | {"lang": f"en-{text}"},
        plain(text) | {"article_id": text, "version": text},
        {"text": 1, "title": text},
    ):
        for one in work.process(Fetched(value=orjson.dumps(body), headers=tuple(hostile))):
            own = one.current_headers()
            if one.topic == settings.topic_dead_letters:
                assert own[: len(hostile)] == hostile  # the original, untouched
                own = own[len(hostile) :]
            assert not obeyed("".join(name + value.decode() for name, value in own))
            assert text not in [value.decode() for _, value in own]
    shown = exposition.generate_latest(metrics.registry).decode()
    assert not obeyed(shown)
    samples = [sample for family in metrics.registry.collect() for sample in family.samples]
    labels = {sample.labels["lang"] for sample in samples if "lang" in sample.labels}
    assert labels
    assert labels <= {"en", "es", "other", "unknown"}


@HOSTILE
def test_the_api_and_the_demo_show_a_forged_total_harmlessly(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Even a total that somebody forged: JSON is exact, CSV is no formula, the table obeys nothing."""
    extractor = offline.load_extractor(Settings().cache_dir)
    from muster.core.pipeline import totals_of
    from muster.shell.article_codec import decode_article

    decoded = decode_article(None, orjson.dumps(plain("")), bytes_max=10_000).value
    claim = extractor.claim(decoded, recorded_at=None)  # type: ignore[arg-type]
    total = next(t for t in totals_of([claim]) if t.location.scope == "city")  # type: ignore[list-item]
    forged = orjson.loads(codec.total_value(total))
    forged["place"] |= {"name": text, "country": text, "admin1": text}
    forged["evidence"][0] |= {"quote": text, "url": text, "title": text}
    page = page_of(read_query([]), {"city:1": forged})
    assert json.loads(render(page, "json"))["totals"][0]["place"]["name"] == text
    assert json.loads(render(page, "geojson"))["features"][0]["properties"]["place"]["name"] == text
    check_cells(render(page, "csv").decode())
    demo._print_table({b"city:1": orjson.dumps(forged)})
    assert not obeyed(capsys.readouterr().out)
