"""A sentence and its words in another order: do the outputs follow?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.core import arrays
from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.kept import kept
from viz.board.notation import Notation, bold, for_html, shortened
from viz.board.shading import Shading
from viz.board.style import Style
from viz.positions.distances import clip
from viz.positions.table import HEIGHT, WIDTH

MOST_ROWS = 16
_TOP, _FOOT = 92, 40


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """order[j]: which token stands at place j in the shuffled sentence.

    off, on: (before, after put back), (token, width) each. shown: which tokens have a row.
    """

    tokens: Sequence[str]
    order: Sequence[int]
    chosen: int
    off: tuple[Floats, Floats]
    on: tuple[Floats, Floats]


def rows_shown(count: int, chosen: int) -> list[int]:
    """Neighbouring tokens that have a row, the chosen one among them."""
    first = min(max(0, chosen - MOST_ROWS // 2), max(0, count - MOST_ROWS))
    return list(range(first, min(count, first + MOST_ROWS)))


@kept
def shuffle(shown: Order, style: Style) -> Figure:
    """Words and where they went; outputs of both orders as strips; their largest difference.

    labels: typed, went, off, on, before, after, difference.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    rows = rows_shown(len(shown.tokens), shown.chosen)
    pitch = min(84.0, (HEIGHT - _TOP - _FOOT) / len(rows))
    _ways(board, shown, rows, pitch, style)
    for x, name in ((420.0, "off"), (810.0, "on")):
        _side(board, x, shown, rows, pitch, name, style)
    y = _TOP + rows.index(shown.chosen) * pitch
    board.frame(Box(2, y, WIDTH - 4, pitch), style.theme.ink, 2.5)
    box = Box(0, _TOP, WIDTH, pitch * len(rows))
    board.cells(box, (len(rows), 12), ids=[[token] for token in rows for _ in range(12)])
    board.traces[-1]["marker"]["size"] = min(pitch, 98)
    return board.figure()


def _ways(board: Board, shown: Order, rows: list[int], pitch: float, style: Style) -> None:
    """The typed order at the left, the shuffled one beside it, ribbons between."""
    theme, size = board.theme, min(20.0, pitch * 0.6)
    board.note(10, 52, style.labels["typed"])
    board.note(330, 52, style.labels["went"])
    place = {token: j for j, token in enumerate(shown.order)}
    for row, token in enumerate(rows):
        y = _TOP + (row + 0.5) * pitch
        chosen = token == shown.chosen
        word = for_html(shortened(shown.tokens[token], 10))
        board.text(150, y, bold(word, chosen), size=size, anchor="middle left")
        board.note(38, y, str(token), size=15, anchor="middle left")
        if place[token] in rows:
            end = _TOP + (rows.index(place[token]) + 0.5) * pitch
            colour, width = (theme.ink, 4.0) if chosen else (theme.hatch, 2.0)
            board.curve((158, y), (268, end), colour, width)
        now = shown.order[token]
        here = for_html(shortened(shown.tokens[now], 10))
        board.text(276, y, bold(here, now == shown.chosen), size=size, anchor="middle right")


def _side(
    board: Board, x: float, shown: Order, rows: list[int], pitch: float, name: str, style: Style
) -> None:
    """Strips of both outputs under each other, the largest difference beside them."""
    before, after = (part[rows] for part in (shown.on if name == "on" else shown.off))
    limit = clip(before)
    shading = Shading(style.theme.scores, -limit, limit)
    board.text(x, 20, f"<b>{style.labels[name]}</b>", size=20, anchor="middle right")
    board.note(x, 52, style.labels["strips"])
    board.note(x + 366, 52, style.labels["difference"], anchor="middle left")
    high = (pitch - 14) / 2
    for row in range(len(rows)):
        y = _TOP + row * pitch + 5
        for place, values in enumerate((before, after)):
            strip = Box(x, y + place * (high + 2), 262, high)
            board.matrix(values[row : row + 1], strip, shading, gap=0)
        off = arrays.difference(after[row], before[row])
        word = bold(difference(off.absolute, style.notation), rows[row] == shown.chosen)
        colour = style.theme.good if off.rounding else style.theme.ink
        size, middle = min(19.0, pitch * 0.55), _TOP + (row + 0.5) * pitch
        board.text(x + 366, middle, word, size=size, colour=colour, anchor="middle left")


def difference(value: float, notation: Notation) -> str:
    """A difference as it is read best: 1.29, 0.031, 7·10⁻⁷, 0."""
    return notation.fixed(value, 3) if value >= 1e-3 else notation.scientific(value)
