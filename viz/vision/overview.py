"""All heads of a visitor's model at once: where the chosen token looks, a small picture a head.

Axes: layer ↓, head →, as everywhere. Only patches are drawn; the model's own tokens have no place
in the picture.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.style import Style
from viz.vision import patches
from viz.vision.patches import Clicks
from viz.vision.tiles import Tiles
from viz.vision.visitor import VisitorLook, scale_words

WIDTH, HEIGHT = 850, 560
_LEFT, _TOP, _BELOW = 30.0, 52.0, 66.0
_MOST = 130.0  # pixels from one small picture to the next
_NUMBERED = 20.0  # pixels from one number along an edge to the next


@kept
def overview(look: VisitorLook, style: Style) -> Figure:
    """labels: layer, head, root, ends (end), heads_pooled (size): said where patches are pooled."""
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    shape = layers, heads = len(look.blocks), look.blocks[0].heads
    tiles = fitted(shape, look.own.grid)
    rows = [block.row(look.query)[:, look.own.added :] for block in look.blocks]
    end = patches.end_of(np.concatenate(rows))
    tiles.draw(board, (row.reshape(look.own.grid) for each in rows for row in each), end)
    for layer in range(layers):
        for head in range(heads):
            clicks.box(tiles.box(layer, head), ["head", layer, head], named(layer, head, style))
    framed(board, tiles, (look.layer, look.head), style)
    legend(board, tiles, end, style)
    clicks.draw(board)
    return board.figure()


def fitted(shape: tuple[int, int], grid: tuple[int, int]) -> Tiles:
    """As large as there is room. shape: (layers, heads); grid: (rows, columns) of a picture."""
    layers, heads = shape
    room = min((WIDTH - _LEFT) / heads, (HEIGHT - _TOP - _BELOW) / layers, _MOST)
    return Tiles.fitting(_LEFT, _TOP, shape, grid, room)


def named(layer: int, head: int, style: Style) -> str:
    """A small picture in words. labels: layer, head."""
    return f"{style.labels['layer']} {layer}, {style.labels['head']} {head}"


def framed(board: Board, tiles: Tiles, chosen: tuple[int, int], style: Style) -> None:
    """The chosen layer and head; numbers along both edges, as many as there is room for."""
    board.note(0, 12, f"{style.labels['layer']} ↓   {style.labels['head']} →")
    every, (layers, heads) = ceil(_NUMBERED / tiles.pitch), tiles.shape
    for head in range(heads):
        if head % every == 0 or head == chosen[1]:
            box = tiles.box(0, head)
            board.tick(box.x + box.width / 2, _TOP - 14, str(head), head == chosen[1], size=14)
    for layer in range(layers):
        if layer % every == 0 or layer == chosen[0]:
            box = tiles.box(layer, 0)
            board.tick(12, box.y + box.height / 2, str(layer), layer == chosen[0], size=14)
    board.frame(tiles.box(*chosen).grown(2, 2), style.theme.ink, 3)


def legend(board: Board, tiles: Tiles, end: float, style: Style, *more: str) -> None:
    """The scale, what its colours mean, and what else is to be said, a line each."""
    y = HEIGHT - _BELOW + 18
    patches.scale(board, Box(10, y, 220, 13), style.notation, end)
    said = scale_words(end, style).split("; ")  # short lines: a phone shows the left half
    if tiles.block > 1:
        said.append(style.labels["heads_pooled"].format(size=tiles.block))
    for line, words in enumerate((*said, *more)):
        board.note(250, y - 6 + 17 * line, words, size=14)
