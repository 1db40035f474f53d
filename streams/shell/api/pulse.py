"""Tells listeners every few seconds how far the stream is behind, so that silence means that the line is dead."""

from __future__ import annotations

import asyncio
import logging

from aiokafka.errors import KafkaError

from muster.shell import clock
from muster.shell.api.live import Hub
from muster.shell.lag import LagProbe, StageLag
from muster.shell.settings import Settings

logger = logging.getLogger(__name__)

PULSE_SECONDS = 2.0


class Pulse:
    """Asks Kafka only while somebody listens."""

    def __init__(self, settings: Settings, hub: Hub) -> None:
        self._settings = settings
        self._hub = hub

    async def run(self) -> None:
        """Pulse for ever; start it as a task."""
        while True:
            try:
                await self._beat()
            except (KafkaError, TimeoutError) as error:
                logger.debug("lag not known: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - listeners are told that it is not known
                logger.warning("lag not known: %s", type(error).__name__)
            self._tell(None)
            await asyncio.sleep(PULSE_SECONDS)

    async def _beat(self) -> None:
        while not self._hub.listeners:
            await asyncio.sleep(PULSE_SECONDS)
        async with LagProbe(self._settings) as probe:
            while self._hub.listeners:
                self._tell(await probe.look())
                await asyncio.sleep(PULSE_SECONDS)

    def _tell(self, lags: list[StageLag] | None) -> None:
        self._hub.pulse(
            {
                "at": clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
                # The stages work one after the other, so that their delays add up.
                "behind_seconds": None if lags is None else round(sum(lag.behind_seconds for lag in lags), 1),
                "lag_records": None if lags is None else sum(lag.lag_records for lag in lags),
            }
        )
