"""Every parser that meets bytes from outside, and what must hold whatever they are: a check raises when it does not."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import orjson
from hypothesis import strategies as st
from pydantic import ValidationError

from muster import schemas
from muster.core.model import Reason
from muster.shell import codec, dead_letter_tools, headers, offline, report_rows
from muster.shell.api.changes import Changes
from muster.shell.api.events import EventsFollower
from muster.shell.api.problem import Problem
from muster.shell.api.query import PARAMETERS, page_of, read_query
from muster.shell.api.render import render
from muster.shell.api.totals import TotalsFollower
from muster.shell.cli.output import json_line
from muster.shell.gazetteer import CompiledGazetteer, GazetteerDamagedError
from muster.shell.html_text import html_to_text
from muster.shell.inputs import read_articles
from muster.shell.metrics import Metrics
from muster.shell.model_file import MODEL, parse_model
from muster.shell.roles.dead_letters import DeadLetters
from muster.shell.roles.extract import ExtractWork
from muster.shell.settings import Settings
from tests.fuzz.hostile import anything, broken, header_lists

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(dead_letters_in_a_row_max=10**9, dead_letter_ratio_max=1.0, _env_prefix="MUSTER_FUZZ_NOT_SET_")
ARTICLES = [orjson.loads(record.value or b"{}") for record in read_articles([ROOT / "seeds" / "articles"])][:12]
ARTICLES += [
    {"id": "a", "maintext": "The army will send 1,650 soldiers to Tijuana, Mexico.", "date_publish": "2025-02-05"},
    {"html": "<p>The army will send <b>300</b> soldiers to Tijuana, Mexico.</p>", "url": "https://a.example/1?b=c"},
    {"article_id": "a", "version": 3, "retracted": True, "text": "", "fetched_at": "2025-02-05T10:00:00-08:00"},
]


@dataclass(frozen=True)
class Fetched:
    """A record as a consumer gives it."""

    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int = 1_700_000_000_000
    topic: str = "articles.raw"
    partition: int = 3
    offset: int = 42


@dataclass(frozen=True)
class Target:
    """One parser: what it is fed, what must hold, and its share of the inputs."""

    name: str
    inputs: Callable[[], st.SearchStrategy[Any]]
    check: Callable[[Any], str]
    share: int = 5


@cache
def extraction() -> tuple[ExtractWork, Metrics]:
    metrics = Metrics()
    work = ExtractWork(
        SETTINGS,
        offline.load_extractor(Settings().cache_dir),
        12,
        DeadLetters(SETTINGS, metrics, stage="extract"),
        metrics,
    )
    return work, metrics


def records() -> st.SearchStrategy[Fetched]:
    keys = st.none() | st.just(b"a") | st.binary(max_size=12)
    times = st.just(1_700_000_000_000) | st.integers(-(2**63), 2**63 - 1)
    return st.builds(Fetched, keys, st.none() | anything(ARTICLES), header_lists(), times)


def read_one(metrics: Metrics) -> float:
    (family,) = [f for f in metrics.registry.collect() if f.name == "muster_records"]
    return sum(sample.value for sample in family.samples if sample.name.endswith("_total"))


def check_article(record: Fetched) -> str:
    """Accepted, ignored or dead, each input exactly once; a letter is the original and says why."""
    work, metrics = extraction()
    before = read_one(metrics)
    came = work.process(record)
    letters = [one for one in came if one.topic == SETTINGS.topic_dead_letters]
    assert read_one(metrics) == before + 1
    if letters:
        (letter,) = came
        assert (letter.key, letter.value) == (record.key, record.value)
        told = letter.current_headers()
        assert tuple(told[: len(record.headers)]) == record.headers
        reason = dict(told)["muster.reason"].decode()
        assert reason in get_args(Reason)
        assert reason != "internal_error", dict(told)
        return "dead letter"
    for one in came:
        assert one.topic in (SETTINGS.topic_claims, SETTINGS.topic_events)
        assert one.origin is record
        assert all(len(value) <= headers.VALUE_CHARS_MAX for _, value in one.current_headers())
    if not came:
        return "ignored"
    codec.decode_claim(came[0].current_value())
    assert [one.topic for one in came].count(SETTINGS.topic_claims) == 1
    return "accepted"


@cache
def claims() -> tuple[bytes, ...]:
    work, _ = extraction()
    found = [work.process(Fetched(value=orjson.dumps(article))) for article in ARTICLES]
    return tuple(one.current_value() or b"" for came in found for one in came if one.topic == SETTINGS.topic_claims)


@cache
def reports() -> tuple[bytes, ...]:
    from muster.core.route import route

    routed = [route(None, codec.decode_claim(claim)) for claim in claims()]
    return tuple(codec.encode_report(report) for _, some in routed for report in some)


@cache
def rows() -> tuple[bytes, ...]:
    from muster.core.route import route

    return tuple(codec.encode_route_row(route(None, codec.decode_claim(claim))[0]) for claim in claims())


@cache
def totals() -> tuple[bytes, ...]:
    from muster.core.pipeline import totals_of

    return tuple(codec.total_value(total) for total in totals_of([codec.decode_claim(claim) for claim in claims()]))


@cache
def events() -> tuple[bytes, ...]:
    work, _ = extraction()
    found = [work.process(Fetched(value=orjson.dumps(article))) for article in ARTICLES]
    return tuple(one.current_value() or b"" for came in found for one in came if one.topic == SETTINGS.topic_events)


def decoding(decode: Callable[[bytes], object]) -> Callable[[bytes], str]:
    """A value that is read, or refused with the error of the codec, which holds none of it."""

    def check(value: bytes) -> str:
        try:
            decode(value)
        except codec.CodecError as error:
            told = str(error)
        else:
            return "read"
        assert len(told) < 300
        assert told.isprintable()
        return "refused"

    return check


def near(samples: Callable[[], tuple[bytes, ...]]) -> Callable[[], st.SearchStrategy[bytes]]:
    return lambda: anything([orjson.loads(one) for one in samples()])


def packed() -> st.SearchStrategy[bytes]:
    good = [report_rows.pack(codec.decode_report(report)) for report in reports()]
    return broken(good) | st.binary(max_size=100).map(lambda data: b"\x01" + data)


def check_totals(value: bytes) -> str:
    """A forged total is shown or left out; either way every question is answered, and the page's stream goes on."""
    changes = Changes()
    follower = TotalsFollower(SETTINGS, changes.total_changed)
    follower.caught_up = True
    for topic, key in ((SETTINGS.topic_city_totals, b"city:1"), (SETTINGS.topic_region_totals, b"\xff")):
        follower._keep(Fetched(key=key, value=value, topic=topic))
    changes.tell()
    for held in (follower.cities, follower.regions):
        for question in ([], [("minimum", "1"), ("force", "army")], [("bbox", "-120,30,-110,33")], [("name", "t")]):
            for form in ("json", "geojson", "csv"):
                render(page_of(read_query([*question, ("format", form)]), held), form)  # type: ignore[arg-type]
    return "shown" if follower.cities else "left out"


