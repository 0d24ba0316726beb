"""A learning curve as a small picture file, and as few enough points to keep."""

from __future__ import annotations

import math
from collections.abc import Sequence

Points = Sequence[tuple[int, float]]

WIDTH, HEIGHT, LEFT, BOTTOM, EDGE = 640, 320, 64, 44, 14
_INKS = ("#4A1F86", "#007F86", "#B3470B", "#1B5FA8", "#8A6D00")  # one a seed


def thinned(points: Points, most: int = 200) -> Points:
    """Every n-th point, the last one always, so that there are `most` at the most."""
    stride = max(1, math.ceil(len(points) / most))
    return points[::-1][::stride][::-1]


def svg(curves: Sequence[Points]) -> str:
    """Loss over steps, one line a seed. ValueError: there is not one point to draw."""
    every = [point for curve in curves for point in curve]
    if not every:
        raise ValueError("a curve needs points")
    last, top = max(s for s, _ in every), _round_up(max(v for _, v in every))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="#1F1E1C">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
        *(_grid(i / 4, top) for i in range(5)),
        *(_step_label(i / 4, last) for i in range(5)),
        f'<text x="{LEFT}" y="{HEIGHT - 6}">step</text>',
        f'<text x="14" y="{EDGE + 4}">loss</text>',
        *(_line(thinned(c), last, top, _INKS[i % len(_INKS)]) for i, c in enumerate(curves)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 × a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-9)))
    return next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= value)


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - 3 * EDGE), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 2 * EDGE), 1)


def _grid(share: float, top: float) -> str:
    y = _y(share)
    return (
        f'<line x1="{_x(0)}" x2="{_x(1)}" y1="{y}" y2="{y}" stroke="#E9E6E0"/>'
        f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{share * top:.3g}</text>'
    )


def _step_label(share: float, last: int) -> str:
    y = HEIGHT - BOTTOM + 18
    return f'<text x="{_x(share)}" y="{y}" text-anchor="middle">{share * last:.0f}</text>'


def _line(points: Points, last: int, top: float, ink: str) -> str:
    places = " ".join(f"{_x(s / last)},{_y(v / top)}" for s, v in points)
    return f'<polyline points="{places}" fill="none" stroke="{ink}" stroke-width="1.8"/>'
