"""A matrix of many tokens: a window of it that can be read, and a small picture of all of it.

The window follows from the chosen cell alone, so that a link restores it: it stands still while
the choice moves in its middle half, and moves on by half its length beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.trace import Floats
from viz.board.axes import MOST_CLICKABLE, Axes, Cell, Choice
from viz.board.board import Board, Box, Shading
from viz.board.box import text_width
from viz.board.markup import inside
from viz.board.panel import Panel, draw
from viz.board.sentence import percent_words
from viz.board.style import Style

# The last of what a square of the whole picture carries, and of what brings nearer or back.
ALL, TURN = "all", "turn"
SIDE = 150.0  # pixels of the picture of all
ROOM = 178, 240  # pixels that it takes beside a figure, or below one, in a narrow window
_LINE, _TYPE, _GAP, _AIR, _BUTTON = 20, 15, 16, 12, 26


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many tokens a side are drawn at once, of more so many (rows, columns)."""

    at_once: int
    shown: tuple[int, int]


WIDE, NARROW = Sizes(MOST_CLICKABLE, (24, 16)), Sizes(24, (16, 12))
NEAR = 12, 8  # rows and columns whose cells have room for numbers


def sizes(style: Style) -> Sizes:
    """Those of the visitor's browser, and how near the visitor wants to be."""
    found = NARROW if style.narrow else WIDE
    return replace(found, shown=NEAR) if style.near else found


@dataclass(frozen=True, slots=True)
class Window:
    """What is shown of a matrix: these rows, these columns."""

    rows: slice
    columns: slice

    def axes(self, whole: Axes) -> Axes:
        """The tokens in the window, the chosen cell counted in it; ids: as before."""
        first = self.rows.start, self.columns.start
        pairs = zip(whole.cell, first, strict=True)
        ids = (
            tuple(range(count) if known is None else known)
            for count, known in zip(whole.shape, (whole.query_ids, whole.key_ids), strict=True)
        )
        queries, keys = ids
        return Axes(
            whole.queries[self.rows],
            whole.keys[self.columns],
            Choice(*(place - start for place, start in pairs)),
            queries[self.rows],
            keys[self.columns],
            None if whole.since is None else (whole.since[0] - first[0], whole.since[1] - first[1]),
        )


def window(shape: tuple[int, int], cell: Cell, size: Sizes) -> Window | None:
    """The part of a (row, column) matrix around a cell; None: all of it is drawn at once."""
    if max(shape) <= size.at_once:
        return None
    sides = zip(shape, cell, size.shown, strict=True)
    rows, columns = (
        stretch(count, chosen, count if count <= size.at_once else shown)
        for count, chosen, shown in sides
    )
    return Window(rows, columns)


