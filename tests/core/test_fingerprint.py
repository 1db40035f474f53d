"""Fingerprints: the same on every machine, near the true Jaccard, small."""

import os
import random
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.fingerprint import (
    _COMBINING,
    _WORD,
    SHINGLE_WORDS,
    SIGNATURE_BYTES,
    _words,
    fingerprint,
    signature,
    similarity,
)

STORY = "About 1,650 guards will go to Ciudad Juárez, the governor said on Tuesday."
GOLDEN = (
    "Ahe+sfm23BsmJZNjAPPbVug7XkKIX2xOI8rcIVwC7FBk0gIuIzrYD4g78fnemfJD926jKo7eIz3ZF9MvC7G5p2o92J1lRBTW13nR"
    "+4Iv2/0Jaad93lGkJDPWyNHkwDpDtikPhfrgWnw4chCg2NI9UW5gyEaxUErbwUMygumFHgCiN7+2KHU0uxfiMCLvOvT0zG6jdcPi"
    "b8C0lCy89FRXj3noYD4lHmshqCrJEDo1kQUmLA7SVlG6Wz5MOTAu+ZeEACNgqVATZeV/tR/0OkIwAvpQUADkr/7IneStCFsUi3lZ"
    "2VU+51tetygie524o35d5FsfTqXZ1P1qQOf4Wl37XwE="
)


def true_jaccard(a, b):
    shingles = [{tuple(w[i : i + SHINGLE_WORDS]) for i in range(len(w) - SHINGLE_WORDS + 1)} for w in (a, b)]
    return len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])


def test_the_signature_of_a_text_never_changes():
    """Signatures travel between machines and years: another one for the same text is another algorithm version."""
    assert fingerprint(STORY) == GOLDEN


@given(st.lists(st.sampled_from([*"aÉß \n\t.-_3", "ﬁ", "e\u0301", "\u0301", "\xa8", "\xa0", "x" * 50])).map("".join))
def test_a_piece_between_blanks_has_the_words_that_it_has_in_the_text(text):
    """Pieces are read alone and remembered; the text folded as a whole has the same words."""
    folded = _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold()))
    assert _words(text) == _WORD.findall(folded)


def test_other_processes_make_the_same_signature():
    """No seed of the process, such as that of string hashes, reaches a fingerprint."""
    code = f"from muster.core.fingerprint import fingerprint; print(fingerprint({STORY!r}))"
    env = {**os.environ, "PYTHONHASHSEED": "7"}
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert made.stdout.strip() == fingerprint(STORY)


@pytest.mark.parametrize("kept", [100, 96, 85, 60, 20])
def test_the_estimate_is_near_the_true_jaccard(kept):
    """Within four standard errors (0.044 at most) of the true similarity of the shingle sets, here of 400 words."""
    rng = random.Random(kept)
    a = [f"w{rng.randrange(10**6)}" for _ in range(400)]
    b = a[: 4 * kept] + [f"x{rng.randrange(10**6)}" for _ in range(400 - 4 * kept)]
    assert abs(similarity(fingerprint(" ".join(a)), fingerprint(" ".join(b))) - true_jaccard(a, b)) <= 4 * 0.044


def test_spelling_that_readers_do_not_see_does_not_matter():
    """Case, accents, punctuation and white space are folded away."""
    folded = "ABOUT 1,650 guards -- will go\n\nto ciudad Juarez: the governor said, on tuesday"
    assert fingerprint(folded) == fingerprint(STORY)


def test_short_texts_have_fingerprints_and_empty_ones_are_like_nothing():
    """Fewer than five words are one shingle; a text without a word is similar to no text, not even to its like."""
    assert similarity(fingerprint("1,650 guards"), fingerprint("1,650 Guards!")) == 1.0
    assert similarity(fingerprint("1,650 guards"), fingerprint("250 guards")) == 0.0
    assert fingerprint(" ... ") == ""
    assert similarity("", "") == 0.0


@given(st.text(), st.text())
def test_similarity_is_symmetric_reflexive_and_bounded(a, b):
    """For any two texts; a text with a word is like itself."""
    left, right = fingerprint(a), fingerprint(b)
    assert similarity(left, right) == similarity(right, left)
    assert 0.0 <= similarity(left, right) <= 1.0
    assert left == "" or similarity(left, left) == 1.0
    assert left == "" or len(signature(left)) == SIGNATURE_BYTES


@given(st.text(max_size=400))
def test_what_is_no_fingerprint_is_like_nothing(garbage):
    """A claim of foreign making cannot raise anything."""
    assert signature(garbage) is None or len(signature(garbage)) == SIGNATURE_BYTES
    assert similarity(garbage, fingerprint(STORY)) in {0.0, 1.0}
