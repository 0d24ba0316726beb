"""One query's way from scores to weights: lines, score, eˢ, bar and sum, all aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.core.attention import exponentials
from models.trace import HeadSteps
from viz.board.axes import Axes, Edge, Labels
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.notation import Notation, bold, for_html, shortened
from viz.board.style import Style
from viz.board.theme import Theme, rgb
from viz.formula.layout import ALPHA, equal
from viz.formula.layout import bold as bold_tex
from viz.formula.softmax import Share
from viz.formula.writer import Writer
from viz.tables.softmax import shown_keys, written

WIDTH, HEIGHT = 600, 418
SHIFTED = 38  # pixels
TOP, FOOT = 40, 44


@kept
def query_row(
    steps: HeadSteps,
    axes: Axes,
    style: Style,
    *,
    hidden: frozenset[int] = frozenset(),
    queries: Sequence[int] | None = None,
    height: int = HEIGHT,
) -> go.Figure:
    """The chosen query's keys, each with score, eˢ and weight, under one Σ.

    hidden: keys without a row of their own; what they and the weakest of many hold stands in one
    row, so that the sum is the whole softmax's. queries: those that may be listed, None: all.
    A sink has a row of its own, the last: with its share a row sums to 1.
    style.labels: query, key, score, exponential, exponential_shifted, weight, others, hidden, sink.
    """
    query, chosen = axes.chosen.query, axes.chosen.key
    weights, scores = steps.weights[query], steps.masked[query]
    found = _share(steps, axes)
    if found.shift:
        height -= SHIFTED  # the formula below has a second line then, and all stays on one screen
    keys = shown_keys(weights, chosen, hidden)
    left_out = len(weights) - len(keys)
    rows = len(keys) + bool(left_out) + (steps.sink is not None)
    board = Board(WIDTH, height, style.theme)
    pitch = min(36.0, (height - TOP - FOOT) / rows)
    size = min(19.0, pitch * 0.72)
    _head(board, style.labels, shifted=found.shift is not None)
    listed = shown_queries(
        range(len(axes.queries)) if queries is None else queries, query, len(keys)
    )
    lines = Lines(board, axes, steps, pitch, size, keys, listed)
    lines.draw()
    for place, key in enumerate(keys):
        if key == chosen:
            lines.behind(place)
        score, e, weight = (float(part[key]) for part in (scores, found.e, weights))
        lines.row(place, score, e, weight, style.notation, chosen=key == chosen)
    if left_out:
        rest, y = [j for j in range(len(weights)) if j not in set(keys)], lines.y(len(keys))
        words = style.labels["hidden" if len(hidden) == left_out else "others"].format(n=left_out)
        power = written(float(found.e[rest].sum()), style.notation)
        board.note(185, y, words, size=size * 0.9)
        board.note(392, y, power, size=size, anchor="middle left")
        board.note(432, y, style.notation.small(float(weights[rest].sum())), size=size)
    total = float(weights.sum())
    if steps.sink is not None:
        share = float(found.e[-1] / found.total)
        name, y = for_html(style.labels["sink"]), lines.y(rows - 1)
        board.text(185, y, name, size=size, colour=board.theme.muted, anchor="middle right")
        lines.row(rows - 1, steps.sink, float(found.e[-1]), share, style.notation, chosen=False)
        total += share
    _foot(board, TOP + rows * pitch, found.total, total, style.notation)
    lines.clicks()
    return board.figure()


def _share(steps: HeadSteps, axes: Axes) -> Share:
    """The chosen cell's; a sink takes part in the sum only."""
    scores = steps.masked[axes.chosen.query]
    e, shift = exponentials(scores)
    sink = [] if steps.sink is None else [np.exp(steps.sink - shift)]
    return Share(float(scores[axes.chosen.key]), shift or None, np.append(e, sink))


def _head(board: Board, labels: Labels, *, shifted: bool) -> None:
    for x, name, anchor in (
        (78, "query", "middle left"),
        (185, "key", "middle right"),
        (318, "score", "middle left"),
        (392, "exponential_shifted" if shifted else "exponential", "middle left"),
        (418, "weight", "middle right"),
    ):
        board.note(x, 16, labels[name], anchor=anchor)


def _foot(board: Board, y: float, total: float, weights: float, notation: Notation) -> None:
    theme = board.theme
    board.line([248, WIDTH], [y + 4, y + 4], theme.hatch, 1.5)
    board.text(318, y + 24, "Σ", size=19, anchor="middle left")
    board.text(392, y + 24, f"<b>{written(total, notation)}</b>", size=19, anchor="middle left")
    word = bold(notation.fixed(weights))
    board.text(418, y + 24, word, size=19, colour=theme.weight, anchor="middle right")


