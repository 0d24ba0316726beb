"""How much each word moves the last state: three curves, and what each network multiplies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Figure, Shading, number_inks
from viz.board.kept import kept
from viz.board.notation import Notation, bold, for_html
from viz.board.panel import Panel, Texts, draw
from viz.board.plane import Plane, name_y, power_ticks, steps_shown
from viz.board.style import Style
from viz.board.theme import Theme

WIDTH, HEIGHT = 1190, 680
NETWORKS = ("rnn", "lstm", "attention")
SYMBOLS = {"rnn": "circle", "lstm": "diamond", "attention": "square"}
_DASHES = {"rnn": "dash", "lstm": "solid", "attention": "dot"}  # where symbols have no room
# Below this float32 holds nothing but 0: its smallest number (IEEE 754, subnormal).
FLOAT32_ENDS = 2.0**-149
_LEFT, _TOP, _CURVES = 210, 44, 386
_STRIP, _GAP = 40, 12
_DEEPEST = -47.0  # exponents: a little below where float32 ends
_NARROWEST = 9.0  # pixels a symbol
_ROWS = 6  # of points over the curves, so that a click anywhere chooses the distance


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """What is drawn: everything by distance from the end, 0 first.

    tokens: as typed; norms: network → (n,); factors: (distance + 1,) the RNN's; kept:
    (distance,) f of the LSTM's unit; alpha: (n,) of one head of attention.
    """

    tokens: Sequence[str]
    norms: Mapping[str, Floats]
    distance: int
    factors: Floats
    kept: Floats
    unit: int
    alpha: Floats
    head: int


def colour_of(theme: Theme, network: str) -> str:
    """A network's colour, on all pictures of the page."""
    return {"rnn": theme.net_rnn, "lstm": theme.net_lstm, "attention": theme.weight}[network]


@kept
def gradients(way: Way, style: Style) -> Figure:
    """Curves on a log scale above, one strip of factors a network below, in the same columns."""
    board = Board(WIDTH, HEIGHT, style.theme)
    count = len(way.tokens)
    box = Box(_LEFT, _TOP, WIDTH - _LEFT - 20, _CURVES)
    low, high = _range(way)
    plane = Plane(box, (-0.5, count - 0.5), (low, high), y_log=True)
    board.fill(box.column(way.distance, count), style.theme.soft)
    plane.draw(board, power_ticks(low, high, style.notation))
    if low < np.log10(FLOAT32_ENDS):
        y = plane.level(board, FLOAT32_ENDS, style.theme.muted, 1.5, dash="dash")
        board.note(box.x + 8, y - 12, style.labels["float32"])
    _curves(board, plane, way)
    name_y(board, style.labels["gradient_axis"])
    _words(board, plane, way, style)
    _strips(board, box, way, style)
    _points(board, box, way, style)
    return board.figure()


def _range(way: Way) -> tuple[float, float]:
    values = np.concatenate(list(way.norms.values()))
    found = np.log10(values[values > 0])
    return max(np.floor(found.min()) - 0.5, _DEEPEST), np.ceil(found.max()) + 0.3


def _curves(board: Board, plane: Plane, way: Way) -> None:
    count = len(way.tokens)
    size = 9.0 if count <= 60 else 0.0
    for name in NETWORKS:
        # What is left of a curve below the picture would run along its edge.
        shown = way.norms[name] >= 10.0 ** plane.y[0]
        x, y = plane.across(np.arange(count)), np.where(shown, plane.up(way.norms[name]), np.nan)
        colour, symbol = colour_of(board.theme, name), SYMBOLS[name] if size else ""
        dash = "solid" if size else _DASHES[name]
        xs, ys = x.astype(np.float32), y.astype(np.float32)
        board.line(xs, ys, colour, 2.5, dash=dash, symbol=symbol, size=size)
        chosen = slice(way.distance, way.distance + 1)
        if shown[way.distance]:
            board.line(x[chosen], y[chosen], colour, 0, symbol=SYMBOLS[name], size=17)


def _words(board: Board, plane: Plane, way: Way, style: Style) -> None:
    """Symbols below the curves, distances below them."""
    box, count = plane.box, len(way.tokens)
    pitch = box.width / count
    for name, y in (("symbol_axis", 18), ("distance_axis", 42)):
        board.note(box.x - 8, box.bottom + y, style.labels[name], anchor="middle left")
    # Some of the symbols alone would read as another text.
    for d in range(count) if pitch >= _NARROWEST else [way.distance]:
        now = d == way.distance
        word = bold(for_html(way.tokens[d][:3]), now)
        size = 20 if now else min(17.0, pitch * 1.4)
        board.text(box.x + (d + 0.5) * pitch, box.bottom + 18, word, size=size)
    plane.numbers(board, steps_shown(count, way.distance, pitch), way.distance, below=42)


def _strips(board: Board, box: Box, way: Way, style: Style) -> None:
    scale = Shading(board.theme.scores, -1.0, 1.0)
    weights = Shading(board.theme.weights, 0.0, 1.0)
    rows = (
        ("rnn", way.factors[::-1], scale),
        ("lstm", way.kept[::-1], scale),
        ("attention", way.alpha, weights),
    )
    y = box.bottom + 66
    for name, found, shading in rows:
        # Values by distance, and nothing beyond them.
        values = np.concatenate((found, np.full(len(way.tokens) - len(found), np.nan)))
        _strip(board, Box(box.x, y, box.width, _STRIP), values, shading, way.distance, style)
        words = style.labels[f"strip_{name}"].format(unit=way.unit, head=way.head)
        if not len(found):
            x = box.column(way.distance, len(way.tokens)).right
            board.note(x + 10, y + _STRIP / 2, style.labels["no_factor"])
        colour = colour_of(board.theme, name)
        board.text(box.x - 8, y + _STRIP / 2, words, size=17, colour=colour, anchor="middle left")
        y += _STRIP + _GAP
    board.note(box.x, y + 8, style.labels["strips"])


def _strip(
    board: Board, box: Box, values: Floats, shading: Shading, chosen: int, style: Style
) -> None:
    count, pitch = len(values), box.width / len(values)
    scaled = values if shading.low == 0 else np.log10(np.maximum(values, 1e-9))
    shown = np.clip(scaled, shading.low, shading.high)[None]
    there = int(np.isfinite(values).sum())
    texts = None
    if pitch >= 34:
        inks = number_inks(np.nan_to_num(shown), shading)
        words = [_factor(value, style.notation) for value in values.tolist()]
        texts = Texts(words, inks, min(17.0, pitch * 0.4))
    draw(board, box, Panel(shown, shading, gap=pitch > 9, across=there, texts=texts))
    board.frame(box.column(chosen, count).grown(0, 2), board.theme.ink, 2.5)


def _factor(value: float, notation: Notation) -> str:
    """A number of a strip; beyond its end none."""
    if not np.isfinite(value):
        return ""
    return notation.share(value) if value < 9.95 else notation.fixed(value, 0)


def _points(board: Board, box: Box, way: Way, style: Style) -> None:
    count, labels, write = len(way.tokens), style.labels, style.notation.significant
    hover = [
        f"{labels['distance_axis']} {d}, {for_html(token)}<br>"
        + "<br>".join(f"{labels[n]}: {write(float(way.norms[n][d]), 3)}" for n in NETWORKS)
        for d, token in enumerate(way.tokens)
    ]
    rows = _ROWS if count <= 60 else 1
    ids = [[d] for _ in range(rows) for d in range(count)]
    board.cells(box, (rows, count), hover=hover * rows, ids=ids)
