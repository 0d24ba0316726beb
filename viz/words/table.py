"""One-hot times E: a 1 picks a row. Beside it how far words lie apart, one-hot and in E."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.words.table import ONE_HOT_DISTANCE, Lookup
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.panel import Clicks, Marks, Panel, draw, written
from viz.board.shading import Shading, symmetric
from viz.board.style import Style
from viz.words.naming import shown

WIDTH, HEIGHT = 1190, 660
CELL, BAR = 0, 1  # what a mark is: a number of the table, another word
ROWS, COLUMNS = 11, 8  # of the table that are drawn
_TABLE = Box(214, 92, 496, 418)
_ONE_HOT = Box(150, 92, 40, 418)
_RESULT_Y = 580.0
_BARS = 846.0  # where the bars' words end
_SIZE = 17


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is drawn. dim: the number of the row that is summed; others: rows compared with."""

    lookup: Lookup
    dim: int
    others: Sequence[int]

    @property
    def rows(self) -> range:
        """The rows of E that are drawn, the word's among them."""
        return around(self.lookup.row, len(self.lookup.space.vectors), ROWS)

    @property
    def columns(self) -> range:
        """The columns of E that are drawn, the chosen number among them."""
        return around(self.dim, self.lookup.space.vectors.shape[1], COLUMNS)


