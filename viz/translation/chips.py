"""The words of a growing translation on chips, and lines of weight between both languages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from viz.board.axes import text_width
from viz.board.board import Board, Box
from viz.board.notation import bold, for_html, shortened
from viz.board.theme import rgb
from viz.translation.growing import Growing

HIGH = 36  # pixels of a chip
MOST_LINES = 24  # written words whose lines stay
_SMALLEST, _LARGEST = 12.5, 21.0  # type on chips
_SLANTED = 72  # pixels of words that do not fit on chips
_WIDEST = 104  # of a piece's column
_FAINT = 0.15  # weights below it have no line once their word is written
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns lie. written, pieces: rows of chips, the pieces' from their first column.

    pitch: of the columns; size: of type on the Turkish chips, 0: they do not fit.
    """

    written: Box
    pieces: Box
    pitch: float
    size: float

    def x(self, piece: int) -> float:
        """The middle of a source piece's column."""
        return self.pieces.x + (piece + 0.5) * self.pitch


def laid_out(growing: Growing, written: Box, pieces: Box) -> Layout:
    """written, pieces: the room for either language's chips; columns no wider than looks good."""
    names = growing.sources
    pitch = min(pieces.width / len(names), _WIDEST)
    widest = max(text_width(_named(growing, j), 1) for j in range(len(names)))
    size = min(_LARGEST, 0.9 * pitch / max(widest, 0.5))
    columns = Box(pieces.x, pieces.y, pitch * len(names), pieces.height)
    return Layout(written, columns, pitch, size if size >= _SMALLEST else 0.0)


def draw_chips(board: Board, growing: Growing, written: Box, pieces: Box) -> Layout:
    """Both languages' chips with the lines between them; where their columns lie."""
    layout = laid_out(growing, written, pieces)
    for draw in (draw_lines, draw_written, draw_pieces):
        draw(board, growing, layout)
    return layout


def _named(growing: Growing, piece: int) -> str:
    """A piece, with a star where the model never met it."""
    star = "*" if piece in growing.strange else ""
    return shortened(growing.sources[piece], _LONGEST) + star


def written_slots(growing: Growing, room: Box) -> tuple[list[Box], float]:
    """A box for each word of the translation, and the size of type that fits them (0: none)."""
    wide = [max(text_width(shortened(word, _LONGEST), 1), 1.2) for word in growing.written]
    size = min(_LARGEST, (room.width - 18 * len(wide)) / sum(wide))
    if size < _SMALLEST:
        pitch = room.width / len(wide)
        widths, size = [pitch] * len(wide), 0.0
    else:
        widths = [size * w + 18 for w in wide]
    lefts = accumulate(widths, initial=room.x)
    boxes = [Box(x, room.y, width, room.height) for x, width in zip(lefts, widths, strict=False)]
    return [box.grown(-min(2, box.width / 8), 0) for box in boxes], size


def draw_written(board: Board, growing: Growing, layout: Layout) -> None:
    """The words so far as chips, the one being written filled, those to come as outlines."""
    theme = board.theme
    boxes, size = written_slots(growing, layout.written)
    for i, box in enumerate(boxes):
        now = i == growing.step
        if i > growing.step:
            board.frame(box, theme.grid, 1.5, "dot")
            continue
        board.fill(box, theme.q if now else theme.soft)
        word, x = for_html(shortened(growing.written[i], _LONGEST)), box.x + box.width / 2
        if now and size:
            board.text(x, box.y + 18, f"<b>{word}</b>", size=size, colour=theme.page)
        elif now:  # where the others' words do not fit, this one stands out of its box
            anchor = "middle left" if x > layout.written.right * 0.8 else "middle right"
            board.text(x, box.bottom + 12, f"<b>{word}</b>", size=18, colour=theme.q, anchor=anchor)
        elif size:
            board.text(x, box.y + 18, word, size=size)
    xs, ys = np.array([[box.x + box.width / 2, box.y + 18] for box in boxes]).T
    board.clicks(xs, ys, [[i, growing.source] for i in range(len(boxes))], 34)


def draw_pieces(board: Board, growing: Growing, layout: Layout) -> None:
    """The source as chips; pieces of one word touch; the chosen one in K's colour."""
    theme, row = board.theme, layout.pieces
    last = [*growing.begins[1:], True]
    for j in range(len(growing.sources)):
        gap_left, gap_right = (2 if growing.begins[j] else 0), (2 if last[j] else 0)
        chip = Box(row.x + j * layout.pitch + gap_left, row.y,
                   layout.pitch - gap_left - gap_right, row.height)  # fmt: skip
        chosen, strange = j == growing.source, j in growing.strange
        word = for_html(_named(growing, j))
        word = bold(f"<i>{word}</i>" if strange else word, chosen)
        colour = theme.k if chosen else theme.bad if strange else theme.ink
        if layout.size:
            board.fill(chip, theme.soft)
            if chosen:
                board.frame(chip, theme.k, 3)
            if strange:
                board.frame(chip.grown(-2, -2), theme.bad, 1.5, "dash")
            board.text(layout.x(j), chip.y + chip.height / 2, word, size=layout.size, colour=colour)
        elif chosen or _has_room(j, growing.source, layout):
            board.slanted(layout.x(j) - 7, chip.bottom, word, size=15, colour=colour)
    ids = [[growing.step, j] for j in range(len(growing.sources))]
    board.cells(row, (1, len(ids)), ids=ids)


def _has_room(piece: int, chosen: int, layout: Layout) -> bool:
    """Whether a slanted word stands clear of its neighbours and of the chosen one."""
    every = max(1, -(-24 // max(1, int(layout.pitch))))
    return piece % every == 0 and (every == 1 or abs(piece - chosen) * layout.pitch > 24)


def draw_lines(board: Board, growing: Growing, layout: Layout) -> None:
    """Ribbons from a written word down to the pieces, as wide as the weights."""
    boxes, _ = written_slots(growing, layout.written)
    end = layout.pieces.y if layout.size else layout.pieces.bottom - _SLANTED
    start = layout.written.bottom
    r, g, b = rgb(board.theme.weight)
    early = max(0, growing.step - MOST_LINES)
    for i in range(early, growing.step + 1):
        now = i == growing.step
        x0 = boxes[i].x + boxes[i].width / 2
        for j, weight in enumerate(growing.matrix[i].tolist()):
            if weight < (0.005 if now else _FAINT):
                continue
            strength = 0.35 + 0.65 * weight if now else 0.22 * weight
            width = 1 + 11 * weight if now else 1 + 6 * weight
            colour = f"rgba({r},{g},{b},{strength:.2f})"
            board.curves([((x0, start), (layout.x(j), end))], colour, width, down=True)
