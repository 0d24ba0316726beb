"""Rollout in a visitor's model: one layer alone beside the product of all up to it.

Below them every layer small, the same two rows: with a dozen layers and more, only two can be seen
at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.style import Style
from viz.vision import patches
from viz.vision.patches import Clicks
from viz.vision.tiles import Tiles
from viz.vision.visitor import Sheet, VisitorLook, asks, scale_words

WIDTH, HEIGHT = 850, 600
_ASKS, _SIDE, _GAP = 200.0, 290.0, 32.0  # pixels: the picture, a map, what lies between
_BAR = 24.0
_SMALL, _MOST = 400.0, 78.0  # where the small ones begin, and from one to the next at most
_NUMBERED = 20.0  # pixels from one number along an edge to the next


@kept
def rollout(
    look: VisitorLook, own: Sequence[Floats], products: Sequence[Floats], style: Style
) -> Figure:
    """own, products: a (token,) row of the asking token for each layer.

    labels: asks, own_here (layer, sum), product_here (layer, sum), product_first (sum), layer,
    own_row, product_row, root, ends (end).
    """
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    picture = asks(board, clicks, Sheet.at(0, look, _ASKS, bar=_BAR), look, style)
    end = patches.end_of(np.concatenate([row[look.own.added :] for row in (*own, *products)]))
    for place, rows in enumerate((own, products)):
        left = _ASKS + _GAP + place * (_SIDE + _GAP)
        row = rows[look.layer]
        name = ("own_here", "product_here" if look.layer else "product_first")[place]
        total = style.notation.fixed(float(row.sum()))
        words = style.labels[name].format(layer=look.layer, sum=total)
        board.text(left, 12, words, size=16, anchor="middle right")
        sheet = Sheet.at(left, look, _SIDE, bar=_BAR)
        sheet.draw_weights(board, row, end)
        if look.query != look.key:
            board.frame(sheet.token(look.query), style.theme.q, 2, "dot")
        board.frame(sheet.token(look.key), style.theme.k, 4)
        for number, said in enumerate(patches.said(look.tokens, look.query, row, style.notation)):
            clicks.box(sheet.token(number), ["key", number], said)
    _layers(board, clicks, look, (own, products), end, style)
    patches.scale(board, Box(10, HEIGHT - 34, 150, 13), style.notation, end)
    for line, words in enumerate(scale_words(end, style).split("; ")):  # short, for a phone
        board.note(190, HEIGHT - 38 + 16 * line, words, size=13)
    clicks.draw(board)
    figure = board.figure()
    figure.layout.images = [picture]
    return figure


def _layers(
    board: Board,
    clicks: Clicks,
    look: VisitorLook,
    both: tuple[Sequence[Floats], Sequence[Floats]],
    end: float,
    style: Style,
) -> None:
    """Every layer small: above it alone, below with all before it."""
    left, layers = 96.0, len(both[0])
    room = min((WIDTH - left) / layers, (HEIGHT - 48 - _SMALL) / 2, _MOST)
    tiles = Tiles.fitting(left, _SMALL, (2, layers), look.own.grid, room)
    rows = (row[look.own.added :] for found in both for row in found)
    tiles.draw(board, (row.reshape(look.own.grid) for row in rows), end)
    for down, name in enumerate(("own_row", "product_row")):
        box = tiles.box(down, 0)
        board.note(0, box.y + box.height / 2, style.labels[name], size=14)
        for layer in range(layers):
            words = f"{style.labels['layer']} {layer}"
            clicks.box(tiles.box(down, layer), ["layer", layer], words)
        board.frame(tiles.box(down, look.layer).grown(2, 2), style.theme.ink, 3)
    board.note(0, _SMALL - 14, f"{style.labels['layer']} →", size=14)
    every = ceil(_NUMBERED / tiles.pitch)
    for layer in range(layers):
        if layer % every == 0 or layer == look.layer:
            box = tiles.box(0, layer)
            board.tick(box.x + box.width / 2, _SMALL - 14, str(layer), layer == look.layer, size=14)
