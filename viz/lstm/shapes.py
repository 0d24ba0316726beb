"""Shapes of tasks side by side, and one of them unrolled along time with a model's numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.lstm.shapes import SHAPES, Unrolled
from models.trace import Floats
from viz.board.axes import inside
from viz.board.board import Board, Box
from viz.board.box import text_width
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.sentence import percent_words
from viz.board.style import Style
from viz.lstm.shape_arrows import Arrows
from viz.lstm.shape_cards import CARD_HEIGHT, cards
from viz.lstm.step import around
from viz.lstm.unit_raster import rasters

WIDTH, HEIGHT = 1120, 628
MOST, WINDOW = 15, 13  # columns; of more a window around the step
_LEFT, _RIGHT, _WIDEST = 116, 12, 148.0  # room for the rows' names; a column at most
_OUT, _OUT_HIGH = CARD_HEIGHT + 30, 66
_CELLS, _CELLS_HIGH, _NUMBER = _OUT + 112, 152, 26  # the last: below a cell's colours
_IN, _IN_HIGH = _CELLS + _CELLS_HIGH + 44, 36
_BOX = 7 / 9  # of a column's width
_VECTOR = 74  # the width of a vector
_FAINT = 0.03  # a weight below which no ribbon is drawn
_RIBBON = 11  # pixels of a weight of 1


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is shown of a shape: one step, and one unit of each state. IndexError: no such step.

    said: what each answer reads, a word or a tag in the page's language; short: the same in a box,
    where a comma begins another line.
    """

    found: Unrolled
    step: int
    unit: int
    said: tuple[str, ...]
    short: tuple[str, ...]

    def __post_init__(self) -> None:
        inside(IndexError, ("step", self.step, self.found.steps))

    @property
    def window(self) -> tuple[int, int]:
        """(first, end) of the columns that are shown."""
        return around(self.step, self.found.steps, MOST, WINDOW)

    @property
    def answer(self) -> int | None:
        """The answer of the chosen step, None: it has none."""
        return self.found.answer(self.step)

    def value(self, state: Floats) -> float:
        """The chosen unit's number in a state (unit,)."""
        return float(state[self.unit % len(state)])

    def share(self, answer: int) -> float:
        """The probability of what an answer says."""
        return self.found.probability(answer, self.found.answers[answer])


