"""One query's numbers with an arc for each pair that RoPE turns together, before and after it.

Below them the chosen cell's score, by the order of the columns and by what is turned, and the
chosen pair in its plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.positions.pairs import CONVENTIONS, Convention, Integers, RotaryPairs, order, partners
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.panel import Panel, draw, strip, written
from viz.board.shading import Shading, symmetric
from viz.board.style import Style
from viz.positions.table import hands

WIDTH, HEIGHT = 1190, 500
_LEFT, _STRIP, _THICK = 92, 1090, 30  # where strips begin, how long and thick they are
_BEFORE, _AFTER = 112, 186  # how deep they lie
_TABLE = Box(236, 320, 330, 150)
_CENTRE, _RADIUS = (760.0, 386.0), 86.0
_ALL_NUMBERED = 40  # columns whose numbers all have room


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """query, key: the chosen cell; dim: the chosen column of W_Q, by the order that the model has;
    stored: in whose order the columns stand, turns: which places are turned together.
    """

    record: RotaryPairs
    query: int
    key: int
    dim: int
    stored: Convention
    turns: Convention

    @property
    def columns(self) -> Integers:
        """(d,): which column stands at each place."""
        return order(self.record.d, self.stored)

    @property
    def pair(self) -> int:
        """i of the pair that the chosen column is in."""
        place = int(np.flatnonzero(self.columns == self.dim)[0])
        return int(np.flatnonzero((partners(self.record.d, self.turns) == place).any(axis=1))[0])

    @property
    def places(self) -> tuple[int, int]:
        """Where the chosen pair's two numbers stand."""
        a, b = partners(self.record.d, self.turns)[self.pair].tolist()
        return a, b

    @property
    def names(self) -> tuple[int, int]:
        """Which columns of W_Q the chosen pair's two numbers came from."""
        a, b = self.columns[list(self.places)].tolist()
        return a, b

    @property
    def before(self) -> Floats:
        """(d,): the query, not turned."""
        return np.asarray(self.record.stored(self.stored)[0][self.query])

    @property
    def after(self) -> Floats:
        """(d,): the query, turned."""
        return np.asarray(self.record.turned(self.stored, self.turns)[0][self.query])

    @property
    def angle(self) -> float:
        """m·θ_i of the chosen pair, in radians."""
        return float(self.query * self.record.frequencies[self.pair])

    @property
    def score(self) -> float:
        """R_m q · R_n k, scaled."""
        return float(self.record.scores(self.stored, self.turns)[self.query, self.key])

    @property
    def right(self) -> float:
        """The same where what is turned is what the columns are in order for."""
        return float(self.record.scores("half", "half")[self.query, self.key])


