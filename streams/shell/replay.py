"""Rebuilding everything from articles.raw beside the running stream, and switching over to it.

A replay is a second set of consumer groups and topics, named after it. It reads articles.raw from its beginning with
the code at hand. When it has caught up, workers with the switched settings go on from its offsets and tables and write
to the public topics; the owner of each place then makes the public totals agree with its own, so there is no gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from muster.shell.readback import last_values
from muster.shell.settings import Settings

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
INTERNAL = ("topic_claims", "topic_reports")
PUBLIC = ("topic_events", "topic_city_totals", "topic_region_totals")
STATUSES = ("planned", "deployed", "withdrawn")


def replay_settings(settings: Settings, name: str) -> Settings:
    """Settings of the replay itself: everything that it writes has its name."""
    return _renamed(settings, name, (*INTERNAL, *PUBLIC))


def switched_settings(settings: Settings, name: str) -> Settings:
    """Settings of the workers after the switch: the replay's groups and internal topics, the same public topics."""
    return _renamed(settings, name, INTERNAL)


def _renamed(settings: Settings, name: str, topics: tuple[str, ...]) -> Settings:
    changes = {topic: f"{getattr(settings, topic)}.{name}" for topic in topics}
    return settings.model_copy(update={**changes, "group_prefix": f"{settings.group_prefix}-{name}"})


def stages(settings: Settings) -> list[tuple[str, str]]:
    """(consumer group, topic that it reads) in the order of the stream."""
    return [
        (f"{settings.group_prefix}-extract", settings.topic_articles),
        (f"{settings.group_prefix}-route", settings.topic_claims),
        (f"{settings.group_prefix}-fold", settings.topic_reports),
    ]


def variables(settings: Settings, switched: Settings) -> dict[str, str]:
    """The MUSTER_... variables in which the switched settings differ."""
    before, after = settings.as_environment(), switched.as_environment()
    return {name: value for name, value in after.items() if before.get(name) != value}


async def differences(settings: Settings, replayed: Settings) -> Iterator[dict[str, Any]]:
    """One row a city and status whose best figure the replay changes."""
    old = await last_values(settings, settings.topic_city_totals)
    new = await last_values(replayed, replayed.topic_city_totals)
    return _differences({k: orjson.loads(v) for k, v in old.items()}, {k: orjson.loads(v) for k, v in new.items()})


def _differences(old: dict[bytes, Any], new: dict[bytes, Any]) -> Iterator[dict[str, Any]]:
    for key in sorted(old.keys() | new.keys()):
        place = (new.get(key) or old[key])["place"]
        for status in STATUSES:
            before, after = (_best(totals.get(key), status) for totals in (old, new))
            if before != after:
                yield {
                    "city": place["name"],
                    "country": place["country"],
                    "status": status,
                    "old": before,
                    "new": after,
                }


def _best(total: Any, status: str) -> int | None:
    return total[status]["best"] if total and total[status] else None
