"""Alerts and recording rules: promtool accepts them, they fire when they should, and each tells what to do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from muster.shell.metrics import CATALOGUE, Metrics

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
RULES = sorted((DEPLOY / "rules").glob("*.yml"))
UNIT_TESTS = sorted(Path(__file__).parent.glob("*_test.yml"))
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def rules(kind: str) -> list[dict[str, Any]]:
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in RULES]
    return [rule for one in documents for group in one["groups"] for rule in group["rules"] if kind in rule]


ALERTS = {rule["alert"]: rule for rule in rules("alert")}
RECORDS = {rule["record"]: rule for rule in rules("record")}


def run(promtool: str, *arguments: str | Path, given: bytes = b"") -> None:
    done = subprocess.run(
        [promtool, *map(str, arguments)], input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


def test_promtool_accepts_the_configuration(promtool):
    """The scrapes and every rule file that they name are what Prometheus reads; no rule is there twice."""
    run(promtool, "check", "config", "--lint-fatal", DEPLOY / "prometheus.yml")
    assert len(ALERTS) == len(rules("alert"))
    assert len(RECORDS) == len(rules("record"))


@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda p: p.stem)
def test_alerts_fire_when_they_should_and_not_when_they_should_not(promtool, path):
    """promtool's own unit tests: series in, firing alerts out."""
    run(promtool, "test", "rules", path)


def test_promtool_has_nothing_to_say_against_the_catalogue(promtool):
    """Names, kinds and help texts keep Prometheus' conventions."""
    from prometheus_client import exposition

    run(promtool, "check", "metrics", given=exposition.generate_latest(Metrics().registry))


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_is_tested_both_ways(name):
    """A unit test expects it to fire and one expects silence."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in UNIT_TESTS]
    looks = [look for one in documents for group in one["tests"] for look in group["promql_expr_test"]]
    samples = [look["exp_samples"] for look in looks if f'alertname="{name}"' in look["expr"]]
    assert any(samples)
    assert not all(samples)


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_says_how_bad_it_is_and_where_to_read_on(name):
    """Severity, a summary without a full stop, a description, and the paragraph of the runbook that has its name."""
    alert = ALERTS[name]
    notes = alert["annotations"]
    assert alert["labels"] in ({"severity": "critical"}, {"severity": "warning"})
    assert set(notes) == {"summary", "description", "runbook_url"}
    assert not notes["summary"].endswith(".")
    assert notes["description"].endswith(".")
    assert notes["runbook_url"] == f"docs/runbook.md#{name.lower()}"
    (paragraph,) = re.findall(rf"^## {name}\n\n((?:.+\n)+)", RUNBOOK, re.MULTILINE)
    assert paragraph.startswith(f"*{alert['labels']['severity']}.* ")
    assert len(paragraph) > 250


def test_the_runbook_speaks_of_no_other_alerts():
    """A paragraph of an alert that is gone misleads; so does a link to none."""
    assert re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE) == list(ALERTS)
    assert set(re.findall(r"\(#(\w+)\)", RUNBOOK)) <= {name.lower() for name in ALERTS}


def test_what_rules_and_runbook_name_exists():
    """Metrics are in the catalogue or the process's own, recorded series are recorded, outcomes and jobs are known."""
    registered = {
        sample.name for family in Metrics().registry.collect() for sample in family.samples if "process" in sample.name
    }
    known = {spec.name for spec in CATALOGUE} | registered
    text = " ".join(rule["expr"] for rule in [*ALERTS.values(), *RECORDS.values()]) + RUNBOOK
    recorded = set(re.findall(r"\b[a-z_]+:[a-z_]+:\w+", text))
    assert recorded <= set(RECORDS)
    plain = re.sub(r"\b[a-z_]+:[a-z_]+:\w+", "", text)
    named = {re.sub(r"_(bucket|count|sum)$", "", one) for one in re.findall(r"\b(?:muster|process)_[a-z_]+", plain)}
    assert named
    assert named <= known
    scrapes = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert set(re.findall(r'job="([\w-]+)"', text)) <= {scrape["job_name"] for scrape in scrapes}
