"""What a recurrent network hands out, place by place: one unit's h in every layer and direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.lstm.returned import Returned
from viz.board.axes import inside, text_width
from viz.board.board import Board, Box, Shading, number_inks
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.panel import strip
from viz.board.style import Style
from viz.lstm.step import around

WIDTH, HEIGHT = 1120, 620
_LEFT, _RIGHT = 150, 210  # room for names, and for the last states
_WORDS, _FOOT, _ROW = 92, 44, 64  # pixels of words, of what is below, of a row at most
_NAMED = 26  # pixels below the last layer, for the name of all its states
_CELL = 86  # the width of a last state


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What is handed out for a text, with one place and one unit of each direction chosen.

    IndexError: no such step or unit.
    """

    returned: Returned
    words: Sequence[str]
    step: int
    unit: int

    def __post_init__(self) -> None:
        steps, units = self.returned.steps, self.returned.units
        inside(IndexError, ("step", self.step, steps), ("unit", self.unit, units))

    @property
    def window(self) -> tuple[int, int]:
        """(first, end) of the places that are shown."""
        return around(self.step, self.returned.steps)


@kept
def handed_out(handed: Handed, style: Style) -> go.Figure:
    """A row a layer and direction, the last layer on top; `output` and the last states framed.

    Points in the trace named `viz.board.board.CELLS` carry the step.
    style.labels: forward (n), backward (n), output, last, output_at (n).
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    drawing = _Drawing(board, handed, style)
    drawing.words()
    rows = len(handed.returned.h)
    for place in range(rows):
        drawing.row(place, rows - 1 - _paired(place, handed.returned.directions))
    drawing.frames()
    drawing.clicks()
    return board.figure()


def _paired(place: int, directions: int) -> int:
    """From the top the last layer, and in each layer the forward direction first."""
    layer, way = divmod(place, directions)
    return layer * directions + (directions - 1 - way)


@dataclass(frozen=True, slots=True)
class _Drawing:
    board: Board
    handed: Handed
    style: Style

    @property
    def pitch(self) -> float:
        first, end = self.handed.window
        return (WIDTH - _LEFT - _RIGHT) / (end - first)

    @property
    def high(self) -> float:
        """A row's height with the air below it."""
        room = HEIGHT - _WORDS - _FOOT - _NAMED
        return min(room / len(self.handed.returned.h), float(_ROW + 34))

    def x(self, at: int) -> float:
        """The middle of a place's column."""
        return _LEFT + (at - self.handed.window[0] + 0.5) * self.pitch

    def box(self, place: int) -> Box:
        """Of a row, counted from the top."""
        first, end = self.handed.window
        lower = _NAMED if place >= self.handed.returned.directions else 0
        y = _WORDS + lower + place * self.high
        return Box(_LEFT, y, self.pitch * (end - first), self.high - 24)

    def last_box(self, place: int, column: int) -> Box:
        """Of a row's last state: h in column 0, c in 1."""
        row = self.box(place)
        return Box(WIDTH - _RIGHT + 22 + column * (_CELL + 10), row.y, _CELL, row.height)

    def words(self) -> None:
        handed, theme = self.handed, self.style.theme
        names = [shortened(handed.words[at], 12) for at in range(*handed.window)]
        level = 0.94 * self.pitch / max(text_width(name, 1) for name in names)
        for at, name in zip(range(*handed.window), names, strict=True):
            now = at == handed.step
            ink, body = theme.ink if now else theme.muted, bold(for_html(name), now)
            if level >= 14:
                self.board.text(self.x(at), _WORDS - 18, body, size=min(19.0, level), colour=ink)
            else:
                self.board.slanted(self.x(at) - 8, _WORDS - 8, body, size=16, colour=ink)

    def row(self, place: int, row: int) -> None:
        """One layer's direction: the unit's h at every place, its last states at the right."""
        handed, board, theme = self.handed, self.board, self.style.theme
        found, box = handed.returned, self.box(place)
        values = found.h[row, :, handed.unit]
        shade = Shading(theme.scores, -1.0, 1.0)
        shown = values[slice(*handed.window)]
        strip(board, box, shown, shade, gap=2)
        inks = number_inks(shown[None, :], shade)
        size = min(18.0, self.pitch * 0.36)
        for at, value, ink in zip(range(*handed.window), shown.tolist(), inks, strict=True):
            said = bold(self.style.notation.fixed(value), at == found.end(row))
            board.text(self.x(at), box.y + box.height / 2, said, size=size, colour=ink)
        way = "backward" if found.backward(row) else "forward"
        name = self.style.labels[way].format(n=row // found.directions)
        ink = theme.ink if found.in_output(row) else theme.muted
        board.text(_LEFT - 12, box.y + box.height / 2, name, size=17, colour=ink,
                   anchor="middle left")  # fmt: skip
        self._last(place, row, shade)

    def _last(self, place: int, row: int, shade: Shading) -> None:
        """The row's h_n and c_n, torch's own."""
        handed, theme = self.handed, self.style.theme
        found = handed.returned
        lasts = [("state_h", found.h_n)] + ([] if found.c_n is None else [("state_c", found.c_n)])
        for column, (role, states) in enumerate(lasts):
            box, value = self.last_box(place, column), float(states[row, handed.unit])
            # c has no bounds: it is written on the page's own colour.
            ink = theme.ink
            if column == 0:
                values = np.array([[value]])
                strip(self.board, box, values[0], shade)
                ink = number_inks(values, shade)[0]
            self.board.frame(box, str(getattr(theme, role)), 3)
            said = f"<b>{self.style.notation.fixed(value)}</b>"
            self.board.text(box.x + box.width / 2, box.y + box.height / 2, said, size=18,
                            colour=ink)  # fmt: skip

    def frames(self) -> None:
        """Around all of the last layer, and where each direction has read everything."""
        found, theme, labels = self.handed.returned, self.style.theme, self.style.labels
        top, low = self.box(0), self.box(found.directions - 1)
        whole = Box(top.x, top.y, top.width, low.bottom - top.y).grown(7, 7)
        self.board.frame(whole, theme.output, 3)
        self.board.text(whole.x, low.bottom + 20, f"<b>{labels['output']}</b>", size=17,
                        colour=theme.output, anchor="middle right")  # fmt: skip
        rows, (first, end) = len(found.h), self.handed.window
        for place in range(rows):
            row = rows - 1 - _paired(place, found.directions)
            at = found.end(row)
            if first <= at < end:
                box = self.box(place)
                cell = Box(self.x(at) - self.pitch / 2, box.y, self.pitch, box.height)
                self.board.frame(cell, theme.state_h, 4)
        names = [("h_n", theme.state_h)] + ([] if found.c_n is None else [("c_n", theme.state_c)])
        for column, (name, colour) in enumerate(names):
            box = self.last_box(0, column)
            self.board.text(box.x + box.width / 2, _WORDS - 18, f"<b>{name}</b>", size=19,
                            colour=colour)  # fmt: skip
        step = self.handed.step
        here = Box(self.x(step) - self.pitch / 2, top.y - 3, self.pitch, low.bottom - top.y + 6)
        self.board.frame(here, theme.ink, 2, "dot")

    def clicks(self) -> None:
        """A click anywhere in a column chooses its place."""
        rows, places = len(self.handed.returned.h), range(*self.handed.window)
        ys = [self.box(place).y + self.box(place).height / 2 for place in range(rows)]
        xs = np.array([self.x(at) for at in places for _ in ys], np.float32)
        steps = [at for at in places for _ in ys]
        said = [for_html(shortened(self.handed.words[at], 40)) for at in steps]
        heights = np.array(ys * len(places), np.float32)
        self.board.clicks(xs, heights, [[at] for at in steps], min(self.pitch * 0.8, 44.0), said)
