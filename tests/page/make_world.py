"""Makes streams/shell/page/world.json, the base map, from the npm package world-atlas (Natural Earth at 1:50 million).

`make basemap` fetches the package and runs this. The result is committed: users need neither npm nor the package.

TopoJSON stores each line between two countries once, as an "arc". The output keeps that:

    {"scale": 50,                       units in one degree
     "arcs": [[x0, y0, dx1, dy1, ...]], each arc as its first point and steps, in units
     "land": [[arc, ...], ...],         rings to fill; ~arc is an arc from its end to its start
     "borders": [arc, ...]}             arcs between two countries
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "streams" / "shell" / "page" / "world.json"
UNITS_PER_DEGREE = 50
TOLERANCE_DEGREES = 0.035
SOUTH_MIN_DEGREES = -60.0
"""Nobody is deployed to a city in Antarctica, and Mercator makes it the largest thing on the map."""
SMALLEST_ISLAND_DEGREES = 0.12

Point = tuple[float, float]


def decoded(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs in degrees; TopoJSON stores steps of a grid."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + bottom))
        arcs.append(points)
    return arcs


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker's: no dropped point is further from the line than the tolerance."""
    if len(points) < 3:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5

    def distance(point: Point) -> float:
        x, y = point
        if length == 0:  # a ring: it starts where it ends
            return ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
        return abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length

    furthest = max(range(1, len(points) - 1), key=lambda i: distance(points[i]))
    if distance(points[furthest]) <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: furthest + 1], tolerance)[:-1] + simplified(points[furthest:], tolerance)


def rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from rings(part)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def is_shown(ring: list[int], arcs: list[list[Point]]) -> bool:
    points = [point for arc in ring for point in arcs[arc if arc >= 0 else ~arc]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(ys) > SOUTH_MIN_DEGREES and max(max(xs) - min(xs), max(ys) - min(ys)) > SMALLEST_ISLAND_DEGREES


def steps(points: list[Point]) -> list[int]:
    """First point and steps in whole units; steps of nothing are left out."""
    grid = [(round(x * UNITS_PER_DEGREE), round(y * UNITS_PER_DEGREE)) for x, y in points]
    flat = [*grid[0]]
    for (x0, y0), (x1, y1) in pairwise(grid):
        if (x0, y0) != (x1, y1):
            flat += [x1 - x0, y1 - y0]
    return flat


def main(source: Path) -> None:
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = decoded(topology)
    countries = [list(rings(country)) for country in topology["objects"]["countries"]["geometries"]]
    used_by: dict[int, int] = {}
    for country in countries:
        for arc in {a if a >= 0 else ~a for ring in country for a in ring}:
            used_by[arc] = used_by.get(arc, 0) + 1
    land = [ring for ring in rings(topology["objects"]["land"]) if is_shown(ring, arcs)]
    borders = [arc for arc, users in sorted(used_by.items()) if users > 1]
    kept = sorted({a if a >= 0 else ~a for ring in land for a in ring} | set(borders))
    number = {old: new for new, old in enumerate(kept)}
    world = {
        "scale": UNITS_PER_DEGREE,
        "arcs": [steps(simplified(arcs[old], TOLERANCE_DEGREES)) for old in kept],
        "land": [[number[a] if a >= 0 else ~number[~a] for a in ring] for ring in land],
        "borders": [number[arc] for arc in borders],
    }
    TARGET.write_text(json.dumps(world, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {sum(len(a) for a in world['arcs']) // 2:,} points")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
