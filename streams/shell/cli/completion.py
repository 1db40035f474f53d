"""`muster completion SHELL`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that lets a shell complete muster's commands, options and their values.

    \b
    bash   muster completion bash > ~/.local/share/bash-completion/completions/muster
    zsh    muster completion zsh  > a file named _muster in a folder of $fpath
    fish   muster completion fish > ~/.config/fish/completions/muster.fish
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.cli import main

    kind = get_completion_class(shell)
    assert kind is not None  # the choices are click's own
    complete = kind(main, {}, "muster", "_MUSTER_COMPLETE")
    # Not `source()`, which asks the bash of this machine for its version: the script may be for another one.
    click.echo(complete.source_template % complete.source_vars())
