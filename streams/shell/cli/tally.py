"""`muster tally`: articles in, one reconciled total a city out, without a broker."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
def command(paths: tuple[Path, ...]) -> None:
    """Reconcile articles into one total a city, as JSON lines sorted by place key.

    The same functions that the stream runs: `muster tally` of the articles fed to a broker gives the cells of
    deployments.city-totals. Articles that cannot be read are named on standard error, and the exit code is then 1.

    \b
    muster tally seeds/articles/ | jq -r '[.place.name, .planned.best, .deployed.best] | @tsv'
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import offline
    from muster.shell.settings import Settings

    settings = Settings()
    extractor = offline.load_extractor(settings)
    tally = offline.tally(extractor, paths, settings.article_bytes_max)
    for line in tally.city_totals:
        sys.stdout.buffer.write(line + b"\n")
    for rejected in tally.rejected:
        click.echo(f"not read: {rejected}", err=True)
    if tally.rejected:
        raise SystemExit(1)
