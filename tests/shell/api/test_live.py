"""Messages to listeners: nothing is told twice or left out in silence, and nobody is waited for."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.shell.api import live
from muster.shell.api.changes import CHANGES_TOLD_MAX, Changes
from muster.shell.api.live import Hub, Listener, TooManyListenersError


def parsed(message: bytes) -> tuple[str | None, str, object]:
    """(id, kind, data) of one encoded message, read as the standard says."""
    fields = dict(line.split(": ", 1) for line in message.decode().strip().split("\n"))
    return fields.get("id"), fields["event"], json.loads(fields["data"])


def waiting(listener: Listener) -> list[tuple[str | None, str, object]]:
    """What a listener can read without waiting."""

    async def read() -> list[bytes]:
        found = []
        while listener._waiting:
            message = await listener.next()
            assert message is not None
            found.append(message)
        return found

    return [parsed(message) for message in asyncio.run(read())]


@given(st.integers(0, 40), st.integers(0, 40))
def test_who_comes_back_is_told_exactly_what_it_missed(before, missed):
    """Whatever was told before and meanwhile: each later message once, in order, and no reset."""
    hub = Hub()
    for number in range(before + 1):
        hub.publish("totals", {"n": number})
    with hub.listening(None) as listener:
        hub.publish("totals", {"n": -1})
        (_, reset, _), (last_id, _, _) = waiting(listener)
        assert reset == "reset"
    for number in range(missed):
        hub.publish("totals", {"n": number})
    with hub.listening(last_id) as listener:
        assert [(kind, data) for _, kind, data in waiting(listener)] == [("totals", {"n": n}) for n in range(missed)]


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-f]{8}-[0-9]{1,3}", fullmatch=True))
def test_an_id_of_nobody_is_told_to_load_everything(last_id):
    """Ids of other processes, or of no process, lead to a reset and to nothing else."""
    hub = Hub()
    hub.publish("totals", {})
    with hub.listening(last_id) as listener:
        assert [kind for _, kind, _ in waiting(listener)] == ["reset"]


def test_what_is_no_longer_kept_is_a_reset():
    """A gap is never passed over: too old an id, or more missed than a queue holds, loads everything again."""
    hub = Hub()
    with hub.listening(None) as listener:
        hub.publish("totals", {"n": 0})
        first_id = waiting(listener)[-1][0]
    for number in range(live.KEPT_MESSAGES_MAX + 1):
        hub.publish("totals", {"n": number})
    with hub.listening(first_id) as listener:
        assert [kind for _, kind, _ in waiting(listener)] == ["reset"]
    assert len(hub._kept) <= live.KEPT_MESSAGES_MAX


def test_memory_is_bounded_in_bytes_too():
    """A few large messages push out older ones."""
    hub = Hub()
    for _ in range(10):
        hub.publish("totals", {"text": "x" * (live.KEPT_BYTES_MAX // 4)})
    assert sum(len(message) for _, message in hub._kept) <= live.KEPT_BYTES_MAX


def test_a_slow_listener_is_ended_and_the_others_hear_everything():
    """One that does not read loses its place, not a message in the middle."""
    hub = Hub()
    with hub.listening(None) as slow, hub.listening(None) as quick:
        heard = waiting(quick)
        for number in range(live.QUEUE_MESSAGES_MAX + 5):
            hub.publish("totals", {"n": number})
            heard += waiting(quick)
        assert asyncio.run(slow.next()) is None
        assert [data["n"] for _, kind, data in heard if kind == "totals"] == list(range(live.QUEUE_MESSAGES_MAX + 5))
    assert hub.listeners == 0


def test_a_closed_hub_ends_its_listeners_and_takes_no_new_ones():
    """The server can stop whoever listens."""
    hub = Hub()
    with hub.listening(None) as listener:
        hub.close()
        assert asyncio.run(listener.next()) is None
    with pytest.raises(TooManyListenersError), hub.listening(None):
        pass


def test_listeners_are_bounded():
    """One more than there is room for is refused; when one goes there is room."""
    hub = Hub()
    contexts = [hub.listening(None) for _ in range(live.LISTENERS_MAX)]
    for context in contexts:
        context.__enter__()
    with pytest.raises(TooManyListenersError), hub.listening(None):
        pass
    contexts[0].__exit__(None, None, None)
    with hub.listening(None):
        assert hub.listeners == live.LISTENERS_MAX


@given(st.text())
def test_no_text_forges_a_message(text):
    """Line ends and anything else in an article stay inside the data of one message."""
    message = live.encode("events", {"quote": text}, "run-1")
    assert message.count(b"\n\n") == 1
    assert message.endswith(b"\n\n")
    assert parsed(message) == ("run-1", "events", {"quote": text})


def test_many_changes_at_once_are_a_reset_and_few_are_told_as_their_last(seed_totals):
    """A busy city is told once a moment, as it is then; a flood says to load the map again."""
    from muster.shell import codec

    total = json.loads(codec.total_value(seed_totals[0]))
    changes = Changes()
    with changes.hub.listening(None) as listener:
        changes.total_changed("city:1", None)
        changes.total_changed("city:1", {**total, "reports": 7})
        changes.total_changed("city:2", {**total, "reports": 7})
        changes.total_changed("city:2", None)
        changes.tell()
        (_, _, _), (_, kind, data) = waiting(listener)
        assert kind == "totals"
        assert [row["reports"] for row in data["rows"]] == [7]
        assert data["gone"] == ["city:2"]
        changes.tell()
        assert waiting(listener) == []
        for number in range(CHANGES_TOLD_MAX + 1):
            changes.total_changed(f"city:{number}", total)
        changes.tell()
        assert [kind for _, kind, _ in waiting(listener)] == ["reset"]
