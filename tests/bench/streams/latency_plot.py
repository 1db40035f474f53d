"""The plot of delays: how many articles were told after so long, and how they are spread."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "muster"
BINS_A_DECADE = 20


def draw(delays: dict[str, list[float]], path: Path) -> None:
    """A histogram of each rate on a logarithmic axis, and below it what share is told by then. Delays in seconds."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    histogram, share = figure.subplots(2, 1, sharex=True)
    everything = 1000 * np.concatenate([np.asarray(one) for one in delays.values()])
    low, high = np.log10(max(everything.min(), 1.0)), np.log10(max(everything.max(), 2.0))
    edges = np.logspace(low, high, max(2, round((high - low) * BINS_A_DECADE)) + 1)
    for label, one in delays.items():
        milliseconds = 1000 * np.asarray(sorted(one))
        histogram.hist(milliseconds, edges, weights=np.full(len(one), 100 / len(one)), histtype="step", label=label)
        share.plot(milliseconds, 100 * np.arange(1, len(one) + 1) / len(one), label=label)
    histogram.set_ylabel("% of the articles")
    share.set_ylabel("% told by then")
    share.set_xlabel("milliseconds from article to total")
    share.set_xscale("log")
    share.grid(visible=True, alpha=0.3)
    histogram.legend()
    figure.savefig(path, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
