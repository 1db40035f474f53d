"""A cheap first look: could this article tell of a deployment at all?

A word for a uniformed force, a word for sending or being somewhere, and a number, in English or Spanish. It may let
articles through that say nothing; it must not lose one that says something. Aho-Corasick automata, so
that tens of thousands of irrelevant articles a second cost next to nothing.
"""

from __future__ import annotations

import re

from ahocorasick_rs import BytesAhoCorasick, Implementation

_FORCES = (
    "soldier", "troop", "guardsm", "national guard", "guard member", "officer", "marines", "police", "personnel",
    "agents", "military", "army", "sailor", "gendarm", "peacekeep", "paramilit", "servicem", "constable", "ranger",
    "jawan", "commando", "paratroop", "deputies", "cops", "carabin", "airmen", "security force", "bobbies", "reservist",
    "guardia", "soldado", "militar", "elementos", "efectivos", "agentes", "polic", "marinos", "ejército", "ejercito",
    "uniformad", "tropas", "infantes", "cascos azules", "antidisturbios", "guards", "firepower", "battalion", "batall",
)  # fmt: skip

_MOVES = (
    "deploy", "send", "sent ", "sent,", "sent.", "arriv", "station", "patrol", "reinforc", "dispatch", "mobiliz",
    "mobilis", "receiv", "withdr", "pull", "bound for", "headed", "heading", "on duty", "post", "move", "order", "land",
    "streets", "guarding", "brought", "bring", "surround", "join", "leav", "expect", "serve", "rush", "fly", "flew",
    "despl", "envi", "lleg", "arrib", "refuerz", "reforz", "patrull", "retir", "movili", "traslad", "recib", "vigil",
    "resguard", "destin", "operativ", "sali", "irán", "mand", "rumbo", "custodi", "cerca", "instal", "sum",
    "put ", "puts ", "flood", "is to ", "are to ", "coming", "assign", "in place", "going to", "gets", "get ", "pour",
)  # fmt: skip

_NUMBERS = (
    "hundred", "thousand", "dozen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    " mil ", " cien", "cientos", "centenar", "millar", "decena", "docena", "quinient", "veint", "treint", "cuarent",
    "cincuent", "sesent", "setent", "ochent", "novent",
)  # fmt: skip

def _automaton(words: tuple[str, ...]) -> BytesAhoCorasick:
    """Over bytes: half the time of one over characters, and where a match stands does not matter here."""
    return BytesAhoCorasick([word.encode() for word in words], implementation=Implementation.DFA)


_FORCE_AUTOMATON = _automaton(_FORCES)
_MOVE_AUTOMATON = _automaton(_MOVES)
_NUMBER_AUTOMATON = _automaton(_NUMBERS)
_DIGITS = re.compile(rb"[0-9]{2}")


def relevant(text: str, title: str | None) -> bool:
    """False when the article can have no event; True says only that it is worth reading. Linear in the text.

    >>> relevant("Some 300 soldiers were sent to Tijuana.", None), relevant("The 300 dahlias won again.", None)
    (True, False)
    """
    lowered = (f"{title}\n{text}" if title else text).lower().encode("utf-8", "surrogatepass")
    # The rarest first: most articles name no force, and then the other passes are saved.
    return (
        bool(_FORCE_AUTOMATON.find_matches_as_indexes(lowered))
        and (_DIGITS.search(lowered) is not None or bool(_NUMBER_AUTOMATON.find_matches_as_indexes(lowered)))
        and bool(_MOVE_AUTOMATON.find_matches_as_indexes(lowered))
    )
