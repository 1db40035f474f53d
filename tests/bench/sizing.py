"""What a cluster needs, from what was measured: `make sizing` writes docs/sizing.md.

    python -m tests.bench.sizing --articles-per-second 2000 --event-share 0.0005 --years 1

Costs of the extract role come from the newest lines of docs/bench/streams.jsonl, which `make bench` writes; those of
the other roles are options, with what docs/bench/fold.md tells as defaults.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from pathlib import Path

import click
import orjson

DOCS = Path(__file__).resolve().parents[2] / "docs"
DAY_SECONDS = 86_400
YEAR_SECONDS = 365 * DAY_SECONDS
GIB, TIB = 2**30, 2**40
FIREHOSE_SHARE = 0.02
MUSTER = "Muster, 1 worker"
CAREFUL_LOOP = "confluent-kafka loop"
SHARES = (0.0001, 0.001, 0.01)


@dataclass(frozen=True)
class Cost:
    """Measured: CPU microseconds of a record, bytes of memory of a report, seconds to restore a million of them."""

    ordinary_us: float
    relevant_us: float
    route_us: float
    fold_us: float
    report_bytes: int
    restore_seconds: float


@dataclass(frozen=True)
class Demand:
    """Asked for. `read_share` are articles that pass the prefilter, `event_share` those that name a deployment."""

    articles_per_second: float
    peak: float
    read_share: float
    event_share: float
    places: float
    years: float
    article_bytes: int
    raw_days: int
    replicas: int
    load_max: float


@dataclass(frozen=True)
class Need:
    extract_cores: float
    route_cores: float
    fold_cores: float
    reports: float
    table_bytes: float
    raw_disk_bytes: float
    raw_bytes_per_second: float


def need_of(demand: Demand, cost: Cost) -> Need:
    """The formulas of docs/sizing.md."""
    d = demand
    at_peak = d.articles_per_second * d.peak
    article_us = (1 - d.read_share) * cost.ordinary_us + d.read_share * cost.relevant_us
    events_per_second = at_peak * d.event_share
    reports = d.articles_per_second * d.event_share * d.places * d.years * YEAR_SECONDS
    raw = d.articles_per_second * d.article_bytes
    return Need(
        extract_cores=at_peak * article_us / 1e6 / d.load_max,
        route_cores=events_per_second * cost.route_us / 1e6 / d.load_max,
        fold_cores=events_per_second * d.places * cost.fold_us / 1e6 / d.load_max,
        reports=reports,
        table_bytes=reports * cost.report_bytes,
        raw_disk_bytes=raw * d.raw_days * DAY_SECONDS * d.replicas,
        raw_bytes_per_second=raw * d.peak,
    )


def extract_costs(results: Path) -> tuple[float, float]:
    """CPU microseconds of an ordinary article of 3 KB and of a relevant one.

    Of relevant articles alone Muster commits too seldom to be timed well; they cost what they cost the careful loop.
    """
    newest: dict[str, float] = {}
    if results.exists():
        for line in map(orjson.loads, results.read_bytes().splitlines()):
            rounds = line["rounds"].get(MUSTER if line["workload"] == "firehose" else CAREFUL_LOOP)
            if rounds:
                newest[line["workload"]] = statistics.median(1e6 * r["cpu_seconds"] / r["articles"] for r in rounds)
    if not {"firehose", "all relevant"} <= newest.keys():
        raise click.ClickException(f"{results} has no run of the firehose and of all relevant: run `make bench` first")
    relevant = newest["all relevant"]
    return max(0.0, newest["firehose"] - FIREHOSE_SHARE * relevant) / (1 - FIREHOSE_SHARE), relevant


def document(demand: Demand, cost: Cost, languages: int) -> str:
    d, need = demand, need_of(demand, cost)
    workers = max(1, math.ceil(need.reports / 1e6))
    others = "\n".join(_row(share, need_of(_with_share(d, share), cost)) for share in SHARES)
    return f"""# How large a cluster must be

Written by `make sizing` from what the benchmarks measured ([speed](bench/streams.md), [fold](bench/fold.md)). With your
own figures: `make sizing ARGS="--articles-per-second 2000 --event-share 0.0005 --years 1 --print"`; `ARGS=--help` lists
all. They are of one machine: measure yours with `make bench` and `make bench-fold` first.

## The formulas

    extract cores = A * P * ((1 - s) * {cost.ordinary_us:,.0f} us + s * {cost.relevant_us:,.0f} us) / L
    route cores   = A * P * e * {cost.route_us:,.0f} us / L
    fold cores    = A * P * e * p * {cost.fold_us:,.0f} us / L
    reports       = A * e * p * years
    fold memory   = reports * {cost.report_bytes:,} bytes
    disk of articles.raw = A * b * days * replicas

