"""A short run of faults, and the proof that its checker sees what it should."""

from __future__ import annotations

import os
from collections import Counter

import orjson
import pytest

from muster.shell import offline
from tests.chaos import check
from tests.chaos.driver import Chaos
from tests.chaos.schedule import ROUND, make_schedule
from tests.chaos.story import Story, totals_of_one_process, write_story

ARTICLES = 4_000
SECONDS = 100.0
SEEDS = [int(seed) for seed in os.environ.get("MUSTER_CHAOS_SEEDS", "1").split(",")]


@pytest.mark.kafka
@pytest.mark.parametrize("seed", SEEDS)
def test_a_seeded_storm_of_faults_loses_nothing_and_doubles_nothing(seed, tmp_path, cache_dir):
    """Kills, pauses, rebalances, oversized records and a dying broker leave every event and every total exact."""
    story = write_story(seed, ARTICLES, offline.load_extractor(cache_dir))
    expected = totals_of_one_process(story, cache_dir)
    with Chaos(tmp_path, cache_dir, story, make_schedule(seed, SECONDS), SECONDS) as chaos:
        chaos.run()
        verdict = check.judge(chaos.settings, story, expected, chaos.happened.oversized)
    assert verdict.problems == ()


def test_a_schedule_is_decided_by_its_seed_and_holds_every_fault():
    """The same seed gives the same schedule, another one another, and a long one holds each fault."""
    assert make_schedule(3, 200) == make_schedule(3, 200) != make_schedule(4, 200)
    assert {step.action for step in make_schedule(3, 200)} == set(ROUND)


@pytest.fixture(scope="module")
def told(cache_dir) -> tuple[Story, dict[bytes, bytes]]:
    """A small story and its totals."""
    story = write_story(5, 400, offline.load_extractor(cache_dir))
    return story, totals_of_one_process(story, cache_dir)


def events_of(story: Story) -> list[bytes]:
    return [
        orjson.dumps({"article_id": article_id, "article_version": version, "event_id": f"{article_id}.{version}"})
        for article_id, version in sorted(story.versions_with_event)
    ]


def test_the_checker_finds_nothing_in_the_truth(told):
    """The writer's own count of articles and the totals of one process agree."""
    story, expected = told
    assert check.event_problems(story, events_of(story) * 2) == []
    assert check.total_problems(story, expected, dict(expected)) == []
    assert check.letter_problems({b"large"}, Counter([b"large", b"large"])) == []


def test_the_checker_finds_each_fault_that_is_planted(told):
    """A lost, foreign or double event, a wrong, lost or foreign total, a lost or foreign dead letter."""
    story, expected = told
    events = events_of(story)
    foreign = orjson.dumps({"article_id": "x", "article_version": 0, "event_id": "x"})
    second = orjson.dumps({**orjson.loads(events[0]), "event_id": "another"})
    for planted in (events[1:], [*events, foreign], [*events, second]):
        assert len(check.event_problems(story, planted)) == 1
    key, other = sorted(expected)[:2]
    stale = orjson.dumps({**orjson.loads(expected[key]), "reports": 1})
    lost = {k: v for k, v in expected.items() if k != key}
    for wrong in ({**expected, key: stale}, lost, {**expected, b"city:1": expected[other]}):
        assert len(check.total_problems(story, expected, wrong)) == 2
    assert check.letter_problems({b"large"}, Counter()) == ["dead letter b'large' is missing"]
    assert len(check.letter_problems(set(), Counter([b"a"]))) == 1
