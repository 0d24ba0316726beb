"""Share of right translations by the length of the sentence: two networks, both untrained ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.translation.accuracy_by_length import AccuracyByLength
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.markup import escaped
from viz.board.plane import Plane, name_y
from viz.board.style import Style

WIDTH, HEIGHT = 860, 430
_PLOT = Box(70, 46, WIDTH - 70 - 20, HEIGHT - 46 - 112)
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """One network: its name, and how well it does by length."""

    name: str
    measured: AccuracyByLength


@kept
def lengths(curves: Sequence[Curve], style: Style, *, chosen: int | None = None) -> go.Figure:
    """Shares 0–1 over the number of Turkish words; the first curve of the two has attention.

    chosen: a length to mark.
    style.labels: exact_axis, length_axis, sentences, distinct, untrained, this_sentence.
    """
    board, first = Board(WIDTH, HEIGHT, style.theme), curves[0].measured
    words = first.words
    # x is a length's place among all lengths: they stand evenly.
    plane = Plane(_PLOT, (-0.5, len(words) - 0.5), (0, 1))
    _axes(board, plane, words, style)
    if chosen in words:
        place = words.index(chosen)
        plane.upright(board, place, 1.5, above=6)
        at = float(plane.across([place])[0])
        board.text(at, _PLOT.y - 16, style.labels["this_sentence"], size=16)
    _counts(board, plane, first, style)
    colours = style.theme.weight, style.theme.muted
    for curve, colour, symbol in zip(curves, colours, ("circle", "square"), strict=True):
        for shares, width, dash, mark, size in (
            (curve.measured.untrained, 1.5, "dot", f"{symbol}-open", 7),
            (curve.measured.exact, 3, "solid", symbol, 11),
        ):
            x, y = plane.across(range(len(shares))), plane.up(shares)
            board.line(x, y, colour, width, dash=dash, symbol=mark, size=size)
            board.traces[-1]["cliponaxis"] = False
    _legend(board, curves, style)
    _hover(board, plane, curves, style)
    return board.figure()


def _axes(board: Board, plane: Plane, words: Sequence[int], style: Style) -> None:
    fixed = style.notation.fixed
    plane.grid(board, [(tick, fixed(tick, 2 if tick % 1 else 0)) for tick in _TICKS])
    for x, count in zip(plane.across(range(len(words))).tolist(), words, strict=True):
        board.text(x, _PLOT.bottom + 18, str(count), size=18)
    name_y(board, style.labels["exact_axis"], top=12)
    plane.name_x(board, style.labels["length_axis"])


def _counts(board: Board, plane: Plane, found: AccuracyByLength, style: Style) -> None:
    """How many sentences of each length were translated, and how many different ones."""
    for y, name in ((72, "sentences"), (94, "distinct")):
        counts = getattr(found, name)
        board.note(0, _PLOT.bottom + y, style.labels[name], size=15)
        for x, count in zip(plane.across(range(len(counts))).tolist(), counts, strict=True):
            board.tick(x + 8, _PLOT.bottom + y, str(count), False, size=15)


def _legend(board: Board, curves: Sequence[Curve], style: Style) -> None:
    """Names beside the curves' right ends would collide: one line above, which ends at the right
    however narrow the figure is drawn."""
    theme = board.theme
    marks = (("●", theme.weight), ("■", theme.muted))
    parts = [
        f"<span style='color:{colour}'>{mark} {escaped(curve.name)}</span>"
        for curve, (mark, colour) in zip(curves, marks, strict=True)
    ]
    parts.append(f"○□ {escaped(style.labels['untrained'])}")
    line = "   ".join(parts).replace(" ", " ")
    board.note(WIDTH, 12, line, size=15, anchor="middle left")


def _hover(board: Board, plane: Plane, curves: Sequence[Curve], style: Style) -> None:
    x = np.concatenate([plane.across(range(len(one.measured.words))) for one in curves])
    y = np.concatenate([plane.up(one.measured.exact) for one in curves])
    said = [
        f"{curve.name}: {style.notation.fixed(share, 3)} · {length}"
        for curve in curves
        for length, share in zip(curve.measured.words, curve.measured.exact, strict=True)
    ]
    look = {"mode": "markers", "marker": {"size": 22, "opacity": 0}, "hovertext": said}
    template = "%{hovertext}<extra></extra>"
    board.traces.append({"type": "scatter", "x": x, "y": y, **look, "hovertemplate": template})