@dataclass(frozen=True, slots=True)
class Lines:
    """The query tokens at the left, ribbons from the chosen one to every key at the right."""

    board: Board
    axes: Axes
    steps: HeadSteps
    pitch: float
    size: float
    keys: list[int]
    queries: list[int]

    def y(self, place: int) -> float:
        """The middle of a key's row, pixels."""
        return TOP + (place + 0.5) * self.pitch

    def draw(self) -> None:
        """Ribbons, and the words at both sides."""
        theme, board, query = self.board.theme, self.board, self.axes.chosen.query
        start = (88.0, self.y(self.queries.index(query)))
        weights = self.steps.weights[query]
        for place, key in sorted(enumerate(self.keys), key=lambda pair: weights[pair[1]]):
            weight = float(weights[key])
            if np.isneginf(self.steps.masked[query, key]):
                continue
            board.curve(start, (176.0, self.y(place)), _fade(theme, weight), 1 + 11 * weight)
        self._others()
        axes, asks = self.axes, Edge(self.axes.queries, query, since=self.axes.rows_since)
        self._words(asks, self.queries, (82, "middle left"), (theme.q, theme.muted))
        answers = Edge(axes.keys, axes.chosen.key, since=axes.columns_since)
        self._words(answers, self.keys, (185, "middle right"), (theme.k, theme.ink))

    def _words(
        self, side: Edge, listed: list[int], at: tuple[float, str], inks: tuple[str, str]
    ) -> None:
        """One side's tokens; at: x and on which side of it they stand; inks: chosen, others."""
        x, anchor = at
        for place, token in enumerate(listed):
            chosen = token == side.chosen
            word = side.slanted(token, bold(for_html(shortened(side.words[token], 9)), chosen))
            ink = inks[not chosen]
            self.board.text(x, self.y(place), word, size=self.size, colour=ink, anchor=anchor)

    def row(
        self,
        place: int,
        score: float,
        e: float,
        weight: float,
        notation: Notation,
        *,
        chosen: bool,
    ) -> None:
        """A key's numbers, or the sink's: its score, eˢ and the weight as a bar."""
        board, theme, y, size = self.board, self.board.theme, self.y(place), self.size
        colour = theme.muted if np.isinf(score) else theme.plus if score >= 0 else theme.minus
        board.text(318, y, notation.fixed(score), size=size, colour=colour, anchor="middle left")
        board.text(392, y, written(e, notation), size=size, anchor="middle left")
        self.bar(place, weight, notation, chosen=chosen)

    def behind(self, place: int) -> None:
        """The chosen key's row in another colour."""
        box = Box(178, TOP + place * self.pitch, WIDTH - 178, self.pitch)
        self.board.fill(box, self.board.theme.soft)

    def bar(self, place: int, weight: float, notation: Notation, *, chosen: bool) -> None:
        """A weight as a bar with its number."""
        board, theme, y, size = self.board, self.board.theme, self.y(place), self.size
        length = 116 * weight
        board.fill(Box(422, y - size * 0.5, max(length, 1.5), size), theme.weight, layer="above")
        word = bold(notation.small(weight, 2), chosen)
        board.text(428 + length, y, word, size=size, colour=theme.weight, anchor="middle right")

    def _others(self) -> None:
        """The other queries' lines, faint and in a few strengths: one trace a strength."""
        weights, places = self.steps.weights, list(enumerate(self.keys))
        for low, high, opacity in ((0.1, 0.3, 0.06), (0.3, 0.6, 0.10), (0.6, 1.01, 0.15)):
            pairs = [
                ((88.0, self.y(start)), (176.0, self.y(end)))
                for start, q in enumerate(self.queries)
                for end, key in places
                if q != self.axes.chosen.query and low <= weights[q, key] < high
            ]
            colour = _fade(self.board.theme, (opacity - 0.25) / 0.75)
            self.board.curves(pairs, colour, 1 + 5 * low)

    def clicks(self) -> None:
        """Points over the words: a click on a query or on a key's row chooses it."""
        query, key = self.axes.chosen.query, self.axes.chosen.key
        box = Box(0, TOP, 88, len(self.queries) * self.pitch)
        self.board.cells(box, (len(self.queries), 1), ids=[[q, key] for q in self.queries])
        box = Box(178, TOP, WIDTH - 178, len(self.keys) * self.pitch)
        self.board.cells(box, (len(self.keys), 1), ids=[[query, k] for k in self.keys])


def shown_queries(listed: Sequence[int], chosen: int, room: int) -> list[int]:
    """As many neighbouring queries as there are rows, the chosen one among them."""
    place = list(listed).index(chosen)
    first = min(max(0, place - room // 2), max(0, len(listed) - room))
    return list(listed[first : first + room])


def _fade(theme: Theme, weight: float) -> str:
    return "rgba({},{},{},{:.2f})".format(*rgb(theme.weight), 0.25 + 0.75 * weight)


def weight_formula(steps: HeadSteps, axes: Axes, style: Style) -> str:
    r"""α = eˢ / Σ eˢ of the chosen cell with its numbers, as LaTeX for KaTeX.

    softmax: Vaswani et al. 2017, eq. 1; shifted by the row's maximum where eˢ would be unreadable.
    """
    query, key = axes.chosen.query, axes.chosen.key
    w, found = Writer(style), _share(steps, axes)
    names = [w.text(axes.queries[query], "q", 12), w.text(axes.keys[key], "k", 12)]
    arrow = r"\to ".join(names)
    alpha = w.tint("weight", rf"{ALPHA}_{{{arrow}}}")
    minus = found.less.replace(" ", "")
    general = rf"\dfrac{{e^{{{w.tint('plus', 's')}{minus}}}}}{{\sum_j e^{{s_j{minus}}}}}"
    power = found.exponent(w).replace(" - ", "-")
    filled = rf"\dfrac{{e^{{{power}}}}}{{{w.significant(found.total)}}}"
    result = w.tint("weight", bold_tex(w.share(float(steps.weights[query, key]))))
    numbers = equal(filled, found.fraction(w, kind="dfrac"), result)
    if found.shift is None:
        return equal(alpha, general, numbers)
    # Longer: two lines, and what m is.
    top = rf"{equal(alpha, general)}\quad m = \max_j s_j = {w.number(found.shift)}"
    return rf"\begin{{aligned}}&{top}\\&= {numbers}\end{{aligned}}"
