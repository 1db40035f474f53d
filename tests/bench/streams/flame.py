"""A flame graph as SVG: the wider a frame, the more often it was seen on the stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH = 1_200
ROW = 17
MARGIN = 10
SHARE_MIN = 0.002
"""Narrower frames cannot be read and are left out."""

LETTER_WIDTH = 6.6
DEPTH_MAX = 40
COLORS = {"muster": "#1f6f8b", "faust": "#d98c3f", "mode": "#d98c3f", "aiokafka": "#c95f4b", "asyncio": "#9a8fb8"}
OTHER = "#b9c4c9"

Stack = tuple[str, ...]
"""From the outermost frame to the innermost, each `function (file:line)` or `function (file)`."""


@dataclass
class Frame:
    samples: int = 0
    callees: dict[str, Frame] = field(default_factory=dict)


def tree(stacks: Mapping[Stack, int]) -> Frame:
    root = Frame()
    for stack, samples in stacks.items():
        here = root
        here.samples += samples
        for name in stack[:DEPTH_MAX]:
            here = here.callees.setdefault(name, Frame())
            here.samples += samples
    return root


def draw(stacks: Mapping[Stack, int], title: str, path: Path) -> None:
    """Write the graph; frames stand above their callers, widest first."""
    root = tree(stacks)
    drawn: list[tuple[int, float, float, str, int]] = []

    def lay(frame: Frame, level: int, left: float) -> None:
        for name, callee in sorted(frame.callees.items(), key=lambda one: (-one[1].samples, one[0])):
            share = callee.samples / root.samples
            if share >= SHARE_MIN:
                drawn.append((level, left, share, name, callee.samples))
                lay(callee, level + 1, left)
            left += share

    lay(root, 0, 0.0)
    height = (max((one[0] for one in drawn), default=0) + 2) * ROW + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        ' font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN + 10}">{escape(title)}</text>',
        *(_box(*one, height=height) for one in drawn),
        "</svg>",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _box(level: int, left: float, share: float, name: str, samples: int, *, height: int) -> str:
    room = WIDTH - 2 * MARGIN
    x, y, width = MARGIN + left * room, height - MARGIN - (level + 1) * ROW, share * room
    shown = name[: int((width - 4) / LETTER_WIDTH)]
    label = f'<text x="{x + 3:.1f}" y="{y + 12}" fill="#ffffff">{escape(shown)}</text>' if len(shown) > 2 else ""
    return (
        f'<g><title>{escape(name)}: {share:.1%}, {samples} samples</title><rect x="{x:.1f}" y="{y}" '
        f'width="{max(width - 0.5, 0.5):.1f}" height="{ROW - 1}" fill="{_color(name)}"/>{label}</g>'
    )


def _color(name: str) -> str:
    _, _, file = name.partition(" (")
    return next((color for package, color in COLORS.items() if file.startswith(package)), OTHER)