def stretch(count: int, chosen: int, shown: int) -> slice:
    """So many of 0..count−1, an even number or all, the chosen one among them."""
    half = max(shown // 2, 1)
    start = (chosen - half // 2) // half * half
    start = max(0, min(start, count - shown))
    return slice(start, start + shown)


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """values: (row, column), the largest of each block; block: (rows, columns) of one, the last
    ones may be cut; cells: (row, column, 2), where in the whole matrix that largest one stands.
    """

    values: Floats
    block: tuple[int, int]
    cells: NDArray[np.int64]

    @property
    def reach(self) -> tuple[int, int]:
        """(rows, columns) that the blocks would cover if none were cut."""
        rows, columns = self.values.shape
        return rows * self.block[0], columns * self.block[1]


def pooled(values: Floats, *, by_size: bool = False, most: int = MOST_CLICKABLE) -> Pooled:
    """(row, column) → at most `most` blocks a side, of each its largest number.

    by_size: the one of largest absolute value. A block is −inf only where all of it is.
    """
    block = tuple(-(-count // most) for count in values.shape)
    blocks = tuple(-(-count // each) for count, each in zip(values.shape, block, strict=True))
    spare = [(0, n * each - c) for n, each, c in zip(blocks, block, values.shape, strict=True)]
    worth = np.pad(np.abs(values) if by_size else values, spare, constant_values=-np.inf)
    apart = worth.reshape(blocks[0], block[0], blocks[1], block[1]).swapaxes(1, 2)
    # Of equals the first, which is never a spare one.
    best: NDArray[np.int64] = apart.reshape(*blocks, -1).argmax(axis=2)
    down, across = np.divmod(best, block[1])
    row, column = np.indices(blocks)
    cells = np.stack((down + row * block[0], across + column * block[1]), axis=2)
    return Pooled(values[cells[..., 0], cells[..., 1]], (block[0], block[1]), cells)


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """All of a matrix as a small picture with the window's frame.

    values: (row, column); ids: what its rows and columns are called in an answer to a click,
    None: by their number; role: what else a square carries. by_size: as in `pooled`. notes: what
    else is said, in order.
    """

    values: Floats
    shading: Shading
    window: Window
    ids: tuple[Sequence[int] | None, Sequence[int] | None] = (None, None)
    role: str = ""
    by_size: bool = False
    notes: Sequence[str] = ()


def room(style: Style) -> tuple[int, int]:
    """Pixels that the picture of all takes beside a figure, and below it."""
    return (0, ROOM[1]) if style.narrow else (ROOM[0], 0)


def place(board: Board, box: Box, style: Style) -> tuple[float, float]:
    """Where it stands on a board that is as large as without it. box: of the window's cells."""
    if style.narrow:  # a figure that is moved sideways shows its chosen cell, and what is below
        return max(2.0, box.x - SIDE - _GAP), board.height + _AIR
    return board.width + _AIR, box.y


def draw_whole(board: Board, corner: tuple[float, float], whole: Whole, style: Style) -> None:
    """The picture, its upper left corner at `corner`, and what it says, below or at its right.

    style.labels: whole, pooled, pooled_size (rows, columns), whole_then, near, far.
    A square answers a click with [row, column, role, ALL] of its largest number; the words that
    bring nearer, or back, with TURN as the last.
    """
    small = pooled(whole.values, by_size=whole.by_size)
    box = Box(*corner, SIDE, SIDE)
    draw(board, box, Panel(small.values, whole.shading, gap=False))
    board.frame(box, board.theme.hatch, 1)
    rows, columns = whole.window.rows, whole.window.columns
    first = box.cell(rows.start, columns.start, small.reach)
    last = box.cell(rows.stop - 1, columns.stop - 1, small.reach)
    around = Box(first.x, first.y, last.right - first.x, last.bottom - first.y)
    board.frame(around.grown(1, 1), board.theme.ink, 2)
    ids = [[*_named(cell, whole.ids), whole.role, ALL] for cell in small.cells.reshape(-1, 2)]
    hover = [f"{row} → {column}" for row, column, *_ in ids]
    shape = small.values.shape[0], small.values.shape[1]
    board.cells(box, shape, ids=ids, hover=hover)
    words = [style.labels["whole"].format(rows=len(whole.values), columns=whole.values.shape[1])]
    pool = style.labels["pooled_size" if whole.by_size else "pooled"]
    words.append(pool.format(rows=small.block[0], columns=small.block[1]))
    words += [*whole.notes, style.labels["whole_then"]]
    _write(board, box, words, style, [*ids[0][:2], whole.role, TURN])


def _named(cell: NDArray[np.int64], ids: tuple[Sequence[int] | None, ...]) -> list[int]:
    places = zip(cell.tolist(), ids, strict=True)
    return [place if known is None else known[place] for place, known in places]


def _write(
    board: Board, box: Box, words: Sequence[str], style: Style, carried: list[object]
) -> None:
    x, y = (box.right + _GAP, box.y) if style.narrow else (box.x, box.bottom + _AIR)
    turn = Box(x, y, SIDE, _BUTTON)
    board.fill(turn, board.theme.soft)
    middle, size = turn.x + SIDE / 2, turn.height
    word = style.labels["far" if style.near else "near"]
    board.text(middle, y + size / 2, f"<b>{word}</b>", size=_TYPE)
    xs = np.arange(turn.x + size / 2, turn.right, size / 2)
    board.clicks(xs, np.full(len(xs), y + size / 2), [carried] * len(xs), size)
    y += size + _GAP
    for sentence in words:
        for line in lines(sentence, board.width - x if style.narrow else SIDE + _AIR):
            board.note(x, y, line, size=_TYPE)
            y += _LINE
        y += _LINE / 3


def lines(words: str, width: float, size: float = _TYPE) -> list[str]:
    """Plain words in lines of at most so many pixels, a longer word in one of its own."""
    found: list[str] = []
    for word in words.split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and text_width(longer, size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def outside(row: Floats, shown: slice, style: Style) -> str:
    """row: (key,) a query's weights. How much of it lies on keys outside the window, in words.

    style.labels: outside (share), percent (n).
    """
    share = max(float(row.sum(dtype=np.float64) - row[shown].sum(dtype=np.float64)), 0.0)
    return inside(
        style.labels["outside"].format(share=percent_words(style, share).replace(" ", "\u00a0"))
    )
