"""The table of layer costs with its numbers, and below it curves by length: counted, measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.cost.layers import LAYERS, MEASURES, Layer, LayerSizes, Measure, count, operations
from models.cost.timings import RUNS, Timings
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane, parted, power_ticks
from viz.board.style import Style
from viz.board.wrapping import NEAR, drawn_width
from viz.cost.units import duration, size

WIDTH, HEIGHT = 1190, 640
ROLES: Mapping[str, str] = {
    "attention": "weight",
    "recurrent": "net_rnn",
    "convolutional": "state_h",
    "restricted": "net_lstm",
}
RUN_ROLES: Mapping[str, str] = {
    "rnn": "net_rnn",
    "full": "weight",
    "fused": "minus",
    "windowed": "net_lstm",
    "linear": "plus",
}
_DASHES = {"convolutional": "dot", "restricted": "dash", "fused": "dash", "windowed": "dash"}
_SYMBOLS: dict[str, str] = {
    **{"attention": "square", "full": "square", "recurrent": "circle", "rnn": "circle"},
    **{"convolutional": "triangle-up", "restricted": "diamond", "windowed": "diamond"},
    **{"fused": "square-open", "linear": "triangle-down"},
}
ORDERS: dict[tuple[Layer, Measure], str] = {
    ("attention", "operations"): "n² · d",
    ("recurrent", "operations"): "n · d²",
    ("convolutional", "operations"): "k · n · d²",
    ("restricted", "operations"): "r · n · d",
    **{(layer, "steps"): "n" if layer == "recurrent" else "1" for layer in LAYERS},
    ("attention", "path"): "1",
    ("recurrent", "path"): "n",
    ("convolutional", "path"): "logₖ n",
    ("restricted", "path"): "n / r",
}
_TABLE = Box(236, 34, 950, 184)  # the cells; the layers' names stand at its left
_TOP, _TALL, _WIDE = 296, 272, 226  # of the three planes, where no curve's name needs more
_LEFTS = (52, 452, 860)
_NAME = 15  # size of type of the curves' names


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What is compared. lengths: (length,) of the curves; row, column: the chosen cell."""

    sizes: LayerSizes
    lengths: tuple[int, ...]
    timings: Timings
    row: int
    column: int

    @property
    def layer(self) -> Layer:
        """Whose cell is chosen."""
        return LAYERS[self.row]

    @property
    def measure(self) -> Measure:
        """Which of its costs."""
        return MEASURES[self.column]

    def counted(self, layer: Layer) -> Floats:
        """(length,): operations of a layer at every length."""
        one = self.sizes
        return np.array(
            [operations(layer, LayerSizes(n, one.d, one.k, one.r)) for n in self.lengths],
            np.float64,
        )


@kept
def costs(drawn: Costs, style: Style) -> Figure:
    """The table above, the curves below.

    labels: layer.<layer>, run.<run>, operations, steps, path, counted, timed, kept, axis.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _table(board, drawn, style)
    at, timings = drawn.sizes.n, drawn.timings
    lines: Mapping[str, Floats] = {name: drawn.counted(name) for name in LAYERS}
    names: Mapping[str, str] = {name: style.labels[f"short.{name}"] for name in LAYERS}
    _plane(board, 0, drawn.lengths, lines, names, at, style)
    if drawn.lengths[0] <= drawn.sizes.d <= drawn.lengths[-1]:
        one = drawn.sizes
        crossed = operations("recurrent", LayerSizes(one.d, one.d, one.k, one.r))
        _crossing(board, _space(0, drawn.lengths, lines, style), one.d, crossed, "n = d", style)
    names = {name: style.labels[f"run.{name}"] for name in RUNS}
    for place, part in ((1, "seconds"), (2, "bytes")):
        lines = {name: getattr(timings.curves[name], part) for name in RUNS}
        _plane(board, place, timings.lengths, lines, names, at, style)
        length = timings.crossing("full", "rnn")
        if part == "seconds" and length is not None:
            here = np.interp(np.log(length), np.log(timings.lengths), np.log(lines["rnn"]))
            word = "n ≈ " + style.notation.grouped(round(length))
            _crossing(
                board, _space(1, timings.lengths, lines, style), length, np.exp(here), word, style
            )
    return board.figure()


def _table(board: Board, drawn: Costs, style: Style) -> None:
    """Four layers down, three costs across: how each grows, and what it comes to."""
    shape = len(LAYERS), len(MEASURES)
    for column, measure in enumerate(MEASURES):
        box = _TABLE.column(column, shape[1])
        board.text(box.x + 18, 16, f"<b>{style.labels[measure]}</b>", size=17,
                   anchor="middle right")  # fmt: skip
    for row, layer in enumerate(LAYERS):
        line, colour = _TABLE.row(row, shape[0]), style.colour(ROLES[layer])
        middle = line.y + line.height / 2
        board.line([0, _TABLE.right], [line.y, line.y], board.theme.grid, 1.5)
        board.line([14], [middle], colour, 0, symbol=_SYMBOLS[layer], size=12)
        board.text(30, middle, f"<b>{style.labels[f'layer.{layer}']}</b>", size=17, colour=colour,
                   anchor="middle right", room=_TABLE.x - 20)  # fmt: skip
        for column, measure in enumerate(MEASURES):
            cell = _TABLE.cell(row, column, shape)
            board.note(cell.x + 18, middle, f"O({ORDERS[layer, measure]})", size=17)
            number = style.notation.grouped(count(layer, measure, drawn.sizes))
            board.text(cell.x + 136, middle, f"<b>{number}</b>", size=18, anchor="middle right")
    board.frame(_TABLE.cell(drawn.row, drawn.column, shape).grown(-3, -3), board.theme.ink, 2.5)
    _answers(board, shape)


def _answers(board: Board, shape: tuple[int, int]) -> None:
    """Points along every cell that choose it; the chosen one's middle carries the frame."""
    side, parts = _TABLE.height / shape[0] * 0.92, 7
    places = [(row, column) for row in range(shape[0]) for column in range(shape[1])]
    boxes = [_TABLE.cell(*place, shape) for place in places]
    x = [box.x + box.width * (part + 0.5) / parts for box in boxes for part in range(parts)]
    y = [box.y + box.height / 2 for box in boxes for _ in range(parts)]
    ids = [[*place] for place in places for _ in range(parts)]
    board.clicks(np.array(x), np.array(y), ids, side)


