"""The catalogue of topics: what holds for it as data, and what is made and found on a real broker."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import faust
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from muster.core import limits
from muster.shell.cli import main
from muster.shell.settings import Settings
from muster.shell.topics import (
    TopicState,
    check_topics,
    describe_topics,
    ensure_topics,
    partition_counts,
    problems,
    specs,
)

NAMES = {field: field for field in Settings.model_fields if field.startswith("topic_")}


def on(broker: str, prefix: str, **values: object) -> Settings:
    """Settings with topics and groups of their own on the shared broker."""
    names = {name: f"{prefix}.{name}" for name in NAMES}
    return Settings(bootstrap=broker, group_prefix=prefix, **names, **values)


def as_wanted(settings: Settings) -> dict[str, TopicState]:
    return {spec.name: TopicState(spec.partitions, 1, spec.topic_config()) for spec in specs(settings)}


@given(
    partitions=st.integers(1, 100),
    article_bytes_max=st.integers(1_000, 20_000_000),
    prefix=st.from_regex(r"[a-z]{1,9}", fullmatch=True),
)
def test_the_catalogue_fits_itself(partitions: int, article_bytes_max: int, prefix: str) -> None:
    """Under all settings: every topic once, the largest record fits, partitions are equal where they must be."""
    settings = Settings(partitions=partitions, article_bytes_max=article_bytes_max, group_prefix=prefix)
    catalogue = {spec.name: spec for spec in specs(settings)}
    assert len(catalogue) == len(specs(settings))
    assert {spec.setting for spec in catalogue.values()} - {""} == set(NAMES)
    for spec in catalogue.values():
        assert int(spec.config["max.message.bytes"]) > max(article_bytes_max, limits.RECORD_BYTES_MAX)
        assert (spec.retention_ms is None) == (spec.cleanup == "compact")
        if spec.partitions_of:
            assert spec.partitions == catalogue[spec.partitions_of].partitions
            assert list(catalogue).index(spec.partitions_of) < list(catalogue).index(spec.name)
    dead_letters, articles = catalogue[settings.topic_dead_letters], catalogue[settings.topic_articles]
    assert int(dead_letters.config["max.message.bytes"]) > int(articles.config["max.message.bytes"])
    assert problems(specs(settings), as_wanted(settings), 1) == []


def test_changelogs_have_the_names_that_faust_gives_them() -> None:
    """A changelog that Muster creates is the one that Faust reads."""
    settings = Settings(group_prefix="p")
    named = {spec.name for spec in specs(settings) if not spec.setting}
    of_faust = {
        faust.App(f"p-{role}", autodiscover=False, store="memory://").Table(table).changelog_topic.get_topic_name()
        for role, table in (("route", "articles"), ("fold", "reports"))
    }
    assert named == of_faust


@pytest.mark.parametrize(
    ("topic", "state", "said"),
    [
        ("topic_reports", None, "is missing"),
        ("topic_city_totals", TopicState(13, 1, {}), "has 13 partitions and deployments.reports has 12"),
        ("topic_region_totals", TopicState(11, 1, {}), "has 11 partitions"),
        ("topic_claims", TopicState(13, 1, {}), "has 12 partitions and deployments.claims has 13"),
        ("topic_events", TopicState(5, 1, {"cleanup.policy": "compact"}), "has cleanup.policy=compact"),
        ("topic_city_totals", TopicState(12, 1, {"cleanup.policy": "compact,delete"}), "must be compact"),
        ("topic_articles", TopicState(3, 0, {}), "has 0 replicas, the settings ask for 1"),
        ("topic_events", TopicState(5, 2, {}), None),
    ],
)
def test_what_does_not_fit_is_named(topic: str, state: TopicState | None, said: str | None) -> None:
    """Each way to be wrong is one problem with a remedy; what is free to differ is none."""
    settings = Settings()
    states = as_wanted(settings)
    name = getattr(settings, topic)
    if state is None:
        del states[name]
    else:
        states[name] = state
    found = problems(specs(settings), states, 1)
    assert [said in str(problem) for problem in found] == ([True] if said else [])
    assert all(problem.remedy for problem in found)


@pytest.mark.kafka
def test_missing_topics_are_made_once_and_as_wanted(broker: str) -> None:
    """After ensure_topics nothing is missing or wrong, and a second run does nothing."""
    settings = on(broker, "fresh", partitions=4)
    assert {problem.problem for problem in asyncio.run(check_topics(settings))} == {"is missing"}
    assert asyncio.run(ensure_topics(settings)) == [spec.name for spec in specs(settings)]
    assert asyncio.run(check_topics(settings)) == []
    assert asyncio.run(ensure_topics(settings)) == []
    states = asyncio.run(describe_topics(settings))
    for spec in specs(settings):
        assert states[spec.name].partitions == spec.partitions
        assert spec.topic_config().items() <= states[spec.name].config.items()
    assert asyncio.run(partition_counts(settings)) == {spec.name: spec.partitions for spec in specs(settings)}


@pytest.mark.kafka
def test_what_exists_is_kept_and_what_depends_on_it_follows(broker: str) -> None:
    """A topic that somebody made keeps its partitions; new ones that must be equal take its count."""
    settings = on(broker, "grown", partitions=4)

    async def make(name: str, partitions: int) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=broker)
        await admin.start()
        await admin.create_topics([NewTopic(name, partitions, 1)])
        await admin.close()

    asyncio.run(make(settings.topic_reports, 6))
    asyncio.run(make(settings.topic_region_totals, 5))
    while len(asyncio.run(partition_counts(settings))) < 2:  # a broker shows a new topic a moment later
        pass
    asyncio.run(ensure_topics(settings))
    counts = asyncio.run(partition_counts(settings))
    assert counts[settings.topic_reports] == counts[settings.topic_city_totals] == 6
    assert counts["grown-fold-reports-changelog"] == 6
    assert counts[settings.topic_claims] == counts["grown-route-articles-changelog"] == 4
    found = asyncio.run(check_topics(settings))
    assert {problem.topic for problem in found} == {settings.topic_region_totals}
    assert len(found) == 2, "unequal partitions, and delete where it must be compact"


@pytest.mark.kafka
def test_the_command_lists_creates_and_checks(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`muster topics`: JSON and CSV tell the same, --check has the exit code, --create mends it."""
    for name in NAMES:
        monkeypatch.setenv(f"MUSTER_{name.upper()}", f"command.{name}")
    arguments = ["topics", "--bootstrap", broker, "--group-prefix", "command", "--partitions", "2"]

    def run(*more: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, [*arguments, *more])
        return result.exit_code, result.stdout

    assert run("--check")[0] == 1
    code, listed = run("--json")
    assert code == 0
    assert {json.loads(line)["exists"] for line in listed.splitlines()} == {False}
    assert run("--create")[0] == 0
    assert run("--check") == (0, "")
    rows = [json.loads(line) for line in run("--json")[1].splitlines()]
    assert [row["topic"] for row in rows] == [line.split(",")[0] for line in run("--format", "csv")[1].splitlines()[1:]]
    assert {(row["partitions"], row["records"]) for row in rows} == {(2, 0), (3, 0)}


def test_without_a_broker_the_command_fails_and_says_so(tmp_path: Path) -> None:
    """Exit code 1, one line, what to do."""
    absent = CliRunner().invoke(main, ["topics", "--bootstrap", "127.0.0.1:1"])
    assert (absent.exit_code, "connection refused" in absent.stderr) == (1, True)
    none = CliRunner().invoke(main, ["topics", "--data-dir", str(tmp_path)], env={"MUSTER_BOOTSTRAP": ""})
    assert (none.exit_code, "start one with `muster up`" in none.stderr) == (1, True)
