"""A digit in a box: its ink over the colour of each patch's weight, [CLS] as a bar above it.

Colour grows with the root of the weight, as in the overview of all heads: seventeen tokens share
1, and on a linear scale all of them would be pale. Whoever draws it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box
from viz.board.notation import Notation, bold, for_html
from viz.board.shading import Shading
from viz.board.theme import Theme, ink_on, rgb

INK = 0.62  # opacity of a full pixel: what lies below shows through
TICKS = (0.0, 0.05, 0.25, 0.5, 1.0)  # of the scale of weights
# Where the scale of a visitor's picture ends: hundreds of patches share 1, and on a scale up to 1
# all of them would be pale.
ENDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands: the bar of [CLS], and below it the patches, `side` to a row."""

    cls: Box
    picture: Box
    side: int

    @classmethod
    def at(cls, x: float, y: float, width: float, bar: float, side: int, gap: float = 6) -> Place:
        """width: of the picture, which is square; bar: how high [CLS] stands above it."""
        return cls(Box(x, y, width, bar), Box(x, y + bar + gap, width, width), side)

    def token(self, number: int) -> Box:
        """The box of a token: 0 is [CLS], then the patches row by row."""
        if number == 0:
            return self.cls
        return self.picture.cell(*divmod(number - 1, self.side), (self.side, self.side))


def side_of(tokens: int) -> int:
    """Patches to a row, from the number of tokens."""
    return isqrt(tokens - 1)


def names(tokens: int) -> tuple[str, ...]:
    """[CLS], then the patches as on a sheet: column letter, row number. "0,1" would read as 0.1."""
    patches = (divmod(number, side_of(tokens)) for number in range(tokens - 1))
    return ("[CLS]", *(f"{chr(65 + column)}{row + 1}" for row, column in patches))


def weight_shading(theme: Theme, end: float = 1.0) -> Shading:
    """Of the root of a weight. end: of the scale."""
    return Shading(theme.weights, 0.0, end**0.5)


def end_of(weights: Floats) -> float:
    """The first end of a scale that holds all of these weights. weights: (…,)."""
    most = float(weights.max(initial=0.0))
    return next((end for end in ENDS if most <= end), ENDS[-1])


def draw_weights(
    board: Board, place: Place, pixels: Floats, weights: Floats, *, line: float = 1.5
) -> None:
    """pixels: (row, column) 0..1; weights: (token,), [CLS] first."""
    shading = weight_shading(board.theme)
    roots = np.sqrt(np.clip(weights, 0, 1))
    board.fill(place.cls, shading.colour(float(roots[0])))
    board.frame(place.cls, board.theme.hatch, 1)
    board.matrix(roots[1:].reshape(place.side, place.side), place.picture, shading, gap=0)
    veil(board, pixels, place.picture, INK)
    draw_grid(board, place.picture, place.side, line)


def veil(board: Board, pixels: Floats, box: Box, opacity: float) -> None:
    """pixels: (row, column) 0..1, from nothing to `opacity` of ink, over what lies below."""
    tint = "rgba({},{},{},{{}})".format(*rgb(board.theme.ink))
    ink = Shading(((0.0, tint.format(0)), (1.0, tint.format(opacity))), 0, 1)
    board.matrix(pixels, box, ink, gap=0)


def draw_grid(board: Board, box: Box, side: int, width: float = 1.5) -> None:
    """The lines between the patches, and around them."""
    steps = np.repeat(np.arange(side + 1) / side, 3)
    along = np.tile([0.0, 1.0, np.nan], side + 1)
    x, y = box.x + steps * box.width, box.y + steps * box.height
    across, down = box.x + along * box.width, box.y + along * box.height
    xs, ys = np.concatenate((x, across)), np.concatenate((down, y))
    # A line ends where there is no number.
    xs[np.isnan(ys)] = np.nan
    board.line(xs, ys, board.theme.hatch, width)


def draw_numbers(
    board: Board,
    place: Place,
    weights: Floats,
    chosen: int,
    names: Sequence[str],
    notation: Notation,
    size: float,
) -> None:
    """Each patch's weight in its corner, on a plate of the page's colour; [CLS]'s in its bar.

    names: [CLS]'s, and the patches' where there is room for them.
    """
    below = ink_on(weight_shading(board.theme).colour(float(np.sqrt(max(weights[0], 0.0)))))
    first, *words = (bold(small(w, notation), n == chosen) for n, w in enumerate(weights.tolist()))
    x, y = place.cls.x + place.cls.width / 2, place.cls.y + place.cls.height / 2
    board.text(x, y, f"{names[0]} {first}", size=size, colour=below)
    quiet = f"<span style='color:{board.theme.muted}'>{{}}</span> "
    for number, word in enumerate(words, 1):
        box = place.token(number)
        name = quiet.format(names[number]) if len(names) > 1 else ""
        _plate(board, box.x + 4, box.y + 4, name + word, size)


def _plate(board: Board, x: float, y: float, body: str, size: float) -> None:
    """A number on a plate of the page's colour, its upper left corner at (x, y)."""
    plate = {"bgcolor": "rgba({},{},{},0.82)".format(*rgb(board.theme.page)), "borderpad": 2}
    font = {"size": size, "color": board.theme.ink}
    place = {"x": x, "y": y, "xanchor": "left", "yanchor": "top", "showarrow": False}
    board.labels.append({"text": body, "font": font, **place, **plate})


def small(value: float, notation: Notation, digits: int = 3) -> str:
    """A weight or a probability, safe HTML: "&lt; 0.001" where it would read as zero."""
    return notation.small(float(value), digits).replace("<", "&lt;")


def said(tokens: Sequence[str], query: int, weights: Floats, notation: Notation) -> list[str]:
    """ "query → key: weight" of every key, safe HTML. weights: (key,), of the first tokens."""
    asks, asked = for_html(tokens[query]), tokens[: len(weights)]
    pairs = zip(asked, weights.tolist(), strict=True)
    return [f"{asks} → {for_html(key)}: {small(weight, notation, 4)}" for key, weight in pairs]


def scale(board: Board, box: Box, notation: Notation, end: float = 1.0) -> None:
    """The scale of weights, its ticks where their roots lie; ended before 1, where it ends, too."""
    ticks = [(tick**0.5, notation.share(tick)) for tick in TICKS]
    if end < 1:
        shown = (0.0, end / 4, end)
        ticks = [(tick**0.5, notation.significant(tick, 2) if tick else "0") for tick in shown]
    board.scale_bar(box, weight_shading(board.theme, end), ticks)


class Clicks:
    """Points over tokens that answer a click, collected into one trace."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float, list[object], float, str]] = []

    def box(self, box: Box, identity: list[object], hover: str) -> None:
        """As many squares as the box is wider than high, side by side."""
        count = max(1, round(box.width / box.height))
        pitch = box.width / count
        y, size = box.y + box.height / 2, 0.94 * min(pitch, box.height)
        xs = (box.x + (n + 0.5) * pitch for n in range(count))
        self._points += [(x, y, identity, size, hover) for x in xs]

    def place(self, place: Place, role: Sequence[object], hover: Sequence[str]) -> None:
        """Every token of a picture: its identity is the role and its number."""
        for number, words in enumerate(hover):
            self.box(place.token(number), [*role, number], words)

    def draw(self, board: Board) -> None:
        """Put them on the board, above all else."""
        xs, ys, ids, sizes, hover = zip(*self._points, strict=True)
        board.clicks(np.array(xs, np.float32), np.array(ys, np.float32), ids, sizes, hover)
