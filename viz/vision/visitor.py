"""A visitor's picture under attention: what the model reads at the left, where it looks beside it.

The model's own tokens stand above the patches, each by its name: they are no part of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from models.trace import AttentionBlock, Floats
from models.vision.trace import PROBE, VisitorTrace
from viz.board.axes import Axes, Choice
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import for_html
from viz.board.raster import Layer, coloured
from viz.board.style import Style
from viz.vision import patches
from viz.vision.attention import Look
from viz.vision.patches import Clicks

WIDTH, HEIGHT, MAP_WIDTH = 850, 560, 560
SIDE, TOP, BAR = 404.0, 30.0, 34.0  # pixels: a picture, what stands above it, its own tokens
_BETWEEN = 42.0
_LETTER, _LINE = 8.0, 20.0  # pixels of a letter of the sum at most, and of a line


@dataclass(frozen=True, slots=True, eq=False)
class VisitorLook(Look):
    """What of a visitor's picture is looked at."""

    @property
    def own(self) -> VisitorTrace:
        """The trace, as what it is here."""
        return cast("VisitorTrace", self.trace)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The model's own, then the patches as on a sheet: column letters, row number; then those
        that only ask.
        """
        rows, columns = self.own.grid
        added = self.own.attention.tokens[: self.own.added]
        sheet = (f"{letters(c)}{r + 1}" for r in range(rows) for c in range(columns))
        return (*added, *sheet, *self.asking)

    @property
    def asking(self) -> tuple[str, ...]:
        """Tokens that ask and are never asked, behind all others."""
        return ()

    @property
    def end(self) -> float:
        """Of the scale of colours: it holds the patches' weights; the model's own tokens' may lie
        beyond.
        """
        return patches.end_of(self.row[self.own.added :])

    @property
    def shares(self) -> list[tuple[str, float]]:
        """What each of the model's own tokens has of the row, and all patches together ("")."""
        row = self.row.astype(np.float64)
        own = list(zip(self.tokens, row[: self.own.added].tolist(), strict=False))
        return [*own, ("", float(row[self.own.added :].sum()))]


@dataclass(frozen=True, slots=True, eq=False)
class PoolingLook(VisitorLook):
    """The same of the attention behind the last layer, whose only query is a learned probe.

    layer: the number behind the last; query: of the probe, behind all others.
    """

    @property
    def blocks(self) -> Sequence[AttentionBlock]:
        """Of every layer, and the pooling's behind them."""
        pooling = self.own.pooling
        assert pooling is not None
        return (*self.trace.attention.layers("encoder"), pooling.block)

    @property
    def asking(self) -> tuple[str, ...]:
        """The probe."""
        return (PROBE,)

    @property
    def row(self) -> Floats:
        """(token,): the chosen head's weights of the probe."""
        found: Floats = self.blocks[-1].row(0)[self.head]
        return found

    @property
    def axes(self) -> Axes:
        """One query, all tokens of the picture as keys."""
        return Axes(self.asking, self.tokens[: len(self.row)], Choice(0, self.key))


def letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(65 + last)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a picture stands, its model's own tokens in a row above it."""

    added: tuple[Box, ...]
    picture: Box
    grid: tuple[int, int]
    asking: tuple[Box, ...] = ()

    @classmethod
    def at(
        cls, x: float, look: VisitorLook, side: float = SIDE, y: float = TOP, bar: float = BAR
    ) -> Sheet:
        """As large as there is room, with the proportions of the grid. side: of the room, below
        the bar of the model's own tokens.
        """
        (rows, columns), count = look.own.grid, look.own.added + len(look.asking)
        pitch = min(side / columns, side / rows)
        top = y + (bar + 6 if count else 0)
        wide = side / max(count, 1)
        boxes = tuple(Box(x + n * wide, y, wide - 2, bar) for n in range(count))
        own, asking = boxes[: look.own.added], boxes[look.own.added :]
        return cls(own, Box(x, top, pitch * columns, pitch * rows), (rows, columns), asking)

    def token(self, number: int) -> Box:
        """The box of a token."""
        if number < len(self.added):
            return self.added[number]
        behind = number - len(self.added) - self.grid[0] * self.grid[1]
        if behind >= 0:
            return self.asking[behind]
        return self.picture.cell(*divmod(number - len(self.added), self.grid[1]), self.grid)

    def draw_weights(self, board: Board, weights: Floats, end: float) -> None:
        """Each token's colour. weights: (token,); end: of the scale."""
        shading, roots = patches.weight_shading(board.theme, end), np.sqrt(np.clip(weights, 0, 1))
        for number, box in enumerate(self.added):
            board.fill(box, shading.colour(float(roots[number])))
            board.frame(box, board.theme.hatch, 1)
        board.matrix(roots[len(self.added) :].reshape(self.grid), self.picture, shading, gap=0)
        board.frame(self.picture, board.theme.hatch, 1)

    def draw_own(self, board: Board, tokens: Sequence[str]) -> None:
        """The model's own tokens by their names."""
        names = (*tokens[: len(self.added)], *tokens[len(tokens) - len(self.asking) :])
        for name, box in zip(names, (*self.added, *self.asking), strict=True):
            board.fill(box, board.theme.soft)
            _name(board, box, for_html(name))


