"""A real Prometheus scrapes a real stream: every rule, and every query of the dashboard, says something."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from confluent_kafka.admin import AdminClient

from muster.schemas.tables import markdown_table
from tests.integration.conftest import Worker, free_port
from tests.integration.test_stream import article

pytestmark = pytest.mark.kafka

DEPLOY = Path(__file__).resolve().parents[2] / "docs" / "deploy"
HANG_SECONDS = 120
"""A hang, not a measure: the machine may be busy."""


class Server:
    """A Prometheus of one test, with the configuration of docs/deploy but for where the workers are and how often."""

    def __init__(self, program: str, folder: Path, workers: list[Worker]) -> None:
        config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
        config["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(DEPLOY / name) for name in config["rule_files"]]
        ports = {f"muster-{worker.role}": worker.port for worker in workers}
        for scrape in config["scrape_configs"]:
            del scrape["dns_sd_configs"]
            scrape["static_configs"] = [{"targets": [f"127.0.0.1:{ports[scrape['job_name']]}"]}]
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        self._address = f"127.0.0.1:{free_port()}"
        self._log = folder / "prometheus.log"
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    program,
                    f"--config.file={folder / 'prometheus.yml'}",
                    f"--storage.tsdb.path={folder / 'tsdb'}",
                    f"--web.listen-address={self._address}",
                ],
                stdout=out,
                stderr=out,
            )

    def get(self, path: str, **query: str) -> Any:
        url = f"http://{self._address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def values(self, expression: str) -> list[float]:
        """The values that it has now; what is no number, as of a quantile of nothing, is none."""
        found = [float(one["value"][1]) for one in self.get("query", query=expression)["result"]]
        return [value for value in found if value == value]  # noqa: PLR0124 - NaN

    def wait_for(self, wanted: Callable[[], bool]) -> None:
        deadline = time.monotonic() + HANG_SECONDS
        while True:
            assert self._process.poll() is None, self._log.read_text()[-3000:]
            try:
                if wanted():
                    return
            except (urllib.error.URLError, ConnectionError):
                pass  # it does not listen yet
            assert time.monotonic() < deadline, self._log.read_text()[-3000:]
            time.sleep(0.25)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=HANG_SECONDS)


@pytest.fixture
def serve(prometheus, tmp_path) -> Iterator[Callable[[list[Worker]], Server]]:
    """Start a Prometheus that scrapes these workers."""
    running: list[Server] = []

    def start(workers: list[Worker]) -> Server:
        running.append(Server(prometheus, tmp_path, workers))
        return running[-1]

    yield start
    for server in running:
        server.close()


def panels() -> list[dict[str, Any]]:
    return json.loads((DEPLOY / "grafana/dashboards/muster.json").read_text(encoding="utf-8"))["panels"]


def dashboard_queries() -> set[str]:
    return {target["expr"] for panel in panels() for target in panel["targets"]}


def panels_page(server: Server) -> str:
    """What each panel of the dashboard shows now, as Markdown."""
    lines = [PANELS_HEAD]
    for panel in panels():
        rows = []
        for target in panel["targets"]:
            for one in server.get("query", query=target["expr"])["result"][:PANEL_SERIES_MAX]:
                labels = ", ".join(
                    f"{k}={v}" for k, v in sorted(one["metric"].items()) if k not in ("instance", "__name__")
                )
                rows.append((f"`{target['expr']}`", labels, f"{float(one['value'][1]):.4g}"))
        lines += ["", f"## {panel['title']}", "", markdown_table(("query", "series", "value"), rows)]
    return re.sub(r"\bt[0-9a-f]{10}\.", "", "\n".join(lines)) + "\n"  # the topics of one test have a prefix


PANEL_SERIES_MAX = 6
PANELS_HEAD = """# What the dashboard shows

Each panel of [the dashboard](grafana/dashboards/muster.json) on a real stream: three workers, a real Prometheus that
scrapes them every second, the articles of `seeds/` just read. Rates fall back to zero when nothing more comes; at most
six series a query. Made by `KEEP_PANELS=1 pytest tests/integration/test_prometheus.py -k healthy`."""


def recorded_series() -> set[str]:
    groups = yaml.safe_load((DEPLOY / "rules/recording.yml").read_text(encoding="utf-8"))["groups"]
    return {rule["record"] for group in groups for rule in group["rules"]}


def test_every_query_of_a_healthy_stream_has_an_answer(deploy, serve, promtool, seed_records):
    """Dashboard and recorded series have numbers, no rule fails, no alert fires, and promtool likes each /metrics."""
    stream = deploy()
    workers = stream.start()
    server = serve(workers)
    server.wait_for(lambda: len(server.values('up{job=~"muster-.+"} == 1')) == len(workers))
    stream.produce(seed_records)
    stream.wait_until_read()
    silent = dashboard_queries() | recorded_series()
    assert len(silent) > 20

    def all_answered() -> bool:
        silent.difference_update([one for one in silent if server.values(one)])
        return not silent

    try:
        server.wait_for(all_answered)
    except AssertionError:
        pytest.fail(f"no numbers for: {sorted(silent)}")

    if os.environ.get("KEEP_PANELS"):
        (DEPLOY / "panels.md").write_text(panels_page(server), encoding="utf-8")
    rules = [rule for group in server.get("rules")["groups"] for rule in group["rules"]]
    assert {rule["type"] for rule in rules} == {"alerting", "recording"}
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
    assert [rule["name"] for rule in rules if rule.get("state") == "firing"] == []
    assert server.values('sum(muster_records_total{job="muster-extract"})') == [len(seed_records)]
    for worker in workers:
        lint = [promtool, "check", "metrics"]
        done = subprocess.run(lint, input=worker.get("/metrics")[1].encode(), capture_output=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, b"")


def lag(worker: Worker) -> float:
    lines = worker.get("/metrics")[1].splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("muster_consumer_lag_records{"))


def wait_for_lag(worker: Worker, records: int) -> None:
    deadline = time.monotonic() + HANG_SECONDS
    while lag(worker) != records:
        assert worker.process.poll() is None, worker.log.read_text()[-3000:]
        assert time.monotonic() < deadline, lag(worker)
        time.sleep(0.25)


def test_lag_moves_while_the_worker_is_stuck(deploy):
    """A worker whose results find no topic commits nothing; what waits is counted, also what comes later."""
    stream = deploy(broker_away_seconds_max=600)
    (worker,) = stream.start("extract")
    admin = AdminClient({"bootstrap.servers": stream.settings.bootstrap})
    for done in admin.delete_topics([stream.settings.topic_claims]).values():
        done.result()
    stream.produce([article(n) for n in range(5)])
    wait_for_lag(worker, 5)
    stream.produce([article(n) for n in range(5, 25)])
    wait_for_lag(worker, 25)
