"""Signal and gradient by depth, side by side on a log scale: four ways to stack the same blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.neuron.depth import WAYS, Stack, StackComparison, Way
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.plane import Plane, parted, power_ticks, steps_shown
from viz.board.style import Style

# Way → the role of its colour, its dash, its symbol.
LOOKS: Mapping[Way, tuple[str, str, str]] = {
    "plain": ("state_h", "dot", "circle"),
    "residual": ("output", "dash", "square"),
    "norm": ("v", "dashdot", "diamond"),
    "both": ("q", "solid", "circle"),
}
_ROWS = 6  # of points over a block, so that a click anywhere chooses it
_LINE = 42.0  # pixels between two ways' words at the ends of their lines
_DOTS = 16  # of more blocks no line has a symbol at each


@dataclass(frozen=True, slots=True, eq=False)
class Deep:
    """What is drawn: the four ways, which of them is opened, and at which block, from 1."""

    found: StackComparison
    way: Way
    at: int

    @property
    def stack(self) -> Stack:
        """The opened one."""
        return self.found.stacks[self.way]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where both panels stand, in pixels of the window that figures are composed for."""

    width: int
    height: int
    signal: Box
    gradient: Box


WIDE = Layout(1190, 640, Box(62, 52, 400, 500), Box(664, 52, 400, 500))
NARROW = Layout(528, 720, Box(54, 38, 330, 248), Box(54, 398, 330, 248))


@kept
def depth(drawn: Deep, style: Style) -> Figure:
    """The signal on its way there, the gradient on its way back; labels at the lines' ends."""
    layout = NARROW if style.narrow else WIDE
    board = Board(layout.width, layout.height, style.theme)
    last, found = drawn.found.depth, drawn.found
    limits = _limits(found)
    there = Plane(layout.signal, (0, last), limits, y_log=True)
    back = Plane(layout.gradient, (last, 0), limits, y_log=True)
    signals = {way: one.signal for way, one in found.stacks.items()}
    gradients = {way: one.sizes for way, one in found.stacks.items()}
    _panel(board, there, drawn, (signals, found.signals), style)
    _panel(board, back, drawn, (gradients, found.gradients), style)
    for plane, name in ((there, "signal"), (back, "gradient")):
        words = bold(style.labels[name])
        board.text(plane.box.x, plane.box.y - 24, words, size=18, anchor="middle right")
        plane.name_x(board, style.labels[f"{name}_axis"])
    return board.figure()


def _limits(found: StackComparison) -> tuple[float, float]:
    """Exponents between which everything lies; the same for both panels."""
    parts = (*found.signals.values(), *found.gradients.values())
    exponents = np.log10(np.concatenate([part.ravel() for part in parts]))
    return float(np.floor(exponents.min())) - 0.2, float(np.ceil(exponents.max())) + 0.2


def _panel(
    board: Board,
    plane: Plane,
    drawn: Deep,
    values: tuple[Mapping[Way, Floats], Mapping[Way, Floats]],
    style: Style,
) -> None:
    """values: way → (block + 1,) of the stack that is drawn; way → (seed, block + 1) of all."""
    (lines, every), box, last = values, plane.box, drawn.found.depth
    ends = sorted(plane.across([drawn.at - 1, drawn.at]).tolist())
    board.fill(Box(ends[0], box.y, ends[1] - ends[0], box.height), style.theme.soft)
    plane.draw(board, power_ticks(*plane.y, style.notation))
    plane.level(board, 1.0, style.theme.hatch, 2)
    layers = np.arange(last + 1)
    spread = every[drawn.way]
    low, high = plane.up(spread.min(0)), plane.up(spread.max(0))
    board.band(plane.across(layers), low, high, style.colour(LOOKS[drawn.way][0]))
    # The chosen one below the others: of two that run alike both are seen.
    for way in sorted(WAYS, key=lambda one: one != drawn.way):
        role, dash, symbol = LOOKS[way]
        marks = {"symbol": symbol, "size": 7} if last <= _DOTS else {}
        width = 6 if way == drawn.way else 2.5
        plane.curve(board, layers, lines[way], style.colour(role), width, dash=dash, **marks)
    role, _, symbol = LOOKS[drawn.way]
    pair = slice(drawn.at - 1, drawn.at + 1)
    ends_of = layers[pair], lines[drawn.way][pair]
    plane.curve(board, *ends_of, style.colour(role), 0, symbol=symbol, size=15)
    _ends(board, plane, drawn, lines, style)
    pitch = box.width / last
    plane.numbers(board, steps_shown(last + 1, drawn.at, pitch), drawn.at)
    _clicks(board, plane, drawn, lines)


def size(value: float, style: Style, digits: int = 2) -> str:
    """So many digits: in full from a hundredth to ten thousand, else by powers of ten."""
    write = style.notation
    plain = 1e-2 <= value < 1e4
    return write.significant(value, digits) if plain else write.scientific(value, digits - 1)


def _ends(
    board: Board, plane: Plane, drawn: Deep, lines: Mapping[Way, Floats], style: Style
) -> None:
    """Each way's name and number where its line ends, none over another."""
    last = int(plane.x[1])
    places = sorted((float(plane.up(lines[way][[last]])[0]), way) for way in WAYS)
    heights = parted([y for y, _ in places], _LINE)
    over = max(0.0, heights[-1] - (plane.box.bottom - 8))
    x = plane.box.right + 12
    for y, (_, way) in zip(heights, places, strict=True):
        colour = style.colour(LOOKS[way][0])
        name = bold(style.labels[way], way == drawn.way)
        number = size(float(lines[way][last]), style)
        board.text(x, y - over - 9, name, size=17, colour=colour, anchor="middle right")
        board.text(x, y - over + 10, number, size=16, colour=colour, anchor="middle right")


def _clicks(board: Board, plane: Plane, drawn: Deep, lines: Mapping[Way, Floats]) -> None:
    """A click on a line opens its way at that block, one elsewhere the block alone."""
    blocks = np.arange(1, drawn.found.depth + 1)
    across = plane.across(blocks - 0.5)
    side = min(plane.box.width / len(blocks), 30.0)
    rows = np.linspace(plane.box.y + 20, plane.box.bottom - 20, _ROWS)
    ids = [[WAYS.index(drawn.way), int(n)] for n in blocks for _ in rows]
    board.clicks(np.repeat(across, _ROWS), np.tile(rows, len(blocks)), ids, side)
    for place, way in enumerate(WAYS):
        y = plane.up(lines[way])
        ids = [[place, int(n)] for n in blocks]
        board.clicks(across, (y[1:] + y[:-1]) / 2, ids, side)
