"""The plot of a contest: speed, and CPU an article, with the spread over the rounds."""

from __future__ import annotations

import statistics
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.bench.streams.contest import Round

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "muster"


def draw(workloads: dict[str, dict[str, list[Round]]], path: Path) -> None:
    figure = Figure(figsize=(11, 3.6 * len(workloads)), layout="constrained")
    grid = figure.subplots(len(workloads), 2, squeeze=False)
    for row, (title, results) in zip(grid, workloads.items(), strict=True):
        names = list(results)[::-1]
        for axes, figure_of, label in (
            (row[0], lambda r: r.per_second, "articles a second"),
            (row[1], lambda r: r.cpu_us, "CPU microseconds an article"),
        ):
            values = {name: sorted(figure_of(r) for r in results[name]) for name in names}
            middles = [statistics.median(values[name]) for name in names]
            spread = [
                [middle - values[name][0] for name, middle in zip(names, middles, strict=True)],
                [values[name][-1] - middle for name, middle in zip(names, middles, strict=True)],
            ]
            colors = ["#1f6f8b" if name.startswith("Muster") else "#b9c4c9" for name in names]
            axes.barh(names, middles, xerr=spread, color=colors, ecolor="#555555", capsize=2)
            axes.set_xlabel(label)
            axes.set_title(title)
        row[1].set_yticklabels([])
    figure.savefig(path, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
