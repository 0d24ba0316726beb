"""All positions of a translation: what each reads, what it may see, what it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.style import Style
from viz.board.theme import rgb
from viz.translator.stage_names import Phase

_SIZE, _SMALL, _LONGEST = 17.0, 15.0, 11
_READABLE = 22.0  # pixels of a column from which on its word stands above it


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """What is drawn, a row a position.

    reads, targets: the words; losses: (position,) −ln p of each target. sees: (position,) how many
    positions, from the first on, each may see. phase: training: one pass under the causal mask;
    writing: a pass a position; unmasked: one pass in which all is visible. slip: the position that
    reads a word that was put in its place; 0: none does.
    """

    reads: Sequence[str]
    targets: Sequence[str]
    losses: Floats
    sees: Sequence[int]
    phase: Phase
    slip: int = 0


@dataclass(frozen=True, slots=True)
class _Pixels:
    """Pixels: where words end, the matrix begins and its cell's sides; the targets; the numbers."""

    width: int
    word: float
    matrix: float
    across: float
    down: float
    top: float
    target: float
    bar: float
    long: float
    p: float
    loss: float


@kept
def positions(shown: Positions, style: Style) -> Figure:
    """Words read, the cells that each position sees, the target with p and −ln p.

    style.labels: reads, target, written, visible, masked, leak, one, each (n).
    """
    at = _places(len(shown.reads), style.narrow)
    bottom = at.top + len(shown.reads) * at.down
    board = Board(at.width, round(bottom + 66), style.theme)
    _heads(board, shown, at, style)
    _cells(board, shown, at)
    for row in range(len(shown.reads)):
        _row(board, shown, row, at, style)
    _legend(board, shown, at, style)
    return board.figure()


def _places(count: int, narrow: bool) -> _Pixels:
    if narrow:
        across = min(12.0, 126 / count)
        target = 92 + count * across + 10
        return _Pixels(440, 86, 92, across, 30, 40, target, 0, 0, 366, 436)
    across = min(34.0, 476 / count)
    target = 140 + count * across + 26
    down = min(34.0, max(24.0, 560 / count))
    top = 112.0 if across >= _READABLE else 44.0
    bar, long = target + 148, 150.0
    end = bar + long
    return _Pixels(
        round(end + 190), 130, 140, across, down, top, target, bar, long, end + 76, end + 178
    )


def _matrix(shown: Positions, at: _Pixels) -> Box:
    count = len(shown.reads)
    return Box(at.matrix, at.top, count * at.across, count * at.down)


def _heads(board: Board, shown: Positions, at: _Pixels, style: Style) -> None:
    """Above the columns: the words that are read; what the numbers at the right are."""
    y = at.top - 14
    board.note(at.word, y, style.labels["reads"], size=_SMALL, anchor="middle left")
    name = "written" if shown.phase == "writing" else "target"
    board.note(at.target + 24, y, style.labels[name], size=_SMALL)
    board.note(at.p, y, "p", size=_SMALL, anchor="middle left")
    board.note(at.loss, y, "−ln p", size=_SMALL, anchor="middle left")
    if at.across < _READABLE:
        return
    for column, word in enumerate(shown.reads):
        x = at.matrix + (column + 0.45) * at.across
        colour = _ink(shown, column, style)
        said = for_html(shortened(word, _LONGEST))
        board.slanted(x, at.top - 4, said, size=_SMALL, colour=colour)


def _ink(shown: Positions, row: int, style: Style) -> str:
    """Of a word that is read: the reference's, the model's own, or one that was put in."""
    if row and row == shown.slip:
        return style.theme.bad
    return style.theme.output if shown.phase == "writing" else style.theme.gold


def _cells(board: Board, shown: Positions, at: _Pixels) -> None:
    """What each position may see, what is masked; where all is visible, its target among it."""
    count, whole, theme = len(shown.reads), _matrix(shown, at), board.theme
    seen = "rgba({},{},{},0.34)".format(*rgb(theme.k))
    masked = np.arange(count) >= np.array(shown.sees)[:, None]
    steps = shown.phase == "writing"
    for row in range(count):
        width = at.across * shown.sees[row]
        gap = 3.0 if steps else 0.0
        box = Box(at.matrix, at.top + row * at.down + gap, width, at.down - 2 * gap)
        board.fill(box, seen)
        if steps:
            board.frame(box, theme.k, 1.5)
    if not steps:
        board.hatch(masked, whole)
        # Where a position sees the next one, it sees what it is asked for.
        for row in (row for row in range(count - 1) if shown.sees[row] > row + 1):
            x, y = at.matrix + (row + 1) * at.across, at.top + row * at.down
            board.fill(
                Box(x + 2, y + 2, max(at.across - 4, 1), at.down - 4), theme.bad, layer="above"
            )
    if not steps:
        for n in range(1, count):
            y = at.top + n * at.down
            board.line([whole.x, whole.right], [y, y], theme.page, 1)
            x = at.matrix + n * at.across
            board.line([x, x], [whole.y, whole.bottom], theme.page, 1)
        board.frame(whole, theme.k, 2)


def _row(board: Board, shown: Positions, row: int, at: _Pixels, style: Style) -> None:
    y = at.top + (row + 0.5) * at.down
    longest = 9 if style.narrow else _LONGEST
    read = bold(for_html(shortened(shown.reads[row], longest)), 0 < row == shown.slip)
    board.text(at.word, y, read, size=_SIZE, colour=_ink(shown, row, style), anchor="middle left")
    target = for_html(shortened(shown.targets[row], longest))
    ink = style.theme.output if shown.phase == "writing" else style.theme.gold
    board.note(at.target, y, "→", size=_SIZE)
    board.text(at.target + 24, y, bold(target), size=_SIZE, colour=ink, anchor="middle right")
    loss = float(shown.losses[row])
    p = float(np.exp(-loss))
    if at.long:
        board.fill(Box(at.bar, y - 7, at.long, 14), style.theme.soft)
        board.fill(Box(at.bar, y - 7, max(at.long * p, 1), 14), style.theme.output, layer="above")
    write = style.notation
    board.text(at.p, y, write.small(p, 3), size=_SIZE, anchor="middle left")
    board.text(at.loss, y, write.significant(loss, 2), size=_SIZE, anchor="middle left")


def _legend(board: Board, shown: Positions, at: _Pixels, style: Style) -> None:
    """Below: what the colours of the cells are, and how many passes this takes."""
    theme, y = style.theme, at.top + len(shown.reads) * at.down + 22
    said = style.labels["each" if shown.phase == "writing" else "one"]
    words, left = bold(said.format(n=len(shown.reads))), 0.0 if style.narrow else at.matrix
    board.text(left, y + 26, words, size=_SMALL, colour=theme.ink, anchor="middle right")
    marks = [("rgba({},{},{},0.34)".format(*rgb(theme.k)), "visible")]
    if shown.phase == "unmasked":
        marks.append((theme.bad, "leak"))
    x = left
    for colour, name in marks:
        board.fill(Box(x, y - 8, 16, 16), colour)
        board.note(x + 22, y, style.labels[name], size=_SMALL)
        x += 22 + 9 * len(style.labels[name]) + 22
    if shown.phase == "training":
        board.hatch(np.ones((1, 1), bool), Box(x, y - 8, 16, 16))
        board.note(x + 22, y, style.labels["masked"], size=_SMALL)
