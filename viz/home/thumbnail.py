"""Small pictures for the cards of the journey, as SVG: numbers and a theme in, a file's text out.

They are signs, not figures to read: no words, no axes; a hundred shades come down to sixteen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from models.trace import Floats
from viz.board.box import Box
from viz.board.markup import Safe, joined, template
from viz.board.theme import Scale, at
from viz.board.tokens import Bools

SIZE = Box(0, 0, 240, 120)
SHADES = 16

_PICTURE = template(
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {{ width }} {{ height }}'>"
    "{{ pieces }}</svg>\n"
)
_MAP = template(
    "<g transform='translate({{ x }} {{ y }}) scale({{ across }} {{ down }})' "
    "shape-rendering='crispEdges'>{% for colour, path in shades %}"
    "<path fill='{{ colour }}' d='{{ path }}'/>{% endfor %}</g>"
)
_FRAME = template(
    "<rect x='{{ x }}' y='{{ y }}' width='{{ width }}' height='{{ height }}' fill='none' "
    "stroke='{{ colour }}'/>"
)
_LINE = template(
    "<path d='{{ path }}' fill='none' stroke='{{ colour }}' stroke-width='{{ width }}' "
    "stroke-opacity='{{ opacity }}' stroke-linecap='round' stroke-linejoin='round'/>"
)
_DISC = template("<circle cx='{{ x }}' cy='{{ y }}' r='{{ radius }}' fill='{{ colour }}'/>")
_BAR = template(
    "<rect x='{{ x }}' y='{{ y }}' width='{{ width }}' height='{{ height }}' rx='2' "
    "fill='{{ colour }}'/>"
)


def picture(*pieces: Safe) -> str:
    """The file: pieces one above the other."""
    return str(_PICTURE(width=SIZE.width, height=SIZE.height, pieces=joined(pieces, "")))


def heat(
    matrix: Floats, box: Box, scale: Scale, line: str, masked: tuple[Bools, str] | None = None
) -> Safe:
    """(row, column) of 0–1 on a scale's colours, in a frame of the colour `line`.

    masked: True where a cell is none, and the colour that it has instead.
    """
    levels = np.rint(np.clip(matrix, 0, 1) * (SHADES - 1)).astype(int)
    colours = [at(scale, level / (SHADES - 1)) for level in range(SHADES)]
    if masked is not None:
        levels = np.where(masked[0], SHADES, levels)
        colours.append(masked[1])
    rows, columns = levels.shape
    shades = [
        (colour, path)
        for level, colour in enumerate(colours)
        if (path := "".join(_runs(levels == level)))
    ]
    drawn = _MAP(
        x=_short(box.x),
        y=_short(box.y),
        across=_short(box.width / columns),
        down=_short(box.height / rows),
        shades=shades,
    )
    edge = _FRAME(x=box.x, y=box.y, width=box.width, height=box.height, colour=line)
    return joined((drawn, edge), "")


def _runs(marked: Bools) -> Iterable[str]:
    """Cells side by side as one path each."""
    for y, row in enumerate(marked.tolist()):
        for on, cells in groupby(enumerate(row), key=lambda cell: cell[1]):
            places = [x for x, _ in cells]
            if on:
                yield f"M{places[0]} {y}h{len(places)}v1h-{len(places)}z"


def curve(xs: Sequence[float], ys: Sequence[float], box: Box, colour: str) -> Safe:
    """Points of 0–1, y upwards, joined by straight lines."""
    points = [
        f"{_short(box.x + x * box.width)} {_short(box.bottom - y * box.height)}"
        for x, y in zip(xs, ys, strict=True)
    ]
    return _LINE(path="M" + "L".join(points), colour=colour, width=4, opacity=1)


def ribbons(weights: Floats, box: Box, colour: str, ends: str) -> Safe:
    """(upper, lower) weights of 0–1 as lines between two rows of dots, as wide as they are."""
    upper, lower = (_across(count, box) for count in weights.shape)
    lines = [
        _LINE(
            path=f"M{a} {box.y}C{a} {box.y + box.height / 2} {b} {box.y + box.height / 2} "
            f"{b} {box.bottom}",
            colour=colour,
            width=_short(0.5 + 6 * weight),
            opacity=_short(0.25 + 0.75 * weight),
        )
        for a, row in zip(upper, weights.tolist(), strict=True)
        for b, weight in zip(lower, row, strict=True)
        if weight >= 0.05
    ]
    dots = [
        _DISC(x=x, y=y, radius=6, colour=ends)
        for y, row in ((box.y, upper), (box.bottom, lower))
        for x in row
    ]
    return joined([*lines, *dots], "")


def _across(count: int, box: Box) -> list[str]:
    return [_short(box.x + (i + 0.5) * box.width / count) for i in range(count)]


def bars(shares: Sequence[float], box: Box, colour: str, ground: str) -> Safe:
    """Shares of 0–1 as bars below each other, on full ones."""
    pitch = box.height / len(shares)
    drawn = []
    for place, share in enumerate(shares):
        y, height = _short(box.y + place * pitch), _short(pitch * 0.7)
        for part, fill in ((1.0, ground), (max(share, 0.01), colour)):
            width = _short(part * box.width)
            drawn.append(_BAR(x=box.x, y=y, width=width, height=height, colour=fill))
    return joined(drawn, "")


def arrow(x: float, y: float, colour: str) -> Safe:
    """From left to right, as high as a line of text."""
    path = f"M{x} {y}h18m-7 -7l7 7l-7 7"
    return _LINE(path=path, colour=colour, width=3, opacity=1)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
