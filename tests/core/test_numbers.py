"""Number phrases: every way to write a number gives its value, and its words give its bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core import numbers, text
from muster.core.limits import PERSONNEL_MAX


def found(words, lang="en"):
    document = text.read(words, None, lang)
    assert document is not None
    return [
        (document.slice(n.phrase_first, n.phrase_last), n.low, n.high)
        for n in numbers.find(document, 0, len(document.tokens))
    ]


ENGLISH_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
ENGLISH_UNITS += ["sixteen", "seventeen", "eighteen", "nineteen"]
ENGLISH_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_english(n):
    """A number below a million in words."""
    if n < 20:
        return ENGLISH_UNITS[n]
    if n < 100:
        return ENGLISH_TENS[n // 10] + (f"-{ENGLISH_UNITS[n % 10]}" if n % 10 else "")
    if n < 1_000:
        return f"{in_english(n // 100)} hundred" + (f" and {in_english(n % 100)}" if n % 100 else "")
    return f"{in_english(n // 1_000)} thousand" + (f" {in_english(n % 1_000)}" if n % 1_000 else "")


@given(st.integers(min_value=2, max_value=999_999))
def test_a_number_is_read_whichever_way_it_is_written(n):
    """Digits, thousands by comma, by blank, by full stop in Spanish, and English words give the same value."""
    grouped = f"{n:,}"
    assert found(f"There were {grouped} soldiers") == [(grouped, n, n)]
    assert found(f"There were {n} soldiers")[0][1] == n
    blank = grouped.replace(",", "\N{NO-BREAK SPACE}")
    assert found(f"There were {blank} soldiers")[0][1] == n
    assert found(f"There were {in_english(n)} soldiers") == [(in_english(n), n, n)]
    assert found("Hay " + grouped.replace(",", ".") + " soldados", "es")[0][1] == n


@given(st.integers(min_value=1, max_value=99), st.integers(min_value=1, max_value=999))
def test_spanish_thousands_are_read_with_what_follows_them(thousands, rest):
    """`2 mil 620`, `mil 17`."""
    lead = "mil" if thousands == 1 else f"{thousands} mil"
    assert found(f"Llegaron {lead} {rest} soldados", "es") == [
        (f"{lead} {rest}", thousands * 1_000 + rest, thousands * 1_000 + rest)
    ]


@pytest.mark.parametrize(
    ("words", "low", "high", "qualifier"),
    [
        ("at least 300", 300, None, "at_least"), ("more than 300", 300, None, "at_least"),
        ("no fewer than 300", 300, None, "at_least"), ("upwards of 300", 300, None, "at_least"),
        ("300 or more", 300, None, "at_least"), ("300-plus", 300, None, "at_least"), ("300+", 300, None, "at_least"),
        ("up to 300", None, 300, "at_most"), ("as many as 300", None, 300, "at_most"),
        ("fewer than 300", None, 300, "at_most"), ("about 300", 300, 300, "approx"), ("some 300", 300, 300, "approx"),
        ("300 or so", 300, 300, "approx"), ("between 300 and 400", 300, 400, "range"),
        ("300 to 400", 300, 400, "range"),
        ("hundreds", None, None, "vague"), ("a few hundred", None, None, "vague"), ("a hundred", 100, 100, "exact"),
        ("twenty-five hundred", 2_500, 2_500, "exact"), ("10k", 10_000, 10_000, "exact"),
        ("nearly ten thousand", 10_000, 10_000, "approx"),
    ],
)  # fmt: skip
def test_english_qualifiers_bound_the_number(words, low, high, qualifier):
    """The words before and after it, by gold/GUIDE.md."""
    document = text.read(f"There were {words} soldiers there", None, "en")
    assert document is not None
    (number,) = numbers.find(document, 0, len(document.tokens))
    assert (number.low, number.high, number.qualifier) == (low, high, qualifier)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("más de 300", 300, None), ("al menos 300", 300, None), ("por lo menos 300", 300, None),
        ("hasta 300", None, 300), ("menos de 300", None, 300), ("unos 300", 300, 300), ("cerca de 300", 300, 300),
        ("entre 300 y 400", 300, 400), ("medio millar", 500, 500), ("un centenar", 100, 100), ("cientos", None, None),
        ("ciento veinte", 120, 120), ("mil doscientos sesenta y uno", 1_261, 1_261), ("300 o más", 300, None),
    ],
)  # fmt: skip
def test_spanish_qualifiers_bound_the_number(words, low, high):
    """The same in Spanish."""
    document = text.read(f"Llegaron {words} de soldados a la ciudad", None, "es")
    assert document is not None
    (number,) = numbers.find(document, 0, len(document.tokens))
    assert (number.low, number.high) == (low, high)


@pytest.mark.parametrize(
    "words",
    ["$300", "US$ 300", "300%", "300 percent", "at 8:30", "on May 27", "the 19th", "Route 300", "1.5 degrees", "300kg",
     "No. 300", "the C-130", "2024/25"],
)  # fmt: skip
def test_numbers_whose_form_says_that_they_count_no_people_are_left_out(words):
    """Money, shares, times, dates, ordinals, roads, decimals, weights."""
    assert found(f"They said {words} and left") == []


@given(st.text(max_size=300), st.sampled_from(["en", "es"]))
def test_numbers_of_any_text_are_in_order_and_in_bounds(words, lang):
    """Phrases do not overlap, hold their numeral, and no value is beyond the limit."""
    document = text.read(words, None, lang)
    assert document is not None
    position = 0
    for number in numbers.find(document, 0, len(document.tokens)):
        assert position <= number.first < number.last <= len(document.tokens)
        assert number.phrase_first <= number.first < number.last <= number.phrase_last
        assert number.value is None or 0 < number.value <= PERSONNEL_MAX
        position = number.last
