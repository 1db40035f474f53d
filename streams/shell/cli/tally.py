"""`muster tally`: articles in, one reconciled total a city out, without a broker."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from muster.shell.cli.as_of import as_of_option
from muster.shell.cli.offline_options import offline_options
from muster.shell.cli.output import Format, data_options, emit, visible

COLUMNS = ("city", "country", "planned", "deployed", "withdrawn", "as_of", "reports", "sources")


@click.command()
@click.argument("paths", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@as_of_option
@data_options
@offline_options
def command(
    paths: tuple[Path, ...], as_of: datetime | None, fmt: Format, cache_dir: Path, article_bytes_max: int
) -> None:
    """Reconcile articles into one total a city: JSON lines sorted by place key, or a table.

    The same functions that the stream runs: `muster tally` of the articles fed to a broker gives the cells of
    deployments.city-totals. Articles that cannot be read are named on standard error, and the exit code is then 1.

    \b
    muster tally --format table seeds/articles/
    muster tally --as-of 2025-02-05 --format table seeds/articles/
    muster tally seeds/articles/ | jq -r '[.place.name, .planned.best, .deployed.best] | @tsv'
    """  # noqa: D301 - \b is click's mark for a block that it must not rewrap
    from muster.shell import offline
    from muster.shell.cli.progress import counting_articles

    extractor = offline.load_extractor(cache_dir)
    with counting_articles() as counted:
        tally = offline.tally(extractor, paths, article_bytes_max, as_of and as_of.date(), counted)
    emit(tally.city_totals if fmt == "json" else map(_row, tally.city_totals), fmt, COLUMNS)
    for rejected in tally.rejected:
        click.echo(visible(f"not read: {rejected}"), err=True)
    if tally.rejected:
        raise SystemExit(1)


def _row(total: dict[str, Any]) -> dict[str, Any]:
    cells = {status: total[status] and total[status]["best"] for status in ("planned", "deployed", "withdrawn")}
    return {**total, **cells, "city": total["place"]["name"], "country": total["place"]["country"]}