@kept
def visitor(look: VisitorLook, style: Style) -> Figure:
    """labels: asks, asked, root, ends (end), own_total (parts, sum), own_sum (name, share),
    own_patches.
    """
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    left, right = Sheet.at(0, look), Sheet.at(SIDE + _BETWEEN, look)
    layer = asks(board, clicks, left, look, style)
    _asked(board, clicks, right, look, style)
    _legend(board, look, style)
    clicks.draw(board)
    figure = board.figure()
    figure.layout.images = [layer]
    return figure


def asks(board: Board, clicks: Clicks, sheet: Sheet, look: VisitorLook, style: Style) -> Layer:
    """What the model reads, the token that asks framed in Q's colour; the picture itself."""
    board.text(0, 12, style.labels["asks"], size=16, colour=style.theme.q, anchor="middle right")
    sheet.draw_own(board, look.tokens)
    board.frame(sheet.token(look.query), style.theme.q, 4)
    for number, token in enumerate(look.tokens if not look.asking else ()):
        clicks.box(sheet.token(number), ["query", number], for_html(token))
    return coloured(look.own.shown, sheet.picture)


def _asked(board: Board, clicks: Clicks, sheet: Sheet, look: VisitorLook, style: Style) -> None:
    """The chosen head's weights of that token, the chosen key framed in K's colour."""
    theme, row, left = style.theme, look.row, sheet.picture.x
    board.text(left, 12, style.labels["asked"], size=16, colour=theme.k, anchor="middle right")
    sheet.draw_weights(board, row, look.end)
    if look.query != look.key and not look.asking:
        board.frame(sheet.token(look.query), theme.q, 2, "dot")
    board.frame(sheet.token(look.key), theme.k, 4)
    said = patches.said(look.tokens, look.query, row, style.notation)
    for number, words in enumerate(said):
        clicks.box(sheet.token(number), ["key", number], words)


@kept
def one_map(look: VisitorLook, style: Style) -> Figure:
    """The chosen head's weights alone, in the width of a column of sums. labels: as `visitor`'s."""
    board, clicks = Board(MAP_WIDTH, HEIGHT, style.theme), Clicks()
    _asked(board, clicks, Sheet.at(0, look), look, style)
    y = _sum(board, look, style)
    patches.scale(board, Box(10, y + 24, 220, 13), style.notation, look.end)
    clicks.draw(board)
    return board.figure()


def _legend(board: Board, look: VisitorLook, style: Style) -> None:
    """What the row sums to, and the scale."""
    y = _sum(board, look, style)
    patches.scale(board, Box(10, y + 24, 220, 13), style.notation, look.end)
    board.note(270, y + 30, scale_words(look.end, style))


def scale_words(end: float, style: Style) -> str:
    """How colours grow, and where their scale ends. labels: root, ends (end)."""
    said = " ".join(style.labels["root"].split("|"))
    if end == 1:
        return said
    return f"{said}; {style.labels['ends'].format(end=style.notation.significant(end, 1))}"


def _sum(board: Board, look: VisitorLook, style: Style) -> float:
    """What the row sums to, in as many lines as it takes; where the last of them stands."""
    y, lines = TOP + BAR + SIDE + 28, [""]
    for part in _total(look, style).split(" + "):
        longer = f"{lines[-1]} + {part}" if lines[-1] else part
        if len(longer) * _LETTER > board.width and lines[-1]:
            lines[-1] += " +"
            lines.append(part)
        else:
            lines[-1] = longer
    for number, words in enumerate(lines):
        board.note(0, y + _LINE * number, words)
    return y + _LINE * (len(lines) - 1)


def _total(look: VisitorLook, style: Style) -> str:
    """What each of the model's own tokens has, the patches together, and the row's sum."""
    parts = [
        style.labels["own_sum" if name else "own_patches"].format(
            name=for_html(name), share=patches.small(share, style.notation)
        )
        for name, share in look.shares
    ]
    total = style.notation.fixed(float(look.row.sum()))
    return style.labels["own_total"].format(parts=" + ".join(parts), sum=total)


def _name(board: Board, box: Box, words: str) -> None:
    size = min(16.0, box.width / max(len(words), 1) * 1.5)
    board.text(box.x + box.width / 2, box.y + box.height / 2, words, size=size)
