"""Which names of a GeoNames record a news article may call the place by, as comparison keys.

GeoNames' alternate names are of every language and script and carry codes of airports, transliterations letter by
letter and worse; each that is let in is a false city waiting for its sentence. Let in: the official name whatever it
is, and alternates in Latin script that look like names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher

from muster.core.names import fold_name

ALTERNATE_LETTERS_MIN = 4
LIKENESS_MIN = 0.5
"""Least share of common letters for a name that another place bears officially (Pekin and Beijing have just that)."""

SHORT_ALTERNATES = frozenset(
    ["aix", "d c", "fao", "fes", "fez", "hue", "kut", "l a", "nyc", "osh", "qom", "qum", "rio", "ulm"]
)
"""Alternates of up to three letters that news use; the other 13,000 are airport codes and syllables."""

WORDS_MAX = 8
"""Alternates with more words are descriptions. Official names are taken at any length."""

EVERYDAY_WORDS = frozenset(
    """
    academy area aren armado armas army artillery asbestos banged banner barren base basic bigger black blacks boil
    bond book border bordo bottom brain brown bust cada caller camps canal capital carbon care carne carry cases
    caso castle cell chair chance chat checkpoint choir cite city coal colony commissioner como competition
    constitution content contention cope corners course crossroads cuesta culture cutoff dawn deep deer delay desk
    dias dining discovery dogs drag drone drowning drug dual due earnest east entrada eran estan ever exchange fall
    farmers farms federal figura fila filler fireworks force forces from furnace garden general gets gold gone
    governor grass guard guardia guide guns hall hammer hang haya headquarters heard hecho hero hole hood hubo human
    iron island isn just labor lake lane largas laser levy libre lock logos lone look lung major make marines market
    marrow marshal mate maximum means mechanic menor mercy mess metal mind minister model modern modo moon more
    mosquito mould mountain muerto mujeres name national navy nearest nest newcomers norte north northeast nose nota
    occasion ousted oversee pais para park paso passage peace pero phone pies pile plans plot plus poco police pond
    popular possession president presidente prevista proclamation province puente puerta puerto purse random reach
    record recovery rest ride riding rise risen road rodent said salute samples sell sera seran serves seven shape
    shared shore shot shut sido sierra since singer sitio sixteen slide soldiers sole sorts soul south spike spoken
    state station steps straw sued summer surges sweet switch taking tall tape tarde tell tells tender terminal that
    they this tiene todo tone tongue torso tour town trans tras tree trio troops troupe turn twin uses veto vote
    voters waits walk watt wave week west western when will with zero
    """.split()  # noqa: SIM905 - one a line would be 250 lines
)
"""English and Spanish words that are somebody's alternate name (Reach for Bath, Shot for Showt) and never meant."""

# Basic Latin to Latin Extended-B, modifier letters and combining marks (Hawaiian, Uzbek, Arabic), Latin Extended
# Additional, general punctuation.
_NOT_LATIN = re.compile("[^\u0000-\u024f\u02b0-\u036f\u1e00-\u1eff\u2000-\u206f]")
_NO_NAME = re.compile(r"[@<>=|\\_*]|://|\d{3}")
_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb-\u02bf\u02c8\u2018\u2019\u201b\u2032]")
_IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")

_HONOURS = re.compile(r"^heroica (?:ciudad de |ciudad )?")
"""Mexican cities bear "Heroica" before the name that everybody uses."""

_ASCII_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t"}
)
"""Letters that Unicode does not take apart and that English and Spanish papers write plain."""

_WRITTEN_TWO_WAYS = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt", "santa": "sta"}
_ABBREVIATED = re.compile(r"\b(" + "|".join(_WRITTEN_TWO_WAYS) + r")\b")
_SPELLED_OUT = {short: full for full, short in _WRITTEN_TWO_WAYS.items()}
_SPELL_OUT = re.compile(r"\b(" + "|".join(_SPELLED_OUT) + r")\b")


def official_names(official: str) -> set[str]:
    """The folded spellings of an official name; never empty for a name with a letter or a digit in it."""
    return set(_spellings(official)) - {""}


def alternate_names(
    own: AbstractSet[str], alternates: Iterable[str], taken: AbstractSet[str], others: AbstractSet[str]
) -> set[str]:
    """Folded names of a place beside its `own` official ones.

    `taken` are keys that mean something else: countries and their people, so that "Mexico" is not Mexico City.
    `others` are the official names of places that are not tiny: such a name is let in only if it is like the place's
    own, so that "Roma" may be Rome, but Zaragoza is not Tijuana, where it is the name of a quarter or of long ago.
    """
    keys = {key for alternate in alternates if _is_name(alternate) for key in _spellings(alternate) if _is_key(key)}
    return {key for key in keys - own - taken if key not in others or _is_like(key, own)}


def _is_like(key: str, own: AbstractSet[str]) -> bool:
    words = {word for word in key.split() if len(word) >= ALTERNATE_LETTERS_MIN}
    if any(not words.isdisjoint(name.split()) for name in own):
        return True
    return any(SequenceMatcher(None, key, name, autojunk=False).ratio() >= LIKENESS_MIN for name in own)


def _is_name(alternate: str) -> bool:
    """Transliterations of Chinese, Arabic and the like come without a capital letter; airport codes in capitals."""
    return alternate != alternate.lower() and not _NOT_LATIN.search(alternate) and not _NO_NAME.search(alternate)


def _is_key(key: str) -> bool:
    if key in SHORT_ALTERNATES:
        return True
    return len(key) >= ALTERNATE_LETTERS_MIN and key not in EVERYDAY_WORDS and key.count(" ") < WORDS_MAX


def _spellings(name: str) -> Iterator[str]:
    """The ways to write one name that folding does not make equal: Ma'rib and Marib, Łódź and Lodz, St. and Saint."""
    written = {name}
    if _APOSTROPHES.search(name) or "(" in name or "[" in name:
        written |= {_APOSTROPHES.sub("", name), _APOSTROPHES.sub(" ", name), _IN_BRACKETS.sub("", name)}
    for key in {fold_name(one) for one in written}:
        yield key
        yield key.translate(_ASCII_LETTERS)
        if _HONOURS.search(key):
            yield _HONOURS.sub("", key)
        if _ABBREVIATED.search(key):
            yield _ABBREVIATED.sub(lambda match: _WRITTEN_TWO_WAYS[match[1]], key)
        if _SPELL_OUT.search(key):
            yield _SPELL_OUT.sub(lambda match: _SPELLED_OUT[match[1]], key)
