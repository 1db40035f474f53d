"""What the publisher's name tells of where its stories are from: "news.example.ie", "parisbeacon.com", "Paris News".

Nothing is known of any publisher: the country is the one of the top-level domain, and a city is one whose name begins
or ends a label of the domain, or stands in a name of several words, beside words of the trade.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.names import fold_name

SOURCE_CHARS_MAX: Final = 100
NAME_CHARS_MIN: Final = 4
_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}")
_OTHER_DOMAINS: Final = {"uk": "GB", "eu": None, "tv": None, "me": None, "io": None, "co": None, "ai": None, "cc": None}
"""Top-level domains that are no country's code, or that everybody uses. All others are as ISO 3166 has them."""
_NO_PART: Final = words("www com co org net gov edu ac news weekly online web m amp")
_TRADE: Final = words("""
    news times post local press register beacon daily herald review journal chronicle gazette monitor star sun tribune
    telegram telegraph record reporter advocate observer sentinel dispatch leader courier bulletin standard citizen
    citizens today city town newspapers paper independent free echo mail mercury republic enterprise examiner
    inquirer ledger patriot mirror argus voice world weekly evening morning online digital the tv radio
""")
"""Words that publishers put beside the name of their city."""
_TRADE_TEXT: Final = "(?:" + "|".join(sorted(_TRADE, key=len, reverse=True)) + ")"
_TRADE_BEFORE: Final = re.compile(f"{_TRADE_TEXT}{{0,2}}")
_TRADE_ONLY: Final = re.compile(f"{_TRADE_TEXT}{{0,3}}")


def home_country(source: str | None, countries: Collection[str]) -> str | None:
    """Alpha-2 of the country whose top-level domain the source ends in."""
    domain = _domain(source)
    if domain is None:
        return None
    ending = domain.rsplit(".", 1)[-1]
    code = _OTHER_DOMAINS.get(ending, ending.upper())
    return code if code in countries else None


def city_keys(source: str | None, is_city: Callable[[str], bool]) -> list[str]:
    """Keys of cities that the source's name contains; at most one a label or word."""
    if not source or len(source) > SOURCE_CHARS_MAX:
        return []
    domain = _domain(source)
    if domain is None:
        folded = fold_name(source).split()
        return [word for word in folded if word not in _TRADE and len(word) >= NAME_CHARS_MIN and is_city(word)]
    labels = [label for label in domain.split(".")[:-1] if label not in _NO_PART]
    found = (_city_in(label, is_city) for label in labels)
    return [key for key in found if key is not None]


def _city_in(label: str, is_city: Callable[[str], bool]) -> str | None:
    """The longest city such that words of the trade are all that is left of the label before and after it."""
    before = _TRADE_BEFORE.match(label)
    starts = sorted({0, before.end() if before is not None else 0, 3 if label.startswith("the") else 0})
    for start in starts:
        for end in range(len(label), start + NAME_CHARS_MIN - 1, -1):
            if _TRADE_ONLY.fullmatch(label, end) and label[start:end] not in _TRADE:
                key = label[start:end].replace("-", " ").strip()
                if is_city(key):
                    return key
    return None


def _domain(source: str | None) -> str | None:
    lowered = (source or "").strip().lower()
    return lowered if len(lowered) <= SOURCE_CHARS_MAX and _DOMAIN.fullmatch(lowered) else None
