"""Share of right translations by the length of the sentence: two networks, both untrained ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from viz.board import Board, Box
from viz.scores_style import Style

WIDTH, HEIGHT = 860, 430
_PLOT = Box(70, 46, WIDTH - 70 - 20, HEIGHT - 46 - 112)


@dataclass(frozen=True, slots=True)
class Curve:
    """One network: its name, and a share a length, its own and an untrained one's."""

    name: str
    exact: Sequence[float]
    untrained: Sequence[float]


def lengths(
    words: Sequence[int],
    sentences: Sequence[int],
    distinct: Sequence[int],
    curves: tuple[Curve, Curve],
    style: Style,
    *,
    chosen: int | None = None,
) -> go.Figure:
    """Shares 0–1 over the number of Turkish words; the first curve has attention.

    sentences, distinct: how many were translated of each length. chosen: a length to mark.
    style.labels: exact_axis, length_axis, sentences, distinct, untrained, this_sentence.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _axes(board, words, style)
    if chosen in words:
        x = _x(words, words.index(chosen))
        board.line([x, x], [_PLOT.y - 6, _PLOT.bottom], style.theme.ink, 1.5)
        board.text(x, _PLOT.y - 16, style.labels["this_sentence"], size=16)
    _counts(board, words, sentences, distinct, style)
    colours = style.theme.weight, style.theme.muted
    for curve, colour, symbol in zip(curves, colours, ("circle", "square"), strict=True):
        _curve(board, words, curve.untrained, colour, f"{symbol}-open", 7, "dot")
        _curve(board, words, curve.exact, colour, symbol, 11, "solid")
    _legend(board, curves, style)
    _hover(board, words, curves, style)
    return board.figure()


def _x(words: Sequence[int], place: int) -> float:
    return _PLOT.x + (place + 0.5) * _PLOT.width / len(words)


def _y(share: float) -> float:
    return _PLOT.bottom - share * _PLOT.height


def _axes(board: Board, words: Sequence[int], style: Style) -> None:
    theme = board.theme
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        board.line([_PLOT.x, _PLOT.right], [_y(tick)] * 2, theme.grid, 1)
        word = style.notation.fixed(tick, 2) if tick % 1 else str(int(tick))
        board.text(_PLOT.x - 8, _y(tick), word, size=16, colour=theme.muted, anchor="middle left")
    for place, count in enumerate(words):
        board.text(_x(words, place), _PLOT.bottom + 18, str(count), size=18)
    board.text(0, 12, style.labels["exact_axis"], size=16, colour=theme.muted,
               anchor="middle right")  # fmt: skip
    board.text(_PLOT.x + _PLOT.width / 2, _PLOT.bottom + 44, style.labels["length_axis"], size=16,
               colour=theme.muted)  # fmt: skip


def _counts(
    board: Board,
    words: Sequence[int],
    sentences: Sequence[int],
    distinct: Sequence[int],
    style: Style,
) -> None:
    """How many sentences stand behind each length."""
    muted = board.theme.muted
    for y, counts, name in ((72, sentences, "sentences"), (94, distinct, "distinct")):
        board.text(0, _PLOT.bottom + y, style.labels[name], size=15, colour=muted,
                   anchor="middle right")  # fmt: skip
        for place, count in enumerate(counts):
            board.text(_x(words, place) + 8, _PLOT.bottom + y, str(count), size=15, colour=muted)


def _curve(
    board: Board,
    words: Sequence[int],
    shares: Sequence[float],
    colour: str,
    symbol: str,
    size: float,
    dash: str,
) -> None:
    xs = [_x(words, place) for place in range(len(words))]
    board.line(xs, [_y(share) for share in shares], colour, 3 if dash == "solid" else 1.5)
    board.traces[-1]["mode"] = "lines+markers"
    board.traces[-1]["line"]["dash"] = dash
    board.traces[-1]["marker"] = {"symbol": symbol, "size": size, "color": colour}
    board.traces[-1]["cliponaxis"] = False


def _legend(board: Board, curves: tuple[Curve, Curve], style: Style) -> None:
    """Names beside the curves' right ends would collide: a row above."""
    theme = board.theme
    x = 250.0
    marks = (("circle", theme.weight), ("square", theme.muted))
    for curve, (symbol, colour) in zip(curves, marks, strict=True):
        _mark(board, x, symbol, colour)
        board.text(x + 14, 12, curve.name, size=17, colour=colour, anchor="middle right")
        x += 245
    for place, (symbol, colour) in enumerate(marks):
        _mark(board, x + 18 * place, f"{symbol}-open", colour)
    board.text(x + 32, 12, style.labels["untrained"], size=17, colour=theme.muted,
               anchor="middle right")  # fmt: skip


def _mark(board: Board, x: float, symbol: str, colour: str) -> None:
    board.traces.append({"type": "scatter", "x": [x], "y": [12], "mode": "markers",
                         "marker": {"symbol": symbol, "size": 11, "color": colour},
                         "hoverinfo": "skip"})  # fmt: skip


def _hover(board: Board, words: Sequence[int], curves: tuple[Curve, Curve], style: Style) -> None:
    """Every point says its share."""
    xs, ys, said = [], [], []
    for curve in curves:
        for place, share in enumerate(curve.exact):
            xs.append(_x(words, place))
            ys.append(_y(share))
            said.append(f"{curve.name}: {style.notation.fixed(share, 3)} · {words[place]}")
    board.traces.append({"type": "scatter", "x": xs, "y": ys, "mode": "markers",
                         "marker": {"size": 22, "opacity": 0}, "hovertext": said,
                         "hovertemplate": "%{hovertext}<extra></extra>"})  # fmt: skip