def check_event(value: bytes) -> str:
    """A forged event is told or left out, and the stream of changes goes on."""
    changes = Changes()
    EventsFollower(SETTINGS, changes.event_came)._hand_over(Fetched(value=value, topic=SETTINGS.topic_events))
    changes.tell()
    return "told" if changes.newest else "left out"


def check_query(pairs: list[tuple[str, str]]) -> str:
    """A query, or a 400 that repeats nothing of it."""
    try:
        query = read_query(pairs)
    except Problem as problem:
        refused = problem
    else:
        page_of(query, {"city:1": orjson.loads(totals()[0])})
        return "read"
    assert refused.status == 400
    assert all(len(text) < 12 or text not in refused.detail for _, text in pairs)
    return "refused"


def queries() -> st.SearchStrategy[list[tuple[str, str]]]:
    good = [
        *(("country", "mx"), ("status", "planned"), ("force", "army"), ("minimum", "100"), ("bbox", "-120,30,-110,33")),
        *(("name", "Ciudad Ju\u00e1rez"), ("limit", "10"), ("cursor", "Y2l0eTox"), ("format", "csv")),
        ("as_of", "2025-02-05"),
    ]
    names = st.sampled_from([p.name for p in PARAMETERS]) | st.text(max_size=8)
    values = st.text(max_size=40) | st.sampled_from(["-1", "nan,0,0,0", "\u0661", "9" * 30, "==", "0000-00-00"])
    near = st.tuples(st.sampled_from(good), values, st.booleans()).map(lambda t: (t[0][0], t[1]) if t[2] else t[0])
    return st.lists(st.sampled_from(good) | near | st.tuples(names, values), max_size=3)


