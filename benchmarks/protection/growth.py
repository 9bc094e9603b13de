"""How CPU seconds grow with cells: a power fitted, and a plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

WIDE, HIGH, LEFT, BELOW, MARGIN = 560, 360, 60, 40, 20
COLOURS = ("#1b6ca8", "#6aa9d8", "#c0504d", "#e0a030")
START = 'font-family="sans-serif" font-size="11"'


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """Slope of log CPU seconds over log cells by least squares."""
    logs = [(math.log(cells), math.log(cpu)) for cells, cpu in points]
    mean_x, mean_y = (sum(axis) / len(logs) for axis in zip(*logs, strict=True))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def plot(points: dict[str, list[tuple[int, float]]], path: Path) -> None:
    """Draw CPU seconds over cells, both in logarithms, as SVG."""
    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" {START}>']
    drawn.append(f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>')
    for power in range(2, 6):
        x = _place(10**power, 1)[0]
        drawn.append(f'<path d="M{x:.1f} {MARGIN}V{HIGH - BELOW}" stroke="#ddd"/>')
        drawn.append(f'<text x="{x:.1f}" y="{HIGH - 22}" text-anchor="middle">{10**power:,}</text>')
    for power in range(-1, 4):
        y = _place(100, 10.0**power)[1]
        drawn.append(f'<path d="M{LEFT} {y:.1f}H{WIDE - MARGIN}" stroke="#ddd"/>')
        drawn.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    drawn.append(f'<text x="{WIDE / 2}" y="{HIGH - 6}" text-anchor="middle">cells</text>')
    drawn.append('<text x="6" y="14">CPU seconds</text>')
    for number, (way, found) in enumerate(points.items()):
        colour = COLOURS[number % len(COLOURS)]
        for x, y in (_place(cells, cpu) for cells, cpu in sorted(found)):
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        drawn.append(f'<text x="{LEFT + 10}" y="{34 + 15 * number}" fill="{colour}">{way}</text>')
    path.write_text("\n".join([*drawn, "</svg>"]) + "\n", encoding="utf-8")


def _place(cells: float, cpu: float) -> tuple[float, float]:
    """Where a point lies: 100 to 160,000 cells, 0.1 to 1,600 seconds."""
    right, up = (math.log10(cells) - 2) / 3.2, (math.log10(cpu) + 1) / 4.2
    return LEFT + right * (WIDE - LEFT - MARGIN), HIGH - BELOW - up * (HIGH - BELOW - MARGIN)
