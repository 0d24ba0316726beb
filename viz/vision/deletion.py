"""Patches removed one by one: the picture at each stage, and the named class's probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane
from viz.board.style import Style
from viz.board.theme import Theme
from viz.vision.patches import draw_grid, small, veil

WIDTH, HEIGHT = 850, 664
ORDERS = ("most", "random", "least", "ink")
SYMBOLS = {"most": "circle", "random": "square", "least": "circle-open", "ink": "diamond-open"}
_SIDE = 190.0  # pixels of a picture at a stage
_PLOT_TOP = 288.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """One plot. curves: order → (patches + 1,) probability; low, high: of the random orders."""

    curves: Mapping[str, Floats]
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Removal:
    """live: this picture's curves; held_out: those of many.

    pictures: order → (row, column) with `count` patches removed; named: the class.
    """

    live: Curves
    held_out: Curves
    pictures: Mapping[str, Floats]
    count: int
    named: str
    side: int


def colour_of(theme: Theme, order: str) -> str:
    """Orders by attention have the weights' colour, the others are grey."""
    return theme.weight if order in ("most", "least") else theme.muted


@kept
def deletion(removal: Removal, style: Style) -> Figure:
    """labels: one for each of ORDERS, this_one, held_out, probability, removed."""
    board = Board(WIDTH, HEIGHT, style.theme)
    _stages(board, removal, style)
    gap, top = 58.0, _PLOT_TOP + 34
    width = (WIDTH - 48 - gap) / 2
    both = ("this_one", removal.live), ("held_out", removal.held_out)
    for place, (name, curves) in enumerate(both):
        box = Box(48 + place * (width + gap), top, width, HEIGHT - top - 58)
        _plot(board, box, name, curves, removal, style)
    return board.figure()


def _stages(board: Board, removal: Removal, style: Style) -> None:
    """The picture in each order with so many patches gone, and the class's probability."""
    pitch = (WIDTH - _SIDE - 2) / (len(ORDERS) - 1)  # room for the last one's own edge
    for place, order in enumerate(ORDERS):
        colour, name = colour_of(style.theme, order), style.labels[order]
        box = Box(place * pitch, 64, _SIDE, _SIDE)
        board.line([box.x + 8], [14], colour, 0, symbol=SYMBOLS[order], size=12)
        board.text(box.x + 20, 14, name, size=17, colour=colour, anchor="middle right")
        if order in removal.pictures:
            veil(board, removal.pictures[order], box, 0.9)
            draw_grid(board, box, removal.side, 1)
        number = small(removal.live.curves[order][removal.count], style.notation)
        board.text(box.x + _SIDE / 2, 44, f"{removal.named}: <b>{number}</b>", size=17)


def _plot(
    board: Board, box: Box, name: str, curves: Curves, removal: Removal, style: Style
) -> None:
    theme, patches = style.theme, len(curves.low) - 1
    plane = Plane(box, (-0.4, patches + 0.4), (0.0, 1.02))
    word = f"<b>{style.labels[name]}</b>"
    board.text(box.x - 40, box.y - 24, word, size=17, anchor="middle right")
    plane.draw(board, [(tick, style.notation.share(tick)) for tick in _TICKS])
    plane.upright(board, removal.count, 2)
    x = plane.across(range(patches + 1))
    board.band(x, plane.up(curves.low), plane.up(curves.high), theme.muted)
    for order in reversed(ORDERS):
        dash = "dot" if order in ("least", "ink") else "solid"
        y, colour, symbol = plane.up(curves.curves[order]), colour_of(theme, order), SYMBOLS[order]
        width, size = (3, 9) if order == "most" else (1.8, 7)
        board.line(x, y, colour, width, dash=dash, symbol=symbol, size=size)
    plane.numbers(board, range(0, patches + 1, 4), removal.count)
    plane.name_x(board, style.labels["removed"], 42)
    plane.clicks(board, range(patches + 1), 14, 20)
