"""Whether spans of sampled articles go anywhere. Without an address nothing of the extra `otel` is imported."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from muster.shell.settings import Settings

if TYPE_CHECKING:
    from muster.shell.traced_work import Tracing

logger = logging.getLogger(__name__)

ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""The standard's own variables; its other ones (OTEL_...) are read by its library."""


def is_wanted(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Whether somebody named an address, and did not switch traces off by the standard's variables."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none":
        return False
    return bool(settings.traces_endpoint or any(environment.get(name) for name in ADDRESSES))


def start_tracing(settings: Settings, role: str) -> Tracing | None:
    """What wraps the work of a role; None when no spans are wanted, or when the extra is missing, which is logged."""
    if not is_wanted(settings, os.environ):
        return None
    try:
        from muster.shell.traced_work import Tracing
    except ModuleNotFoundError as error:
        logger.warning("an address for traces is set, but %s is missing: pip install 'muster[otel]'", error.name)
        return None
    return Tracing.over_http(settings, role)
