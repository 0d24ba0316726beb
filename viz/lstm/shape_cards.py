"""Five shapes of tasks as small pictures: which steps read, which answer; the chosen one framed."""

from __future__ import annotations

from dataclasses import dataclass

from models.lstm.shapes import SHAPES
from viz.board.board import Board, Box, Place
from viz.board.box import text_width
from viz.board.notation import bold
from viz.board.style import Style
from viz.lstm.shape_arrows import Arrows

CARD_HEIGHT = 178
_GAP = 10
_SIDE, _PITCH = 22, 38  # of a box, of a column
_OUT, _CELL, _IN = 56, 92, 128  # the rows' heights in a card


@dataclass(frozen=True, slots=True)
class _Plan:
    """reads, answers: the columns that do; columns: how many; given: a vector stands before them;
    fed: what is written is read next.
    """

    reads: tuple[int, ...]
    answers: tuple[int, ...]
    columns: int = 4
    given: bool = False
    fed: bool = False


_ALL = (0, 1, 2, 3)
_PLANS = {
    "many_to_one": _Plan(_ALL, (3,)),
    "one_to_many": _Plan((), (1, 2, 3), given=True),
    "encoder_decoder": _Plan((0, 1), (2, 3, 4), columns=5),
    "tagging": _Plan(_ALL, _ALL),
    "language_model": _Plan(_ALL, _ALL, fed=True),
}


def cards(board: Board, box: Box, chosen: int, style: Style) -> list[Place]:
    """A card a shape. → each one's middle. chosen: its place among SHAPES.

    style.labels: each shape's name; use.<shape>: what it is used for.
    """
    wide = (box.width - _GAP * (len(SHAPES) - 1)) / len(SHAPES)
    arrows = Arrows(board, 8, 1.5)
    middles = []
    for place, shape in enumerate(SHAPES):
        card = Box(box.x + place * (wide + _GAP), box.y + 2, wide, box.height - 4)
        theme = style.theme
        if place == chosen:
            board.fill(card, theme.soft)
        board.frame(
            card, theme.accent if place == chosen else theme.grid, 4 if place == chosen else 2
        )
        middle = card.x + wide / 2
        name, use = style.labels[shape], style.labels[f"use.{shape}"]
        size = min(18.0, 0.92 * wide / text_width(name, 1))
        board.text(middle, card.y + 20, bold(name), size=size, colour=theme.ink)
        small = min(15.0, 0.92 * wide / text_width(use, 1))
        board.text(middle, card.bottom - 14, use, size=small, colour=theme.muted)
        _small(board, arrows, card, _PLANS[shape], style)
        middles.append((middle, card.y + card.height / 2))
    arrows.draw()
    return middles


def _small(board: Board, arrows: Arrows, card: Box, plan: _Plan, style: Style) -> None:
    theme = style.theme
    start = card.x + (card.width - _PITCH * plan.columns) / 2

    def square(column: int, y: int) -> Box:
        x = start + (column + 0.5) * _PITCH - _SIDE / 2
        return Box(x, card.y + y - 16, _SIDE, _SIDE)

    for column in range(plan.columns):
        cell = square(column, _CELL)
        middle = cell.x + _SIDE / 2
        first = plan.given and column == 0
        board.fill(cell.grown(0, 6) if first else cell, theme.gold if first else theme.state_h)
        if column + 1 < plan.columns:
            joint = first or (plan.columns == 5 and column == 1)
            colour = theme.gold if joint else theme.state_h
            arrows.right(cell.right, square(column + 1, _CELL).x, cell.y + _SIDE / 2, colour)
        if column in plan.reads:
            board.fill(square(column, _IN), theme.hatch)
            arrows.up(middle, square(column, _IN).y, cell.bottom, theme.hatch)
        if column in plan.answers:
            board.fill(square(column, _OUT), theme.output)
            arrows.up(middle, cell.y, square(column, _OUT).bottom, theme.output)
        if plan.fed and column + 1 < plan.columns:
            out, read = square(column, _OUT), square(column + 1, _IN)
            x, y = (out.right + read.x) / 2, read.y + _SIDE / 2
            high = out.y + _SIDE / 2
            arrows.dashed([(out.right, high), (x, high), (x, y), (read.x, y)])
