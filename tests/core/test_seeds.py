"""The seed articles give what seeds/expected.json says."""

from __future__ import annotations

import pytest

from muster.core.extract import extract
from muster.core.pipeline import Extractor, totals_of
from muster.shell.model_file import load_model
from tests.core import seeds


@pytest.mark.parametrize("path", seeds.article_files(), ids=lambda path: path.stem)
def test_a_seed_article_gives_its_events(path, atlas):
    """Each file gives exactly the events listed for it, in order."""
    events = extract(seeds.article(path), atlas, load_model().choose)
    assert seeds.lines(events) == seeds.expected()["articles"][path.name]


def test_all_seed_articles_together_give_the_totals_of_their_cities(atlas):
    """Copies, rounded figures, corrections and versions come to one figure a city."""
    extractor = Extractor(atlas, lambda host: host, load_model().choose)
    claims = [extractor.claim(seeds.article(path), None) for path in seeds.article_files()]
    totals = totals_of(claim for claim in claims if claim is not None)
    cities = {t.location.places[0].name: seeds.city_line(t) for t in totals if t.location.scope == "city"}
    assert cities == seeds.expected()["cities"]
    assert cities["Tijuana"]["planned"][1] == 1_949
    assert cities["Ciudad Juárez"]["planned"][1] == 1_650


def test_every_seed_article_has_an_expectation():
    """No article without an answer, no answer without an article."""
    assert sorted(seeds.expected()["articles"]) == [path.name for path in seeds.article_files()]
