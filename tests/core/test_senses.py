"""Classes of words come in one order, whatever order a set of this process has."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from muster.core.lexicon.senses import _SENSES, sense_of, senses_of

WORDS = [
    "soldiers",
    "arrived",
    "sent",
    "will",
    "leave",
    "died",
    "million",
    "trucks",
    "now",
    "today",
    "asked",
    "half",
    "of",
    "the",
    "convoy",
    "llegaron",
    "muertos",
    "ahora",
]


@pytest.mark.parametrize(
    ("word", "sense"),
    [
        ("arriving", "arrive"),
        ("enviara", "send"),
        ("muertos", "kill"),
        ("summit", ""),
        ("suma", "join"),
        ("unidad", "body"),
    ],
)
def test_the_longest_stem_tells_the_class(word, sense):
    """A word that is listed whole is itself, another is what it begins with, and most are nothing."""
    assert sense_of(word) == sense


def test_each_word_is_listed_once():
    """A word has one class: a second listing would silently say nothing."""
    listed = [word for words in _SENSES.values() for word in words.split()]
    assert len(listed) == len(set(listed))


def test_the_order_of_classes_is_that_of_no_set():
    """Sums of weights are made in this order: with the order of a set, two equal scores would be told by chance."""
    program = f"from muster.core.lexicon.senses import senses_of; print(senses_of({WORDS!r}))"
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert said == {f"{senses_of(WORDS)}\n".encode()}
