"""Exploding and vanishing side by side: the product's size by steps back, linear and bent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Figure, Shading
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.panel import Panel, draw
from viz.board.plane import Plane, name_y, parted, power_ticks, steps_shown
from viz.board.style import Style
from viz.board.theme import Theme

WIDTH, HEIGHT = 1190, 680
_STRIP = Box(84, 594, WIDTH - 84 - 100, 26)
_FARTHEST = 40.0  # exponents shown, up and down
_LINE = 18.0  # pixels between the words at the curves' ends
_DASHES = ("dot", "dashdot", "dash")


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """By steps back, 0 first: side → (step,) 2-norms of the product of Jacobians.

    Sides are "linear" and the nonlinearity, "tanh" or "relu". references: (σ, side → norms) drawn
    beside the chosen; sigma: the chosen largest singular value, whose bound σᵗ is drawn; distance:
    the chosen t; slopes: (unit,) f′(a) at the step that t adds, None where t is 0.
    """

    sigma: float
    norms: Mapping[str, Floats]
    references: Sequence[tuple[float, Mapping[str, Floats]]]
    distance: int
    nonlinearity: str
    slopes: Floats | None

    @property
    def sides(self) -> tuple[str, str]:
        """What the two panels show, left and right."""
        return "linear", self.nonlinearity

    @property
    def bound(self) -> float:
        """σᵗ, above which the matrix's product cannot be."""
        return self.sigma**self.distance


@kept
def products(drawn: Products, style: Style) -> Figure:
    """Two panels with one scale: the matrix alone, and with the activation; below them its f′."""
    board = Board(WIDTH, HEIGHT, style.theme)
    low, high = _range(drawn)
    count = len(drawn.norms["linear"])
    width = (WIDTH - 84 - 70 - 100) / 2
    for number, side in enumerate(drawn.sides):
        box = Box(84 + number * (width + 110), 62, width, HEIGHT - 62 - 178)
        plane = Plane(box, (0, max(count - 1, 1)), (low, high), y_log=True)
        _panel(board, plane, drawn, side, style)
    _slopes(board, drawn, style)
    _legend(board, drawn, style)
    return board.figure()


def _slopes(board: Board, drawn: Products, style: Style) -> None:
    """f′(a) of every unit at the chosen step: what the matrix's product is multiplied with."""
    words = style.labels["no_slopes"]
    if drawn.slopes is not None:
        words = style.labels[f"slopes_{drawn.nonlinearity}"].format(count=len(drawn.slopes))
        draw(board, _STRIP, Panel(drawn.slopes[None], Shading(style.theme.weights, 0.0, 1.0)))
    board.note(_STRIP.x, _STRIP.y - 14, words)
    board.frame(_STRIP, style.theme.hatch, 1)


def _range(drawn: Products) -> tuple[float, float]:
    count = len(drawn.norms["linear"])
    shown = [*drawn.norms.values(), *(norms for _, r in drawn.references for norms in r.values())]
    values = np.concatenate([*shown, [drawn.sigma ** (count - 1)]])
    found = np.log10(values[values > 0])
    low, high = np.floor(found.min()) - 0.3, np.ceil(found.max()) + 0.3
    return max(float(low), -_FARTHEST), min(float(high), _FARTHEST)


def _panel(board: Board, plane: Plane, drawn: Products, side: str, style: Style) -> None:
    theme, box = board.theme, plane.box
    steps = np.arange(len(drawn.norms[side]))
    board.text(box.x, box.y - 18, f"<b>{style.labels[side]}</b>", size=20, anchor="middle right")
    plane.draw(board, power_ticks(*plane.y, style.notation))
    plane.level(board, 1.0, theme.hatch, 2)
    x = plane.across(steps)
    plane.upright(board, drawn.distance, 1.5)
    for dash, (sigma, norms) in zip(_DASHES, drawn.references, strict=True):
        board.line(x, _visible(plane, norms[side]), _side_of_one(theme, sigma), 2.5, dash=dash)
    _at_ends(board, plane, drawn, side, style)
    bound = drawn.sigma ** steps.astype(np.float64)
    board.line(x, _visible(plane, bound), theme.ink, 2, dash="4px,6px")
    y = _visible(plane, drawn.norms[side])
    board.line(x, y, theme.net_rnn, 3.5, symbol="circle" if len(steps) <= 40 else "", size=8)
    here = slice(drawn.distance, drawn.distance + 1)
    board.line(x[here], y[here], theme.net_rnn, 0, symbol="circle", size=17)
    last = round(plane.x[1])
    pitch = box.width / last
    plane.numbers(board, steps_shown(last + 1, drawn.distance, pitch), drawn.distance)
    plane.name_x(board, style.labels["steps_axis"])
    rows, size = 8 if len(steps) <= 60 else 2, min(max(pitch * 0.9, 4.0), 40.0)
    plane.clicks(board, range(len(steps)), rows, size)


def _side_of_one(theme: Theme, sigma: float) -> str:
    """Vanishing is blue, exploding orange, as shrinking and growing are everywhere."""
    return theme.muted if sigma == 1 else theme.minus if sigma < 1 else theme.plus


def _visible(plane: Plane, values: Floats) -> Floats:
    """Pixels; what leaves the picture is left out."""
    low, high = (10.0**limit for limit in plane.y)
    inside = (values >= low) & (values <= high)
    return np.where(inside, plane.up(values), np.nan).astype(np.float32)


def _at_ends(board: Board, plane: Plane, drawn: Products, side: str, style: Style) -> None:
    """Each reference's σ where its curve ends or leaves the picture, none over another."""
    places = []
    for sigma, norms in drawn.references:
        last = int(np.flatnonzero(np.isfinite(_visible(plane, norms[side])))[-1])
        x, y = plane.across([last])[0], plane.up(norms[side][last : last + 1])[0]
        places.append((float(y), float(x), sigma))
    places.sort()
    heights = parted([y for y, _, _ in places], _LINE)
    for y, (_, x, sigma) in zip(heights, places, strict=True):
        word, colour = style.notation.fixed(sigma, 2), _side_of_one(board.theme, sigma)
        board.text(x + 12, y, word, size=16, colour=colour, anchor="middle right")


def _legend(board: Board, drawn: Products, style: Style) -> None:
    theme, y = board.theme, HEIGHT - 22.0
    sigma = style.notation.fixed(drawn.sigma, 2)
    name_y(board, style.labels["product_axis"])
    board.line([84, 130], [y, y], theme.net_rnn, 3.5, symbol="circle", size=8)
    words = bold(style.labels["chosen"].format(sigma=sigma))
    board.text(140, y, words, size=18, colour=theme.net_rnn, anchor="middle right")
    board.line([430, 476], [y, y], theme.ink, 2, dash="4px,6px")
    board.text(486, y, style.labels["bound"].format(sigma=sigma), size=18, anchor="middle right")
    board.note(690, y, style.labels["references"])
