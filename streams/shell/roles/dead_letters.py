"""What the roles share: an unexpected exception becomes a dead letter, and too many dead letters stop the worker."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from typing import get_args

from muster.core.model import Reason, Rejection
from muster.shell.codec import CodecError
from muster.shell.faust.batch import Outgoing, Record
from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN, leave
from muster.shell.headers import dead_letter_headers
from muster.shell.metrics import Metrics
from muster.shell.settings import Settings

logger = logging.getLogger(__name__)

RATIO_WINDOW_RECORDS = 1_000


class DeadLetters:
    """Makes dead letters, counts them, and stops the worker before a broken deploy drains a topic into them."""

    def __init__(self, settings: Settings, metrics: Metrics, stage: str) -> None:
        self._topic = settings.topic_dead_letters
        self._ratio_max = settings.dead_letter_ratio_max
        self._in_a_row_max = settings.dead_letters_in_a_row_max
        self._metrics = metrics
        self._stage = stage
        self._recent: deque[bool] = deque(maxlen=RATIO_WINDOW_RECORDS)
        self._in_a_row = 0
        metrics.begin("muster_dead_letters_total", *get_args(Reason))
        metrics.begin("muster_records_total", "dead_letter")

    def of(self, record: Record, rejection: Rejection, exception_class: str = "") -> Outgoing:
        """The dead letter of a record: its key, value and headers unchanged, and headers that say why."""
        self._metrics.count("muster_dead_letters_total", (rejection.reason,))
        return Outgoing(
            topic=self._topic,
            key=record.key,
            value=record.value,
            headers=dead_letter_headers(record, rejection, stage=self._stage, exception_class=exception_class),
            origin=record,
        )

    def refused(self, item: Outgoing, error: str) -> Outgoing | None:
        """The dead letter of the record that a refused one came of."""
        logger.error("%s refuses a record (%s): its origin becomes a dead letter", item.topic, error)
        if item.origin is None or item.topic == self._topic:
            return None
        return self.of(item.origin, Rejection("refused_by_broker", f"{item.topic}: {error}"), error)

    def passed(self) -> None:
        """A record was read without a dead letter."""
        self._in_a_row = 0
        self._recent.append(False)

    def failed(self) -> None:
        """A record became a dead letter; leaves the process when that is one too many."""
        self._metrics.count("muster_records_total", ("dead_letter",))
        self._in_a_row += 1
        self._recent.append(True)
        if self._in_a_row >= self._in_a_row_max:
            leave(EXIT_REFUSED_TO_RUN, f"{self._in_a_row} dead letters in a row (MUSTER_DEAD_LETTERS_IN_A_ROW_MAX)")
        full = len(self._recent) == RATIO_WINDOW_RECORDS
        if full and sum(self._recent) > self._ratio_max * RATIO_WINDOW_RECORDS:
            leave(
                EXIT_REFUSED_TO_RUN,
                f"{sum(self._recent)} dead letters among the last {RATIO_WINDOW_RECORDS:,} records"
                " (MUSTER_DEAD_LETTER_RATIO_MAX)",
            )


def guarded(
    dead_letters: DeadLetters, record: Record, work: Callable[[Record], Sequence[Outgoing]]
) -> Sequence[Outgoing]:
    """What `work` makes of a record; a bug in it makes a dead letter with the place of the bug, never its message.

    The message of an exception may hold an article's words, which belong in no log and no header; that of a CodecError
    says which field of one of Muster's own records is wrong, and does not.
    """
    try:
        return work(record)
    except CodecError as error:
        letter = dead_letters.of(record, Rejection("internal_error", str(error)), type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the stream goes on, the limits of DeadLetters stop it
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
        logger.error(  # noqa: TRY400 - the trace of an exception shows its message
            "unexpected %s; %s-%d@%d", where, record.topic, record.partition, record.offset
        )
        letter = dead_letters.of(record, Rejection("internal_error", where), type(error).__name__)
    dead_letters.failed()
    return (letter,)
