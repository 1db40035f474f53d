"""`muster doctor`: what is wrong, and what to do."""

from __future__ import annotations

import dataclasses
import sys

import click

from muster.shell.cli.options import given_settings, setting_options
from muster.shell.cli.output import Format, emit, output_options


@click.command()
@output_options
@setting_options
def command(fmt: Format) -> None:
    """Check Python, packages, folders, place names, the embedded Kafka, ports, the broker and its topics.

    Changes nothing and fetches nothing. Exit code 1 if anything fails; a warning is something that Muster will see to
    itself, or that may be as you want it.

    \b
    muster doctor
    muster doctor --json | jq 'select(.status != "ok")'
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell.doctor import Finding, examine, examine_machine
    from muster.shell.kafka_client import quiet_kafka_loggers

    quiet_kafka_loggers()
    findings = list(examine_machine())
    try:
        settings = given_settings()
    except click.UsageError as error:
        findings.append(Finding("settings", "fail", error.message, "Correct it; the other checks need it."))
    else:
        findings += examine(settings)
    emit([dataclasses.asdict(finding) for finding in findings], fmt, ("status", "check", "detail", "remedy"))
    sys.exit(1 if any(finding.status == "fail" for finding in findings) else 0)
