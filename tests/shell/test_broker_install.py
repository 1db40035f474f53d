"""Bringing Kafka's jars into the cache, with a small lock and a folder in the place of a repository."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from muster.shell.broker_install import (
    InstallError,
    Jar,
    KafkaLock,
    ensure_installed,
    jar_dir,
    load_lock,
    parse_lock,
    unusable_jars,
)

CONTENTS = {"one": b"first jar", "two": b"second jar", "three": b"third jar"}
LOCK = KafkaLock(
    "0.0.1",
    tuple(
        Jar(f"org.example:{name}:1", hashlib.sha256(content).hexdigest(), len(content))
        for name, content in CONTENTS.items()
    ),
)


class Repository:
    """Hands out jars as a repository does, counts how often, and may hand out something else."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents
        self.fetched: list[str] = []

    def __call__(self, jar: Jar, folder: Path, advance: Callable[[int], None]) -> Path:
        name = jar.coordinates.split(":")[1]
        self.fetched.append(name)
        content = self.contents[name]
        path = folder / f"{name}.download"
        path.write_bytes(content)
        advance(len(content))
        return path


def test_every_jar_is_fetched_once(tmp_path: Path) -> None:
    """A second installation fetches nothing, so it needs no network."""
    repository = Repository(CONTENTS)
    first = ensure_installed(tmp_path, LOCK, repository)
    assert [path.read_bytes() for path in first.class_path] == list(CONTENTS.values())
    assert ensure_installed(tmp_path, LOCK, repository) == first
    assert sorted(repository.fetched) == sorted(CONTENTS)


def test_a_jar_that_the_lock_does_not_name_is_refused(tmp_path: Path) -> None:
    """What comes with another checksum is an error that names both, and nothing of it stays."""
    with pytest.raises(InstallError, match=r"Refused org\.example:two:1") as refusal:
        ensure_installed(tmp_path, LOCK, Repository(CONTENTS | {"two": b"second jaR"}))
    assert LOCK.jars[1].sha256 in str(refusal.value)
    assert hashlib.sha256(b"second jaR").hexdigest() in str(refusal.value)
    assert not list(tmp_path.rglob("two*"))
    assert not list(tmp_path.rglob(".fetching*"))


def test_a_jar_that_changed_in_the_cache_is_never_used(tmp_path: Path) -> None:
    """A corrupted jar is fetched anew; where that fails, the installation fails."""
    installation = ensure_installed(tmp_path, LOCK, Repository(CONTENTS))
    installation.class_path[0].write_bytes(b"first jar, with something in it")
    assert unusable_jars(tmp_path, LOCK) == [(LOCK.jars[0], "changed")]

    def no_network(jar: Jar, folder: Path, advance: Callable[[int], None]) -> Path:
        raise ConnectionError("no route to host")

    with pytest.raises(InstallError, match="no route to host"):
        ensure_installed(tmp_path, LOCK, no_network)
    repository = Repository(CONTENTS)
    ensure_installed(tmp_path, LOCK, repository)
    assert repository.fetched == ["one"]
    assert unusable_jars(tmp_path, LOCK) == []


def test_two_at_once_fetch_each_jar_once(tmp_path: Path) -> None:
    """Processes that install at the same time wait for the one that fetches."""
    repository = Repository(CONTENTS)
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(ensure_installed(tmp_path, LOCK, repository))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(str, outcomes))) == 1
    assert sorted(repository.fetched) == sorted(CONTENTS)


def test_the_shipped_lock_pins_everything_and_names_no_host() -> None:
    """Each jar has fixed coordinates, a SHA-256 and a size; where to fetch from is left to whoever installs."""
    lock = load_lock()
    assert f"org.apache.kafka:kafka_2.13:{lock.kafka_version}" in {jar.coordinates for jar in lock.jars}
    for jar in lock.jars:
        assert len(jar.coordinates.split(":")) == 3
        assert not jar.coordinates.endswith(("SNAPSHOT", "LATEST", "RELEASE"))
        assert len(bytes.fromhex(jar.sha256)) == 32
        assert jar.bytes_count > 0
        assert "/" not in jar.coordinates


def test_a_lock_with_two_jars_of_one_name_is_a_mistake() -> None:
    """One would overwrite the other on the class path."""
    row = '[[jar]]\ncoordinates = "{}:same:1"\nsha256 = "00"\nbytes = 1\n'
    with pytest.raises(AssertionError):
        parse_lock('kafka = "1"\n' + row.format("org.a") + row.format("org.b"))


@pytest.mark.kafka
def test_a_changed_byte_in_a_real_jar_is_found(broker: str, cache_dir: Path, tmp_path: Path) -> None:
    """The check before each start reads every byte of every jar."""
    lock = load_lock()
    shutil.copytree(jar_dir(cache_dir, lock), jar_dir(tmp_path, lock))
    assert unusable_jars(tmp_path, lock) == []
    victim = max(lock.jars, key=lambda jar: jar.bytes_count)
    path = jar_dir(tmp_path, lock) / victim.file_name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert unusable_jars(tmp_path, lock) == [(victim, "changed")]
    with pytest.raises(InstallError, match="Refused"):
        ensure_installed(tmp_path, lock, lambda jar, folder, advance: Path(shutil.copy(path, folder / "again.jar")))