@kept
def pairs(drawn: Drawn, style: Style) -> Figure:
    """style.labels: turns.half, turns.neighbours (d), column, table, stored.half (d),
    stored.neighbours, plane (angle), before, after, no_pair.
    """
    board, d = Board(WIDTH, HEIGHT, style.theme), drawn.record.d
    title = style.labels[f"turns.{drawn.turns}"].format(d=d // 2)
    board.text(4, 14, bold(title), size=19, anchor="middle right")
    shading = symmetric(np.stack((drawn.before, drawn.after)), style.theme.scores)
    _arcs(board, drawn)
    for y, values, name in (
        (_BEFORE, drawn.before, "q"),
        (_AFTER, drawn.after, f"R<sub>{drawn.query}</sub> q"),
    ):
        _strip(board, Box(_LEFT, y, _STRIP, _THICK), values, name, drawn, shading, style)
    _columns(board, drawn, style)
    _scores(board, drawn, style)
    _plane(board, drawn, style)
    return board.figure()


def _arcs(board: Board, drawn: Drawn) -> None:
    """An arc over each pair; dotted on top where the chosen one's numbers belong to no pair."""
    strip_box = Box(_LEFT, _BEFORE, _STRIP, _THICK)
    dash = "solid" if drawn.stored == drawn.turns else "dot"
    high = 66.0 if drawn.turns == "half" else 30.0
    arcs(board, strip_box, drawn.record.d, drawn.turns, drawn.pair, high, dash=dash)


def arcs(
    board: Board,
    box: Box,
    d: int,
    convention: Convention,
    chosen: int,
    high: float,
    *,
    dash: str = "solid",
) -> None:
    """An arc above a strip of d numbers for each of the pairs that turn together; one on top.

    box: the strip's; chosen: i of that pair; high: pixels of the arcs; dash: of the chosen one.
    """
    theme, turn = board.theme, np.linspace(0, np.pi, 25)
    # (pair, point), a gap behind each: all arcs are one line.
    a, b = (box.x + (partners(d, convention).T[..., None] + 0.5) * box.width / d).astype(float)
    xs = np.pad((a + b) / 2 - (b - a) / 2 * np.cos(turn), ((0, 0), (0, 1)))
    ys = np.broadcast_to(np.append(box.y - 4 - high * np.sin(turn), np.nan), xs.shape)
    board.line(xs.ravel(), ys.ravel(), theme.hatch, 1.2)
    line = xs[chosen, :-1], ys[chosen, :-1]
    board.line(*line, theme.page, 7)
    board.line(*line, theme.q, 3.5, dash=dash)


def both(board: Board, at: Box, query: Floats, pair: int, style: Style) -> None:
    """One query's numbers in both conventions, an arc a pair: as it is, and in the paper's order.

    at: where; query: (d,) with its pairs half a width apart; pair: i of the one that is marked.
    style.labels: pairs_half (d), pairs_neighbours.
    """
    d, shading = len(query), symmetric(query, style.theme.scores)
    rows: tuple[tuple[Convention, float, float], ...] = (
        ("half", 66.0, 36.0),
        ("neighbours", 136.0, 12.0),
    )
    for name, down, high in rows:
        words = style.labels[f"pairs_{name}"].format(d=d // 2)
        board.note(at.x, at.y + down - high - 20, words)
        box = Box(at.x, at.y + down, at.width, 18)
        arcs(board, box, d, name, pair, high)
        strip(board, box, query[order(d, name)], shading, gap=1)
        for place in partners(d, name)[pair].tolist():
            board.frame(box.column(place, d).grown(1, 2), style.theme.q, 2.5)


def _strip(
    board: Board,
    box: Box,
    values: Floats,
    name: str,
    drawn: Drawn,
    shading: Shading,
    style: Style,
) -> None:
    """d numbers, the chosen two framed; a click on one chooses its column."""
    d = len(values)
    board.text(box.x - 12, box.y + box.height / 2, bold(name), size=19,
               colour=style.theme.q, anchor="middle left")  # fmt: skip
    strip(board, box, values, shading, gap=1)
    for place in drawn.places:
        board.frame(box.column(place, d).grown(1, 2), style.theme.q, 3)
    word, fixed = style.labels["column"], style.notation.fixed
    columns = drawn.columns.tolist()
    hover = [
        f"{word} {column}: {fixed(float(v), 3)}" for column, v in zip(columns, values, strict=True)
    ]
    turned, stored = CONVENTIONS.index(drawn.turns), CONVENTIONS.index(drawn.stored)
    board.cells(box, (1, d), ids=[[column, stored, turned] for column in columns], hover=hover)


def _columns(board: Board, drawn: Drawn, style: Style) -> None:
    """Under the query which column of W_Q each number came from."""
    d, y = drawn.record.d, _BEFORE + _THICK + 17
    pitch = _STRIP / d
    board.note(_LEFT - 12, y, style.labels["column"], size=15, anchor="middle left")
    chosen = [_LEFT + (place + 0.5) * pitch for place in drawn.places]
    for place, column in enumerate(drawn.columns.tolist()):
        x, mine = _LEFT + (place + 0.5) * pitch, place in drawn.places
        free = d <= _ALL_NUMBERED or (
            place % 4 == 0 and min(abs(x - other) for other in chosen) > 22
        )
        if mine and d > _ALL_NUMBERED and place == drawn.places[1] == drawn.places[0] + 1:
            x += 9  # two numbers on neighbouring narrow cells
        if mine or free:
            board.tick(x, y, str(column), mine, size=15)


def _scores(board: Board, drawn: Drawn, style: Style) -> None:
    """The chosen cell's four scores: rows by the columns' order, columns by what is turned."""
    box, theme, labels = _TABLE, style.theme, style.labels
    values = np.array(
        [[drawn.record.scores(s, t)[drawn.query, drawn.key] for t in CONVENTIONS]
         for s in CONVENTIONS]
    )  # fmt: skip
    shading = symmetric(values, theme.scores)
    board.text(4, box.y - 74, bold(labels["table"]), size=18, anchor="middle right")
    d = drawn.record.d // 2
    for n, name in enumerate(CONVENTIONS):
        x, y = box.x + (n + 0.5) * box.width / 2, box.y + (n + 0.5) * box.height / 2
        board.tick(x, box.y - 20, labels[f"turned.{name}"].format(d=d), name == drawn.turns,
                   size=16)  # fmt: skip
        words = labels[f"stored.{name}"].format(d=d).split("|")
        for line, part in enumerate(words):
            shift = (line - (len(words) - 1) / 2) * 20
            chosen = name == drawn.stored
            board.text(box.x - 12, y + shift, bold(part, chosen), size=16,
                       colour=theme.ink if chosen else theme.muted,
                       anchor="middle left")  # fmt: skip
    texts = written(values, shading, 20, lambda v: style.notation.fixed(v, 3))
    draw(board, box, Panel(values, shading, gap=True))
    flat = [(s, t) for s in range(2) for t in range(2)]
    board.cells(box, (2, 2), texts=texts.texts, inks=texts.inks, size=20,
                ids=[[drawn.dim, s, t] for s, t in flat])  # fmt: skip
    at = CONVENTIONS.index(drawn.stored), CONVENTIONS.index(drawn.turns)
    board.frame(box.cell(*at, (2, 2)), theme.ink, 4)


def _plane(board: Board, drawn: Drawn, style: Style) -> None:
    """The chosen pair as a hand of a clock, before and after."""
    (x, y), theme, labels = _CENTRE, style.theme, style.labels
    a, b = drawn.places
    board.text(x - _RADIUS - 34, _TABLE.y - 74, bold(labels["plane"].format(a=a, b=b)), size=18,
               anchor="middle right")  # fmt: skip
    board.line([x - _RADIUS, x + _RADIUS], [y, y], theme.grid, 1.5)
    board.line([x, x], [y - _RADIUS, y + _RADIUS], theme.grid, 1.5)
    before, after = drawn.before[[a, b]], drawn.after[[a, b]]
    length = float(np.linalg.norm(before))
    reach = _RADIUS * 0.94 / length if length else 0.0
    around = np.linspace(0, 2 * np.pi, 73)
    radius = length * reach
    board.line(x + radius * np.cos(around), y - radius * np.sin(around), theme.hatch, 1.5)
    hands(board, (x, y), reach, (before, after), theme.q, (3.5, 13))
    # The arc that it turns through, whole turns left out: counterclockwise, as positions grow.
    start = float(np.arctan2(before[1], before[0]))
    arc = start + (drawn.angle % (2 * np.pi)) * np.linspace(0, 1, 25)
    board.line(x + 0.45 * radius * np.cos(arc), y - 0.45 * radius * np.sin(arc), theme.plus, 3)
    angle = style.notation.significant(drawn.angle, 3) if drawn.angle else "0"
    words = labels["plane_legend"].format(angle=angle).split("|")
    for line, word in enumerate(words):
        board.note(x + _RADIUS + 30, y - 40 + line * 28, word, size=17)
