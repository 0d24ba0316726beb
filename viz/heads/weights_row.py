"""One query's weights where there is nothing else: lines, bars and their sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board.board import Board
from viz.board.kept import kept
from viz.board.notation import for_html
from viz.board.style import Style
from viz.heads.query_row import FOOT, TOP, WIDTH, Lines, shown_queries
from viz.heads.view import HeadView
from viz.tables.softmax import shown_keys

HEIGHT = 388


@kept
def weights_row(view: HeadView, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """The chosen query's keys, each with its weight, or with what it is that has none.

    As viz.heads.query_row.query_row, of a head without scores. What keys get that are no tokens of
    the text stands in a row of its own, the last.
    style.labels: query, key, weight, others, hidden, absent, elsewhere.
    """
    axes, steps = view.full, view.steps
    query, chosen = axes.chosen.query, axes.chosen.key
    weights = steps.weights[query]
    keys = shown_keys(weights, chosen, view.hidden)
    rest = [key for key in range(len(weights)) if key not in set(keys)]
    rows = len(keys) + bool(rest) + (view.elsewhere is not None)
    board = Board(WIDTH, height, style.theme)
    pitch = min(36.0, (height - TOP - FOOT) / rows)
    lines = Lines(
        board, axes, steps, pitch, min(19.0, pitch * 0.72), keys, _listed(view, query, len(keys))
    )
    for x, name, anchor in _HEADS:
        board.note(x, 16, style.labels[name], anchor=anchor)
    lines.draw()
    states = _states(view, style)
    for place, key in enumerate(keys):
        if key == chosen:
            lines.behind(place)
        board.note(400, lines.y(place), states[key], size=lines.size, anchor="middle left")
        if states[key] != style.labels["absent"]:
            lines.bar(place, float(weights[key]), style.notation, chosen=key == chosen)
    if rest:
        words = style.labels["hidden" if len(view.hidden) == len(rest) else "others"]
        y = lines.y(len(keys))
        board.note(185, y, words.format(n=len(rest)), size=lines.size * 0.9)
        share = style.notation.small(float(weights[rest].sum()))
        board.note(432, y, share, size=lines.size)
    if view.elsewhere is not None:
        words, ink = for_html(style.labels["elsewhere"]), style.theme.muted
        y = lines.y(rows - 1)
        board.text(185, y, words, size=lines.size, colour=ink, anchor="middle right")
        lines.bar(rows - 1, view.elsewhere, style.notation, chosen=False)
    _foot(board, TOP + rows * pitch, weights, view.elsewhere or 0.0, style)
    lines.clicks()
    return board.figure()


_HEADS = (
    (78, "query", "middle left"),
    (185, "key", "middle right"),
    (418, "weight", "middle right"),
)


def _listed(view: HeadView, query: int, room: int) -> list[int]:
    queries: Sequence[int] | range | None = view.axes.query_ids
    return shown_queries(range(len(view.full.queries)) if queries is None else queries, query, room)


def _states(view: HeadView, style: Style) -> list[str]:
    """Of each key why it has no weight: never computed, or masked; "" where it has one."""
    query = view.full.chosen.query
    hidden = np.isneginf(view.steps.masked[query])
    computed = np.ones(len(hidden), bool) if view.computed is None else view.computed[query]
    return [
        style.labels["absent"] if not there else style.notation.fixed(-np.inf) if hid else ""
        for there, hid in zip(computed, hidden, strict=True)
    ]


def _foot(board: Board, y: float, weights: Floats, elsewhere: float, style: Style) -> None:
    board.line([248, WIDTH], [y + 4, y + 4], style.theme.hatch, 1.5)
    board.text(318, y + 24, "Σ", size=19, anchor="middle left")
    total = f"<b>{style.notation.fixed(float(weights.sum()) + elsewhere)}</b>"
    board.text(418, y + 24, total, size=19, colour=style.theme.weight, anchor="middle right")
