"""Step 8: all heads' outputs side by side, times W_O, is what the block hands on."""

from __future__ import annotations

from viz.board.board import Board, Box
from viz.board.style import Style
from viz.steps.products import Factor, draw_bias, draw_factors, draw_result, not_recorded, stage
from viz.steps.scene import Scene


def project_out(board: Board, scene: Scene, style: Style) -> None:
    """Step 8: concat·W_O + b."""
    theme, one = style.theme, scene.one
    if one.around is None:
        return not_recorded(board, style)
    projection, concat, width = one.around.w_o, one.concat, one.concat.shape[1]
    heading, tokens = 44.0 if projection.bias is None else 88.0, scene.axes.queries
    place = stage(board, style, one.projected.shape, width, tokens, heading, 8)
    left = Factor("C", concat, theme.q, scene.query, ink=theme.output)
    above = Factor("W<sub>O</sub>", projection.weight, theme.ink, scene.out)
    bias = "" if projection.bias is None else "b<sub>O</sub>"
    draw_factors(board, place, ("Y", theme.ink), left, above, style, bias)
    start, stop = one.columns
    wide, high = place.left.width / width, place.above.height / width
    mine = Box(start * wide, place.left.y, (stop - start) * wide, place.left.height)
    board.frame(mine, theme.output, 2.5)
    mine = Box(place.above.x, start * high, place.above.width, (stop - start) * high)
    board.frame(mine, theme.output, 2.5)
    draw_bias(board, place, projection.bias, bias, above, style)
    draw_result(board, place.result, one.projected, scene.out, scene, style, "out", theme.ink)
