"""How far q·k spreads by the number of components, and what a softmax makes of it.

Three panels with one axis below: the spread of random vectors beside √d, with a model's heads as
marks; the largest weight of a row; α(1 − α), by which a weight moves with its score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from models.scores.scaling import HeadScaling, HeadSpread, RandomScores
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 440
_TOP, _BELOW = 44, 124
_LEFTS, _WIDE = (54, 470, 866), 316
_SPREAD = 16.0  # pixels to either side over which the heads of one d lie, layer by layer
_DIVIDED, _UNDIVIDED = "circle", "square"


@dataclass(frozen=True, slots=True)
class Spreads:
    """random: by d; heads: all of a model; chosen: layer and head; of_chosen: its softmax."""

    random: Sequence[RandomScores]
    heads: Sequence[HeadSpread]
    chosen: tuple[int, int]
    of_chosen: HeadScaling

    @property
    def chosen_head(self) -> HeadSpread:
        """The chosen one of the heads. StopIteration: it is none of them."""
        return next(one for one in self.heads if (one.layer, one.head) == self.chosen)


@kept
def scaling(drawn: Spreads, style: Style) -> Figure:
    """style.labels: spread, largest, slope, components, random, root, heads, this_head, divided,
    divided_factor, undivided.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _spread(board, drawn, style)
    panels = (("largest", _LEFTS[1], 1.0, 0.25, 2), ("slope", _LEFTS[2], None, None, 3))
    for name, left, top, gap, digits in panels:
        _softmax(board, drawn, style, name, left, top, gap, digits)
    _legend(board, drawn, style)
    return board.figure()


def _x(drawn: Spreads) -> tuple[float, float]:
    """Powers of ten from the fewest components to the most, those of the model among them."""
    every = [*(one.d for one in drawn.random), *(one.d for one in drawn.heads)]
    return log10(min(every)) - 0.12, log10(max(every)) + 0.12


def _axes(board: Board, plane: Plane, drawn: Spreads, style: Style, name: str) -> None:
    """Title, the numbers of components, what they are."""
    box, d = plane.box, drawn.chosen_head.d
    board.text(box.x, box.y - 24, f"<b>{style.labels[name]}</b>", size=17, anchor="middle right")
    board.line([box.x, box.right], [box.bottom] * 2, board.theme.hatch, 1.5)
    shown = {one.d for one in drawn.random}
    for n in sorted(shown | {d}):
        # Every other power of two, lest they touch; the chosen head's own always.
        if n == d or (round(np.log2(n)) % 2 == 0 and abs(np.log2(n / d)) >= 0.9):
            x = float(plane.across([n])[0])
            board.tick(x, box.bottom + 16, str(n), n == d, size=15)
    plane.name_x(board, style.labels["components"], below=38)


def _spread(board: Board, drawn: Spreads, style: Style) -> None:
    """Both axes logarithmic, so that √d is a straight line."""
    sizes = [*(one.spread for one in drawn.random), *(one.spread for one in drawn.heads)]
    sizes = [size for size in sizes if size > 0]
    y = floor(log10(min(sizes)) * 4) / 4 - 0.05, ceil(log10(max(sizes)) * 4) / 4 + 0.05
    box = Box(_LEFTS[0], _TOP, _WIDE, HEIGHT - _TOP - _BELOW)
    plane = Plane(box, _x(drawn), y, x_log=True, y_log=True)
    plane.grid(board, _spread_ticks(y, style), size=15)
    _axes(board, plane, drawn, style, "spread")
    theme = board.theme
    d = np.array([one.d for one in drawn.random], np.float64)
    plane.curve(board, d, np.sqrt(d), theme.ink, 2, dash="4px,6px")
    x, heights = _heads(plane, drawn)
    board.line(x, heights, theme.plus, 0, symbol="circle-open", size=7)
    measured = [one.spread for one in drawn.random]
    plane.curve(board, d, measured, theme.ink, 0, symbol="circle", size=10)
    _chosen(board, plane, drawn, drawn.of_chosen.spread, theme.plus)
    words = style.notation.significant
    said = [f"d = {one.d}: {words(one.spread, 3)} ± {words(one.error, 1)}" for one in drawn.random]
    _hover(board, plane, d, measured, said)


def _heads(plane: Plane, drawn: Spreads) -> tuple[list[float], list[float]]:
    """Where the model's heads lie: at their d, side by side by their layers."""
    layers = sorted({one.layer for one in drawn.heads})
    middle = (len(layers) - 1) / 2
    x = [
        float(plane.across([one.d])[0])
        + (layers.index(one.layer) - middle) / max(middle, 1) * _SPREAD
        for one in drawn.heads
    ]
    return x, plane.up([one.spread for one in drawn.heads]).tolist()


