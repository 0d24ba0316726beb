"""Every position's product with every other: does only the distance matter?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.kept import kept
from viz.board.panel import mark, spaced_cells, strip
from viz.board.plane import Plane, steps_shown
from viz.board.shading import Shading, symmetric
from viz.board.style import Style
from viz.positions.table import HEIGHT, WIDTH, framed, span, table_edges

_POINTS = 36  # clickable points a side of the map, at most
Band = tuple[Floats, Floats, Floats]  # mean, least, greatest of every diagonal


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """matrix: (position, position); band: its diagonals, offset 0 first; pair: the chosen two."""

    matrix: Floats
    band: Band
    pair: tuple[int, int]


_MAP, _SIDE = Box(56, 62, 560, 560), Box(WIDTH - 480, 62, 460, 560)


@kept
def distances(shown: Distances, style: Style) -> Figure:
    """The matrix at the left, with its colours. labels: none."""
    board = Board(WIDTH, HEIGHT, style.theme)
    shading = symmetric(shown.matrix, style.theme.scores)
    matrix_map(board, _MAP, shown.matrix, shading, style)
    board.note(_MAP.x, 12, "PE(m) · PE(n)   m ↓   n →")
    top, write = shading.high, style.notation.fixed
    ticks = [(-top, write(-top, 1)), (0.0, "0"), (top, write(top, 1))]
    board.scale_bar(Box(_MAP.x + 160, _MAP.bottom + 16, 240, 13), shading, ticks)
    return board.figure()


@kept
def distances_step(shown: Distances, style: Style) -> Figure:
    """What the chosen pair changes, to lie on top of `distances`: its marks, values by distance.

    labels: by_distance, offset.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    pair_marks(board, _MAP, len(shown.matrix), shown.pair)
    curve(board, _SIDE, [("", shown.band)], abs(shown.pair[1] - shown.pair[0]), style)
    board.note(_SIDE.x - 30, 12, style.labels["by_distance"])
    return board.figure()


def matrix_map(board: Board, box: Box, matrix: Floats, shading: Shading, style: Style) -> None:
    """A matrix of positions whose cells answer clicks."""
    count = len(matrix)
    strip(board, box, matrix, shading)
    for pos in steps_shown(count, 0, box.height / count, 44):
        middle = (pos + 0.5) * box.height / count
        board.note(box.x - 6, box.y + middle, str(pos), size=15, anchor="middle left")
        x = box.x + middle * box.width / box.height
        board.tick(x, box.y - 13, str(pos), False, size=15)
    cells, side = spaced_cells(box, (count, count), (_POINTS, _POINTS))
    hover = [f"{m}, {n}: {style.notation.fixed(float(matrix[m, n]), 3)}" for m, n in cells]
    board.cells(box, (count, count), hover=hover, ids=[list(c) for c in cells], at_cells=cells)
    board.traces[-1]["marker"]["size"] = max(4.0, side * 0.95)


def pair_marks(board: Board, box: Box, count: int, pair: tuple[int, int]) -> None:
    """The chosen pair and its diagonal in a matrix of so many positions."""
    offset, pitch = pair[1] - pair[0], box.width / count
    ends = max(0, -offset), min(count, count - offset) - 1
    xs = [box.x + (p + offset + 0.5) * pitch for p in ends]
    ys = [box.y + (p + 0.5) * box.height / count for p in ends]
    board.line(xs, ys, board.theme.ink, 1.5, dash="dot")
    mark(board, box, (count, count), framed(board.theme, *pair))


