"""Step 1: X·W + b gives Q, K and V; the chosen one large, the other two small beside it."""

from __future__ import annotations

from models.trace import Floats
from viz.board.axes import Edge, row_edge
from viz.board.board import Board, Box
from viz.board.ranges import short_note
from viz.board.style import Style
from viz.steps.head import PARTS, Projected
from viz.steps.marks import clicks, mark_cross, mark_row
from viz.steps.panels import NOTE, bar, shaded
from viz.steps.products import (
    Factor,
    dimension_head,
    draw_bias,
    draw_factors,
    product_equation,
    stage,
)
from viz.steps.scene import Scene, colour_of

_GAP = 22.0


def project(board: Board, scene: Scene, style: Style) -> None:
    """Step 1: X·W + b = Q, K or V; the other two stand small beside it."""
    theme, part, one = style.theme, scene.part, scene.one
    tokens = scene.tokens_of(part)
    made: Projected | None = None if one.around is None else one.part(part)
    values = getattr(one.steps, part) if made is None else made.recorded
    inner = 6 if made is None else made.x.shape[1]
    heading = 64.0 if made is None or made.projection.bias is None else 92.0
    width = values.shape[1]
    small = min(96.0, max(60.0, width * 39.0 if width <= 2 else 0.0))
    right = 2 * (small + _GAP) + 8
    even = style.digits is not None
    place = stage(board, values.shape, inner, tokens, heading=heading, right=right, even=even)
    colour = colour_of(theme, part)
    if made is None:
        board.text(0, 16, style.labels["not_recorded"], size=18, anchor="middle right")
    else:
        left = Factor("X", made.x, colour, scene.row_of(part), ink=theme.ink)
        above = Factor(f"W<sub>{part.upper()}</sub>", made.projection.weight, colour, scene.dim)
        bias = made.projection.bias
        name = "" if bias is None else f"b<sub>{part.upper()}</sub>"
        product_equation(
            board, (part.upper(), colour), ("X", theme.ink), (above.name, colour), name
        )
        draw_factors(board, place, left, above, style)
        draw_bias(board, place, bias, name, scene.dim, colour, style)
    _parts(board, place.result, scene, style, values, small)


def _parts(
    board: Board, box: Box, scene: Scene, style: Style, values: Floats, small: float
) -> None:
    """Q, K, V side by side in this order, the chosen one large."""
    theme = style.theme
    steps = scene.one.steps
    x = box.x
    for part in PARTS:
        colour = colour_of(theme, part)
        here = values if part == scene.part else getattr(steps, part)
        place = Box(x, box.y, box.width if part == scene.part else small, box.height)
        x = place.right + _GAP
        cell = (scene.row_of(part), scene.dim)
        shape = (int(here.shape[0]), int(here.shape[1]))
        shading, largest = shaded(board, here, place, style)
        if part == scene.part:
            row_edge(board, place, Edge(scene.tokens_of(part), cell[0], colour))
            mark_cross(board, place, cell, shape, (colour, colour), "dot")
            dimension_head(board, place, scene.dim, shape[1], str(scene.dim), colour)
            bar(board, place, shading, style, largest)
        else:
            board.frame(place, colour, 1.5)
            mark_row(board, place, cell[0], shape[0], colour, "dot")
            words = short_note(shading, largest, style)
            board.note(place.x, place.bottom + 16, words, size=NOTE)
        board.text(
            place.x + place.width / 2,
            place.y - 34,
            f"<b>{part.upper()}</b>",
            size=24 if part == scene.part else 20,
            colour=colour,
        )
        clicks(board, place, here, cell, scene.tokens_of(part), style, role=part)
