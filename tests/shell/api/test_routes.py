"""The read API over HTTP, without a broker: a follower that holds the totals of the seeds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import aiohttp
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from muster.shell.api.openapi import document
from muster.shell.api.routes import Api
from muster.shell.metrics import Metrics
from muster.shell.web import WebServer


def ask(api: Api, *requests: tuple[str, str, dict[str, str]]) -> list[tuple[int, Mapping[str, str], str]]:
    """(method, path, headers) -> (status, headers, body), in one server."""

    async def scenario() -> list[tuple[int, Mapping[str, str], str]]:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, api)
        port = await server.start()
        answers = []
        async with aiohttp.ClientSession() as session:
            for method, path, headers in requests:
                async with session.request(method, f"http://127.0.0.1:{port}{path}", headers=headers) as response:
                    answers.append((response.status, response.headers, await response.text()))
        await server.stop()
        return answers

    return asyncio.run(scenario())


def test_a_city_is_the_total_of_the_topic_with_its_evidence(api):
    """One city whole, and in the list without its evidence."""
    one, listed = ask(api, ("GET", "/api/v1/cities/3981609", {}), ("GET", "/api/v1/cities?name=tijuana", {}))
    total = json.loads(one[2])
    assert total == api.follower.cities["city:3981609"]
    assert total["evidence"]
    (row,) = json.loads(listed[2])["totals"]
    assert row["planned"] == total["planned"]
    assert "evidence" not in row


def test_one_place_as_of_a_day_is_its_timeline_until_then(api):
    """What stood on a day has the figures of that day's point and no later point; the whole has the operations too."""
    whole = api.follower.cities["city:3981609"]
    (first, *_), count = whole["timeline"], len(whole["timeline"])
    assert whole["timeline_count"] == count
    assert whole["operations"]
    (answer,) = ask(api, ("GET", f"/api/v1/cities/3981609?as_of={first['date']}", {}))
    told = json.loads(answer[2])
    assert told["timeline"] == [first]
    assert (told["planned"], told["deployed"], told["reports"]) == (
        first["planned"],
        first["deployed"],
        first["reports"],
    )


def test_an_unchanged_answer_is_304_and_a_changed_one_is_not(api):
    """The ETag is the answer's own: it changes when the answer does."""
    (first,) = ask(api, ("GET", "/api/v1/cities", {}))
    etag = first[1]["ETag"]
    (second,) = ask(api, ("GET", "/api/v1/cities", {"If-None-Match": etag}))
    assert (second[0], second[2]) == (304, "")
    api.follower.cities.popitem()
    (third,) = ask(api, ("GET", "/api/v1/cities", {"If-None-Match": etag}))
    assert third[0] == 200
    assert third[1]["ETag"] != etag


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/cities/1", 404),
        ("GET", "/api/v1/regions/nowhere", 404),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/cities", 405),
        ("GET", "/api/v1/cities?limit=0", 400),
        ("GET", "/api/v1/cities?what=%3Cscript%3E", 400),
        ("GET", "/api/v1/cities/3981609?format=csv", 400),
        ("GET", "/api/v1/cities/3981609?as_of=2025-02-30", 400),
        ("GET", "/api/v1/cities/3981609?as_of=1999-01-01", 404),
        ("GET", "/api/v1/cities?as_of=20250204", 400),
        ("GET", "/api/v1/cities?as_of=2025-02-04&force=army", 400),
    ],
)
def test_every_error_is_a_problem_document(api, method, path, status):
    """One shape (RFC 9457), whoever raised it, and nothing of the request in it."""
    (answer,) = ask(api, (method, path, {}))
    assert answer[0] == status
    assert answer[1]["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer[2])
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "detail"}
    assert "script" not in answer[2]


def test_before_the_totals_are_read_it_says_so(api):
    """503 with Retry-After instead of an empty list that looks like an answer."""
    api.follower.caught_up = False
    (answer,) = ask(api, ("GET", "/api/v1/cities", {}))
    assert answer[0] == 503
    assert answer[1]["Retry-After"] == "1"


def test_formats_carry_their_media_types(api):
    """JSON, GeoJSON and CSV each say what they are."""
    answers = ask(api, *(("GET", f"/api/v1/cities?format={f}", {}) for f in ("json", "geojson", "csv")))
    types = [headers["Content-Type"].split(";")[0] for _, headers, _ in answers]
    assert types == ["application/json", "application/geo+json", "text/csv"]


def test_the_openapi_document_has_exactly_the_routes(api):
    """Every route is documented and every documented path exists; operation ids are unique."""
    described = {(method.upper(), path) for path, item in document()["paths"].items() for method in item}
    assert described == {(route.method, route.path) for route in api.routes()}
    operations = [operation["operationId"] for item in document()["paths"].values() for operation in item.values()]
    assert len(operations) == len(set(operations))
    (answer,) = ask(api, ("GET", "/api/v1/openapi.json", {}))
    assert json.loads(answer[2]) == document()


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v1/cities", "/api/v1/cities"),
        ("/api/v1/cities?format=geojson", "/api/v1/cities"),
        ("/api/v1/cities?as_of=2025-02-06", "/api/v1/cities"),
        ("/api/v1/cities/3981609", "/api/v1/cities/{geonames_id}"),
        ("/api/v1/cities/3981609?as_of=2025-02-06", "/api/v1/cities/{geonames_id}"),
        ("/api/v1/regions", "/api/v1/regions"),
        ("/api/v1/regions/region:MX:northern-border", "/api/v1/regions/{key}"),
        ("/api/v1/map", "/api/v1/map"),
        ("/api/v1/events", "/api/v1/events"),
        ("/api/v1/rules", "/api/v1/rules"),
    ],
)
def test_every_answer_is_what_the_openapi_document_says(api, path, route):
    """The answers for the seeds are valid by the schema of their route and media type."""
    ((status, headers, body),) = ask(api, ("GET", path, {}))
    assert status == 200
    content = document()["paths"][route]["get"]["responses"]["200"]["content"]
    schema = content[headers["Content-Type"].split(";")[0]]["schema"] | {"components": document()["components"]}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(body))] == []