def curve(
    board: Board, box: Box, bands: Sequence[tuple[str, Band]], offset: int, style: Style
) -> None:
    """Means by distance, with a veil from the least to the greatest of each diagonal.

    bands: name and values; of two the second is dashed. An unnamed one has no name drawn.
    """
    theme, count = board.theme, len(bands[0][1][0])
    low = min(float(low.min()) for _, (_, low, _) in bands)
    high = max(float(high.max()) for _, (_, _, high) in bands)
    air = (high - low) * 0.06 or 1.0
    plane = Plane(box, (0, max(count - 1, 1)), (low - air, high + air))
    plane.draw(board, _ticks(low, high, style))
    x = plane.across(range(count))
    # Where the curve belongs: the chosen distance, through all of the picture.
    plane.upright(board, offset, 1.5, dash="dot")
    styles = ((theme.ink, "solid", "circle"), (theme.output, "dash", "diamond"))
    for (name, (mean, least, most)), (colour, dash, symbol) in zip(bands, styles, strict=False):
        board.band(x, plane.up(least), plane.up(most), colour)
        plane.curve(board, np.arange(count), mean, colour, 2.5, dash=dash)
        here = [float(x[offset])], [float(plane.up(mean)[offset])]
        board.line(*here, colour, 0, symbol=symbol, size=14)
        if name:
            left, y, word = box.x + 10 + 190.0 * (colour != theme.ink), box.y - 18, f"<b>{name}</b>"
            board.line([left, left + 44], [y, y], colour, 2.5, dash=dash)
            board.text(left + 52, y, word, size=17, colour=colour, anchor="middle right")
    plane.numbers(board, steps_shown(count, offset, box.width / count, 40), offset, below=16)
    plane.name_x(board, style.labels["offset"], 38)


def _ticks(low: float, high: float, style: Style) -> list[tuple[float, str]]:
    """Round numbers between two, four to eight of them."""
    span = high - low or 1.0
    steps = (10.0**power * part for power in range(-6, 6) for part in (1, 2, 5))
    step = next(step for step in steps if span / step <= 7)
    digits = max(0, int(np.ceil(-np.log10(step) - 1e-9)))
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [(n * step, style.notation.fixed(n * step, digits)) for n in range(first, last + 1)]


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A learned table and the sinusoid of its size: tables, cosines, cosines by distance."""

    table: Floats
    cosines: Floats
    band: Band
    sinusoid: Floats
    sinusoid_cosines: Floats
    sinusoid_band: Band
    pair: tuple[int, int]


_ROWS = (0.0, 345.0)  # the tops of both tables' rows


def _cosines(top: float) -> Box:
    return Box(440, top + 62, 240, 240)


@kept
def beside(shown: Beside, style: Style) -> Figure:
    """Two rows of table and cosines.

    labels: learned, sinusoid_table, cosines, clipped, edges.
    """
    theme, labels = style.theme, style.labels
    board = Board(WIDTH, HEIGHT, theme)
    rows = (
        ("learned", shown.table, shown.cosines),
        ("sinusoid_table", shown.sinusoid, shown.sinusoid_cosines),
    )
    for (name, table, cosines), top in zip(rows, _ROWS, strict=True):
        limit, left = clip(table), Box(44, top + 62, 330, 240)
        strip(board, left, table, Shading(theme.scores, -limit, limit))
        board.note(0, top + 10, labels[name])
        table_edges(board, left, table.shape, style)
        said = labels["clipped"].format(limit=style.notation.significant(limit, 3))
        board.note(left.x, left.bottom + 16, said)
        matrix_map(board, _cosines(top), cosines, span(theme), style)
    board.note(_cosines(0).x, 10, labels["cosines"])
    return board.figure()


@kept
def beside_step(shown: Beside, style: Style) -> Figure:
    """What the chosen pair changes, to lie on top of `beside`: its marks, curves of both tables.

    labels: learned_short, sinusoid_short, cosine_curve, offset.
    """
    board, labels = Board(WIDTH, HEIGHT, style.theme), style.labels
    for top in _ROWS:
        pair_marks(board, _cosines(top), len(shown.cosines), shown.pair)
    bands = (labels["learned_short"], shown.band), (labels["sinusoid_short"], shown.sinusoid_band)
    side = Box(WIDTH - 420, 62, 400, HEIGHT - 62 - 62)
    curve(board, side, bands, abs(shown.pair[1] - shown.pair[0]), style)
    board.note(side.x - 40, 10, labels["cosine_curve"])
    return board.figure()


def clip(table: Floats) -> float:
    """Where colours of a table end: at the 99th percentile, lest one dimension pale all others."""
    return float(np.quantile(np.abs(table), 0.99)) or 1.0
