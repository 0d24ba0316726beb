"""What diagrams of recurrent cells are drawn with: wires, operators, what comes in below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.trace import CellTerms, Floats
from viz.board.axes import text_width
from viz.board.board import Board, Box, Place, symmetric
from viz.board.notation import for_html, shortened
from viz.board.panel import strip
from viz.board.style import Style
from viz.board.theme import ink_on
from viz.lstm.gates_layout import identity
from viz.lstm.step import Reading

WIDTH, HEIGHT = 850, 312
LINE, BELOW = 52, 272  # heights of the state's line, and of what comes in
LEFT, RIGHT = 112, 736  # the cell's edges
TOP, LOW = 192, 244  # the gates' boxes
_STATE, _WIRE = 5.0, 3.5  # widths of lines
_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}  # right, down


@dataclass(frozen=True, slots=True)
class Drawing:
    """A cell while it is drawn. ground: what stays from step to step; board: what lies on top."""

    ground: Board
    board: Board
    reading: Reading
    style: Style
    terms: CellTerms

    def ink(self, part: str) -> str:
        """The colour of a gate or a state."""
        return identity(self.style.theme, part)

    def number(self, value: float) -> str:
        """As text."""
        return self.style.notation.fixed(value)

    def now(self, part: str) -> float:
        """The value that the layer has there: of a silenced unit's c and h, 0."""
        return self.reading.value(part)

    @property
    def before(self) -> str:
        """The index of the step before: a backward unit reads the word after first."""
        return "t+1" if self.reading.backwards else "t−1"


def cut(d: Drawing, at: Place) -> None:
    """Where a silenced unit's state is held at 0."""
    colour = d.style.theme.bad
    operator(d, at, "0", colour)
    d.ground.text(at[0], at[1] - 32, d.style.labels["silent"], size=16, colour=colour)


def gate(d: Drawing, part: str, x: float, total: float) -> None:
    """A filled box: a gate's value, and what it is the σ or tanh of. x: its middle."""
    colour, value = d.ink(part), d.number(d.now(part))
    function, ink = "tanh" if part in "gn" else "σ", ink_on(colour)
    d.ground.fill(Box(x - 53, TOP, 106, LOW - TOP), colour)
    d.board.text(x, TOP + 17, f"<b><i>{part}</i> = {value}</b>", size=20, colour=ink)
    d.board.text(x, LOW - 14, f"{function}({d.number(total)})", size=16, colour=ink)


def inputs(d: Drawing, boxes: Sequence[float]) -> None:
    """The word's vector and all units' h of the step before, up into boxes in the middle of x."""
    theme = d.style.theme
    grey = theme.hatch
    wire(d, [(0, BELOW), (max(boxes), BELOW)], grey)
    for x in boxes:
        lead(d, [(x, BELOW), (x, LOW + 12)], grey, "up", ahead=3)
    name, y = symbol("h", d.before), BELOW - 38
    d.board.text(4, y, name, size=20, colour=d.ink("h"), anchor="middle right")
    _strip(d, Box(6, y + 14, 96, 14), d.terms.h_before)
    word = shortened(d.reading.words[d.reading.step], 16)
    if d.reading.depth:
        word = d.style.labels["below"].format(n=d.reading.depth - 1)
    wide = max(90.0, text_width(word, 19) + 60)
    chip = Box(0, BELOW + 10, wide, 28)
    d.board.fill(chip, theme.ink)
    text = f"<i>x</i><sub>t</sub> = <b>{for_html(word)}</b>"
    d.board.text(wide / 2, chip.y + 14, text, size=18, colour=theme.page)
    wire(d, [(56, chip.y), (56, BELOW)], grey)
    _mark(d, (56, BELOW), "circle", 11, grey)
    row = Box(wide + 8, chip.y + 4, 150, 20)
    _strip(d, row, d.terms.x)
    d.board.note(row.right + 8, row.y + 10, d.style.labels["numbers"].format(n=len(d.terms.x)))


def _strip(d: Drawing, box: Box, values: Floats) -> None:
    """A vector as a row of coloured cells, −largest … +largest of its own."""
    shading = symmetric(values, d.style.theme.scores)
    strip(d.board, box, values, shading, edge=d.style.theme.hatch)


def symbol(letter: str, index: str) -> str:
    """A letter with its step."""
    return f"<i>{letter}</i><sub>{index}</sub>"


def named(letter: str, index: str, value: str) -> str:
    """A letter with its step and its number."""
    return f"{symbol(letter, index)} <b>{value}</b>"


def wire(d: Drawing, places: Sequence[Place], colour: str, width: float = _WIRE) -> None:
    """A line through these places."""
    xs, ys = zip(*places, strict=True)
    d.ground.line(xs, ys, colour, width)


def lead(d: Drawing, places: Sequence[Place], colour: str, way: str, *, ahead: int = 2) -> None:
    """A wire with an arrow a little ahead of its end."""
    wire(d, places, colour)
    (x, y), (right, down) = places[-1], _WAYS[way]
    _mark(d, (x + ahead * right, y + ahead * down), f"triangle-{way}", 13, colour)


def leave(d: Drawing, x: float, y: float, colour: str) -> None:
    """A state's line out of the cell, to the next step."""
    wire(d, [(x, y), (WIDTH - 14, y)], colour, _STATE)
    _mark(d, (WIDTH - 9, y), "triangle-right", 16, colour)


def _mark(d: Drawing, at: Place, symbol: str, size: float, fill: str, edge: str = "") -> None:
    """Markers keep their shape where a narrow window squeezes the board."""
    line = {"width": 3 if edge else 0, "color": edge or fill}
    marker = {"symbol": symbol, "size": size, "color": fill, "line": line, "opacity": 1}
    look = {"mode": "markers", "marker": marker, "hoverinfo": "skip", "cliponaxis": False}
    d.ground.traces.append({"type": "scatter", "x": at[:1], "y": at[1:], **look})


def operator(d: Drawing, at: Place, sign: str, colour: str) -> None:
    """A sign in a circle."""
    _mark(d, at, "circle", 36, d.style.theme.page, colour)
    d.ground.text(at[0], at[1], f"<b>{sign}</b>", size=24, colour=colour)
