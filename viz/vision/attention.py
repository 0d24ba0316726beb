"""A picture under attention: who asks, all heads small, and the chosen head's weights laid over it.

Axes of the small picture of all heads: layer ↓, head →, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.trace import AttentionBlock, Floats
from models.vision.trace import PictureTrace
from viz.board.axes import inside
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import for_html
from viz.board.style import Style
from viz.vision import patches
from viz.vision.patches import Clicks, Place

WIDTH, HEIGHT = 850, 664
_STRIP = 240  # pixels: the column at the left
_THUMB = 11  # pixels: one patch of a small picture
CLS = 0  # its token


class Asking(Protocol):
    """What every look at a picture's tokens has. row: (token,), the chosen head's weights of the
    chosen query.
    """

    @property
    def tokens(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def row(self) -> Floats: ...  # noqa: D102
    @property
    def head(self) -> int: ...  # noqa: D102
    @property
    def query(self) -> int: ...  # noqa: D102
    @property
    def key(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What of a picture's way through a model is looked at. query asks, key is asked."""

    trace: PictureTrace
    layer: int
    head: int
    query: int
    key: int

    def __post_init__(self) -> None:
        inside(
            IndexError,
            ("layer", self.layer, len(self.blocks)),
            ("head", self.head, self.blocks[0].heads),
            ("query", self.query, len(self.tokens)),
            ("key", self.key, len(self.tokens)),
        )

    @property
    def blocks(self) -> Sequence[AttentionBlock]:
        """The attention of every layer."""
        return self.trace.attention.layers("encoder")

    @property
    def tokens(self) -> tuple[str, ...]:
        """[CLS], then the patches as on a sheet: column letter, row number."""
        return patches.names(len(self.trace.attention.tokens))

    @property
    def row(self) -> Floats:
        """(token,): the chosen head's weights of the chosen query."""
        found: Floats = self.blocks[self.layer].row(self.query)[self.head]
        return found

    @property
    def side(self) -> int:
        """Patches to a row."""
        return patches.side_of(len(self.tokens))


@kept
def attention(look: Look, style: Style) -> Figure:
    """labels: asks, asked, heads, layer, head, root, sum."""
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    _asks(board, clicks, look, style)
    _heads(board, clicks, look, style)
    _legend(board, look, style)
    _asked(board, clicks, look, style)
    clicks.draw(board)
    return board.figure()


def _asks(board: Board, clicks: Clicks, look: Look, style: Style) -> None:
    """The query: a small picture of all tokens, the one that asks framed in Q's colour."""
    theme, place = style.theme, Place.at(0, 28, 150, 28, look.side)
    board.text(0, 12, style.labels["asks"], size=16, colour=theme.q, anchor="middle right")
    board.fill(place.cls, theme.soft)
    board.frame(place.cls, theme.hatch, 1)
    board.text(75, place.cls.y + 14, look.tokens[CLS], size=16)
    patches.veil(board, look.trace.pixels, place.picture, 0.85)
    patches.draw_grid(board, place.picture, look.side, 1)
    board.frame(place.token(look.query), theme.q, 4)
    clicks.place(place, ["query"], [for_html(token) for token in look.tokens])


def _heads(board: Board, clicks: Clicks, look: Look, style: Style) -> None:
    """Every head's weights of the same query as one tiled map, the chosen head framed."""
    theme, labels, side = style.theme, style.labels, look.side
    layers, heads = len(look.blocks), look.blocks[0].heads
    board.note(0, 250, f"{labels['layer']} ↓   {labels['head']} →")
    x, y, pitch, wide = 24.0, 290.0, side * _THUMB + _THUMB, side * _THUMB
    tiles = np.full((layers * (side + 1) - 1, heads * (side + 1) - 1), np.nan)
    for layer, head in np.ndindex(layers, heads):
        top, left = layer * (side + 1), head * (side + 1)
        own = np.sqrt(look.blocks[layer].weights[head, look.query, 1:])
        tiles[top : top + side, left : left + side] = own.reshape(side, -1)
        box = Box(x + head * pitch, y + layer * pitch, wide, wide)
        board.frame(box, theme.hatch, 0.75)
        clicks.box(box, ["head", layer, head], f"{labels['layer']} {layer}, {head}")
    size = Box(x, y, tiles.shape[1] * _THUMB, tiles.shape[0] * _THUMB)
    board.matrix(tiles, size, patches.weight_shading(theme), gap=0)
    for head in range(heads):
        board.tick(x + head * pitch + wide / 2, y - 16, str(head), head == look.head)
    for layer in range(layers):
        board.tick(8, y + layer * pitch + wide / 2, str(layer), layer == look.layer)
    chosen = Box(x + look.head * pitch, y + look.layer * pitch, wide, wide)
    board.frame(chosen.grown(2, 2), theme.ink, 3)


def _legend(board: Board, look: Look, style: Style) -> None:
    """The scale, how it grows, and what the row sums to."""
    y = HEIGHT - 128
    total = style.notation.fixed(float(look.row.sum()))
    board.note(0, y, style.labels["sum"].format(sum=total))
    patches.scale(board, Box(10, y + 24, _STRIP - 34, 13), style.notation)
    for line, part in enumerate(style.labels["root"].split("|")):
        board.note(0, y + 76 + 21 * line, part)


def _asked(board: Board, clicks: Clicks, look: Look, style: Style) -> None:
    """The large picture: the chosen head's weights over it, the chosen key framed in K's colour."""
    theme, left, bar = style.theme, _STRIP + 16, 38
    place = Place.at(left, 28, min(WIDTH - left - 2, HEIGHT - bar - 36), bar, look.side)
    board.text(left, 12, style.labels["asked"], size=16, colour=theme.k, anchor="middle right")
    patches.draw_weights(board, place, look.trace.pixels, look.row)
    patches.draw_numbers(board, place, look.row, look.key, look.tokens, style.notation, 20)
    if look.query != look.key:
        board.frame(place.token(look.query).grown(-3, -3), theme.q, 2, "dot")
    board.frame(place.token(look.key), theme.k, 5)
    clicks.place(place, ["key"], patches.said(look.tokens, look.query, look.row, style.notation))
