"""Mutated articles give their mutated answers."""

from __future__ import annotations

import pytest

from muster.core.extract import extract
from muster.shell.model_file import load_model
from tests.core.mutants import mutant
from tests.core.reading import brief

MUTANTS = 60


@pytest.mark.parametrize("n", range(MUTANTS))
def test_a_mutated_article_gives_its_mutated_answers(n, atlas):
    """Other cities, figures, forces, words, orders and noise: exactly the answers of this mutant, nothing else."""
    one = mutant(n)
    events = extract(one.article, atlas, load_model().choose)
    assert {brief(event) for event in events} == one.answers, one.article.text
    assert len(events) == len(one.answers)


def test_mutants_vary(gazetteer):
    """Sixty mutants are sixty texts, in two languages, about many cities and forces."""
    mutants = [mutant(n) for n in range(MUTANTS)]
    answers = [answer for one in mutants for answer in one.answers]
    assert len({one.article.text for one in mutants}) == MUTANTS
    assert len({place for scope, place, *_ in answers if scope == "city"}) > 25
    assert len({force for *_, force in answers}) >= 5
