"""The world of one seed: articles with known assertions, their versions, retractions and withdrawals.

Numbers, dates, publishers and texts are drawn from few, so that they get in one another's way.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import cast, get_args

from muster.core.fingerprint import fingerprint
from muster.core.identity import sha256_hex
from muster.core.model import (
    Assertion,
    DateSpan,
    Evidence,
    Force,
    ForceCategory,
    LocatedAssertions,
    Location,
    Personnel,
    Place,
    Provenance,
    Qualifier,
    Rank,
    Role,
    Status,
)

CITIES = tuple(
    Location("city", (Place(f"city:{n}", f"City {n}", n, "State", "MX", float(n), float(n)),)) for n in (1, 2)
)
REGION = Location("region", (Place("region:MX:northern-border", "Northern border", country="MX"),))
SEVERAL = Location("multi", (CITIES[0].places[0], CITIES[1].places[0]))
PLACES = (*CITIES, CITIES[0], REGION, SEVERAL)

DAY_ONE = datetime(2025, 2, 3, tzinfo=UTC)
STATUSES: tuple[Status, ...] = (
    *("planned",) * 4,
    *("deployed",) * 4,
    *("withdrawn",) * 2,
    *("cancelled",) * 2,
    "withdrawing",
)
QUALIFIERS: tuple[Qualifier, ...] = (*("exact",) * 6, "approx", "approx", "at_least", "at_most", "range", "vague")
FORCES = get_args(ForceCategory)
USUAL: tuple[ForceCategory, ...] = ("army", "national_guard", "police", "mixed", "unspecified")
PUBLISHERS = ("a.example", "b.example", "c.example", "d.example", "e.example", None)


@dataclass(frozen=True)
class Raw:
    """A record for articles.raw. Without a provenance it is a null value, which withdraws the article for good."""

    article_id: str
    recorded_at: datetime
    provenance: Provenance | None
    located: tuple[LocatedAssertions, ...] = ()


def records_of(rng: random.Random) -> list[Raw]:
    """The records in a random order, some of them repeated at another time."""
    days = rng.choice([2, 2, 6, 20, 150])
    numbers = rng.sample([120, 250, 300, 500, 1550, 1600, 1650, 1700, 2000], rng.choice([2, 3, 6]))
    some = rng.sample(PLACES, rng.randint(1, 3))
    raws: list[Raw] = []
    for number in range(rng.randint(3, 14)):
        raws += _article(rng, f"article-{number}", days, numbers, some)
    raws += [replace(raw, recorded_at=_moment(rng, days)) for raw in raws if rng.random() < 0.2]
    rng.shuffle(raws)
    return raws


def _article(rng: random.Random, article_id: str, days: int, numbers: list[int], places: list[Location]) -> list[Raw]:
    published_at = _moment(rng, days)
    publisher = rng.choice(PUBLISHERS)
    storm = rng.random() < 0.04
    versions = range(rng.randint(8, 20) if storm else rng.choice([1, 1, 1, 1, 2, 3]))
    raws = []
    for version in versions:
        retracted = rng.random() < (0.2 if version else 0.03)
        fetched_at = None if rng.random() < 0.2 else published_at + timedelta(hours=rng.choice([0, 1, 5, 30, -30]))
        named = [] if retracted else rng.sample(places, rng.randint(0 if version else 1, len(places)))
        located = tuple(
            LocatedAssertions(at, tuple(_assertions(rng, f"{article_id}/{version}/{at.key}", days, numbers)))
            for at in {at.key: at for at in named}.values()
        )
        rank = Rank(
            version=version if rng.random() < 0.9 else max(0, version - 1),
            retracted=retracted,
            fetched_at="" if fetched_at is None else fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            text_sha256=sha256_hex(repr(located)),
        )
        provenance = Provenance(
            article_id=article_id,
            rank=rank,
            published_at=None if rng.random() < 0.06 else published_at,
            fetched_at=fetched_at,
            recorded_at=None,
            source=publisher,
            url=None,
            title=None,
            lang="en",
            extractor_version="1",
            fingerprint=rng.choice(fingerprints()) if rng.random() < 0.4 else _own_fingerprint(rng.randrange(40)),
            publisher=publisher,
        )
        raws.append(Raw(article_id, _moment(rng, days), provenance, located))
    if rng.random() < 0.05:
        raws.append(Raw(article_id, _moment(rng, days), None))
    return raws


def _assertions(rng: random.Random, name: str, days: int, numbers: list[int]) -> list[Assertion]:
    found = [_assertion(rng, f"{name}/{n}", 10 * n, numbers) for n in range(rng.choice([1, 1, 1, 1, 2, 2, 3]))]
    if rng.random() < 0.1:
        about = (DAY_ONE + timedelta(days=rng.randint(-60, days))).date()
        span = _span(rng, about)
        looking_back = rng.randint(1, len(found))
        found[:looking_back] = [replace(one, historical=True, event_date=span) for one in found[:looking_back]]
    return found


def _span(rng: random.Random, about: date) -> DateSpan | None:
    return None if rng.random() < 0.2 else DateSpan(about, about + timedelta(days=rng.choice([0, 0, 3])))


def _assertion(rng: random.Random, name: str, start: int, numbers: list[int]) -> Assertion:
    number = rng.choice(numbers)
    qualifier = rng.choice(QUALIFIERS)
    low, high = {
        "exact": (number, number),
        "approx": (number, number),
        "at_least": (number, None),
        "at_most": (None, number),
        "range": (number, number + 101),
        "vague": (None, None),
    }[qualifier]
    force = rng.choice(USUAL if rng.random() < 0.8 else FORCES)
    return Assertion(
        event_id=sha256_hex(name),
        personnel=Personnel(low, high, qualifier, "increment" if rng.random() < 0.15 else "level", str(number)),
        status=rng.choice(STATUSES),
        force=Force(force),
        role=cast(Role, rng.choice(["single", "single", "single", "part", "total"])),
        historical=False,
        event_date=None,
        evidence=Evidence(name, start, start + len(name)),
        confidence=0.9,
    )


def _moment(rng: random.Random, days: int) -> datetime:
    """On the hour, so that some are equal and some exactly 48 hours apart."""
    return DAY_ONE + timedelta(days=rng.randint(0, days), hours=rng.choice([0, 0, 6, 12, 18, 23]))


@cache
def fingerprints() -> tuple[str, ...]:
    """Of two texts and of near and less near copies of each."""
    found = []
    for name in ("wire", "agency"):
        words = [f"{name}{n}" for n in range(100)]
        found += [fingerprint(" ".join([*words[changed:], *["new"] * changed])) for changed in (0, 4, 9, 16, 40)]
    return (*found, "")


@cache
def _own_fingerprint(number: int) -> str:
    return fingerprint(" ".join(f"own{number}word{n}" for n in range(40)))
