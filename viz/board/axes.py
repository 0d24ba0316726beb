"""Tokens along the edges of a matrix: sizes, shortening, the chosen row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.trace import Floats
from viz.board.board import (
    Board,
    Box,
    Shading,
    number_inks,
)
from viz.board.notation import Notation, for_html, shortened

Labels = Mapping[str, str]

# Numbers are readable in cells down to about this many pixels a side.
SMALLEST_NUMBER_CELL = 38
# More cells than this and each no longer gets a clickable point of its own.
MOST_CLICKABLE = 40
LONGEST_LABEL = 12
TINY_CELL = 14  # pixels; below, a frame would hide what it marks


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen cell of a matrix."""

    query: int
    key: int


@dataclass(frozen=True, slots=True)
class Axes:
    """The tokens of a matrix: queries down the side, keys along the top.

    query_ids, key_ids: the places in the whole text of what is shown, when some is hidden.
    """

    queries: Sequence[str]
    keys: Sequence[str]
    chosen: Choice
    query_ids: Sequence[int] | None = None
    key_ids: Sequence[int] | None = None

    def identity(self, row: int, column: int) -> list[int]:
        """[query, key] in the whole text of one shown cell."""
        query = row if self.query_ids is None else self.query_ids[row]
        return [query, column if self.key_ids is None else self.key_ids[column]]

    @property
    def shape(self) -> tuple[int, int]:
        """(queries, keys)."""
        return len(self.queries), len(self.keys)


def label_size(pitch: float) -> float:
    """Type size of token labels that stand `pitch` pixels apart; 0: no room for all of them."""
    return 0 if pitch < 11 else min(22.0, pitch * 0.78)


def text_width(text: str, size: float) -> float:
    """About how wide a word is in the app's font, in pixels."""
    return len(text) * size * 0.53


def side_width(tokens: Sequence[str], size: float) -> float:
    """Room that row labels need."""
    longest = max((len(shortened(t, LONGEST_LABEL)) for t in tokens), default=0)
    # No narrower than the axis's own name.
    return max(longest * max(size, 16) * 0.53 + 12, 84)


def matrix_box(board: Board, axes: Axes, *, top: float, bottom: float, left: float = 0) -> Box:
    """Where the matrix of a figure lies, leaving room for labels at its left and above it."""
    rows, columns = axes.shape
    room = board.height - top - bottom
    side = left or side_width(axes.queries, label_size(room / rows))
    width = board.width - side - 36
    # Few tokens: cells no larger than is good to look at; never wider than three times as high.
    height = min(room, rows * 74.0)
    return Box(side, top, min(width, columns * 74.0 if columns < 8 else width), height)


def shown_labels(count: int, chosen: int, pitch: float) -> tuple[list[int], float]:
    """Which of many tokens get a label, and how large: all, or every so many and the chosen."""
    size = label_size(pitch)
    if size:
        return list(range(count)), size
    every = max(1, round(60 / pitch))
    spaced = {i for i in range(0, count, every) if abs(i - chosen) * pitch > 24}
    return sorted(spaced | {chosen}), 15.0


def draw_labels(board: Board, box: Box, axes: Axes, labels: Labels) -> None:
    """Row labels at the left, slanted column labels above, the chosen in Q's and K's colour."""
    draw_row_labels(board, box, axes)
    draw_column_labels(board, box, axes)
    for name, y in (("query_axis", box.y - 40), ("query_axis_2", box.y - 18)):
        words, colour = labels[name], board.theme.muted
        board.text(box.x - 10, y, words, size=16, colour=colour, anchor="middle left")


def draw_row_labels(board: Board, box: Box, axes: Axes, colour: str | None = None) -> None:
    """The query tokens, right-aligned at the matrix's left edge; colour: of the chosen one."""
    theme, chosen = board.theme, axes.chosen.query
    pitch = box.height / len(axes.queries)
    shown, size = shown_labels(len(axes.queries), chosen, pitch)
    for i in shown:
        word = for_html(shortened(axes.queries[i], LONGEST_LABEL))
        y = box.y + (i + 0.5) * pitch
        word, ink = (f"<b>{word}</b>", colour or theme.q) if i == chosen else (word, theme.ink)
        board.text(box.x - 8, y, word, size=size, colour=ink, anchor="middle left")


