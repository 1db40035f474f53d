"""Options that many commands share, made from the fields of Settings, so that help, defaults and variables agree.

Passwords have no option: a command line is seen by every user of the machine. They are read from MUSTER_SASL_PASSWORD
and MUSTER_SSL_KEY_PASSWORD.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

import click
from click.core import ParameterSource
from pydantic import ValidationError

from muster.shell.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])

CONNECTION = (
    "bootstrap",
    "security_protocol",
    "ssl_cafile",
    "ssl_certfile",
    "ssl_keyfile",
    "sasl_mechanism",
    "sasl_username",
    "group_prefix",
    "data_dir",
    "cache_dir",
)
WEB = ("web_host", "web_port", "web_insecure", "log_level")
TOPICS = ("partitions", "replication_factor")
EMBEDDED = ("broker_port",)
GIVEN = "muster.given_options"


def connection_options(function: Function) -> Function:
    """Adds where Kafka is and how to talk to it; the command is called with `settings`, in which options win."""

    @functools.wraps(function)
    def with_settings(*args: Any, **kwargs: Any) -> Any:
        return function(*args, settings=given_settings(), **kwargs)

    return cast(Function, _add(CONNECTION, with_settings))


def setting_options(function: Function) -> Function:
    """Adds all options made from settings; the command asks for `given_settings` itself."""
    return cast(Function, _add((*CONNECTION, *WEB, *TOPICS), function))


def web_options(function: Function) -> Function:
    """Adds where /metrics listens and how much is logged; stands below `connection_options`."""
    return cast(Function, _add(WEB, function))


def topic_options(function: Function) -> Function:
    """Adds what new topics look like; stands below `connection_options`."""
    return cast(Function, _add(TOPICS, function))


def embedded_options(function: Function) -> Function:
    """Adds how a broker of our own is started; stands below `connection_options`."""
    return cast(Function, _add(EMBEDDED, function))


def given_settings() -> Settings:
    """The settings of the running command.

    Raises:
        click.UsageError: as load_settings.
    """
    return load_settings(click.get_current_context().meta.get(GIVEN, {}))


def load_settings(given: dict[str, Any]) -> Settings:
    """The settings of the environment with options over them.

    Raises:
        click.UsageError: in one line, with the option and the variable. The value is not repeated: it may be a secret.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        option = f"--{name.replace('_', '-')} or " if name in given else ""
        raise click.UsageError(f"{option}MUSTER_{name.upper()}: {first['msg']}") from None


def with_broker(settings: Settings) -> Settings:
    """The settings with an address of Kafka: the one given, else that of the embedded broker that runs on data_dir.

    Raises:
        click.ClickException: neither is there.
    """
    if settings.bootstrap:
        return settings
    from muster.shell.broker_state import running_broker

    running = running_broker(settings.data_dir)
    if running is None:
        raise click.ClickException("No broker: start one with `muster up`, or set --bootstrap (MUSTER_BOOTSTRAP).")
    return settings.model_copy(update={"bootstrap": running.bootstrap})


def _add(names: Iterable[str], function: Any) -> Any:
    for name in reversed(tuple(names)):
        function = _option(name)(function)
    return function


def _option(name: str) -> Callable[[Any], Any]:
    field = Settings.model_fields[name]
    return click.option(
        f"--{name.replace('_', '-')}",
        type=_click_type(field.annotation),
        is_flag=field.annotation is bool,
        envvar=f"MUSTER_{name.upper()}",
        show_envvar=True,
        default=field.get_default(call_default_factory=True, validated_data={}),
        show_default=True,
        help=field.description,
        expose_value=False,
        callback=_remember,
    )


def _click_type(annotation: Any) -> Any:
    if get_origin(annotation) is Literal:
        return click.Choice(get_args(annotation))
    if annotation is Path or Path in get_args(annotation):
        return click.Path(path_type=Path)
    return annotation if annotation in (int, float, bool) else str


def _remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    assert parameter.name is not None
    if context.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT:
        context.meta.setdefault(GIVEN, {})[parameter.name] = value
