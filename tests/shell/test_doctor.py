"""`muster doctor`: each thing that can be wrong is found, told with what to do, and decides the exit code."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.shell.cli import main
from muster.shell.settings import Settings
from muster.shell.topics import ensure_topics


def doctor(*arguments: str, **environment: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """Exit code, and the findings by what was checked."""
    result = CliRunner().invoke(main, ["doctor", "--json", *arguments], env=environment)
    findings: dict[str, list[dict[str, str]]] = {}
    for line in result.stdout.splitlines():
        row = json.loads(line)
        findings.setdefault(row["check"], []).append(row)
    assert all(row["remedy"] for rows in findings.values() for row in rows if row["status"] != "ok")
    return result.exit_code, findings


def status(findings: dict[str, list[dict[str, str]]], check: str) -> list[str]:
    return [row["status"] for row in findings[check]]


def test_a_new_machine_has_warnings_only(tmp_path: Path) -> None:
    """With nothing fetched, compiled or started yet, Muster can start: nothing fails, and nothing was made."""
    cache, data = tmp_path / "cache", tmp_path / "data"
    code, findings = doctor("--cache-dir", str(cache), "--data-dir", str(data), "--web-port", "0")
    assert code == 0
    for check in ("gazetteer", "kafka jars", "broker"):
        assert status(findings, check) == ["warn"]
    for check in ("python", "packages", "java", "cache_dir", "data_dir", "web ports"):
        assert status(findings, check) == ["ok"]
    assert list(tmp_path.iterdir()) == []


def test_an_absent_broker_fails_within_one_run(tmp_path: Path) -> None:
    """A given address that does not answer is a failure; a taken web port is a warning with its number."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, findings = doctor("--bootstrap", "127.0.0.1:1", "--data-dir", str(tmp_path), "--web-port", port)
    assert code == 1
    assert status(findings, "broker") == ["fail"]
    assert "connection refused" in findings["broker"][0]["remedy"]
    assert status(findings, "web ports") == ["warn"]
    assert port in findings["web ports"][0]["detail"]


def test_folders_that_cannot_be_written_fail(tmp_path: Path) -> None:
    """A file where a folder should be is told with the option that helps."""
    (tmp_path / "file").write_text("")
    code, findings = doctor("--cache-dir", str(tmp_path / "file" / "cache"), "--data-dir", str(tmp_path))
    assert code == 1
    assert status(findings, "cache_dir") == ["fail"]
    assert "--cache-dir" in findings["cache_dir"][0]["remedy"]


def test_wrong_settings_and_misspelt_variables_are_told() -> None:
    """A value that is refused fails; a variable that nothing reads is a warning that names the nearest one."""
    code, findings = doctor(MUSTER_SESSION_TIMEOUT_SECONDS="soon", MUSTER_BOOTSTRP="kafka:9092")
    assert code == 1
    told: dict[str, str] = {}
    for row in findings["settings"]:  # the tests' own variables are told as well
        told[row["status"]] = told.get(row["status"], "") + row["detail"] + row["remedy"]
    assert "MUSTER_SESSION_TIMEOUT_SECONDS" in told["fail"]
    assert "Did you mean MUSTER_BOOTSTRAP?" in told["warn"]


def test_an_open_web_server_and_passwords_in_clear_are_told(tmp_path: Path) -> None:
    """Refused without a decision, a warning when it is open by decision, right with a token or on loopback."""
    somewhere = ["--data-dir", str(tmp_path), "--web-port", "0"]
    open_to_all = [*somewhere, "--web-host", "0.0.0.0"]
    code, findings = doctor(*open_to_all)
    assert (code, status(findings, "web access")) == (1, ["fail"])
    assert status(doctor(*open_to_all, "--web-insecure")[1], "web access") == ["warn"]
    _, findings = doctor(*open_to_all, MUSTER_WEB_TOKEN="token-that-nobody-may-see")
    assert status(findings, "web access") == ["ok"]
    assert "token-that-nobody-may-see" not in json.dumps(findings)
    _, findings = doctor(*somewhere, MUSTER_SECURITY_PROTOCOL="SASL_PLAINTEXT", MUSTER_SASL_MECHANISM="PLAIN")
    assert (status(findings, "web access"), status(findings, "kafka access")) == (["ok"], ["warn"])
    assert "password" in findings["kafka access"][0]["detail"]


def test_no_secret_is_printed(tmp_path: Path) -> None:
    """Passwords do not show, whatever is wrong around them."""
    result = CliRunner().invoke(
        main,
        ["doctor", "--bootstrap", "127.0.0.1:1", "--security-protocol", "SASL_PLAINTEXT", "--data-dir", str(tmp_path)],
        env={"MUSTER_SASL_USERNAME": "muster", "MUSTER_SASL_PASSWORD": "hunter2", "MUSTER_SSL_KEY_PASSWORD": "hunter3"},
    )
    assert result.exit_code == 1
    assert "hunter" not in result.output


@pytest.mark.kafka
def test_topics_are_looked_at(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No topics at all is how a new cluster looks; some that are missing is a failure; all that fit is right."""
    for field in Settings.model_fields:
        if field.startswith("topic_"):
            monkeypatch.setenv(f"MUSTER_{field.upper()}", f"doctor.{field}")
    monkeypatch.setenv("MUSTER_GROUP_PREFIX", "doctor")
    _, findings = doctor("--bootstrap", broker)
    assert (status(findings, "broker"), status(findings, "topics")) == (["ok"], ["warn"])
    asyncio.run(ensure_topics(Settings(bootstrap=broker)))
    _, findings = doctor("--bootstrap", broker)
    assert status(findings, "topics") == ["ok"]
    code, findings = doctor("--bootstrap", broker, MUSTER_TOPIC_EVENTS="doctor.elsewhere")
    assert (code, status(findings, "topics")) == (1, ["fail"])
