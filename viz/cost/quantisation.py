"""A block of 4-bit weights drawn: its bytes, their halves, the weights, their sixteen levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.cost.quantisation import HEADER, SIZE, PackedBlock
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane
from viz.board.shading import Shading, number_inks, symmetric
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 640
SCALE, MINIMUM, WHOLE = "gate_o", "state_c", "weight"  # the colours of d, m and q
_HALF = SIZE // 2  # bytes with two numbers each, and columns of the table
_LEFT, _WIDE, _ROW = 120.0, 1060.0, 36.0
_LEVELS = Box(120, 392, 1060, 206)


@dataclass(frozen=True, slots=True, eq=False)
class ChosenWeight:
    """One weight of a block. weight: 0–31."""

    block: PackedBlock
    weight: int

    @property
    def column(self) -> int:
        """Which of the sixteen bytes holds it."""
        return self.weight % _HALF

    @property
    def upper(self) -> bool:
        """It is the upper half of its byte."""
        return self.weight >= _HALF

    @property
    def byte(self) -> int:
        """That byte."""
        return int(self.block.data[HEADER + self.column])

    @property
    def whole(self) -> int:
        """q, 0–15."""
        return int(self.block.halves[self.weight])

    @property
    def value(self) -> float:
        """d·q + m, in single precision."""
        return float(self.block.weights[self.weight])


@kept
def block(drawn: ChosenWeight, style: Style) -> Figure:
    """The bytes above, both halves below them, the weights; at the foot the levels.

    labels: header, bytes, lower, upper, weights, levels, before, after.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _header(board, drawn, style)
    _table(board, drawn, style)
    _levels(board, drawn, style)
    return board.figure()


def hexadecimal(byte: int) -> str:
    """Two figures: 7A."""
    return f"{byte:02X}"


def _cells(row: float) -> Box:
    return Box(_LEFT, row, _WIDE, _ROW)


def _name(board: Board, y: float, words: str) -> None:
    for n, part in enumerate(words.split("|")):
        board.note(0, y + 17 * n - 8.5 * (len(words.split("|")) - 1), part, size=16)


def _header(board: Board, drawn: ChosenWeight, style: Style) -> None:
    """The first four bytes, and the two numbers that they are."""
    _name(board, 18, style.labels["header"])
    pairs = (("d", SCALE, drawn.block.scale), ("m", MINIMUM, drawn.block.minimum))
    for place, (letter, role, value) in enumerate(pairs):
        box = Box(_LEFT + 530 * place, 0, _WIDE / _HALF * 2, _ROW)
        for n in range(2):
            cell, byte = box.column(n, 2), drawn.block.data[2 * place + n]
            board.frame(cell.grown(-2, -2), style.colour(role), 2)
            board.text(cell.x + cell.width / 2, 18, hexadecimal(int(byte)), size=18)
        words = f"{letter} = <b>{style.notation.significant(value, 5)}</b>"
        board.text(box.right + 16, 18, words, size=19, colour=style.colour(role),
                   anchor="middle right")  # fmt: skip


def _table(board: Board, drawn: ChosenWeight, style: Style) -> None:
    """Sixteen columns: a byte, its lower and upper half, the weights of both."""
    data = drawn.block.data[HEADER:]
    _name(board, 78, style.labels["bytes"])
    box = _cells(60)
    for n, byte in enumerate(data.tolist()):
        cell = box.column(n, _HALF)
        chosen = n == drawn.column
        board.frame(cell.grown(-2, -2), board.theme.ink if chosen else board.theme.hatch,
                    3 if chosen else 1)  # fmt: skip
        board.text(cell.x + cell.width / 2, 78, hexadecimal(byte), size=18)
    shading = Shading(board.theme.weights, 0, 15)
    parts = drawn.block.halves.reshape(2, _HALF), drawn.block.weights.reshape(2, _HALF)
    for row, name in enumerate(("lower", "upper")):
        y = 112 + _ROW * row
        _name(board, y + _ROW / 2, style.labels[name])
        _row(board, _cells(y), parts[0][row].astype(np.float64), shading, 0, style)
    colours = symmetric(drawn.block.weights, board.theme.scores)
    digits = 3 if colours.high < 1 else 2
    for row, name in enumerate(("first", "second")):
        y = 204 + _ROW * row
        _name(board, y + _ROW / 2, style.labels[name])
        _row(board, _cells(y), parts[1][row], colours, digits, style)
    _clicks(board, drawn, style)


