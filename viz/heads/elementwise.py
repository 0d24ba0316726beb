"""q × k in every dimension, for all keys at once, and what their sums become: score and weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from models.heads.elementwise import PairProducts
from models.trace import Floats
from viz.board.axes import Axes, Cell, Edge, every_cell, parted, row_edge, shown_labels, side_width
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.panel import Marks, Panel, draw, token_texts
from viz.board.ranges import bar_ticks, clipped, range_note, thinned_note
from viz.board.style import Style
from viz.heads.query_row import shown_queries
from viz.steps.scene import symbol

WIDTH, HEIGHT = 1130, 570
MOST_CELLS = 2500  # that answer a click; of a larger matrix the chosen row and column do
_TOP, _FOOT = 136, 44
_ASKING = 112.0  # pixels of the queries' column
_COLUMN, _BAR = 70.0, 96.0  # of a column of numbers, and of the weights' bars
_STRIP = 20.0  # how high the rows of q and k are


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What of the products is drawn: keys and queries as `axes` lists them, in this order.

    order: (d,) the dimensions from left to right; dim: the chosen one.
    """

    found: PairProducts
    axes: Axes
    order: NDArray[np.int64]
    dim: int

    @property
    def keys(self) -> list[int]:
        """The shown keys' places in the whole text."""
        ids = self.axes.key_ids
        return list(range(len(self.axes.keys))) if ids is None else list(ids)

    @property
    def query(self) -> int:
        """The chosen query's place in the whole text."""
        return self.axes.identity(*self.axes.cell)[0]

    @property
    def key(self) -> int:
        """The chosen key's."""
        return self.axes.identity(*self.axes.cell)[1]

    @property
    def cell(self) -> Cell:
        """The chosen key's row and the chosen dimension's column."""
        return self.axes.chosen.key, int(np.flatnonzero(self.order == self.dim)[0])


