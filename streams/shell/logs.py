"""Logging of a Muster process: one line an event on standard error, safe for a terminal whatever it is about."""

from __future__ import annotations

import logging
import sys

from muster.shell.kafka_client import quiet_kafka_loggers

NOISY = (
    "faust",
    "mode",
    "aiokafka",
    "asyncio",
    # Faust's services log every start and stop under the module of the class, and these are sub-classes.
    "muster.shell.faust.app",
    "muster.shell.faust.consumer",
    "muster.shell.faust.producer",
    "muster.shell.faust.table",
)


class OneLineFormatter(logging.Formatter):
    """Escapes control characters, so that no message can forge a line or drive the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        head, *trace = super().format(record).split("\n")
        return "\n".join([_escape(head), *("    " + _escape(line) for line in trace)])


def _escape(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def configure_logging(level: str, process: str) -> None:
    """Log to standard error; Faust's and aiokafka's own lines from WARNING on, and rate-limited."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLineFormatter(f"%(asctime)s {process} %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    quiet_kafka_loggers()
