"""Number words and the words around a number that bound it, in English and Spanish."""

from __future__ import annotations

from typing import Final

from muster.core.model import Qualifier

UNITS: Final = {
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90,
    },
    "es": {
        "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
        "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiun": 21, "veintiuno": 21,
        "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27,
        "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
        "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200,
        "trescientos": 300, "trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500,
        "quinientas": 500, "seiscientos": 600, "seiscientas": 600, "setecientos": 700, "setecientas": 700,
        "ochocientos": 800, "ochocientas": 800, "novecientos": 900, "novecientas": 900,
    },
}  # fmt: skip

SCALES: Final = {
    "en": {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "lakh": 100_000, "crore": 10**7},
    "es": {"mil": 1_000, "millon": 1_000_000, "millones": 1_000_000},
}

COLLECTIVES: Final[dict[str, dict[tuple[str, ...], int]]] = {
    "en": {
        ("a", "dozen"): 12, ("half", "a", "dozen"): 6,
        ("two", "dozen"): 24, ("three", "dozen"): 36, ("four", "dozen"): 48, ("five", "dozen"): 60,
    },
    "es": {
        ("medio", "millar"): 500, ("un", "millar"): 1_000, ("un", "centenar"): 100, ("medio", "centenar"): 50,
        ("una", "docena"): 12, ("media", "docena"): 6, ("una", "decena"): 10, ("dos", "centenares"): 200,
        ("tres", "centenares"): 300, ("dos", "millares"): 2_000, ("una", "veintena"): 20, ("una", "treintena"): 30,
        ("una", "cincuentena"): 50,
    },
}  # fmt: skip

VAGUE_WORDS: Final = {
    "en": frozenset({"hundreds", "thousands", "dozens", "scores"}),
    "es": frozenset({"cientos", "miles", "decenas", "docenas", "centenares", "millares"}),
}

_BEFORE: Final[dict[str, dict[Qualifier, str]]] = {
    "en": {
        "at_least": "at least; more than; over; no fewer than; not fewer than; no less than; not less than; upward of; "
        "upwards of; in excess of; a minimum of; minimum of; well over; just over; slightly more than; exceeding; "
        "above; a little more than; a little over; greater than",
        "at_most": "up to; as many as; fewer than; less than; under; no more than; not more than; a maximum of; "
        "maximum of; at most; a ceiling of; capped at; as much as",
        "approx": "about; around; roughly; nearly; almost; some; close to; approximately; an estimated; close on; "
        "circa; maybe; perhaps; near; in the region of; in the order of; something like; just under; just shy of; "
        "estimated; or so; approx; barely",
    },
    "es": {
        "at_least": "al menos; mas de; por lo menos; cuando menos; no menos de; un minimo de; minimo; superior a; "
        "poco mas de; mas de los; superan los; supera los; arriba de; mas de unos",
        "at_most": "hasta; no mas de; menos de; un maximo de; maximo; maximo de; como maximo; a lo mas; a lo sumo; "
        "hasta unos; tope de; hasta un maximo de",
        "approx": "cerca de; unos; unas; alrededor de; aproximadamente; casi; en torno a; poco menos de; cerca del; "
        "alrededor del; aproximado de; un aproximado de; un estimado de; aproximadamente unos; como unos; "
        "cerca de los; aprox; apenas",
    },
}


def _reversed_phrases(table: dict[Qualifier, str]) -> tuple[tuple[tuple[str, ...], Qualifier], ...]:
    pairs: list[tuple[tuple[str, ...], Qualifier]] = [
        (tuple(reversed(phrase.split())), qualifier)
        for qualifier, phrases in table.items()
        for phrase in phrases.split("; ")
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


BEFORE: Final = {lang: _reversed_phrases(table) for lang, table in _BEFORE.items()}
"""Qualifiers that stand before the number, words in reverse, longest first."""

AFTER: Final[dict[str, tuple[tuple[tuple[str, ...], Qualifier], ...]]] = {
    "en": (
        (("or", "more"), "at_least"),
        (("or", "so"), "approx"),
        (("odd",), "approx"),
        (("plus",), "at_least"),
        (("at", "most"), "at_most"),
        (("at", "least"), "at_least"),
    ),
    "es": (
        (("o", "mas"), "at_least"),
        (("como", "minimo"), "at_least"),
        (("como", "maximo"), "at_most"),
        (("aproximadamente",), "approx"),
        (("por", "lo", "menos"), "at_least"),
        (("al", "menos"), "at_least"),
    ),
}

SKIPPED_BEFORE: Final = {
    "en": frozenset({"the", "a", "an", "total", "of", "its", "their", "first", "initial", "these", "those", "another",
                     "further", "additional", "extra", "other"}),
    "es": frozenset({"los", "las", "un", "total", "de", "sus", "primeros", "estos", "esos", "otros", "otras", "suma"}),
}  # fmt: skip
"""Words that may stand between a qualifier and its number."""

MORE_BEFORE: Final = {
    "en": frozenset({"another", "further", "additional", "extra"}),
    "es": frozenset({"otros", "otras"}),
}
MORE_AFTER: Final = {
    "en": frozenset({"more", "additional", "extra", "further"}),
    "es": frozenset({"mas", "adicionales"}),
}
