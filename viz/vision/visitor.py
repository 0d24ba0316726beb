"""A visitor's picture under attention: what the model reads at the left, where it looks beside it.

The model's own tokens stand above the patches, each by its name: they are no part of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from models.vision.trace import VisitorTrace
from viz.board.board import Board, Box, Figure
from viz.board.notation import for_html
from viz.board.raster import Layer, coloured
from viz.board.style import Style
from viz.vision import patches
from viz.vision.attention import Look
from viz.vision.patches import Clicks

WIDTH, HEIGHT = 850, 560
_SIDE, _BETWEEN, _TOP, _ADDED = 404.0, 42.0, 30.0, 34.0


@dataclass(frozen=True, slots=True, eq=False)
class VisitorLook(Look):
    """What of a visitor's picture is looked at."""

    @property
    def own(self) -> VisitorTrace:
        """The trace, as what it is here."""
        return cast("VisitorTrace", self.trace)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The model's own, then the patches as on a sheet: column letters, row number."""
        rows, columns = self.own.grid
        added = self.own.attention.tokens[: self.own.added]
        return (*added, *(f"{_letters(c)}{r + 1}" for r in range(rows) for c in range(columns)))

    @property
    def shares(self) -> list[tuple[str, float]]:
        """What each of the model's own tokens has of the row, and all patches together ("")."""
        row = self.row.astype(np.float64)
        own = list(zip(self.tokens, row[: self.own.added].tolist(), strict=False))
        return [*own, ("", float(row[self.own.added :].sum()))]


def _letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(65 + last)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a picture stands, its model's own tokens in a row above it."""

    added: tuple[Box, ...]
    picture: Box
    grid: tuple[int, int]

    @classmethod
    def at(cls, x: float, look: VisitorLook) -> Sheet:
        """As large as there is room, with the proportions of the grid."""
        (rows, columns), count = look.own.grid, look.own.added
        pitch = min(_SIDE / columns, _SIDE / rows)
        top = _TOP + (_ADDED + 6 if count else 0)
        wide = _SIDE / max(count, 1)
        boxes = tuple(Box(x + n * wide, _TOP, wide - 2, _ADDED) for n in range(count))
        return cls(boxes, Box(x, top, pitch * columns, pitch * rows), (rows, columns))

    def token(self, number: int) -> Box:
        """The box of a token."""
        if number < len(self.added):
            return self.added[number]
        return self.picture.cell(*divmod(number - len(self.added), self.grid[1]), self.grid)


def visitor(look: VisitorLook, style: Style) -> Figure:
    """labels: asks, asked, root, own_total (parts, sum), own_sum (name, share), own_patches."""
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    left, right = Sheet.at(0, look), Sheet.at(_SIDE + _BETWEEN, look)
    layer = _asks(board, clicks, left, look, style)
    _asked(board, clicks, right, look, style)
    _legend(board, look, style)
    clicks.draw(board)
    figure = board.figure()
    figure.layout.images = [layer]
    return figure


def _asks(board: Board, clicks: Clicks, sheet: Sheet, look: VisitorLook, style: Style) -> Layer:
    """What the model reads, the token that asks framed in Q's colour."""
    board.text(0, 12, style.labels["asks"], size=16, colour=style.theme.q, anchor="middle right")
    for number, box in enumerate(sheet.added):
        board.fill(box, style.theme.soft)
        _name(board, box, for_html(look.tokens[number]))
    board.frame(sheet.token(look.query), style.theme.q, 4)
    for number, token in enumerate(look.tokens):
        clicks.box(sheet.token(number), ["query", number], for_html(token))
    return coloured(look.own.shown, sheet.picture)


def _asked(board: Board, clicks: Clicks, sheet: Sheet, look: VisitorLook, style: Style) -> None:
    """The chosen head's weights of that token, the chosen key framed in K's colour."""
    theme, row, count = style.theme, look.row, look.own.added
    left, shading = sheet.picture.x, patches.weight_shading(theme)
    board.text(left, 12, style.labels["asked"], size=16, colour=theme.k, anchor="middle right")
    roots = np.sqrt(np.clip(row, 0, 1))
    for number, box in enumerate(sheet.added):
        board.fill(box, shading.colour(float(roots[number])))
        board.frame(box, theme.hatch, 1)
    board.matrix(roots[count:].reshape(sheet.grid), sheet.picture, shading, gap=0)
    board.frame(sheet.picture, theme.hatch, 1)
    if look.query != look.key:
        board.frame(sheet.token(look.query), theme.q, 2, "dot")
    board.frame(sheet.token(look.key), theme.k, 4)
    said = patches.said(look.tokens, look.query, row, style.notation)
    for number, words in enumerate(said):
        clicks.box(sheet.token(number), ["key", number], words)


def _legend(board: Board, look: VisitorLook, style: Style) -> None:
    """What each of the model's own tokens has, the patches together, and the row's sum."""
    y = _TOP + _ADDED + _SIDE + 28
    parts = [
        style.labels["own_sum" if name else "own_patches"].format(
            name=for_html(name), share=patches.small(share, style.notation)
        )
        for name, share in look.shares
    ]
    total = style.notation.fixed(float(look.row.sum()))
    board.note(0, y, style.labels["own_total"].format(parts=" + ".join(parts), sum=total))
    patches.scale(board, Box(10, y + 24, 220, 13), style.notation)
    board.note(270, y + 30, " ".join(style.labels["root"].split("|")))


def _name(board: Board, box: Box, words: str) -> None:
    size = min(16.0, box.width / max(len(words), 1) * 1.5)
    board.text(box.x + box.width / 2, box.y + box.height / 2, words, size=size)
