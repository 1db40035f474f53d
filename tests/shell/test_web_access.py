"""Who may ask the web server, and what happens to everybody else."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.shell.cli import main
from muster.shell.faust.exits import EXIT_REFUSED_TO_RUN
from muster.shell.metrics import Metrics
from muster.shell.settings import Settings
from muster.shell.web import WebServer
from muster.shell.web_access import ExposedError, check_exposure, is_loopback

TOKEN = "correct horse battery staple"


@given(st.ip_addresses())
def test_only_loopback_addresses_need_no_decision(address):
    """Any other address is refused, unless there is a token or a word that the network is closed."""
    settings = Settings(web_host=str(address))
    if address.is_loopback:
        check_exposure(settings)
    else:
        with pytest.raises(ExposedError, match="MUSTER_WEB_TOKEN"):
            check_exposure(settings)
    check_exposure(settings.model_copy(update={"web_insecure": True}))
    check_exposure(Settings(web_host=str(address), web_token=TOKEN))


def test_names_count_as_open_but_for_localhost():
    """What a name points to may change: only localhost is known."""
    assert [is_loopback(host) for host in ("localhost", "[::1]", "127.8.9.1", "muster.example", "", "0.0.0.0")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_default_is_this_machine_only():
    """Nothing set: loopback, no token, no exception from the rule."""
    defaults = Settings(_env_prefix="MUSTER_NOT_SET_")
    assert is_loopback(defaults.web_host)
    assert (defaults.web_token, defaults.web_insecure) == (None, False)


@pytest.mark.parametrize(
    "command", [["worker", "extract"], ["worker", "fold"], ["up"], ["replay", "x"], ["demo", __file__, "--once"]]
)
def test_a_worker_refuses_to_be_open_to_all(command, tmp_path):
    """Exit 78 and what to set, before anything is connected or started."""
    arguments = [*command, "--bootstrap", "127.0.0.1:9", "--web-host", "0.0.0.0", "--data-dir", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == EXIT_REFUSED_TO_RUN, result.output
    assert "--web-insecure" in result.output
    assert "Traceback" not in result.output
    assert CliRunner().invoke(main, [*arguments, "--web-insecure"]).exit_code == 1  # no broker there


def test_a_short_token_is_refused_and_not_repeated():
    """A token that can be guessed is none; the message does not show it."""
    with pytest.raises(ValidationError) as caught:
        Settings(web_token="short token")
    assert "short token" not in str(caught.value)
    result = CliRunner().invoke(main, ["topics"], env={"MUSTER_WEB_TOKEN": "short token"})
    assert result.exit_code == 2
    assert "MUSTER_WEB_TOKEN" in result.output
    assert "short token" not in result.output


def answers(token: str | None, requests: list[tuple[str, dict[str, str]]]) -> list[int]:
    """The status of each request to a server with this token."""

    async def scenario() -> list[int]:
        server = WebServer(Metrics(), lambda: None, "127.0.0.1", 0, token=token)
        port = await server.start()
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                found = []
                for path, headers in requests:
                    async with session.get(path, headers=headers) as response:
                        found.append(response.status)
                        if response.status == 401:
                            assert response.headers["WWW-Authenticate"] == "Bearer"
                            assert TOKEN not in await response.text()
                return found
        finally:
            await server.stop()

    return asyncio.run(scenario())


def test_the_token_opens_everything_and_nothing_else_does():
    """Without it only the probes answer; a path that is not there tells nothing either."""
    wrong = [
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer \u00e4",
    ]
    refused = [(path, {"Authorization": one}) for one in wrong for path in ("/metrics", "/nowhere")]
    assert set(answers(TOKEN, [*refused, ("/metrics", {})])) == {401}
    right = {"Authorization": f"Bearer {TOKEN}"}
    probes = [("/healthz", {}), ("/readyz", {})]
    assert answers(TOKEN, [*probes, ("/metrics", right), ("/nowhere", right)]) == [200, 200, 200, 404]
    assert answers(None, [*probes, ("/metrics", {})]) == [200, 200, 200]