def check_letter(record: Fetched) -> str:
    """A letter is listed and shown whatever its headers are; no header but a valid trace is passed on."""
    letter = dead_letter_tools.letter_of(record)
    for row in (letter.summary(), letter.whole(100)):
        assert json.loads(json_line(row))["letter"] == letter.address
    own = headers.original_headers(record.headers)
    assert set(own) <= set(record.headers)
    passed = headers.passed_on(record.headers)
    assert len(passed) <= 1
    assert all(name == "traceparent" and len(value) == 55 for name, value in passed)
    try:
        schemas.DeadLetterHeadersV1.of(record.headers)
    except ValidationError:
        return "not by the contract"
    return "by the contract"


def letters() -> st.SearchStrategy[Fetched]:
    return st.builds(Fetched, st.none() | st.binary(max_size=8), st.none() | st.binary(max_size=40), header_lists())


def environments() -> st.SearchStrategy[dict[str, str]]:
    text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
    odd = st.sampled_from(
        ["-1", "0", "nan", "inf", "1e999", "true", "SSL", "9" * 5_000, "/", "[]", "{}", "::", "0.0.0.0"]
    )
    return st.dictionaries(st.sampled_from(list(Settings.model_fields)), odd | text, max_size=3)


def check_environment(variables: dict[str, str]) -> str:
    """Settings, or an error that names the variable and does not repeat its value."""
    named = {f"MUSTER_{name.upper()}": value for name, value in variables.items()}
    before = dict(os.environ)
    os.environ.update(named)
    told = ""
    try:
        settings = Settings()
    except ValidationError as error:
        told = str(error)
    finally:
        os.environ.clear()
        os.environ.update(before)
    if told:
        assert all(len(value) < 12 or value not in told for value in named.values())
        return "refused"
    secrets = {"sasl_password", "ssl_key_password", "web_token"}
    others = [value for name, value in variables.items() if name not in secrets]
    hidden = [value for name, value in variables.items() if name in secrets and len(value) >= 12]
    assert not [value for value in hidden if value in repr(settings) and not any(value in other for other in others)]
    return "read"


def check_file(given: tuple[str, bytes]) -> str:
    """Any file is records, each with its origin; what is wrong is said, and nothing is raised."""
    suffix, content = given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(content)
        found = list(read_articles([path]))
    assert all(one.origin and (one.value is not None or one.error) for one in found)
    return "read" if found and not any(one.error for one in found) else "refused"


def files() -> st.SearchStrategy[tuple[str, bytes]]:
    suffixes = [".json", ".jsonl", ".txt", ".html", "", ".jsonl.gz", ".json.gz"]
    return st.tuples(st.sampled_from(suffixes), anything(ARTICLES))


def check_html(html: str) -> str:
    """Text without tags of its own making, never an exception."""
    text, whole = html_to_text(html)
    assert isinstance(text, str)
    return "whole" if whole else "cut"


def htmls() -> st.SearchStrategy[str]:
    page = b"<html><head><title>t</title></head><body><p>300 soldiers</p><table><tr><td>a<td>b</table></body></html>"
    deep = b"<div>" * 600 + b"300 soldiers" + b"</div>" * 600
    return broken([page, page, deep]).map(lambda data: data.decode(errors="replace")) | st.text(max_size=80)


def check_gazetteer(content: bytes) -> str:
    """A file that is not whole is refused, never read wrongly."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gazetteer.bin")
        path.write_bytes(content)
        try:
            CompiledGazetteer(path)
        except GazetteerDamagedError:
            return "refused"
    raise AssertionError("a file of no gazetteer was read")


def check_model(content: bytes) -> str:
    """A model, or a ValueError."""
    try:
        parse_model(content)
    except ValueError:
        return "refused"
    return "read"


def models() -> st.SearchStrategy[bytes]:
    model = orjson.loads(MODEL.read_bytes())
    small = {k: dict(list(v.items())[:5]) if isinstance(v, dict) else v for k, v in model.items()}
    return anything([small])


TARGETS = (
    Target("articles", records, check_article, share=40),
    Target("claims", near(claims), decoding(codec.decode_claim)),
    Target("reports", near(reports), decoding(codec.decode_report)),
    Target("rows of route", near(rows), decoding(codec.decode_route_row)),
    Target("rows of fold", packed, decoding(report_rows.unpack)),
    Target("totals of the read API", near(totals), check_totals),
    Target("events of the page", near(events), check_event),
    Target("query parameters", queries, check_query),
    Target("headers and dead letters", letters, check_letter),
    Target("settings", environments, check_environment),
    Target("files", files, check_file),
    Target("html", htmls, check_html),
    Target("gazetteer file", lambda: st.binary(max_size=300), check_gazetteer, share=2),
    Target("model file", models, check_model, share=3),
)
