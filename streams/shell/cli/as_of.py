"""The option of commands that can look back."""

from __future__ import annotations

import click

as_of_option = click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Leave out the reports dated later than this UTC day.",
)
"""Adds --as-of; the command is called with `as_of`, a datetime or None."""