| | | here |
| --- | --- | --- |
| A | articles a second, on average | {d.articles_per_second:,.0f} |
| P | the busiest minute of the day beside the average | {d.peak:g} |
| s | share that passes the prefilter and is read | {d.read_share:.2%} |
| e | share that names a deployment | {d.event_share:.2%} |
| p | places that such an article names | {d.places:g} |
| b | bytes of an article on disk, compressed | {d.article_bytes:,} |
| L | how busy a core may be at the peak: the rest is for restarts and rebalances | {d.load_max:.0%} |

s, e, p and P are assumptions and not measured: count them in your own stream, e by `muster_records_total` with the
outcome `with_events`. An article in a language that Muster does not read costs what an ordinary one does. Where
{languages} languages are read, s and e are those of all articles together, and each brings its word lists, some
megabytes a worker.

## {d.articles_per_second:,.0f} articles a second, {d.years:g} years

| | needed |
| --- | --- |
| extract | {need.extract_cores:.1f} cores, so {math.ceil(need.extract_cores)} workers of one core and 0.4 GiB each |
| route | {need.route_cores:.2f} cores |
| fold, CPU | {need.fold_cores:.2f} cores |
| reports in the fold tables after {d.years:g} years | {need.reports / 1e6:,.0f} million |
| fold, memory | {need.table_bytes / GIB:,.0f} GiB: {workers:,} workers of a million reports (1.5 GiB), or larger ones |
| partitions of articles.raw | {_round_up(math.ceil(need.extract_cores) * 2)} or more: twice the workers, to grow |
| articles.raw on disk, {d.raw_days} days, {d.replicas} replicas | {need.raw_disk_bytes / TIB:,.1f} TiB |
| into articles.raw at the peak | {need.raw_bytes_per_second / 2**20:,.0f} MiB/s; as much to each replica, and out |
| back after a fold worker with a million reports is gone | {cost.restore_seconds:,.0f} s |

The number of reports decides, since each is kept in memory for good. What it comes to at other shares of articles with
a deployment:

| e | route cores | fold cores | million reports | fold memory GiB |
| --- | --- | --- | --- | --- |
{others}

No report is dropped for its age. For a shorter past begin a second set of groups and topics from a later offset, beside
the first ([how](how-to/tune.md#partitions)).
"""


def _with_share(demand: Demand, share: float) -> Demand:
    return Demand(**{**vars(demand), "event_share": share})


def _row(share: float, need: Need) -> str:
    return (
        f"| {share:.2%} | {need.route_cores:.2f} | {need.fold_cores:.2f} | {need.reports / 1e6:,.0f} "
        f"| {need.table_bytes / GIB:,.0f} |"
    )


def _round_up(count: int) -> int:
    return max(12, math.ceil(count / 12) * 12)


@click.command()
@click.option("--articles-per-second", default=10_000.0, show_default=True)
@click.option("--peak", default=3.0, show_default=True, help="Busiest minute beside the average.")
@click.option("--read-share", default=0.01, show_default=True, help="Articles that pass the prefilter.")
@click.option("--event-share", default=0.001, show_default=True, help="Articles that name a deployment.")
@click.option("--places", default=1.5, show_default=True, help="Places that such an article names.")
@click.option("--languages", default=10, show_default=True)
@click.option("--years", default=3.0, show_default=True)
@click.option("--article-bytes", default=1_500, show_default=True, help="On disk, compressed.")
@click.option("--raw-days", default=7, show_default=True, help="For how long articles.raw keeps an article.")
@click.option("--replicas", default=3, show_default=True)
@click.option("--load-max", default=0.6, show_default=True, help="How busy a core may be at the peak.")
@click.option("--route-us", default=60.0, show_default=True, help="CPU microseconds of a claim.")
@click.option("--fold-us", default=180.0, show_default=True, help="CPU microseconds of a report.")
@click.option("--report-bytes", default=1_200, show_default=True, help="Memory of a report.")
@click.option("--restore-seconds", default=37.0, show_default=True, help="Of a million reports.")
@click.option("--results", type=click.Path(path_type=Path), default=DOCS / "bench" / "streams.jsonl")
@click.option("--print", "only_print", is_flag=True, help="Print the page instead of writing docs/sizing.md.")
def main(
    languages: int, route_us: float, fold_us: float, report_bytes: int, restore_seconds: float, results: Path,
    *, only_print: bool, **asked: float,
) -> None:  # fmt: skip
    """What a cluster needs, from what was measured."""
    cost = Cost(*extract_costs(results), route_us, fold_us, report_bytes, restore_seconds)
    text = document(Demand(**asked), cost, languages)  # type: ignore[arg-type] - click has read the whole numbers
    if only_print:
        click.echo(text)
    else:
        (DOCS / "sizing.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
