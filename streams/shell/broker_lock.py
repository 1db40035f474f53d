"""Writes kafka.lock.toml anew: `python -m muster.shell.broker_lock 4.1.0 > streams/data/kafka.lock.toml`.

Run by a maintainer who raises Kafka's version. It resolves the server's dependencies, fetches each jar (jgo compares it
with the checksum that the repository publishes) and prints coordinates, SHA-256 and size. The lock names no host: where
jars come from is the business of whoever installs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import jgo

from muster.shell.broker_install import Jar, fetch_with_jgo, file_sha256

HEADER = """\
# Every jar of the embedded Apache Kafka, verified before use. Written by `python -m muster.shell.broker_lock VERSION`.
"""


def dependencies(kafka_version: str) -> list[str]:
    """Maven coordinates of the server and all that it needs at run time."""
    resolved = {
        artifact.artifactId: f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
        for artifact in jgo.resolve(f"org.apache.kafka:kafka_2.13:{kafka_version}")
    }
    # Kafka's own distribution adds the binding of SLF4J to Log4j; its Maven coordinates leave it to the user. Without
    # it the broker logs nothing. Taken on its own: resolved beside Kafka, its BOM would set an old kafka-clients.
    log4j_version = resolved["log4j-core"].rpartition(":")[2]
    resolved["log4j-slf4j-impl"] = f"org.apache.logging.log4j:log4j-slf4j-impl:{log4j_version}"
    return list(resolved.values())


def lock_text(kafka_version: str) -> str:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for coordinates in dependencies(kafka_version):
            path = fetch_with_jgo(Jar(coordinates, "", 0), Path(folder), lambda _: None)
            rows.append(
                f'[[jar]]\ncoordinates = "{coordinates}"\n'
                f'sha256 = "{file_sha256(path)}"\nbytes = {path.stat().st_size}\n'
            )
    return "\n".join([HEADER + f'kafka = "{kafka_version}"\n', *rows])


if __name__ == "__main__":
    sys.stdout.write(lock_text(sys.argv[1]))
