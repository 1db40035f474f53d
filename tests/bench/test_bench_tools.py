"""What the benchmarks say of themselves: stacks are counted for the right stage, graphs say nothing of their maker."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

from muster.core.limits import EVIDENCE_PER_TOTAL_MAX
from muster.core.pipeline import Extractor
from muster.shell import offline
from muster.shell.article_codec import decode_article
from tests.bench import sizing
from tests.bench.streams import flame, latency, profile
from tests.load.traffic import Traffic

RAW = """\
process 1;_run (asyncio/events.py:80);pump (streams/shell/faust/pump.py:4);relevant (/x/streams/core/prefilter.py:65) 3
process 1;_run (asyncio/events.py:80);g (x.py:1);claim (streams/core/pipeline.py:5);f (re.py:1) 2
thread 2;run (mode/threads.py:9);next (/y/site-packages/aiokafka/consumer/fetcher.py:202) 4
process 1;main (click/core.py:5) 1
"""


def test_a_sample_counts_for_the_innermost_stage() -> None:
    """Work inside a batch is not the batch's, a library's frame is that of who called it, and nothing gets lost."""
    stages = profile.by_stage(profile.read_stacks(RAW))
    assert stages == {"prefilter": 3, "extraction": 2, "unpacking fetched records": 4, profile.OTHER: 1}


def test_stacks_hold_no_path_of_a_machine() -> None:
    """Functions are named by package and module; lines are left out, so that a function is one frame."""
    frames = {frame for stack in profile.read_stacks(RAW) for frame in stack}
    assert "relevant (muster/core/prefilter.py)" in frames
    assert not any(" (/" in frame or re.search(r":\d", frame) for frame in frames)


def test_a_flame_graph_is_no_wider_than_what_it_is_of(tmp_path: Path) -> None:
    """Frames of one height do not overlap, names are escaped, and nothing tells when or by what it was drawn."""
    stacks = Counter({("a (x.py)", "<lambda> (y.py)"): 30, ("a (x.py)", "b (y.py)"): 60, ("c & d (x.py)",): 10})
    flame.draw(stacks, "all", tmp_path / "flame.svg")
    boxes: dict[str, list[tuple[float, float]]] = {}
    for group in ET.parse(tmp_path / "flame.svg").getroot().findall("{*}g"):
        rect = group.find("{*}rect")
        assert rect is not None
        boxes.setdefault(rect.attrib["y"], []).append((float(rect.attrib["x"]), float(rect.attrib["width"])))
    assert sorted(map(len, boxes.values())) == [2, 2]
    for level in boxes.values():
        ends = [x + width for x, width in sorted(level)]
        assert all(end <= start for end, (start, _) in zip(ends, sorted(level)[1:], strict=False))
    assert "metadata" not in (tmp_path / "flame.svg").read_text(encoding="utf-8")


def test_what_latency_waits_for_can_come(cache_dir: Path) -> None:
    """Every timed article makes one report of a city, and no city gets more than a total quotes."""
    extractor: Extractor = offline.load_extractor(cache_dir)
    traffic = Traffic.load(extractor)
    cities: Counter[str] = Counter()
    for key, value in islice(latency.articles(traffic, "timed", 1), 60):
        article = decode_article(key, value, bytes_max=1_000_000).value
        claim = extractor.claim(article, None)  # type: ignore[arg-type] - it is an article
        assert claim is not None
        assert [one.location.scope for one in claim.located] == ["city"]
        cities[claim.located[0].location.key] += 1
    assert max(cities.values()) == 1
    rounds = latency.room_for(traffic) / len(traffic.cities)
    assert rounds + latency.WARM_ARTICLES / latency.WARM_EVERY / len(traffic.cities) <= EVIDENCE_PER_TOTAL_MAX


def test_twice_the_articles_need_twice_of_all() -> None:
    """Every need is proportional to the articles, and the number of reports to the years."""
    cost = sizing.Cost(40.0, 1_000.0, 60.0, 180.0, 1_200, 37.0)
    demand = sizing.Demand(1_000.0, 3.0, 0.01, 0.001, 1.5, 3.0, 1_500, 7, 3, 0.5)
    one, two = (sizing.need_of(replace(demand, articles_per_second=a), cost) for a in (1_000.0, 2_000.0))
    assert {name: 2 * value for name, value in vars(one).items()} == vars(two)
    assert one.extract_cores == 1_000 * 3 * (0.99 * 40 + 0.01 * 1_000) / 1e6 / 0.5
    assert sizing.need_of(replace(demand, years=6.0), cost).reports == 2 * one.reports == 2 * 1.5 * 3 * 365 * 86_400
