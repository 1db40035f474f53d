"""`muster extract --explain`: the words behind each event, for people and programs, whatever the text holds."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner

from muster.shell.cli import main

TEXT = (
    "TIJUANA, Mexico — The army will send 1,650 soldiers to this city on Friday, the ministry said.\n\n"
    "Some 300 arrived in Mexicali on Monday."
)


def explained(text: str, *arguments: str, env: dict[str, str] | None = None) -> str:
    given = json.dumps({"id": "a", "title": "Soldiers", "text": text})
    result = CliRunner(env=env).invoke(main, ["extract", "--explain", *arguments], input=given)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_span_is_the_slice_that_its_offsets_name():
    """JSON: the spans of number, force, place and status are exact, and the number's is the stated one."""
    (line,) = explained(TEXT, "--format", "json").splitlines()
    events = json.loads(line)["events"]
    assert len(events) == 2
    for event in events:
        assert set(event["spans"]) == {"number", "force", "place", "status"}
        for spans in event["spans"].values():
            assert all(TEXT[s["start"] : s["end"]] == s["text"] for s in spans)
        assert [s["text"] for s in event["spans"]["number"]] == [event["personnel"]["text"]]


def test_json_tells_the_same_events_as_without_explanation():
    """--explain only adds spans."""
    line = json.loads(explained(TEXT, "--format", "json"))
    given = json.dumps({"id": "a", "title": "Soldiers", "text": TEXT})
    plain = json.loads(CliRunner().invoke(main, ["extract"], input=given).stdout)
    for event in line["events"]:
        del event["spans"]
    assert line == plain


def test_people_see_the_article_with_marks_and_the_events_under_it():
    """Without colour the marks are brackets; each event has its confidence."""
    out = explained(TEXT)
    assert "[number: 1,650] [force: soldiers]" in out
    assert out.index("[number: 1,650]") < out.index("-> Tijuana, MX: 1,650, army, planned")
    assert "sure to" in out


@pytest.mark.parametrize("fmt", ["table", "json"])
def test_nothing_in_an_article_drives_the_terminal(fmt):
    """Escapes, bells and direction marks of text and title come out as escapes that can be read."""
    out = explained(TEXT.replace("army", "ar\x1b[2Jmy\x07 \u202egn"), "--format", fmt)
    assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_colour_is_for_terminals_that_want_it(monkeypatch):
    """A terminal gets colours, and with NO_COLOR brackets."""
    from muster.shell.cli.explain import show
    from muster.shell.explained import Explanation

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    page = Explanation(None, (), {"article_id": "a", "events": [], "rejected": {"reason": "not_json", "detail": "x"}})
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    show([page], "table", coloured := Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    show([page], "table", plain := Terminal())
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[3" not in plain.getvalue()
    assert "[number: ...]" in plain.getvalue()


def test_csv_has_no_pages():
    """An explanation in CSV is refused, with what to do."""
    result = CliRunner().invoke(main, ["extract", "--explain", "--format", "csv"], input="{}")
    assert result.exit_code == 2
    assert "--format table" in result.stderr