def _space(place: int, lengths: Sequence[int], lines: Mapping[str, Floats], style: Style) -> Plane:
    """Logarithmic axes with room around the curves, and behind them for the longest name."""
    names = [f"short.{name}" for name in LAYERS] + [f"run.{name}" for name in RUNS]
    longest = max(drawn_width(style.labels[name], _NAME) for name in names)
    wide = min(_WIDE, WIDTH - _LEFTS[-1] - 8 + NEAR - longest)
    values = np.log10(np.concatenate([np.maximum(part, 1e-9) for part in lines.values()]))
    room = 0.05 * (values.max() - values.min())
    ends = np.log10((lengths[0], lengths[-1]))
    return Plane(Box(_LEFTS[place], _TOP, wide, _TALL), (ends[0] - 0.06, ends[1] + 0.06),
                 (values.min() - room, values.max() + room), x_log=True, y_log=True)  # fmt: skip


def _plane(
    board: Board,
    place: int,
    lengths: Sequence[int],
    lines: Mapping[str, Floats],
    names: Mapping[str, str],
    at: int,
    style: Style,
) -> None:
    """Curves by length, each with its name at its end; the chosen length upright."""
    plane = _space(place, lengths, lines, style)
    title = style.labels[("counted", "timed", "kept")[place]]
    board.text(plane.box.x - 44, _TOP - 28, f"<b>{title}</b>", size=16, anchor="middle right")
    plane.draw(board, _ticks(plane, place, style))
    if lengths[0] <= at <= lengths[-1]:
        plane.upright(board, at, 1.5)
    roles: Mapping[str, str] = {**ROLES, **RUN_ROLES}
    for name, values in lines.items():
        look = {"dash": _DASHES.get(name, "solid"), "symbol": _SYMBOLS[name], "size": 7}
        plane.curve(board, np.array(lengths), values, style.colour(roles[name]), 2.5, **look)
    ends = sorted((float(plane.up(values[-1:])[0]), name) for name, values in lines.items())
    heights = parted([y for y, _ in ends], 18)
    over = max(heights[-1] - plane.box.bottom, 0)
    for y, (_, name) in zip(heights, ends, strict=True):
        board.text(plane.box.right + 8, y - over, names[name], size=_NAME,
                   colour=style.colour(roles[name]), anchor="middle right")  # fmt: skip
    shown = [n for n in lengths if np.log2(n / lengths[0]) % 2 == 0 or n == at]
    shown = [n for n in shown if n == at or at not in (2 * n, n // 2)]
    plane.numbers(board, shown, at, write=style.notation.grouped)
    plane.name_x(board, style.labels["axis"])


def _ticks(plane: Plane, place: int, style: Style) -> list[tuple[float, str]]:
    """Powers of ten; of seconds and bytes in their units."""
    if place == 0:
        return power_ticks(*plane.y, style.notation)
    write = duration if place == 1 else size
    exponents = range(int(np.ceil(plane.y[0])), int(np.floor(plane.y[1])) + 1)
    return [(10.0**one, write(10.0**one, style.notation, 1)) for one in exponents]


def _crossing(board: Board, plane: Plane, n: float, value: float, word: str, style: Style) -> None:
    """A ring where self-attention and the recurrent layer cost the same."""
    x, y = float(plane.across([n])[0]), float(plane.up([value])[0])
    board.line([x], [y], style.theme.ink, 0, symbol="circle-open", size=17)
    board.text(x - 13, y - 13, word, size=15, anchor="middle left")
