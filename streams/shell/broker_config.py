"""What the embedded Kafka is told: server.properties, its log, and the options of its Java machine. Pure text."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from pathlib import Path

ONE_NODE = {
    # Kafka's internal topics want three replicas by default; one node has one.
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # 50 each by default: on one node that is only more files to open at every start.
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    # 128 MiB by default, taken from the heap at once; 16 MiB maps 700,000 keys a pass.
    "log.cleaner.dedupe.buffer.size": str(16 << 20),
    # A consumer gets its partitions at once instead of 3 s later: nobody else is about to join.
    "group.initial.rebalance.delay.ms": "0",
    # Lets tests and impatient users notice a dead worker in a second (6 s by default).
    "group.min.session.timeout.ms": "1000",
    # After a kill the controller refuses the same node until its session has run out (9 s by default).
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    # A mistyped topic is an error, not a new topic with the wrong partitions.
    "auto.create.topics.enable": "false",
}


def server_properties(
    host: str,
    port: int,
    controller_port: int,
    log_dir: Path,
    listeners: Mapping[str, int],
    overrides: Mapping[str, str],
) -> str:
    """The text of server.properties. `listeners` maps further security protocols to their ports."""
    named = {"PLAINTEXT": port, **listeners}
    addresses = [f"{name}://{host}:{number}" for name, number in named.items()]
    protocols = ["CONTROLLER:PLAINTEXT", *(f"{name}:{name}" for name in named)]
    properties = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{host}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listeners": ",".join([*addresses, f"CONTROLLER://{host}:{controller_port}"]),
        "advertised.listeners": ",".join(addresses),
        "listener.security.protocol.map": ",".join(protocols),
        "log.dirs": str(log_dir),
        **ONE_NODE,
        **overrides,
    }
    return "".join(f"{name}={_escaped(value)}\n" for name, value in properties.items())


def log4j_properties(log_file: Path) -> str:
    """Warnings and the milestones of a start, in a file of at most 3 x 5 MB."""
    return f"""\
status=error
rootLogger.level=warn
rootLogger.appenderRef.file.ref=file
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName={_escaped(str(log_file))}
appender.file.filePattern={_escaped(str(log_file))}.%i
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d %p %m (%c{{1}})%n%ex{{12}}
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=5MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=2
"""


def java_options(heap_mib: int, temporary_dir: Path, log4j_file: Path) -> list[str]:
    return [
        f"-Xmx{heap_mib}m",
        # The light compiler and collector: up in 3 s instead of 5 on two cores, and enough for one machine.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        # Without memory a broker is of no use half alive.
        "-XX:+ExitOnOutOfMemoryError",
        # Nothing outside the data folder: no performance counters, no unpacked native libraries in the system's /tmp.
        "-XX:-UsePerfData",
        f"-Djava.io.tmpdir={temporary_dir}",
        "-Djava.awt.headless=true",
        # Kafka 4.1 and its compressors use both of these; Java 25 would warn at each start.
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        f"-Dlog4j2.configurationFile={log4j_file}",
    ]


def new_cluster_id() -> str:
    """A random id in Kafka's form: 16 bytes in URL-safe base64; a leading dash would read as an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def _escaped(value: str) -> str:
    r"""A value of a Java properties file: a backslash begins an escape, a line ends at its end."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")
