"""How fast one process reads articles, how much memory it takes, and how time grows with length: `make bench-extract`.

    python -m tests.bench.extract_speed [--brief] [--keep] [--longest CHARACTERS]

Relevant articles go through `Extractor.claim`, ordinary ones from the bytes of their record through decoding,
validation and the prefilter. Times are CPU time of this process, and of several rounds the fastest counts, since other
processes take caches and clock away. `--keep` appends the result to docs/bench/extract.jsonl and draws
docs/bench/extract.svg.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import orjson
import psutil

from muster import __version__
from muster.core import text
from muster.core.limits import ARTICLE_BYTES_MAX
from muster.core.model import Article
from muster.core.pipeline import Extractor
from muster.shell import offline
from muster.shell.article_codec import decode_article
from muster.shell.gazetteer import load_gazetteer
from muster.shell.settings import Settings
from tests.bench import articles, hostile

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "bench"
ROUNDS = 5
SHORTEST = 1_000
FACTOR = 4
REFERENCE_STEPS = 1_000_000


def reference_seconds() -> float:
    """A plain loop, to compare results of machines and of hours by."""
    started = process_time()
    total = 0
    for step in range(REFERENCE_STEPS):
        total += step & 7
    return process_time() - started


def fastest(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        started = process_time()
        work()
        times.append(process_time() - started)
    return min(times)


def speed(extractor: Extractor) -> dict[str, Any]:
    """Articles a second and core, from the first article on and once the names of the day are known; RSS in MiB."""
    told, ordinary = articles.relevant(), articles.ordinary()
    records = [record(article) for article in ordinary]
    started = process_time()
    for article in told:
        extractor.claim(article, None)
    cold = process_time() - started
    warm = sum(fastest(lambda one=article: extractor.claim(one, None)) for article in told)  # type: ignore[misc]
    reject = fastest(lambda: [read(extractor, value) for value in records])
    return {
        "relevant_per_second": round(len(told) / warm),
        "relevant_per_second_cold": round(len(told) / cold),
        "ordinary_per_second": round(len(records) / reject),
        "relevant_bytes": round(sum(len(article.text.encode()) for article in told) / len(told)),
        "rss_mib": memory_mib(),
    }


def memory_mib() -> int:
    """Resident memory of this process."""
    return round(psutil.Process().memory_info().rss / 2**20)


def record(article: Article) -> bytes:
    """An article as a scraper sends it."""
    fields = {"article_id": article.article_id, "title": article.title, "text": article.text, "lang": "en"}
    return orjson.dumps(fields | {"url": f"https://news.example/{article.article_id}", "source": "news.example"})


def read(extractor: Extractor, value: bytes) -> object:
    decoded = decode_article(None, value, bytes_max=ARTICLE_BYTES_MAX).value
    assert isinstance(decoded, Article)
    return extractor.claim(decoded, None)


def growth(extractor: Extractor, names: list[str], longest: int) -> dict[str, list[tuple[int, float]]]:
    """Kind of text -> (characters, milliseconds) for lengths from `SHORTEST` on, each `FACTOR` times the last."""
    lengths = [SHORTEST * FACTOR**k for k in range(1 + int(math.log(longest / SHORTEST, FACTOR)))] + [longest]
    found: dict[str, list[tuple[int, float]]] = {}
    for kind, make in hostile.texts(names).items():
        found[kind] = []
        for length in sorted(set(lengths)):
            article = Article("a", make(length), lang="en")
            seconds = fastest(lambda one=article: extractor.claim(one, None), 3 if length < longest else 1)  # type: ignore[misc]
            found[kind].append((length, round(seconds * 1_000, 3)))
        sys.stderr.write(f"{kind}: {found[kind][-1][1] / 1_000:.1f} s for {longest:,} characters\n")
    return found


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """Slope of log time over log length between the last two lengths: 1 is linear, 2 is quadratic."""
    (shorter, before), (longer, after) = points[-2:]
    return math.log(after / before) / math.log(longer / shorter)


def show_speed(result: dict[str, Any]) -> None:
    kind = "compiled" if result["compiled"] else "interpreted"
    print(f"core {kind}, a loop of {REFERENCE_STEPS:,} steps in {result['reference_ms']:,} ms")
    print(f"relevant articles a second and core   {result['relevant_per_second']:>8,} (the first: ", end="")
    print(f"{result['relevant_per_second_cold']:,})")
    print(f"ordinary articles a second and core   {result['ordinary_per_second']:>8,}")
    print(f"memory of the process, MiB            {result['rss_mib']:>8,}")


def show_growth(result: dict[str, Any]) -> None:
    print(f"the same after the longest texts      {result['rss_mib_longest']:>8,}\n")
    print(
        f"{'milliseconds for characters':<24}",
        *(f"{length:>10,}" for length, _ in result["growth"]["news"]),
        "  growth",
    )
    for kind, points in result["growth"].items():
        print(f"{kind:<24}", *(f"{ms:>10,.1f}" for _, ms in points), f"  n^{exponent(points):.2f}")


def draw(result: dict[str, Any], path: Path) -> None:
    """Time over length, both logarithmic, with a line of slope 1 to compare with."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "muster"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5.5))
    for kind, points in result["growth"].items():
        axes.loglog(*zip(*points, strict=True), marker=".", linewidth=1, label=kind)
    (first, ms), (last, _) = result["growth"]["news"][0], result["growth"]["news"][-1]
    axes.loglog([first, last], [ms, ms * last / first], "k:", label="linear")
    axes.set(xlabel="characters", ylabel="milliseconds", title="Extraction: CPU time against length of the text")
    axes.legend(fontsize=7)
    axes.grid(visible=True, which="major", alpha=0.3)
    figure.savefig(path, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")), bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-extract", description="Speed and memory of extraction.")
    parser.add_argument("--brief", action="store_true", help="leave out how time grows with length")
    parser.add_argument("--keep", action="store_true", help="append to docs/bench and draw the plot")
    parser.add_argument("--longest", type=int, default=ARTICLE_BYTES_MAX, help="characters of the longest text")
    given = parser.parse_args()
    cache_dir = Settings().cache_dir
    extractor = offline.load_extractor(cache_dir)
    reference = min(reference_seconds() for _ in range(ROUNDS))
    result = {
        "version": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "compiled": not str(text.__file__).endswith(".py"),
        "reference_ms": round(reference * 1_000, 1),
        **speed(extractor),
    }
    show_speed(result)
    if given.brief:
        return
    result["growth"] = growth(extractor, hostile.city_names(load_gazetteer(cache_dir)), given.longest)
    result["rss_mib_longest"] = memory_mib()
    show_growth(result)
    if given.keep:
        RESULTS.mkdir(parents=True, exist_ok=True)
        with (RESULTS / "extract.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
        draw(result, RESULTS / "extract.svg")


if __name__ == "__main__":
    main()
