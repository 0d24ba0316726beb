"""Where the maps of a recurrent layer stand, and which colours they have."""

from __future__ import annotations

from dataclasses import dataclass

from models.trace import Floats
from viz.board.axes import text_width
from viz.board.board import Board, Box, Shading, symmetric
from viz.board.notation import shortened
from viz.board.style import Style
from viz.board.theme import Theme, opening
from viz.lstm.step import GATES, Reading

WIDTH, HEIGHT = 940, 648
LEFT, _RIGHT = 134, 62  # room for names, and for scales
_LEVEL, _SLANTED = 40, 92  # room above for words that stand level, or slanted
TALL, _AIR = 28, 17  # the chosen unit's row, and what is free below it
_ALONE = 520  # the most that the rows of an RNN's one map take
_OVERVIEW = 58  # room below for the whole of a long text
_LONGEST = 14
_SMALLEST, _LARGEST = 15.0, 22.0  # type of words


# A GRU's parts have the colours of those that do the same in an LSTM: z keeps as f does, n is the
# candidate, r says how much of the state is read, as o does.
_ALIKE = {"z": "f", "n": "g", "r": "o"}


def identity(theme: Theme, part: str) -> str:
    """The colour that marks f, i, g, o, c, h, or a GRU's r, z or n."""
    same = _ALIKE.get(part, part)
    return str(getattr(theme, ("state_" if same in "ch" else "gate_") + same))


def shading(theme: Theme, part: str, values: Floats) -> Shading:
    """0–1 for gates; −1…1 for g, n and h; for c the largest of the whole text on both sides."""
    if part in GATES:
        return Shading(opening(theme, _ALIKE.get(part, part)), 0.0, 1.0)
    if part == "c":
        return symmetric(values, theme.scores)
    return Shading(theme.scores, -1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Maps:
    """Where everything stands. rows: of all units, a box a part; tall: the chosen unit's."""

    board: Board
    reading: Reading
    style: Style
    rows: dict[str, Box]
    tall: dict[str, Box]
    level: float

    @property
    def first(self) -> int:
        """The first place that is shown."""
        return self.reading.window[0]

    @property
    def columns(self) -> int:
        """How many places are shown."""
        return self.reading.window[1] - self.first

    @property
    def parted(self) -> bool:
        """Whether the text is longer than what is shown of it."""
        return self.columns < self.reading.shape[0]

    @property
    def pitch(self) -> float:
        """How wide a place's column is."""
        return next(iter(self.rows.values())).width / self.columns

    def x(self, at: int) -> float:
        """The middle of a place's column."""
        return LEFT + (at - self.first + 0.5) * self.pitch


def laid_out(board: Board, reading: Reading, style: Style) -> Maps:
    """Six maps below each other (an RNN: one), below their words."""
    first, end = reading.window
    wide = board.width - LEFT - _RIGHT
    level = _level(reading, wide / (end - first))
    top = _LEVEL if level else _SLANTED
    foot = _OVERVIEW if end - first < reading.shape[0] else 4
    pitch = (board.height - top - foot) / len(reading.parts)
    rows, tall = {}, {}
    for place, part in enumerate(reading.parts):
        y = top + place * pitch
        high = min(pitch - TALL - 3 - _AIR, _ALONE)
        rows[part] = Box(LEFT, y, wide, high)
        tall[part] = Box(LEFT, y + high + 3, wide, TALL)
    return Maps(board, reading, style, rows, tall, level)


def _level(reading: Reading, pitch: float) -> float:
    """Type size at which all shown words stand level in their columns; 0: there is none."""
    first, end = reading.window
    widest = max(text_width(name_of(reading, i), 1) for i in range(first, end))
    size = min(_LARGEST, 0.94 * pitch / max(widest, 0.5))
    return size if size >= _SMALLEST else 0.0


def name_of(reading: Reading, at: int) -> str:
    """A word, with a star where the model does not know it."""
    return shortened(reading.words[at], _LONGEST) + ("*" if at in reading.unknown else "")


def overview_box(maps: Maps) -> Box:
    """The row of the whole text."""
    return Box(LEFT, maps.board.height - 26, maps.board.width - LEFT - _RIGHT, 22)