def around(place: int, count: int, most: int) -> range:
    """At most so many of 0 … count − 1, the place in their middle where there is room."""
    first = min(max(place - most // 2, 0), max(count - most, 0))
    return range(first, min(first + most, count))


@kept
def table(scene: Scene, style: Style) -> Figure:
    """x, E and x·E at the left, distances at the right.

    labels: one_hot, rows, table, product, more_rows, distances, distance_one_hot, distance_learned.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    found = scene.lookup.space.vectors[np.ix_(scene.rows, scene.columns)]
    shading = symmetric(found, style.theme.scores)
    _one_hot(board, scene, style)
    _matrix(board, scene, shading, style)
    _result(board, scene, shading, style)
    _distances(board, scene, style)
    return board.figure()


def _one_hot(board: Board, scene: Scene, style: Style) -> None:
    """x as a column: a 1 at the word's row, 0 at all others."""
    theme, here = board.theme, scene.rows.index(scene.lookup.row)
    size, top = style.notation.grouped(len(scene.lookup.space.names)), 16
    board.text(_ONE_HOT.x + _ONE_HOT.width / 2, top, bold("x"), size=20, colour=theme.q)
    board.note(_ONE_HOT.x - 12, top, style.labels["one_hot"], anchor="middle left")
    board.note(_ONE_HOT.x - 12, top + 24, style.labels["numbers"].format(size=size), size=15,
               anchor="middle left")  # fmt: skip
    values = np.zeros((len(scene.rows), 1))
    values[here] = 1.0
    texts = written(values, Shading(theme.weights, 0.0, 1.0), _SIZE, lambda v: f"{v:.0f}",
                    quiet=theme.muted)  # fmt: skip
    draw(board, _ONE_HOT, Panel(values, Shading(theme.weights, 0.0, 1.0), texts=texts))
    pitch = _ONE_HOT.height / len(scene.rows)
    for place, row in enumerate(scene.rows):
        y, chosen = _ONE_HOT.y + (place + 0.5) * pitch, row == scene.lookup.row
        word = bold(shown(scene.lookup.space, row, 12), chosen)
        colour = theme.q if chosen else theme.ink
        board.text(_ONE_HOT.x - 12, y, word, size=_SIZE, colour=colour, anchor="middle left")
    board.frame(_ONE_HOT.row(here, len(scene.rows)), theme.q, 3)
    _dots(board, scene.rows, len(scene.lookup.space.names), _ONE_HOT)


def _dots(board: Board, drawn: range, count: int, box: Box) -> None:
    """Where rows go on that are not drawn."""
    for there, y in ((drawn.start > 0, box.y - 12), (drawn.stop < count, box.bottom + 12)):
        if there:
            board.note(box.x + box.width / 2, y, "⋮", size=20, anchor="middle center")


def _matrix(board: Board, scene: Scene, shading: Shading, style: Style) -> None:
    """E around the word's row, with its numbers."""
    space, theme = scene.lookup.space, board.theme
    count, width = space.vectors.shape
    words = style.labels["table"].format(rows=style.notation.grouped(count), width=width)
    board.text(_TABLE.x, 16, bold("E"), size=20, anchor="middle right")
    board.note(_TABLE.x + 24, 16, words)
    values = space.vectors[np.ix_(scene.rows, scene.columns)]
    texts = written(values, shading, _SIZE, lambda v: style.notation.fixed(v, 2))
    places = [(i, j) for i in range(len(scene.rows)) for j in range(len(scene.columns))]
    ids = [[CELL, scene.rows[i], scene.columns[j]] for i, j in places]
    here = scene.rows.index(scene.lookup.row), scene.columns.index(scene.dim)
    ink = theme.q, theme.ink, theme.ink
    marks = Marks(*here, colours=ink, widths=(3, 2, 4))
    answers = Clicks(places, ids)
    draw(board, _TABLE, Panel(values, shading, texts=texts, clicks=answers, marks=marks))
    pitch = _TABLE.width / len(scene.columns)
    for place, column in enumerate(scene.columns):
        x = _TABLE.x + (place + 0.5) * pitch
        board.tick(x, _TABLE.y - 34, str(column), column == scene.dim)
    _dots(board, scene.rows, count, _TABLE)
    if scene.columns.stop < width:
        board.note(_TABLE.right + 8, _TABLE.y - 34, "…")


def _result(board: Board, scene: Scene, shading: Shading, style: Style) -> None:
    """x·E, a row of numbers, and where it came from."""
    theme, box = board.theme, Box(_TABLE.x, _RESULT_Y, _TABLE.width, 40)
    values = scene.lookup.product()[list(scene.columns)][None, :]
    texts = written(values, shading, _SIZE, lambda v: style.notation.fixed(v, 2))
    marks = Marks(0, scene.columns.index(scene.dim), (theme.q, theme.ink, theme.ink), (3, 2, 4))
    draw(board, box, Panel(values, shading, texts=texts, marks=marks))
    y = box.y + box.height / 2
    word = shown(scene.lookup.space, scene.lookup.row, 12)
    board.text(box.x - 12, y, f"<b>x·E</b> = <b>{word}</b>", size=_SIZE, colour=theme.q,
               anchor="middle left")  # fmt: skip
    board.note(box.x, box.y - 20, style.labels["product"])


def _distances(board: Board, scene: Scene, style: Style) -> None:
    """A row a word: its one-hot distance, the same for all, and its distance in E."""
    theme, lookup = board.theme, scene.lookup
    word = shown(lookup.space, lookup.row)
    board.text(WIDTH, 16, bold(style.labels["distances"].format(word=word)), size=18,
               anchor="middle left")  # fmt: skip
    lengths = {row: float(lookup.distances[row]) for row in scene.others}
    top = max(*lengths.values(), 1e-9)
    boxes = Box(_BARS + 12, 92, 96, 520), Box(_BARS + 184, 92, 100, 520)
    for box, name in zip(boxes, ("distance_one_hot", "distance_learned"), strict=True):
        board.note(box.x, 58, style.labels[name])
    pitch = boxes[0].height / len(scene.others)
    for place, row in enumerate(scene.others):
        y, chosen = 92 + (place + 0.5) * pitch, row == lookup.other
        colour = theme.k if chosen else theme.ink
        board.text(_BARS, y, bold(shown(lookup.space, row, 12), chosen), size=_SIZE, colour=colour,
                   anchor="middle left")  # fmt: skip
        pairs = (ONE_HOT_DISTANCE, ONE_HOT_DISTANCE), (lengths[row], top)
        for box, (value, most) in zip(boxes, pairs, strict=True):
            bar = Box(box.x, y - 9, box.width * value / most, 18)
            board.fill(bar, theme.k if chosen else theme.hatch)
            number = style.notation.fixed(value, 2)
            board.text(box.right + 8, y, bold(number, chosen), size=16, anchor="middle right")
    ys = np.array([92 + (place + 0.5) * pitch for place in range(len(scene.others))])
    ids = [[BAR, row, 0] for row in scene.others]
    board.clicks(np.full(len(ys), _BARS - 40), ys, ids, 26)
