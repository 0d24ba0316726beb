"""Rollout layer by layer: above each layer's own attention, below the product of all up to it."""

from __future__ import annotations

from collections.abc import Sequence

from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.style import Style
from viz.vision.attention import Look
from viz.vision.patches import Clicks, Place, draw_numbers, draw_weights, said, side_of

WIDTH, HEIGHT = 850, 680
_HEAD, _BAR, _GAP = 58, 24, 12  # pixels above a picture, of its [CLS], between pictures


@kept
def rollout(look: Look, own: Sequence[Floats], products: Sequence[Floats], style: Style) -> Figure:
    """own, products: a (token,) row of [CLS] for each layer. The chosen layer and key stand out.

    labels: layer, own, product, sum.
    """
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    layers = len(own)
    width = (WIDTH - (layers - 1) * 2 * _GAP) / layers
    side = min(width, HEIGHT / 2 - _HEAD - _BAR - 6 - _GAP)
    for row, (name, rows) in enumerate((("own", own), ("product", products))):
        top = row * HEIGHT / 2
        board.text(0, top + 14, f"<b>{style.labels[name]}</b>", size=18, anchor="middle right")
        for layer, weights in enumerate(rows):
            left = layer * (width + 2 * _GAP)
            place = Place.at(left, top + _HEAD, side, _BAR, side_of(len(weights)))
            chosen = layer == look.layer
            words = bold(_label(name, layer, weights, style), chosen)
            colour = style.theme.ink if chosen else style.theme.muted
            board.text(left, top + _HEAD - 14, words, size=16, colour=colour, anchor="middle right")
            draw_weights(board, place, look.trace.pixels, weights, line=1)
            draw_numbers(board, place, weights, look.key, look.tokens[:1], style.notation, 15)
            hover = said(look.tokens, 0, weights, style.notation)
            clicks.place(place, ["cell", layer], hover)
            line = (4, "solid") if chosen else (1.5, "dot")
            board.frame(place.token(look.key), style.theme.k, *line)
    clicks.draw(board)
    return board.figure()


def _label(name: str, layer: int, weights: Floats, style: Style) -> str:
    """Which layers it covers, and what its row, (token,), sums to."""
    words = style.labels["product_layer" if name == "product" and layer else "own_layer"]
    return words.format(layer=layer, sum=style.notation.fixed(float(weights.sum())))
