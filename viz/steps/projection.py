"""Step 1: X·W + b gives Q, K and V; the chosen one large, the other two small beside it."""

from __future__ import annotations

from models.trace import Floats
from viz.board.axes import Edge, row_edge
from viz.board.board import Box
from viz.board.ranges import short_note
from viz.steps.head import PARTS
from viz.steps.marks import clicks, mark_cross, mark_row
from viz.steps.panels import NOTE, bar, shaded, whole_of
from viz.steps.products import Factor, dimension_head, draw_bias, draw_factors, stage
from viz.steps.scene import HeadBoard, Scene

_GAP = 22.0


def project(board: HeadBoard) -> None:
    """Step 1: X·W + b = Q, K or V; the other two stand small beside it."""
    theme, scene = board.theme, board.scene
    part, one = scene.part, scene.one
    tokens = scene.tokens_of(part)
    made = one.part(part) if one.recorded(part) else None
    bias = None if made is None else made.projection.bias
    values, whole = _recorded(scene), _recorded(scene.whole)
    inner = 6 if made is None else made.x.shape[1]
    heading, width = 64.0 if bias is None else 92.0, values.shape[1]
    small = min(96.0, max(60.0, width * 39.0 if width <= 2 else 0.0))
    right = 2 * (small + _GAP) + 8
    place = stage(board, values.shape, inner, tokens, heading, right)
    colour, letter = board.style.colour(part), part.upper()
    if made is None:
        board.text(0, 16, board.style.labels["not_recorded"], size=18, anchor="middle right")
    else:
        x = scene.whole.one.part(part).x
        left = Factor("X", made.x, colour, scene.row_of(part), ink=theme.ink, whole=x)
        above = Factor(f"W<sub>{letter}</sub>", made.projection.weight, colour, scene.dim)
        name = "" if bias is None else f"b<sub>{letter}</sub>"
        draw_factors(board, place, (letter, colour), left, above, name)
        draw_bias(board, place, bias, name, above)
    _parts(board, place.result, values, whole, small)


def _recorded(scene: Scene) -> Floats:
    """What the projection gave, or where that is not known what entered attention."""
    part, one = scene.part, scene.one
    used: Floats = getattr(one.steps, part)
    return one.part(part).recorded if one.recorded(part) else used


def _parts(board: HeadBoard, box: Box, values: Floats, whole: Floats, small: float) -> None:
    """Q, K, V side by side in this order, the chosen one large; whole: what it was cut from."""
    x, scene = box.x, board.scene
    for part in PARTS:
        colour, tokens, chosen = board.style.colour(part), scene.tokens_of(part), part == scene.part
        here = values if chosen else getattr(scene.one.steps, part)
        every = whole if chosen else getattr(scene.whole.one.steps, part)
        place = Box(x, box.y, box.width if chosen else small, box.height)
        x = place.right + _GAP
        cell = (scene.row_of(part), scene.dim)
        shading, largest = shaded(board, here, place, every)
        if chosen:
            row_edge(board, place, Edge(tokens, cell[0], colour))
            mark_cross(board, place, cell, here.shape, (colour, colour), "dot")
            dimension_head(board, place, scene.dim, here.shape[1], colour)
            bar(board, place, shading, largest)
            whole_of(board, place, every, shading, role=part)
        else:
            board.frame(place, colour, 1.5)
            if not 0 <= cell[0] < len(here):  # the window is the chosen part's
                cell = (0, cell[1])
            else:
                mark_row(board, place, cell[0], len(here), colour, "dot")
            words = short_note(shading, largest, board.style)
            board.note(place.x, place.bottom + 16, words, size=NOTE)
        name, size, middle = f"<b>{part.upper()}</b>", 24 if chosen else 20, place.width / 2
        board.text(place.x + middle, place.y - 34, name, size=size, colour=colour)
        clicks(board, place, here, cell, tokens, role=part)