@kept
def shapes(seen: Seen, style: Style) -> go.Figure:
    """All shapes as small pictures above, the chosen one with its words and numbers below.

    Points in the trace named `viz.board.board.CELLS` carry (0, a shape's place) or (1, a step).
    style.labels: of shape_cards; output, state, input, vector (n), unit (n), unit_colours, ribbons,
    percent.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    chosen = SHAPES.index(seen.found.shape)
    clicks = cards(board, Box(0, 0, WIDTH, CARD_HEIGHT), chosen, style)
    drawing = _Drawing(board, Arrows(board), seen, style)
    drawing.draw()
    columns = [(drawing.x(at), _CELLS + _CELLS_HIGH / 2, at) for at in range(*seen.window)]
    xs, ys = ([*(c[i] for c in clicks), *(c[i] for c in columns)] for i in (0, 1))
    ids = [*([0, place] for place in range(len(clicks))), *([1, at] for _, _, at in columns)]
    said = [style.labels[shape] for shape in SHAPES]
    said += [for_html(shortened(seen.found.inputs[at], 40)) for _, _, at in columns]
    wide = [150.0] * len(clicks) + [min(drawing.pitch, 90.0)] * len(columns)
    board.clicks(np.array(xs, np.float32), np.array(ys, np.float32), ids, wide, said)
    return board.figure()


@dataclass(frozen=True, slots=True)
class _Drawing:
    board: Board
    arrows: Arrows
    seen: Seen
    style: Style

    @property
    def left(self) -> float:
        """Where the first column begins."""
        alone = self.seen.found.vector is not None and not self.seen.found.encoded
        first, end = self.seen.window
        start = _LEFT + (_VECTOR + 40 if alone else 0)
        return start + (WIDTH - _RIGHT - start - self.pitch_in(start) * (end - first)) / 2

    def pitch_in(self, start: float) -> float:
        """A column's width where so much is taken at the left."""
        first, end = self.seen.window
        return min((WIDTH - _RIGHT - start) / (end - first), _WIDEST)

    @property
    def pitch(self) -> float:
        """A column's width."""
        alone = self.seen.found.vector is not None and not self.seen.found.encoded
        return self.pitch_in(_LEFT + (_VECTOR + 40 if alone else 0))

    def x(self, at: int) -> float:
        """The middle of a step's column."""
        return self.left + (at - self.seen.window[0] + 0.5) * self.pitch

    def box(self, at: int, y: float, high: float) -> Box:
        """A box of a step's column."""
        wide = self.pitch * _BOX
        return Box(self.x(at) - wide / 2, y, wide, high)

    def cell(self, at: int, layer: int) -> Box:
        """The cell of a layer, counted from the lowest."""
        count = len(self.seen.found.states(at))
        high = (_CELLS_HIGH - 24 * (count - 1)) / count
        return self.box(at, _CELLS + (count - 1 - layer) * (high + 24), high)

    def draw(self) -> None:
        """Rows' names, then every column, then what runs between them."""
        theme, labels, found = self.style.theme, self.style.labels, self.seen.found
        rows = (("output", _OUT + _OUT_HIGH / 2, theme.output),
                ("state", _CELLS + _CELLS_HIGH / 2, theme.state_h),
                ("input", _IN + _IN_HIGH / 2, theme.muted))  # fmt: skip
        for name, y, colour in rows:
            self.board.text(0, y, labels[name], size=17, colour=colour, anchor="middle right")
        self.attention()
        for at in range(*self.seen.window):
            self.column(at)
        self.between()
        if found.vector is not None and not found.encoded:
            self.vector(found.vector)
        self.arrows.draw()
        told = labels["unit"].format(n=self.seen.unit)
        notes = [told, labels["unit_colours"], *[labels["ribbons"]] * (found.weights is not None)]
        self.board.note(_LEFT, HEIGHT - 14, " · ".join(notes), size=16)

    def column(self, at: int) -> None:
        """What a step reads, its state in every layer, its answer."""
        board, theme, seen = self.board, self.style.theme, self.seen
        chosen = at == seen.step
        ink = theme.ink if chosen else theme.muted
        read = self.box(at, _IN, _IN_HIGH)
        board.fill(read, theme.soft)
        self.word(read, seen.found.inputs[at] + " *" * (at in seen.found.unknown), ink, chosen, 18)
        states = seen.found.states(at)
        self.arrows.up(self.x(at), read.y, self.cell(at, 0).bottom, theme.hatch)
        for layer, state in enumerate(states):
            box = self.cell(at, layer)
            colours = Box(box.x, box.y, box.width, box.height - _NUMBER)
            rasters(board, [state], [colours], theme)
            board.frame(box, theme.ink if chosen else theme.state_h, 4 if chosen else 2)
            number = bold(self.style.notation.fixed(seen.value(state)), chosen)
            board.text(self.x(at), box.bottom - _NUMBER / 2, number,
                       size=min(17.0, self.pitch * 0.25), colour=ink)  # fmt: skip
            if layer:
                self.arrows.up(self.x(at), self.cell(at, layer - 1).y, box.bottom, theme.hatch)
        self.out(at, chosen)

    def out(self, at: int, chosen: bool) -> None:
        """The answer with its probability; where none is read, an empty place."""
        theme, found = self.style.theme, self.seen.found
        answer, box = found.answer(at), self.box(at, _OUT, _OUT_HIGH)
        top = self.cell(at, len(found.states(at)) - 1).y
        if answer is None:
            if not found.encoded:
                self.board.frame(box, theme.hatch, 1, "dot")
            return
        self.arrows.up(self.x(at), top, box.bottom, theme.output)
        self.board.frame(box, theme.output, 4 if chosen else 2)
        ink = theme.ink if chosen else theme.muted
        parts = self.seen.short[answer].split(", ")
        for row, part in enumerate(parts):
            upper = Box(box.x, box.y + 4 + 19 * row, box.width, 32 / len(parts) + 4)
            self.word(upper, part, ink, not row, 19.0 if len(parts) == 1 else 16.0)
        share = percent_words(self.style, self.seen.share(answer))
        self.board.text(self.x(at), box.bottom - 15, share, size=min(16.0, self.pitch * 0.22),
                        colour=ink)  # fmt: skip

    def word(self, box: Box, word: str, ink: str, heavy: bool, size: float) -> None:
        """A word as large as its box allows."""
        name = shortened(word, 14)
        level = min(size, 0.94 * box.width / max(text_width(name, 1), 1e-9))
        self.board.text(box.x + box.width / 2, box.y + box.height / 2, bold(for_html(name), heavy),
                        size=level, colour=ink)  # fmt: skip

    def between(self) -> None:
        """States from step to step; from the end, too, where a layer reads back; words fed back."""
        theme, found = self.style.theme, self.seen.found
        first, end = self.seen.window
        for at in range(first, end - 1):
            here, there = self.cell(at, 0), self.cell(at + 1, 0)
            joint = found.encoded and at + 1 == found.encoded
            colour = theme.gold if joint else theme.state_h
            for layer in range(min(len(found.states(at)), len(found.states(at + 1)))):
                box = self.cell(at, layer)
                y = box.y + box.height / 2
                both = bool(found.layers and found.layers[layer].backward)
                both = both and (not found.encoded or at + 1 < found.encoded)
                self.arrows.right(here.right, there.x, y - 12 * both, colour)
                if both:
                    self.arrows.left(there.x, here.right, y + 12, colour)
            if found.decoder is not None and at >= found.encoded:
                self.fed(at)

    def fed(self, at: int) -> None:
        """A written word, read at the next step."""
        out, read = self.box(at, _OUT, _OUT_HIGH), self.box(at + 1, _IN, _IN_HIGH)
        x, y = (out.right + read.x) / 2, read.y + read.height / 2
        middle = out.y + out.height / 2
        self.arrows.dashed([(out.right, middle), (x, middle), (x, y), (read.x, y)])

    def vector(self, values: Floats) -> None:
        """The vector that the decoder was given: into its first state, and into every answer."""
        theme, board = self.style.theme, self.board
        box = Box(self.left - _VECTOR - 40, _CELLS, _VECTOR, _CELLS_HIGH)
        rasters(board, [values], [box], theme)
        board.frame(box, theme.gold, 4)
        told = self.style.labels["vector"].format(n=len(values))
        board.text(box.x + box.width / 2, box.bottom + 20, told, size=16, colour=theme.gold)
        if self.seen.window[0] == 0:
            self.arrows.right(box.right, self.cell(0, 0).x, box.y + box.height / 2, theme.gold)
        rail, shift = _OUT + _OUT_HIGH + 32, min(16.0, self.pitch * 0.2)
        places = [self.x(at) - shift for at in range(*self.seen.window)]
        board.line([box.x + box.width / 2] * 2 + [places[-1]], [box.y, rail, rail], theme.gold, 2)
        for x in places:
            self.arrows.up(x, rail, _OUT + _OUT_HIGH, theme.gold)

    def attention(self) -> None:
        """From the source's states to the chosen answer, as wide as the weights."""
        found, answer = self.seen.found, self.seen.answer
        if found.weights is None or answer is None:
            return
        end = (self.x(self.seen.step) - 10, float(_OUT + _OUT_HIGH))
        for source, weight in enumerate(found.weights[answer].tolist()):
            if weight >= _FAINT and self.seen.window[0] <= source < self.seen.window[1]:
                start = (self.x(source), float(_CELLS))
                width = max(_RIBBON * weight, 1.5)
                self.board.curves([(start, end)], self.style.theme.weight, width, down=True)
