"""The format of what workers leave in Kafka for those after them: rows of the tables, and offsets with a note.

Rows say their format themselves (`codec.newer_format`, `report_rows.newer_form`); a committed offset has a note beside
it, which Kafka keeps and nobody else reads. What says nothing is of format 1. A worker reads every format up to its own
and refuses a newer one: whatever it wrote would be worth less than what is there.
"""

from __future__ import annotations

import asyncio
import re

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from muster import __version__
from muster.shell.kafka_client import BrokerUnreachable, client_options
from muster.shell.settings import Settings

STATE_FORMAT = 2
OFFSETS_NOTE = f"muster-state={STATE_FORMAT}"

RETRY_SECONDS = 0.2

_NOTE = re.compile(r"muster-state=(\d{1,6})")


class NewerStateError(Exception):
    """A newer Muster ran here; the message says what it left and what to do."""


def refusal(what: str, version: int) -> str:
    """For people: why a worker does not go on."""
    return (
        f"{what} is of state format {version}, which a newer Muster wrote; {__version__} reads up to {STATE_FORMAT}."
        " Nothing of it was changed. Start the newer version again, or build a second state beside it: muster replay"
    )


async def check_offsets(settings: Settings, role: str) -> None:
    """Look at what the role's group has committed.

    Raises:
        BrokerUnreachable: Kafka does not say within the request timeout.
        NewerStateError: a newer Muster committed it.
    """
    group = f"{settings.group_prefix}-{role}"
    for version in (_version_of(note) for note in await _notes(settings, group)):
        if version > STATE_FORMAT:
            raise NewerStateError(refusal(f"What the consumer group {group} has committed", version))


async def _notes(settings: Settings, group: str) -> list[str]:
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        async with asyncio.timeout(settings.request_timeout_seconds):
            await admin.start()
            while True:
                try:
                    offsets = await admin.list_consumer_group_offsets(group)
                except KafkaError:  # a new broker has nobody yet who knows groups
                    await asyncio.sleep(RETRY_SECONDS)
                else:
                    return [one.metadata for one in offsets.values()]
    except TimeoutError:
        raise BrokerUnreachable(
            f"Kafka at {settings.bootstrap} does not say what the consumer group {group} has committed."
        ) from None
    finally:
        await admin.close()


def _version_of(note: str) -> int:
    found = _NOTE.fullmatch(note)
    return int(found[1]) if found else 1