def _row(
    board: Board, box: Box, values: Floats, shading: Shading, digits: int, style: Style
) -> None:
    """(16,) numbers on their colours."""
    board.grid(box)
    board.matrix(values[None], box, shading)
    inks = number_inks(values, shading)
    for n, (value, ink) in enumerate(zip(values.tolist(), inks, strict=True)):
        cell = box.column(n, _HALF)
        word = style.notation.fixed(value, digits)
        board.text(cell.x + cell.width / 2, cell.y + cell.height / 2, word, size=17, colour=ink)


def _clicks(board: Board, drawn: ChosenWeight, style: Style) -> None:
    """A click on a half, a weight or a dot chooses the weight."""
    x, y, ids, said = [], [], [], []
    for weight in range(SIZE):
        row, column = divmod(weight, _HALF)
        for top in (112, 204):
            box = _cells(top + _ROW * row).column(column, _HALF)
            x.append(box.x + box.width / 2)
            y.append(box.y + box.height / 2)
            ids.append([weight])
            said.append(f"{weight}: {style.notation.fixed(float(drawn.block.weights[weight]), 5)}")
    row, column = divmod(drawn.weight, _HALF)
    for top in (112, 204):
        cell = _cells(top + _ROW * row).column(column, _HALF)
        board.frame(cell, board.theme.ink, 3)
    board.clicks(np.array(x), np.array(y), ids, 34, said)


def _levels(board: Board, drawn: ChosenWeight, style: Style) -> None:
    """The sixteen values that a weight can have; on them the block's 32, in their order."""
    theme, block = board.theme, drawn.block
    levels = block.levels.astype(np.float64)
    shown = levels if block.before is None else np.concatenate([levels, block.before])
    room = 0.06 * max(float(np.ptp(shown)), 1e-6)
    plane = Plane(
        _LEVELS, (-0.5, SIZE - 0.5), (float(shown.min()) - room, float(shown.max()) + room)
    )
    board.text(0, 316, f"<b>{style.labels['levels']}</b>", size=18, anchor="middle right")
    digits = 3 if abs(shown).max() < 1 else 2
    for n, level in enumerate(levels.tolist()):
        height = plane.level(board, level, theme.grid, 1.5)
        if n in (0, 5, 10, 15):
            word = f"{n}:  {style.notation.fixed(level, digits)}"
            board.note(_LEVELS.x - 8, height, word, size=16, anchor="middle left")
    places = np.arange(SIZE, dtype=np.float64)
    x, y = plane.across(places), plane.up(block.weights)
    if block.before is not None:
        before = plane.up(block.before)
        for at in range(SIZE):
            board.line([x[at]] * 2, [before[at], y[at]], theme.hatch, 2)
        board.line(x, before, theme.ink, 0, symbol="circle-open", size=9)
    board.line(x, y, style.colour(WHOLE), 0, symbol="circle", size=9)
    here = slice(drawn.weight, drawn.weight + 1)
    board.line(x[here], y[here], theme.ink, 0, symbol="circle-open", size=20)
    _key(board, block, style)
    plane.numbers(board, [0, 8, 16, 24, 31], drawn.weight)


def _key(board: Board, block: PackedBlock, style: Style) -> None:
    marks = [("circle", style.colour(WHOLE), "after")]
    if block.before is not None:
        marks.append(("circle-open", board.theme.ink, "before"))
    for n, (symbol, colour, name) in enumerate(marks):
        x = _LEFT + 330 * n
        board.line([x], [352], colour, 0, symbol=symbol, size=11)
        board.note(x + 16, 352, style.labels[name])
