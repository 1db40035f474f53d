"""docs/reference.md from the catalogues: commands, settings, topics, metrics. `python -m muster.shell.reference`."""

from __future__ import annotations

import sys

import click
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from muster.schemas.tables import markdown_table
from muster.shell.cli import COMMANDS, main
from muster.shell.faust.exits import MEANINGS
from muster.shell.metrics import CATALOGUE
from muster.shell.settings import Settings
from muster.shell.topics import DAY_MS, specs

HEAD = """# Reference

Generated from the catalogues in the code (`make reference`); a test fails when it is stale.
"""


def document() -> str:
    """The whole page, in Markdown."""
    sections = (HEAD, _commands(), _exit_codes(), _settings(), _topics(), _metrics())
    return "\n".join(section.rstrip() + "\n" for section in sections)


def _commands() -> str:
    intro = "Options that are also settings are left out here: `muster COMMAND --help` lists them with their variables."
    context = click.Context(main, info_name="muster")
    return "\n".join(["## Commands\n", intro + "\n", *(_command(main, name, context) for name in COMMANDS)])


def _command(group: click.Group, name: str, context: click.Context) -> str:
    """A command, and below it the commands that it is a group of."""
    command = group.get_command(context, name)
    assert command is not None
    with click.Context(command, info_name=name, parent=context, terminal_width=100) as own:
        usage = command.get_usage(own).removeprefix("Usage: ")
        formatter = own.make_formatter()
        command.format_help_text(own, formatter)
        options = [p for p in command.params if isinstance(p, click.Option) and not p.envvar and not p.hidden]
        rows = [(f"`{' '.join(option.opts)}`", option.help or "") for option in options]
        parts = [f"### {usage}\n", "```text", formatter.getvalue().strip("\n"), "```\n"]
        below = [_command(command, one, own) for one in command.commands] if isinstance(command, click.Group) else []
    return "\n".join([*parts, *([markdown_table(("option", "meaning"), rows) + "\n"] if rows else []), *below])


def _exit_codes() -> str:
    intro = (
        "How a worker ended; `muster up` says it of its roles, and a worker that leaves at once logs it as its last"
        " line. Other commands end with 0, with 1 when something failed, and with 2 when they were called wrongly."
    )
    rows = [(str(code), meaning) for code, meaning in MEANINGS.items()]
    return "\n".join(["## Exit codes\n", intro + "\n", markdown_table(("exit code", "meaning"), rows)])


def _settings() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (PydanticUndefined, None) else str(field.default)
        if field.default_factory is not None:
            default = "the user's own folder"
        secret = " (secret: never printed)" if SecretStr in getattr(field.annotation, "__args__", ()) else ""
        rows.append((f"`MUSTER_{name.upper()}`", f"`{default}`" if default else "", f"{field.description}{secret}"))
    return "## Settings\n\n" + markdown_table(("variable", "default", "meaning"), rows)


def _topics() -> str:
    rows = [
        (
            f"`{spec.name}`",
            spec.purpose,
            spec.key,
            spec.value,
            spec.cleanup,
            str(spec.partitions) + (f", as `{spec.partitions_of}`" if spec.partitions_of else ""),
            "" if spec.retention_ms is None else f"{spec.retention_ms // DAY_MS} days",
        )
        for spec in specs(Settings(_env_prefix="MUSTER_REFERENCE_"))  # the defaults
    ]
    return "## Topics\n\n" + markdown_table(
        ("topic", "what for", "key", "value", "cleanup", "partitions", "retention"), rows
    )


def _metrics() -> str:
    rows = [(f"`{m.name}`", m.kind, ", ".join(m.labels), m.meaning, m.action) for m in CATALOGUE]
    return "## Metrics\n\n" + markdown_table(("metric", "kind", "labels", "meaning", "what to do"), rows)


if __name__ == "__main__":
    sys.stdout.write(document())
