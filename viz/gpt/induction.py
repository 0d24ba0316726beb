"""One head of a model on tokens that come twice: the stripe, and the surprise at each token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats, HeadSteps
from viz.board.axes import MOST_CLICKABLE, Edge
from viz.board.board import Board, Box, Shading
from viz.board.notation import for_html
from viz.board.panel import Marks, Panel, draw, mark
from viz.board.style import Style

WIDTH, HEIGHT = 1130, 690
_TOP, _LOSSES, _FOOT = 96.0, 96.0, 12.0
_SIDE = 62.0  # room for row labels
_GAP = 20.0
_LONGEST = 7


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """One model's head. name: what stands above it; steps: its arithmetic, mask and all; score:
    what stands below its name; outlined: cells (query, key); losses: (token − 1,) −ln p of every
    token but the first, None: not shown here."""

    name: str
    steps: HeadSteps
    score: str
    outlined: Sequence[tuple[int, int]]
    losses: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Twice:
    """The same tokens through one model or two. first: where the first round begins; period: its
    length; query: the chosen place."""

    words: Sequence[str]
    first: int
    period: int
    query: int
    rounds: Sequence[Round]
    uniform: float

    @property
    def second(self) -> int:
        """Where the second round begins."""
        return self.first + self.period

    @property
    def target(self) -> int | None:
        """The place after the previous occurrence of the chosen token."""
        return self.query - self.period + 1 if self.query >= self.second else None

    @property
    def top(self) -> float:
        """The end of the losses' axis, in nats."""
        found = [float(one.losses.max()) for one in self.rounds if one.losses is not None]
        return max(*found, self.uniform) * 1.05


def stripes(twice: Twice, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """A matrix a model, the cells that an induction head would look at outlined; losses below.

    Points in the trace named `viz.board.board.CELLS` carry [place].
    style.labels: losses, uniform (value).
    """
    board = Board(WIDTH, height, style.theme)
    count = len(twice.rounds)
    room = (WIDTH - _GAP * (count - 1)) / count - _SIDE - 26
    side = min(room, height - _TOP - _LOSSES - _FOOT - 44)
    for place, one in enumerate(twice.rounds):
        x = place * (WIDTH + _GAP) / count + _SIDE
        _matrix(board, Box(x, _TOP, side, side), twice, one, style)
        if one.losses is not None:
            _losses(board, Box(x, _TOP + side + 44, side, _LOSSES), twice, one.losses, style)
    _clicks(board, twice, side, count)
    return board.figure()


def _matrix(board: Board, box: Box, twice: Twice, one: Round, style: Style) -> None:
    theme, n = style.theme, len(twice.words)
    name = f"<b>{for_html(one.name)}</b>"
    board.text(box.x - _SIDE, 12, name, size=18, anchor="middle right")
    board.text(box.x - _SIDE, 36, one.score, size=17, colour=theme.weight, anchor="middle right")
    words, target = twice.words, twice.target
    panel = Panel(
        one.steps.weights,
        Shading(theme.weights, 0.0, 1.0),
        np.isneginf(one.steps.masked),
        gap=n < 40,
        rows=Edge(words, twice.query, longest=_LONGEST, away=6, largest=17),
        columns=Edge(
            words, target, longest=_LONGEST, away=3, largest=16,
            slack=0.9, lean=0.4, farthest=6.4, angle=-55,
        ),
    )  # fmt: skip
    draw(board, box, panel)
    for query, key in one.outlined:
        board.frame(box.cell(query, key, (n, n)), theme.gold, 1.5 if n < 60 else 1)
    _rounds(board, box, twice, style)
    mark(board, box, (n, n), Marks(twice.query, target, None, (2.5, 2, 0), (1.5, 1.5, 0), air=3))


def _rounds(board: Board, box: Box, twice: Twice, style: Style) -> None:
    """Where the second round begins."""
    n = len(twice.words)
    at = box.y + twice.second * box.height / n
    across = box.x + twice.second * box.width / n
    board.line([box.x, box.right], [at, at], style.theme.ink, 1.2, dash="dot")
    board.line([across, across], [box.y, box.bottom], style.theme.ink, 1.2, dash="dot")


def _losses(board: Board, box: Box, twice: Twice, losses: Floats, style: Style) -> None:
    """A bar a token, in its column: how surprising it was."""
    theme, pitch, top = style.theme, box.width / len(twice.words), twice.top
    above = box.y - 20
    board.note(box.x - _SIDE, above, style.labels["losses"], size=15)
    level = box.bottom - twice.uniform / top * box.height
    board.line([box.x, box.right], [level, level], theme.muted, 1.2, dash="dot")
    name = style.labels["uniform"].format(value=style.notation.fixed(twice.uniform))
    board.note(box.right, above, name, size=15, anchor="middle left")
    board.line([box.x, box.right], [box.bottom, box.bottom], theme.grid, 1.5)
    for word, value in (("0", 0.0), (style.notation.fixed(top, 1), top)):
        y = box.bottom - value / top * box.height
        board.note(box.x - 6, y, word, size=15, anchor="middle left")
    for place, loss in enumerate(losses.tolist()):
        token = place + 1
        high = max(loss / top * box.height, 1.5)
        colour = theme.ink if token > twice.second else theme.hatch
        bar = Box(box.x + token * pitch + pitch * 0.12, box.bottom - high, pitch * 0.76, high)
        board.fill(bar, colour, layer="above")


def _clicks(board: Board, twice: Twice, side: float, count: int) -> None:
    """A click anywhere in a row, or on its label, chooses its place."""
    n = len(twice.words)
    xs, ys, ids = [], [], []
    columns = n if n <= MOST_CLICKABLE else 1
    for place in range(count):
        x = place * (WIDTH + _GAP) / count + _SIDE
        for i in range(n):
            y = _TOP + (i + 0.5) * side / n
            xs += [x - 24, *(x + (j + 0.5) * side / n for j in range(columns))]
            ys += [y] * (columns + 1)
            ids += [[i]] * (columns + 1)
    board.clicks(np.array(xs, np.float32), np.array(ys, np.float32), ids, max(side / n * 0.9, 6.0))
