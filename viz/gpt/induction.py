"""One head of a model on tokens that come twice: the stripe, and the surprise at each token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats, HeadSteps
from viz.board.axes import MOST_CLICKABLE, Edge
from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
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


@kept
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
    theme, n, words, target = style.theme, len(twice.words), twice.words, twice.target
    name, left = f"<b>{for_html(one.name)}</b>", box.x - _SIDE
    board.text(left, 12, name, size=18, anchor="middle right")
    board.text(left, 36, one.score, size=17, colour=theme.weight, anchor="middle right")
    above = Edge(words, target, "", _LONGEST, 3, 16, slack=0.9, lean=0.4, farthest=6.4, angle=-55)
    panel = Panel(
        one.steps.weights,
        Shading(theme.weights, 0.0, 1.0),
        np.isneginf(one.steps.masked),
        gap=n < 40,
        rows=Edge(words, twice.query, longest=_LONGEST, away=6, largest=17),
        columns=above,
    )
    draw(board, box, panel)
    for query, key in one.outlined:
        board.frame(box.cell(query, key, (n, n)), theme.gold, 1.5 if n < 60 else 1)
    # Where the second round begins.
    at, across = box.y + twice.second * box.height / n, box.x + twice.second * box.width / n
    board.line([box.x, box.right], [at, at], theme.ink, 1.2, dash="dot")
    board.line([across, across], [box.y, box.bottom], theme.ink, 1.2, dash="dot")
    mark(board, box, (n, n), Marks(twice.query, target, None, (2.5, 2, 0), (1.5, 1.5, 0), air=3))


def _losses(board: Board, box: Box, twice: Twice, losses: Floats, style: Style) -> None:
    """A bar a token, in its column: how surprising it was."""
    theme, pitch, top = style.theme, box.width / len(twice.words), twice.top
    above, write = box.y - 20, style.notation.fixed
    board.note(box.x - _SIDE, above, style.labels["losses"], size=15)
    level = box.bottom - twice.uniform / top * box.height
    board.line([box.x, box.right], [level, level], theme.muted, 1.2, dash="dot")
    name = style.labels["uniform"].format(value=write(twice.uniform))
    board.note(box.right, above, name, size=15, anchor="middle left")
    board.line([box.x, box.right], [box.bottom, box.bottom], theme.grid, 1.5)
    for word, y in (("0", box.bottom), (write(top, 1), box.bottom - box.height)):
        board.note(box.x - 6, y, word, size=15, anchor="middle left")
    for token, loss in enumerate(losses.tolist(), 1):
        high = max(loss / top * box.height, 1.5)
        colour = theme.ink if token > twice.second else theme.hatch
        bar = Box(box.x + token * pitch + pitch * 0.12, box.bottom - high, pitch * 0.76, high)
        board.fill(bar, colour, layer="above")


def _clicks(board: Board, twice: Twice, side: float, count: int) -> None:
    """A click anywhere in a row, or on its label, chooses its place."""
    n = len(twice.words)
    columns = n if n <= MOST_CLICKABLE else 1
    off = [-24.0, *((j + 0.5) * side / n for j in range(columns))]
    lefts = [place * (WIDTH + _GAP) / count + _SIDE for place in range(count)]
    xs = [x + along for x in lefts for _ in range(n) for along in off]
    ys = [_TOP + (i + 0.5) * side / n for _ in lefts for i in range(n) for _ in off]
    ids = [[i] for _ in lefts for i in range(n) for _ in off]
    board.clicks(np.array(xs, np.float32), np.array(ys, np.float32), ids, max(side / n * 0.9, 6.0))