def _spread_ticks(y: tuple[float, float], style: Style) -> list[tuple[float, str]]:
    """1, 2, 5, 10 … of the range."""
    values = [m * 10.0**n for n in range(floor(y[0]), ceil(y[1]) + 1) for m in (1, 2, 5)]
    inside = [value for value in values if y[0] <= log10(value) <= y[1]]
    every = 3 if len(inside) > 9 else 1  # over many powers their ones alone
    return [(value, style.notation.significant(value, 1)) for value in inside[::every]]


def _softmax(
    board: Board,
    drawn: Spreads,
    style: Style,
    name: str,
    left: float,
    top: float | None,
    gap: float | None,
    digits: int,
) -> None:
    """One figure of the softmax by d, with division and without. top: of the axis, None: as needed;
    gap: between ticks. A head that divides nothing has one mark, the one without division.
    """
    rows = {
        kind: [float(getattr(getattr(one, kind), name)) for one in drawn.random]
        for kind in ("divided", "undivided")
    }
    own = {kind: float(getattr(getattr(drawn.of_chosen, kind), name)) for kind in rows}
    highest = max(*rows["divided"], *rows["undivided"], *own.values())
    gap = gap or (0.02 if highest < 0.1 else 0.05)
    top = top or ceil(highest * 1.05 / gap) * gap
    box = Box(left, _TOP, _WIDE, HEIGHT - _TOP - _BELOW)
    plane = Plane(box, _x(drawn), (0, top), x_log=True)
    ticks = np.arange(0, top + gap / 2, gap).tolist()
    plane.grid(board, [(v, style.notation.fixed(v, 2) if v else "0") for v in ticks], size=15)
    _axes(board, plane, drawn, style, name)
    d = np.array([one.d for one in drawn.random], np.float64)
    for kind, symbol in (("divided", _DIVIDED), ("undivided", _UNDIVIDED)):
        colour = _colour(board, kind)
        plane.curve(board, d, rows[kind], colour, 3, symbol=symbol, size=9)
        if kind == "undivided" or not drawn.of_chosen.plain:
            _chosen(board, plane, drawn, own[kind], colour)
        fixed = style.notation.fixed
        said = [f"d = {one.d}: {fixed(v, digits)}" for one, v in
                zip(drawn.random, rows[kind], strict=True)]  # fmt: skip
        _hover(board, plane, d, rows[kind], said)


def _colour(board: Board, kind: str) -> str:
    return board.theme.weight if kind == "divided" else board.theme.plus


def _chosen(board: Board, plane: Plane, drawn: Spreads, value: float, colour: str) -> None:
    """The chosen head's mark, with a rim in the page's colour, above all others."""
    x, y = plane.across([drawn.chosen_head.d]), plane.up([value])
    for ink, size in ((board.theme.page, 21), (colour, 16)):
        board.line(x, y, ink, 0, symbol="diamond", size=size)


def _hover(
    board: Board, plane: Plane, d: Sequence[float] | np.ndarray, y: Sequence[float],
    said: Sequence[str],
) -> None:  # fmt: skip
    look = {"mode": "markers", "marker": {"size": 18, "opacity": 0}, "hovertext": list(said)}
    template = "%{hovertext}<extra></extra>"
    places = {"x": plane.across(list(d)), "y": plane.up(list(y))}
    board.traces.append({"type": "scatter", **places, **look, "hovertemplate": template})


def _legend(board: Board, drawn: Spreads, style: Style) -> None:
    """Below the panels, what their marks are; of a head with another factor than 1/√d that factor.

    The random vectors' scores are divided by √d whatever the model does.
    """
    theme, own = board.theme, drawn.of_chosen
    labels = dict(style.labels)
    if not own.plain and not own.by_root(drawn.chosen_head.d):
        by = style.notation.significant(own.factor, 3)
        labels["divided"] = labels["divided_factor"].format(by=by)
    rows = (
        (4, 46, "random", theme.ink, "circle", 0),
        (4, 20, "heads", theme.plus, "circle-open", 0),
        (250, 46, "root", theme.ink, "", 2),
        (250, 20, "this_head", theme.plus, "diamond", 0),
        (520, 46, "divided", theme.weight, _DIVIDED, 3),
        (520, 20, "undivided", theme.plus, _UNDIVIDED, 3),
    )
    for x, above, name, colour, symbol, line in rows:
        y, dash = HEIGHT - above, "solid" if symbol else "4px,6px"
        xs = [x, x + 26] if line else [x + 13]
        size = 14 if symbol == "diamond" else 9
        board.line(xs, [y] * len(xs), colour, line, dash=dash, symbol=symbol, size=size)
        board.note(x + 36, y, labels[name], size=15)
