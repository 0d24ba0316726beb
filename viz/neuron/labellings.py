"""Every way to label four points, each with a line that parts it, or without one."""

from __future__ import annotations

from models.neuron.separable import Labelling
from models.neuron.separable import labellings as every
from models.neuron.xor import LABELS, POINTS
from viz.board.board import Board, Box
from viz.board.notation import bold
from viz.board.plane import Plane
from viz.board.style import Style
from viz.neuron.planes import SYMBOLS, label_colour, segment

_ACROSS = 4


def labellings(board: Board, box: Box, style: Style) -> None:
    """Sixteen small planes; below each, at how many points it agrees with XOR."""
    found = every()
    most = max(one.agrees for one in found if one.line is not None)
    parted = sum(one.line is not None for one in found)
    title = style.labels["labellings"].format(count=len(found), parted=parted)
    board.text(box.x, box.y - 20, bold(title), size=18, anchor="middle right")
    for n, one in enumerate(found):
        cell = box.cell(n // _ACROSS, n % _ACROSS, (len(found) // _ACROSS, _ACROSS))
        large = cell.width > 80
        side = cell.width * (0.64 if large else 0.54)
        small = Box(cell.x + (cell.width - side) / 2, cell.y + cell.height * 0.04, side, side)
        _one(board, small, one, style)
        middle, below = (
            cell.x + cell.width / 2,
            small.bottom + cell.height * (0.15 if large else 0.21),
        )
        if one.line is None:
            word = bold(style.labels["no_line"])
            board.text(middle, below, word, size=16, colour=style.theme.bad)
        else:
            count = style.labels["of_four"].format(n=one.agrees)
            board.tick(middle, below, count, one.agrees == most)


def _one(board: Board, box: Box, one: Labelling, style: Style) -> None:
    theme, plane = style.theme, Plane(box, (-0.5, 1.5), (-0.5, 1.5))
    parts = one.line is not None
    board.fill(box, theme.soft)
    board.frame(box, theme.grid if parts else theme.bad, 1 if parts else 3)
    if one.line is not None:
        ends = segment(one.line, plane)
        if ends is not None:
            x, y = plane.across([x for x, _ in ends]), plane.up([y for _, y in ends])
            board.line(x, y, theme.output, 2.5)
    else:
        # Both pairs of equal labels have the same middle: no side of a line holds only one.
        for pair in ((0, 3), (1, 2)):
            ends_of = POINTS[list(pair)]
            colour = label_colour(style, one.labels[pair[0]])
            x, y = plane.across(ends_of[:, 0]), plane.up(ends_of[:, 1])
            board.line(x, y, colour, 2.5, dash="dot")
    size = box.width * 0.17
    x, y = plane.across(POINTS[:, 0]), plane.up(POINTS[:, 1])
    for label in (0, 1):
        at = [n for n, own in enumerate(one.labels) if own == label]
        symbol = SYMBOLS[label]
        board.line(x[at], y[at], label_colour(style, label), 0, symbol=symbol, size=size)
    if one.labels == tuple(LABELS.astype(int).tolist()):
        board.frame(box.grown(4, 4), theme.ink, 2)
