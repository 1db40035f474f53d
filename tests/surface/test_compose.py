"""The compose file, the Dockerfile and what they mount agree with the settings, the roles and the metrics."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from muster.shell.broker_install import load_lock
from muster.shell.metrics import CATALOGUE
from muster.shell.settings import Settings
from muster.shell.topics import specs
from muster.shell.worker import ROLES, role_port

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SCRAPES = yaml.safe_load((ROOT / "docs/deploy/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]


def settings_of(service: str) -> Settings:
    variables = SERVICES[service]["environment"]
    return Settings(**{name.removeprefix("MUSTER_").lower(): value for name, value in variables.items()})


def test_every_variable_of_a_worker_is_a_setting() -> None:
    """A MUSTER_ variable in the compose file or the Dockerfile names a field of Settings, but those of the build."""
    named = set(re.findall(r"MUSTER_[A-Z_]+", DOCKERFILE)) - {"MUSTER_COMMIT", "MUSTER_COMPILE"}
    named |= {name for service in SERVICES.values() for name in service.get("environment", {}) if "MUSTER" in name}
    assert {name.removeprefix("MUSTER_").lower() for name in named} <= set(Settings.model_fields)
    assert "MUSTER_BOOTSTRAP" in named


def test_the_image_is_built_of_what_the_context_holds() -> None:
    """.dockerignore lets through what the Dockerfile copies and what setuptools reads, and no folder of the tests."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {name for name in let_through if not name.startswith(".git/") and not (ROOT / name).exists()} == set()
    assert {"setup.py", "pyproject.toml", "streams", "schemas", "LICENSE", "NOTICE", "README.md"} <= let_through
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)
    assert copied == ["requirements-compile.lock", "requirements-image.lock", "."]
    assert set(copied) - {"."} <= let_through
    assert "tests" not in let_through


def test_the_image_runs_as_nobody_special() -> None:
    """The last stage names a user that is not root before anything runs, and a health check."""
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    (user,) = re.findall(r"^USER (\d+)$", last, re.MULTILINE)
    assert int(user) > 0
    assert last.index("\nUSER ") < last.index("\nENTRYPOINT ")
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)


def test_there_is_one_service_for_each_role() -> None:
    """The workers are exactly the roles, each under its own name."""
    commands = {name: s["command"] for name, s in SERVICES.items() if s.get("command", [""])[0] == "worker"}
    assert commands == {role: ["worker", role] for role in ROLES}


def test_images_are_pinned_and_kafka_is_the_embedded_one() -> None:
    """No image floats, and both ways to run Kafka run the same version."""
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert images
    assert all(re.search(r":v?\d+\.\d+\.\d+", image) for image in images)
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{load_lock().kafka_version}"


@pytest.mark.parametrize("role", ROLES)
def test_probes_and_scrapes_ask_the_port_of_the_role(role: str) -> None:
    """The health check and Prometheus ask each role where it listens."""
    port = role_port(settings_of(role).web_port, role)  # type: ignore[arg-type]
    probe = json.dumps(SERVICES[role].get("healthcheck")) if "healthcheck" in SERVICES[role] else DOCKERFILE
    assert f"http://127.0.0.1:{port}/readyz" in probe
    assert f"EXPOSE {' '.join(str(role_port(Settings().web_port, one)) for one in ROLES)}" in DOCKERFILE
    targets = [one for scrape in SCRAPES for one in scrape["dns_sd_configs"] if one["names"] == [role]]
    assert [target["port"] for target in targets] == [port]
    assert settings_of(role).web_host == "0.0.0.0"


def test_workers_use_the_listener_that_kafka_advertises_to_containers() -> None:
    """The bootstrap address of the workers is one that the broker tells its clients."""
    kafka = SERVICES["kafka"]["environment"]
    advertised = dict(one.split("://") for one in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert settings_of("extract").bootstrap == advertised["INTERNAL"]
    published = [port.split(":") for port in SERVICES["kafka"]["ports"]]
    assert [f"localhost:{host_port}" for _, host_port, _ in published] == [advertised["EXTERNAL"]]


def test_kafka_can_hold_the_catalogue() -> None:
    """Topics come from the catalogue only, with as many replicas as there are brokers."""
    assert SERVICES["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert SERVICES["topics"]["command"] == ["topics", "--create"]
    for role in ROLES:
        assert specs(settings_of(role)) == specs(settings_of("topics"))
        assert settings_of(role).replication_factor == 1
        assert SERVICES[role]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}


def test_nothing_is_published_beyond_this_machine() -> None:
    """Every published port is on the loopback address."""
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_mounted_files_are_there() -> None:
    """What a service mounts from this folder exists; the other volumes are declared."""
    sources = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    for source in sources:
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


def test_the_dashboard_shows_metrics_that_exist() -> None:
    """Every metric that the dashboard asks for is in the catalogue, and its panels name the provisioned datasource."""
    dashboard = json.loads((ROOT / "docs/deploy/grafana/dashboards/muster.json").read_text(encoding="utf-8"))
    expressions = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    recorded = set(re.findall(r"record: (\S+)", (ROOT / "docs/deploy/rules/recording.yml").read_text(encoding="utf-8")))
    assert set(re.findall(r"\w+:\w+:\w+", expressions)) <= recorded
    asked = {name.removesuffix("_bucket") for name in re.findall(r"(?<![\w:])muster_\w+", expressions)}
    assert asked <= {spec.name for spec in CATALOGUE}
    provisioned = yaml.safe_load(
        (ROOT / "docs/deploy/grafana/provisioning/datasources/prometheus.yml").read_text(encoding="utf-8")
    )
    assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} == {provisioned["datasources"][0]["uid"]}
