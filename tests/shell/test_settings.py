"""Settings that do not fit together are refused before anything starts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.shell.settings import Settings

seconds = st.floats(1, 1_000)


@given(seconds, seconds)
def test_a_request_may_take_as_long_as_the_session(session: float, request: float) -> None:
    """Faust refuses to start otherwise, with a trace and for ever; the setting to change is named instead."""
    settings = {"session_timeout_seconds": session, "request_timeout_seconds": request}
    if request >= session:
        assert Settings(**settings).request_timeout_seconds == request
    else:
        with pytest.raises(ValidationError) as caught:
            Settings(**settings)
        (error,) = caught.value.errors()
        assert error["loc"] == ("request_timeout_seconds",)
        assert "MUSTER_SESSION_TIMEOUT_SECONDS" in error["msg"]


def test_a_long_session_needs_a_longer_request_timeout_than_the_default() -> None:
    """The default counts too."""
    with pytest.raises(ValidationError):
        Settings(session_timeout_seconds=31)
