"""From one position to another by one rotation: R_k times PE(pos), pair by pair on circles."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.panel import Panel, draw, written
from viz.board.style import Style
from viz.positions.table import HEIGHT, WIDTH, hands, span

MOST_CIRCLES = 4
_ROOM = 380  # pixels that the matrix may be high


@kept
def shift(
    before: Floats, matrix: Floats, after: Floats, pos: int, k: int, pair: int, style: Style
) -> Figure:
    """before, after: (d,) PE(pos) and PE(pos + k); matrix: (d, d) R_k; pair: the chosen block.

    labels: matrix, before, after, circle, from, to, equals.
    """
    board, count = Board(WIDTH, HEIGHT, style.theme), len(before)
    cell = min(_ROOM / count, 92.0)
    wide = min(110.0, max(cell, 40.0))
    height = cell * count
    big = Box(66, 60, height * 1.18, height)
    first = Box(big.right + 92, 60, wide, height)
    last = Box(first.right + 92, 60, wide, height)
    for box, values in ((big, matrix), (first, before[:, None]), (last, after[:, None])):
        _numbers(board, box, values, style)
    middle = big.y + height / 2
    board.text((big.right + first.x) / 2, middle, "<b>·</b>", size=34)
    board.text((first.right + last.x) / 2, middle, "<b>=</b>", size=30)
    names = (style.labels["matrix"].format(k=k), f"PE({pos})", f"PE({pos + k})")
    for box, name in zip((big, first, last), names, strict=True):
        board.text(box.x + box.width / 2, 30, f"<b>{name}</b>", size=20)
    pairs = count // 2
    for block in (
        big.cell(pair, pair, (pairs, pairs)),
        first.row(pair, pairs),
        last.row(pair, pairs),
    ):
        board.frame(block, style.theme.ink, 4)
    # A click on a block, or beside it in its rows, chooses its pair.
    board.cells(big, (pairs, pairs), ids=[[i] for i in range(pairs) for _ in range(pairs)])
    for line, words in enumerate(style.labels["remark"].split("|")):
        board.note(last.right + 34, last.y + 14 + line * 25, words, size=18)
    _circles(board, before, after, pair, height + 74, style)
    return board.figure()


def _numbers(board: Board, box: Box, values: Floats, style: Style) -> None:
    """values: (row, column) with its numbers where there is room."""
    rows, columns = values.shape
    wide, high = box.width / columns, box.height / rows
    size, shading = min(20.0, wide * 0.3, high * 0.55), span(board.theme)

    def write(value: float) -> str:
        return style.notation.fixed(value, 3 if wide >= 62 else 2) if value else "0"

    texts = written(values, shading, size, write, quiet=board.theme.muted) if size >= 11 else None
    draw(board, box, Panel(values, shading, gap=high > 6, texts=texts))


def _circles(
    board: Board, before: Floats, after: Floats, pair: int, top: float, style: Style
) -> None:
    """Some pairs as hands of a clock: sine to the right, cosine upwards, turned by k·ω."""
    pairs = len(before) // 2
    first = min(max(0, pair - 1), max(0, pairs - MOST_CIRCLES))
    shown = range(first, min(pairs, first + MOST_CIRCLES))
    radius = min((HEIGHT - top) / 2 - 34, 110.0)
    y = top + 38 + radius
    for number, one in enumerate(shown):
        x = 66 + radius + number * 290
        here = slice(2 * one, 2 * one + 2)
        _circle(board, x, y, radius, before[here], after[here], chosen=one == pair)
        name = style.labels["circle"].format(a=2 * one, b=2 * one + 1)
        board.text(x, top + 16, bold(name, one == pair), size=17)
        board.note(x + radius + 6, y, "sin", size=15)
        board.tick(x + 16, y - radius + 12, "cos", False, size=15)
    right = 66 + radius * 2 + 290 * (len(shown) - 1) + 24
    board.note(right, top + 60, style.labels["from"])
    board.note(right, top + 84, style.labels["to"])


def _circle(
    board: Board, x: float, y: float, radius: float, before: Floats, after: Floats, *, chosen: bool
) -> None:
    theme = board.theme
    turn = np.linspace(0, 2 * np.pi, 97)
    board.line(x + radius * np.cos(turn), y + radius * np.sin(turn), theme.hatch, 1.5)
    board.line([x - radius, x + radius], [y, y], theme.grid, 1)
    board.line([x, x], [y - radius, y + radius], theme.grid, 1)
    hands(board, (x, y), radius, (before, after), theme.ink, (3.5 if chosen else 2, 13))
    # The arc that the shift turns through, whole turns left out: clockwise, as positions grow.
    start, stop = (float(np.arctan2(v[0], v[1])) for v in (before, after))
    arc = start + (stop - start) % (2 * np.pi) * np.linspace(0, 1, 24)
    r = radius * 0.45
    board.line(x + r * np.sin(arc), y - r * np.cos(arc), theme.plus, 3)