def draw_column_labels(board: Board, box: Box, axes: Axes) -> None:
    """The key tokens, slanted above the matrix."""
    theme, chosen = board.theme, axes.chosen.key
    pitch = box.width / len(axes.keys)
    # Slanted words need more room than words in a column.
    shown, size = shown_labels(len(axes.keys), chosen, pitch * 0.8)
    for j in shown:
        word = for_html(shortened(axes.keys[j], LONGEST_LABEL))
        x = box.x + (j + 0.5) * pitch - size * 0.45
        word, colour = (f"<b>{word}</b>", theme.k) if j == chosen else (word, theme.ink)
        board.slanted(x, box.y - 4, word, size=size, colour=colour)


def mark(board: Board, box: Box, axes: Axes, *, dotted: bool = False) -> None:
    """The chosen row framed in Q's colour, the column in K's, the cell in ink.

    Frames of cells too small to hold one stand around them, lest they cover what they mark.
    """
    rows, columns = axes.shape
    query, key = axes.chosen.query, axes.chosen.key
    tiny = min(box.width / columns, box.height / rows) < TINY_CELL
    air, thin = (4, 1.5) if tiny else (0, 2.5)
    dash = "dot" if dotted else "solid"
    board.frame(box.row(query, rows).grown(0, air), board.theme.q, thin, dash)
    board.frame(box.column(key, columns).grown(air, 0), board.theme.k, min(thin, 2), "dot")
    cell = box.cell(query, key, axes.shape).grown(air, air)
    board.frame(cell, board.theme.ink, 2 if tiny else 4)


def clickable(axes: Axes) -> list[tuple[int, int]] | None:
    """Cells that answer a click: all (None), or of a large matrix the chosen row and column."""
    rows, columns = axes.shape
    if max(rows, columns) <= MOST_CLICKABLE:
        return None
    row = [(axes.chosen.query, j) for j in range(columns)]
    column = [(i, axes.chosen.key) for i in range(rows) if i != axes.chosen.query]
    return row + column


def draw_cells(
    board: Board,
    box: Box,
    axes: Axes,
    values: Floats,
    shading: Shading,
    *,
    notation: Notation,
    as_weight: bool,
    digits: int = 2,
) -> None:
    """Numbers where there is room, words on hovering, points that answer clicks."""
    rows, columns = axes.shape
    some = clickable(axes)
    pitch = min(box.width / columns, box.height / rows * 1.25)
    size = min(20.0, pitch * 0.36)
    texts = inks = None
    if some is None and pitch >= SMALLEST_NUMBER_CELL:
        texts = cell_texts(values, notation, as_weight, digits, narrow=box.width / columns < 52)
        inks = number_inks(values, shading, board.theme.muted if as_weight else None)
        inks = [
            board.theme.ink if v == float("-inf") else ink
            for v, ink in zip(values.ravel().tolist(), inks, strict=True)
        ]
    places = some or [(i, j) for i in range(rows) for j in range(columns)]
    hover = [
        f"{for_html(axes.queries[i])} → {for_html(axes.keys[j])}: "
        + notation.fixed(float(values[i, j]), 4)
        for i, j in places
    ]
    ids = [axes.identity(i, j) for i, j in places]
    board.cells(
        box, axes.shape, texts=texts, inks=inks, size=size, hover=hover, ids=ids, at_cells=some
    )


def cell_texts(
    values: Floats, notation: Notation, as_weight: bool, digits: int, *, narrow: bool
) -> list[str]:
    """What stands in each cell, row by row."""
    if as_weight:
        write = notation.bare if narrow else notation.share
        return [write(float(v), digits) for v in values.ravel()]
    return [notation.fixed(float(v), digits) for v in values.ravel()]
