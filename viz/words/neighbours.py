"""The words nearest to a word as bars of cosines, and how the cosines of all others lie."""

from __future__ import annotations

import numpy as np

from models.words.neighbours import Neighbourhood
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.plane import Plane
from viz.board.style import Style
from viz.words.naming import shown

WIDTH, HEIGHT = 1190, 660
_BARS = Box(190, 56, 340, 560)
_ALL = Box(716, 92, 430, 480)
_SIZE = 18


@kept
def neighbours(found: Neighbourhood, rank: int, style: Style) -> Figure:
    """Bars at the left, one chosen; the histogram of all cosines at the right.

    labels: nearest, all_cosines, cosine_axis, count_axis.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _bars(board, found, rank, style)
    _all(board, found, rank, style)
    return board.figure()


def _bars(board: Board, found: Neighbourhood, rank: int, style: Style) -> None:
    theme = board.theme
    word = shown(found.space, found.row)
    board.text(0, 16, bold(style.labels["nearest"].format(word=word)), size=18,
               anchor="middle right")  # fmt: skip
    pitch = _BARS.height / len(found.ranked)
    ys = _BARS.y + (np.arange(len(found.ranked)) + 0.5) * pitch
    for place, (row, y) in enumerate(zip(found.ranked, ys.tolist(), strict=True)):
        chosen, cosine = place == rank, found.cosine(place)
        colour = theme.k if chosen else theme.ink
        board.text(_BARS.x - 12, y, bold(shown(found.space, row), chosen), size=_SIZE,
                   colour=colour, anchor="middle left")  # fmt: skip
        bar = Box(_BARS.x, y - 12, _BARS.width * max(cosine, 0.0), 24)
        board.fill(bar, theme.k if chosen else theme.hatch)
        number = style.notation.fixed(cosine, 3)
        board.text(bar.right + 10, y, bold(number, chosen), size=_SIZE - 1, anchor="middle right")
    board.clicks(np.full(len(ys), _BARS.x + 40), ys, [[n] for n in range(len(ys))], pitch * 0.9)


def _all(board: Board, found: Neighbourhood, rank: int, style: Style) -> None:
    """How many words have which cosine with this one; where the chosen neighbour lies."""
    theme, (counts, edges) = board.theme, found.counts
    top = float(counts.max()) or 1.0
    plane = Plane(_ALL, (-1.0, 1.0), (0.0, 1.08 * top))
    size = style.notation.grouped(int(counts.sum()))
    board.text(_ALL.x - 50, 16, bold(style.labels["all_cosines"].format(count=size)), size=18,
               anchor="middle right")  # fmt: skip
    board.note(_ALL.x - 50, 50, style.labels["count_axis"])
    gap = next(g * 10**p for p in range(6) for g in (1, 2, 5) if top / (g * 10**p) <= 5)
    levels = [(float(n), style.notation.grouped(n)) for n in range(0, int(top) + 1, gap)]
    plane.draw(board, levels)
    lefts, rights = plane.across(edges[:-1]), plane.across(edges[1:])
    for left, right, y, count in zip(lefts, rights, plane.up(counts), counts, strict=True):
        if count:
            board.fill(Box(left + 1, y, right - left - 2, _ALL.bottom - y), theme.hatch)
    x = float(plane.across([found.cosine(rank)])[0])
    board.line([x, x], [_ALL.y, _ALL.bottom], theme.k, 3)
    word = bold(shown(found.space, found.ranked[rank]))
    board.text(min(x, _ALL.right - 30), _ALL.y - 14, word, size=16, colour=theme.k)
    ticks = [(v, style.notation.fixed(v, 1)) for v in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    plane.words(board, ticks)
    plane.name_x(board, style.labels["cosine_axis"])
