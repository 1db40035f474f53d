"""Stories: reports and the total that they must come to, written as a reader would note them down.

    A 2025-02-05T09:00 elpaso.example planned ~1600 army; deployed 300 army
    B 2025-02-06       juarez.example planned 1650 national_guard
    = planned 1650 [1600, 1650] by most_support

A line is a report: article, date (`-` for none), source, facts. A fact is [part|total|background@DATE] status number
force; the number is 1650, ~1600, >=1650, <=1650, 1600..1650 or, as an increment, +250. Options stand before the facts:
v=2 (version), retracted, text=WORD (reports of one word are copies), fetched=DATE. A line that starts with `=` is an
expectation: status best [low, high] by the rules in order; `?` is an open bound; `none` is an unknown figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from muster.core.fingerprint import fingerprint
from muster.core.identity import sha256_hex
from muster.core.model import (
    Assertion,
    DateSpan,
    Estimate,
    Evidence,
    Force,
    Location,
    Personnel,
    Place,
    PlaceTotal,
    Provenance,
    Rank,
    Report,
)

JUAREZ = Location("city", (Place("city:4013708", "Ciudad Juárez", 4013708, "Chihuahua", "MX", 31.72, -106.46),))

FACT = re.compile(
    r"(?:(?P<role>part|total) )?(?:background@(?P<about>[\d-]+) )?"
    r"(?P<status>planned|deployed|withdrawing|withdrawn|cancelled) "
    r"(?P<more>\+)?(?P<number>[~><=\d.]+|vague) (?P<force>\w+)"
)
EXPECTED = re.compile(
    r"= (?P<status>\w+) (?:none|(?P<best>\d+) \[(?P<low>[\d?]+), (?P<high>[\d?]+)\])(?: by (?P<rules>[\w, ]+))?"
)


@dataclass
class Expectation:
    status: str
    estimate: Estimate | None
    rules: list[str] | None


@dataclass
class Story:
    reports: list[Report] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)

    def check(self, total: PlaceTotal) -> None:
        for expected in self.expectations:
            assert getattr(total.figures, expected.status) == expected.estimate, expected.status
            if expected.rules is not None:
                assert [d.rule for d in total.decided_by if d.status == expected.status] == expected.rules


def story(text: str) -> Story:
    told = Story()
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("="):
            told.expectations.append(_expectation(line))
        else:
            told.reports.append(report(line))
    return told


def report(line: str) -> Report:
    article_id, day, source, *rest = line.split()
    options = {}
    while rest and (rest[0] == "retracted" or rest[0].split("=")[0] in ("v", "text", "fetched")):
        name, _, value = rest.pop(0).partition("=")
        options[name] = value
    facts = [part.strip() for part in " ".join(rest).split(";") if part.strip()]
    version = int(options.get("v", 0))
    fetched_at = _moment(options["fetched"]) if "fetched" in options else None
    fetched = fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if fetched_at else ""
    words = f"{options.get('text', article_id)} "
    provenance = Provenance(
        article_id=article_id,
        rank=Rank(version, "retracted" in options, fetched, sha256_hex(line)),
        published_at=None if day == "-" else _moment(day),
        fetched_at=fetched_at,
        recorded_at=None,
        source=source,
        url=None,
        title=None,
        lang=None,
        extractor_version="1",
        fingerprint=fingerprint(" ".join(words.strip() + str(i) for i in range(100))),
        publisher=source,
    )
    assertions = tuple(_assertion(article_id, version, number, fact) for number, fact in enumerate(facts))
    return Report(provenance, JUAREZ, assertions)


def _assertion(article_id: str, version: int, number: int, fact: str) -> Assertion:
    found = FACT.fullmatch(fact)
    assert found, fact
    low, high, qualifier = _bounds(found["number"])
    about = date.fromisoformat(found["about"]) if found["about"] else None
    return Assertion(
        event_id=f"{article_id}/{version}/{number}",
        personnel=Personnel(low, high, qualifier, "increment" if found["more"] else "level", found["number"]),
        status=found["status"],
        force=Force(found["force"]),
        role=found["role"] or "single",
        historical=about is not None,
        event_date=DateSpan(about, about) if about else None,
        evidence=Evidence(fact, 10 * number, 10 * number + len(fact)),
        confidence=0.9,
    )


def _bounds(number: str) -> tuple[int | None, int | None, str]:
    if number == "vague":
        return None, None, "vague"
    if number.startswith("~"):
        return int(number[1:]), int(number[1:]), "approx"
    if number.startswith(">="):
        return int(number[2:]), None, "at_least"
    if number.startswith("<="):
        return None, int(number[2:]), "at_most"
    if ".." in number:
        low, high = number.split("..")
        return int(low), int(high), "range"
    return int(number), int(number), "exact"


def _expectation(line: str) -> Expectation:
    found = EXPECTED.fullmatch(line)
    assert found, line
    bound = {name: None if found[name] == "?" else int(found[name]) for name in ("low", "high") if found[name]}
    estimate = Estimate(bound["low"], int(found["best"]), bound["high"]) if found["best"] else None
    return Expectation(found["status"], estimate, found["rules"].split(", ") if found["rules"] else None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
