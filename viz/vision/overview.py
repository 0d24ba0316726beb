"""All heads of a visitor's model at once: where the chosen token looks, a small picture a head.

Axes: layer ↓, head →, as everywhere. Only patches are drawn; the model's own tokens have no place
in the picture.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from viz.board.board import Board, Box, Figure
from viz.board.style import Style
from viz.vision import patches
from viz.vision.patches import Clicks
from viz.vision.tiles import Tiles
from viz.vision.visitor import VisitorLook, scale_words

WIDTH, HEIGHT = 850, 560
_LEFT, _TOP, _BELOW = 30.0, 52.0, 66.0
_MOST = 130.0  # pixels from one small picture to the next
_NUMBERED = 20.0  # pixels from one number along an edge to the next


def overview(look: VisitorLook, style: Style) -> Figure:
    """labels: layer, head, root, ends (end), heads_pooled (size): said where patches are pooled."""
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    shape = layers, heads = len(look.blocks), look.blocks[0].heads
    room = min((WIDTH - _LEFT) / heads, (HEIGHT - _TOP - _BELOW) / layers, _MOST)
    tiles = Tiles.fitting(_LEFT, _TOP, shape, look.own.grid, room)
    rows = [block.row(look.query)[:, look.own.added :] for block in look.blocks]
    end = patches.end_of(np.concatenate(rows))
    tiles.draw(board, (row.reshape(look.own.grid) for each in rows for row in each), end)
    for layer in range(layers):
        for head in range(heads):
            words = f"{style.labels['layer']} {layer}, {style.labels['head']} {head}"
            clicks.box(tiles.box(layer, head), ["head", layer, head], words)
    _edges(board, tiles, look, style)
    board.frame(tiles.box(look.layer, look.head).grown(2, 2), style.theme.ink, 3)
    _legend(board, tiles, end, style)
    clicks.draw(board)
    return board.figure()


def _edges(board: Board, tiles: Tiles, look: VisitorLook, style: Style) -> None:
    """Numbers along both edges, as many as there is room for."""
    board.note(0, 12, f"{style.labels['layer']} ↓   {style.labels['head']} →")
    every, (layers, heads) = ceil(_NUMBERED / tiles.pitch), tiles.shape
    for head in range(heads):
        if head % every == 0 or head == look.head:
            box = tiles.box(0, head)
            board.tick(box.x + box.width / 2, _TOP - 14, str(head), head == look.head, size=14)
    for layer in range(layers):
        if layer % every == 0 or layer == look.layer:
            box = tiles.box(layer, 0)
            board.tick(12, box.y + box.height / 2, str(layer), layer == look.layer, size=14)


def _legend(board: Board, tiles: Tiles, end: float, style: Style) -> None:
    y = HEIGHT - _BELOW + 18
    patches.scale(board, Box(10, y, 220, 13), style.notation, end)
    said = scale_words(end, style).split("; ")  # short lines: a phone shows the left half
    if tiles.block > 1:
        said.append(style.labels["heads_pooled"].format(size=tiles.block))
    for line, words in enumerate(said):
        board.note(250, y - 6 + 17 * line, words, size=14)