@kept
def elementwise(shown: Shown, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Keys ↓ × dimensions of the head →, one diverging scale for all, masked keys hatched.

    Above it q and the chosen key's k; beside it each key's sum, score and weight. Marks carry
    [query, key, dimension]. style.labels: query, key, dimension, clipped (limit, largest),
    thinned_rows and thinned_columns (n), all_masked, some_masked (n, count), mean, sum; prompt,
    written.
    """
    board = Board(WIDTH, height, style.theme)
    names = side_width(shown.axes.keys, min(20.0, (height - _TOP - _FOOT) / len(shown.keys)))
    left, numbers = _ASKING + names + 10, columns(shown)
    right = WIDTH - _BAR - 40 - _COLUMN * len(numbers)
    rows = len(shown.keys)
    high = min(height - _TOP - _FOOT, rows * 46.0)
    box = Box(left, _TOP, right - left - 10, high)
    _strips(board, box, shown, style)
    _matrix(board, box, shown, style)
    _numbers(board, box, right, shown, style, numbers)
    _queries(board, box, shown, style)
    return board.figure()


def _matrix(board: Board, box: Box, shown: Shown, style: Style) -> None:
    found, axes, theme = shown.found, shown.axes, board.theme
    values = found.values[np.ix_(np.array(shown.keys), shown.order)]
    shading, largest = clipped(values, theme)
    masked = np.broadcast_to(found.blocked[shown.keys][:, None], values.shape)
    cells = every_cell(values.shape)
    if len(cells) > MOST_CELLS:
        row, column = shown.cell
        cells = [(i, j) for i, j in cells if i == row or j == column]
    said = [
        f"{for_html(axes.keys[i])}, {style.labels['dimension']} {shown.order[j]}: "
        + style.notation.fixed(float(values[i, j]), 4)
        for i, j in cells
    ]
    ids = [[shown.query, shown.keys[i], int(shown.order[j])] for i, j in cells]
    panel = Panel(
        values.astype(np.float32),
        shading,
        masked,
        texts=token_texts(values, box, shading, style.notation, board, 2),
        marks=Marks(*shown.cell, colours=(theme.k, theme.muted, theme.ink)),
    )
    draw(board, box, panel)
    row_edge(
        board, box, Edge(axes.keys, axes.chosen.key, theme.k, since=axes.columns_since, largest=20)
    )
    _line(board, box, axes)
    board.cells(box, values.shape, hover=said, ids=ids, at_cells=cells)
    bar = Box(box.x, box.bottom + 12, 240, 12)
    board.scale_bar(bar, shading, bar_ticks(shading, style.notation))
    words = range_note(shading, largest, style), thinned_note(values, box, style)
    board.note(bar.right + 24, bar.y + 6, "; ".join(filter(None, words)), size=15)
    parted(board, axes, style.labels, bar.right + 250, bar.y + 6)


def _line(board: Board, box: Box, axes: Axes) -> None:
    """Between the prompt's keys and those that the model wrote."""
    if axes.columns_since is not None:
        y = box.row(axes.columns_since, len(axes.keys)).y
        board.line([box.x, box.right], [y, y], board.theme.ink, 2)


def _strips(board: Board, box: Box, shown: Shown, style: Style) -> None:
    """q and the chosen key's k, each in colours of its own range; the dimensions' numbers above."""
    found, theme, axes = shown.found, board.theme, shown.axes
    several = len(found.queries)
    token = shortened(axes.queries[axes.chosen.query], 10)
    asks = style.labels["sum"].format(n=several) if several > 1 else for_html(token)
    key = for_html(shortened(axes.keys[axes.chosen.key], 10))
    parts = (("q", theme.q, asks, found.q), ("k", theme.k, key, found.steps.k[shown.key]))
    for n, (name, colour, word, values) in enumerate(parts):
        place = Box(box.x, 44 + n * (_STRIP + 16), box.width, _STRIP)
        row = values[shown.order][None, :].astype(np.float32)
        shading, largest = clipped(row, theme)
        draw(
            board,
            place,
            Panel(row, shading, marks=Marks(column=shown.cell[1], colours=_grey(theme))),
        )
        middle = place.y + _STRIP / 2
        label = f"<b>{name}</b> {word}"
        board.text(place.x - 8, middle, label, size=17, colour=colour, anchor="middle left")
        number = style.notation.fixed(float(values[shown.dim]))
        board.text(place.right + 10, middle, f"<b>{number}</b>", size=17, colour=colour,
                   anchor="middle right")  # fmt: skip
        words = range_note(shading, largest, style)
        board.note(place.right + 72, middle, words, size=14, anchor="middle right")
    sign = Box(box.x, 44 + _STRIP, box.width, 16).column(shown.cell[1], len(shown.order))
    board.text(sign.x + sign.width / 2, sign.y + 8, "×", size=16)
    _dimensions(board, box, shown, style)


def _grey(theme: object) -> tuple[str, str, str]:
    return (theme.muted,) * 3  # type: ignore[attr-defined]


def _dimensions(board: Board, box: Box, shown: Shown, style: Style) -> None:
    """The dimensions' numbers, all or every so many, the chosen one in bold."""
    count, chosen = len(shown.order), shown.cell[1]
    board.note(box.x - 8, 26, style.labels["dimension"], size=15, anchor="middle left")
    pitch = box.width / count
    every = 1 if pitch >= 20 else max(1, round(40 / pitch))
    places = {n for n in range(0, count, every) if every == 1 or abs(n - chosen) * pitch > 22}
    for n in sorted(places | {chosen}):
        x = box.x + (n + 0.5) * pitch
        board.tick(x, 26, str(int(shown.order[n])), n == chosen, size=15)


Column = tuple[str, Floats, str]  # head, (key,) numbers, its colour: "": by their sign


def columns(shown: Shown) -> list[Column]:
    """What stands between the products and the weight: the sum, named terms, scores."""
    found = shown.found
    steps = found.steps
    if len(found.queries) > 1:
        return [("Σ S", found.sums, "")]
    query, how = found.queries[0], steps.scoring
    made: list[Column] = [("Σ = S", found.sums, "")]
    made += [(symbol(term), term.values[query], "ink") for term in how.terms_scaled]
    made.append(("S′", steps.scaled[query], ""))
    made += [(symbol(term), term.values[query], "ink") for term in how.terms_added]
    if how.terms_added or how.mask is not None:
        made.append(("S″", steps.masked[query], ""))
    return made


def _numbers(
    board: Board, box: Box, left: float, shown: Shown, style: Style, stands: Sequence[Column]
) -> None:
    """Each key's numbers in its row: sum, scores, weight as a bar; the chosen row lit."""
    found, theme, rows = shown.found, board.theme, len(shown.keys)
    chosen = shown.axes.chosen.key
    listed, size = shown_labels(rows, chosen, box.height / rows)
    size = min(18.0, size)
    lit = box.row(chosen, rows)
    board.fill(Box(left, lit.y, WIDTH - left, lit.height), theme.soft)
    for n, (head, values, colour) in enumerate(stands):
        x = left + (n + 1) * _COLUMN - 6
        board.note(x, box.y - 14, head, size=17, anchor="middle left")
        for row in listed:
            value = float(values[shown.keys[row]])
            ink = colour or ("muted" if np.isinf(value) else "plus" if value >= 0 else "minus")
            word = bold(style.notation.fixed(value), row == chosen)
            board.text(x, box.y + (row + 0.5) * box.height / rows, word, size=size,
                       colour=style.colour(ink), anchor="middle left")  # fmt: skip
    x = left + len(stands) * _COLUMN + 8
    several = len(found.queries) > 1
    head = style.labels["mean"].format(n=len(found.queries)) if several else "α"
    board.note(WIDTH if several else x, box.y - 14, head, size=15 if several else 17,
               anchor="middle left" if several else "middle right")  # fmt: skip
    for row in range(rows):
        weight, place = float(found.weights[shown.keys[row]]), box.row(row, rows)
        if row not in listed and _BAR * 0.6 * weight < 1:
            continue  # nothing that one could see
        thick = min(place.height * 0.7, 18.0)
        bar = Box(x, place.y + (place.height - thick) / 2, max(_BAR * 0.6 * weight, 1.0), thick)
        board.fill(bar, theme.weight, layer="above")
        if row in listed:
            number = style.notation.small(weight) if weight else "0"
            word = bold(number, row == chosen)
            board.text(bar.right + 4, place.y + place.height / 2, word, size=size,
                       colour=theme.weight, anchor="middle right")  # fmt: skip
    _masked(board, box, shown, style, listed, size)
    ids = [[shown.query, key, shown.dim] for key in shown.keys]
    board.cells(Box(left, box.y, WIDTH - left, box.height), (rows, 1), ids=ids)


def _masked(
    board: Board, box: Box, shown: Shown, style: Style, listed: Sequence[int], size: float
) -> None:
    """On the rows of masked keys, that they are; where some queries only may not look, how many."""
    found, rows = shown.found, len(shown.keys)
    for row in listed:
        count = int(found.masked[shown.keys[row]])
        if not count:
            continue
        whole = count == len(found.queries)
        words = style.labels["all_masked" if whole else "some_masked"]
        words = words.format(n=count, count=len(found.queries))
        place = box.row(row, rows)
        board.note(place.right - 6, place.y + place.height / 2, words, size=min(size, 15.0),
                   anchor="middle left")  # fmt: skip


def _queries(board: Board, box: Box, shown: Shown, style: Style) -> None:
    """The queries at the left, of many as many as there is room for: a click chooses one."""
    axes, theme = shown.axes, board.theme
    ids = list(range(len(axes.queries))) if axes.query_ids is None else list(axes.query_ids)
    most = max(3, int(box.height / 17))
    places = shown_queries(range(len(ids)), axes.chosen.query, min(len(ids), most))
    pitch = box.height / len(places)
    size, summed = min(20.0, pitch * 0.72), set(shown.found.queries)
    board.note(4, box.y - 12, style.labels["query"], size=15)
    board.note(box.x - 8, box.y - 12, style.labels["key"], size=15, anchor="middle left")
    side = Edge(axes.queries, since=axes.rows_since)
    for n, place in enumerate(places):
        asks = ids[place] in summed
        word = side.slanted(place, bold(for_html(shortened(axes.queries[place], 10)), asks))
        ink, y = theme.q if asks else theme.muted, box.y + (n + 0.5) * pitch
        board.text(4, y, word, size=size, colour=ink, anchor="middle right")
    column = Box(0, box.y, _ASKING - 14, box.height)
    carried = [[ids[place], shown.key, shown.dim] for place in places]
    board.cells(column, (len(places), 1), ids=carried)
