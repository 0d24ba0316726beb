"""Rollout layer by layer: above each layer's own attention, below the product of all up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.notation import for_html
from viz.board.style import Style
from viz.vision.patches import (
    Clicks,
    Place,
    draw_numbers,
    draw_weights,
    side_of,
)

WIDTH, HEIGHT = 850, 680
_HEAD, _BAR, _GAP = 58, 24, 12  # pixels above a picture, of its [CLS], between pictures


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """pixels: (row, column) 0..1; own, products: a (token,) row of [CLS] for each layer.

    layer, key: the chosen cell; product: whether it is the product's, not the layer's own.
    """

    pixels: Floats
    own: Sequence[Floats]
    products: Sequence[Floats]
    tokens: Sequence[str]
    layer: int
    key: int


def rollout(rolled: Rolled, style: Style) -> Figure:
    """labels: layer, own, product, sum."""
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    layers = len(rolled.own)
    width = (WIDTH - (layers - 1) * 2 * _GAP) / layers
    side = min(width, HEIGHT / 2 - _HEAD - _BAR - 6 - _GAP)
    for row, (name, rows) in enumerate((("own", rolled.own), ("product", rolled.products))):
        top = row * HEIGHT / 2
        _heading(board, top, name, style)
        for layer, weights in enumerate(rows):
            left = layer * (width + 2 * _GAP)
            place = Place.at(left, top + _HEAD, side, _BAR, side_of(len(weights)))
            chosen = layer == rolled.layer
            _label(board, left, top + _HEAD - 14, name, layer, weights, style, chosen)
            _picture(board, clicks, place, rolled, layer, weights, style)
            if chosen:
                board.frame(place.token(rolled.key), style.theme.k, 4)
            else:
                board.frame(place.token(rolled.key), style.theme.k, 1.5, "dot")
    clicks.draw(board)
    return board.figure()


def _heading(board: Board, top: float, name: str, style: Style) -> None:
    board.text(0, top + 14, f"<b>{style.labels[name]}</b>", size=18, anchor="middle right")


def _label(
    board: Board,
    x: float,
    y: float,
    name: str,
    layer: int,
    weights: Floats,
    style: Style,
    chosen: bool,
) -> None:
    """Which layers it covers, and what its row sums to."""
    total = style.notation.fixed(float(weights.sum()))
    several = name == "product" and layer
    words = style.labels["product_layer" if several else "own_layer"]
    words = words.format(layer=layer, sum=total)
    colour = style.theme.ink if chosen else style.theme.muted
    board.text(x, y, f"<b>{words}</b>" if chosen else words, size=16, colour=colour,
               anchor="middle right")  # fmt: skip


def _picture(
    board: Board,
    clicks: Clicks,
    place: Place,
    rolled: Rolled,
    layer: int,
    weights: Floats,
    style: Style,
) -> None:
    draw_weights(board, place, rolled.pixels, weights, line=1)
    draw_numbers(
        board,
        place,
        weights,
        style.notation,
        size=15,
        chosen=rolled.key,
        names=rolled.tokens,
        named=False,
    )

    def said(number: int) -> str:
        weight = style.notation.small(float(weights[number]), 4).replace("<", "&lt;")
        return f"{for_html(rolled.tokens[0])} → {for_html(rolled.tokens[number])}: {weight}"

    clicks.place(place, lambda n: ["cell", layer, n], said)
