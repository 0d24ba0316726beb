"""All heads of a model with windows: where one place of the picture looks, head by head.

Axes: layer ↓, head →, as everywhere. A small picture is one window in its own order: that which
holds the place in its layer. Stages differ in their heads, so rows are of different lengths.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.kept import kept
from viz.board.style import Style
from viz.vision import overview, patches
from viz.vision.patches import Clicks
from viz.vision.tiles import Tiles
from viz.vision.windows import WindowLook


@kept
def window_overview(look: WindowLook, style: Style) -> Figure:
    """look.query: a cell of the picture. labels: layer, head, root, ends (end), heads_pooled
    (size), window_maps, window_apart_small: said where cells are kept apart.
    """
    board, clicks = Board(overview.WIDTH, overview.HEIGHT, style.theme), Clicks()
    layers = look.trace.layers
    most, size = max(each.heads for each in layers), max(each.size for each in layers)
    tiles = overview.fitted((len(layers), most), (size, size))
    rows, apart = _rows(look)
    end = patches.end_of(np.concatenate([np.nan_to_num(row).ravel() for row in rows]))
    maps = (_maps(row, most) for row in rows)
    tiles.draw(board, (each for row in maps for each in row), end)
    places = zip(layers, look.everywhere, strict=True)
    for number, (layer, (window, token)) in enumerate(places):
        for head in range(layer.heads):
            identity: list[object] = ["head", number, head, window, token]
            clicks.box(tiles.box(number, head), identity, overview.named(number, head, style))
    _stages(board, tiles, look)
    overview.framed(board, tiles, (look.layer, look.head), style)
    more = [style.labels["window_maps"], *([style.labels["window_apart_small"]] if apart else [])]
    overview.legend(board, tiles, end, style, *more)
    clicks.draw(board)
    return board.figure()


def _rows(look: WindowLook) -> tuple[list[Floats], bool]:
    """Each layer's (head, row, column) of its window, no number where the model keeps a cell apart;
    and whether it does so anywhere.
    """
    rows, apart = [], False
    for layer, (window, token) in zip(look.trace.layers, look.everywhere, strict=True):
        row = layer.block(window).row(token)
        if layer.mask is not None:
            kept = layer.mask[window, token] != 0
            apart, row = apart or bool(kept.any()), np.where(kept, np.nan, row)
        rows.append(row.reshape(-1, layer.size, layer.size))
    return rows, apart


def _maps(row: Floats, most: int) -> list[Floats | None]:
    return [*row, *[None] * (most - len(row))]


def _stages(board: Board, tiles: Tiles, look: WindowLook) -> None:
    """A line wherever a stage ends."""
    for number, (one, other) in enumerate(pairwise(look.trace.layers)):
        if one.stage != other.stage:
            first, last = tiles.box(number, 0), tiles.box(number, max(one.heads, other.heads) - 1)
            y = (first.bottom + tiles.box(number + 1, 0).y) / 2
            board.line([first.x, last.right], [y, y], board.theme.muted, 1)
