"""One word in several sentences: how alike its vectors are, and what was measured by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import plotly.graph_objects as go

from models.bert.trace import Occurrences
from models.trace import Floats
from viz.board.axes import every_cell, text_width
from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.panel import Clicks, Marks, Panel, Texts, draw, mark, written
from viz.board.plane import Plane, share_ticks
from viz.board.style import Style

WIDTH, HEIGHT = 1110, 700
LAYERS_WIDTH, LAYERS_HEIGHT = 690, 200
_TOP, _FOOT = 44, 46
_SENTENCE = 34  # characters of a sentence around its word


@dataclass(frozen=True, slots=True, eq=False)
class Senses:
    """What is compared. senses: of each occurrence, as it is named; "" where nobody told.

    order: the occurrences from top to bottom; chosen: two of them (row, column), as numbers of
    `found.found`. nearest: of each, the most similar one of another sentence.
    """

    found: Occurrences
    senses: tuple[str, ...]
    order: tuple[int, ...]
    layer: int
    chosen: tuple[int, int]
    nearest: tuple[int | None, ...]

    @property
    def right(self) -> tuple[int, int]:
        """How many have their sense in common with the nearest, of how many that can be told."""
        pairs = zip(self.senses, self.nearest, strict=True)
        told = [(own, self.senses[n]) for own, n in pairs if own and n is not None]
        near = [own == other for own, other in told if other]
        return sum(near), len(near)


def in_order(senses: Sequence[str]) -> tuple[int, ...]:
    """Occurrences of one sense together, in the order in which the senses come; "" last."""
    named = [sense for sense in dict.fromkeys(senses) if sense]
    return tuple(sorted(range(len(senses)), key=lambda i: [*named, ""].index(senses[i])))


def snippet(found: Occurrences, number: int) -> str:
    """The sentence around an occurrence as HTML, the word bold and unknown pieces starred."""
    one = found.found[number]
    reading = found.sentences[one.sentence]
    at = _offset(reading.text, reading.typed, reading.special, one.start)
    long = sum(len(reading.typed[i].removeprefix("##")) for i in range(one.start, one.stop))
    before, word = reading.text[:at], reading.text[at : at + long]
    after = reading.text[at + long :]
    room = max(_SENTENCE - long, 4)
    left = before if len(before) <= room * 0.6 else "…" + before[-int(room * 0.6) :]
    right = shortened(after, max(room - len(left), 6))
    star = "*" if any(reading.unknown) else ""
    parts = [for_html(part) if part else "" for part in (left, right)]
    return f"{parts[0]}<b>{for_html(word)}</b>{parts[1]}{star}"


def _offset(text: str, typed: Sequence[str], special: Sequence[bool], start: int) -> int:
    """Where a piece begins in its text."""
    at = 0
    for place in range(start + 1):
        piece = typed[place].removeprefix("##")
        here = -1 if special[place] else text.find(piece, at)
        if here >= 0:
            at = here if place == start else here + len(piece)
    return at


@kept
def cosines(seen: Senses, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """A heat map −1 … 1 of every pair, those of one sense framed together.

    Points in the trace named `viz.board.board.CELLS` carry [row's occurrence, column's occurrence].
    style.labels: cosine, unknown_sense.
    """
    board = Board(WIDTH, height, style.theme)
    n = len(seen.order)
    side = min(height - _TOP - _FOOT, 44.0 * n)
    box = Box(WIDTH - side - 10, _TOP, side, side)
    values = seen.found.cosines(seen.layer)[np.ix_(seen.order, seen.order)].astype(np.float32)
    shade = Shading(style.theme.scores, -1.0, 1.0)
    ids = [[a, b] for a in seen.order for b in seen.order]
    panel = Panel(
        values,
        shade,
        gap=side / n > 14,
        texts=_numbers(values, shade, side / n, style),
        clicks=Clicks(every_cell((n, n)), ids),
    )
    draw(board, box, panel)
    _rows(board, seen, box, style)
    _columns(board, seen, box)
    _blocks(board, seen, box)
    _nearest(board, seen, box)
    row, column = (seen.order.index(i) for i in seen.chosen)
    mark(board, box, (n, n), Marks(row, column, tiny=None))
    bar = Box(min(box.x + side / 2 - 130, WIDTH - 260 - 16), box.bottom + 12, 260, 12)
    ticks = [(v, style.notation.fixed(v, 0)) for v in (-1.0, 0.0, 1.0)]
    board.scale_bar(bar, shade, ticks)
    return board.figure()


def _rows(board: Board, seen: Senses, box: Box, style: Style) -> None:
    """The sentences, and the name of every sense beside its first."""
    n, theme = len(seen.order), board.theme
    size = min(18.0, box.height / n * 0.6)
    last = None
    for row, number in enumerate(seen.order):
        y = box.y + (row + 0.5) * box.height / n
        ink = theme.q if number == seen.chosen[0] else theme.ink
        word = f"{snippet(seen.found, number)}  <b>{row + 1}</b>"
        board.text(box.x - 10, y, word, size=size, colour=ink, anchor="middle left")
        sense = seen.senses[number] or style.labels["unknown_sense"]
        if sense != last:
            x, name = max(4.0, box.x - 480), f"<b>{for_html(sense)}</b>"
            board.note(x, y, name, size=min(17.0, size + 1))
        last = sense


def _columns(board: Board, seen: Senses, box: Box) -> None:
    n, theme = len(seen.order), board.theme
    for column, number in enumerate(seen.order):
        x, chosen = box.x + (column + 0.5) * box.width / n, number == seen.chosen[1]
        ink = theme.k if chosen else theme.muted
        board.text(x, box.y - 14, bold(str(column + 1), chosen), size=16, colour=ink)


def _blocks(board: Board, seen: Senses, box: Box) -> None:
    """A frame around the pairs of one sense."""
    n, start = len(seen.order), 0
    for name, same in groupby(seen.senses[number] for number in seen.order):
        stop = start + len(list(same))
        first, last = box.cell(start, start, (n, n)), box.cell(stop - 1, stop - 1, (n, n))
        inside = Box(first.x, first.y, last.right - first.x, last.bottom - first.y)
        if name:
            board.frame(inside, board.theme.ink, 1.5)
        start = stop


def _nearest(board: Board, seen: Senses, box: Box) -> None:
    """A ring in every row around the most similar occurrence of another sentence."""
    n = len(seen.order)
    for row, number in enumerate(seen.order):
        best = seen.nearest[number]
        if best is not None:
            cell = box.cell(row, seen.order.index(best), (n, n))
            board.frame(cell.grown(-3, -3), board.theme.good, 2.5)


def _numbers(values: Floats, shade: Shading, pitch: float, style: Style) -> Texts | None:
    """(row, column) cosines in cells of `pitch` pixels; None: they have no room."""
    if pitch < 34:
        return None
    return written(values, shade, min(17.0, pitch * 0.4), style.notation.fixed)


@kept
def by_layer(curves: Mapping[str, Sequence[float]], style: Style, *, layer: int) -> go.Figure:
    """Shares by layer, 0 to 1: a line a model, with its numbers; layer 0 is the input.

    style.labels: layer_axis, share_axis.
    """
    board = Board(LAYERS_WIDTH, LAYERS_HEIGHT, style.theme)
    theme, notation = style.theme, style.notation
    box = Box(54, 22, LAYERS_WIDTH - 54 - 210, LAYERS_HEIGHT - 22 - 56)
    count = max(len(values) for values in curves.values())
    Plane(box, (0, 1), (0, 1)).grid(board, share_ticks(notation), size=15)
    inside = Box(box.x + 34, box.y, box.width - 44, box.height)
    step = inside.width / max(count - 1, 1)
    if layer < count:
        x = inside.x + layer * step
        board.upright(x, (box.y, box.bottom), theme.ink, 1.5, dash="dot")
    for at in range(count):
        board.text(inside.x + at * step, box.bottom + 16, str(at), size=16)
    board.tick(box.x + box.width / 2, box.bottom + 40, style.labels["layer_axis"], False, size=15)
    ends: list[float] = []
    looks = ((theme.ink, "solid", "circle"), (theme.hatch, "dash", "diamond"))
    for (name, values), (colour, dash, symbol) in zip(curves.items(), looks, strict=False):
        xs = [inside.x + at * step for at in range(len(values))]
        ys = [box.bottom - value * box.height for value in values]
        board.line(xs, ys, colour, 2.5, dash=dash, symbol=symbol)
        off, ink = (-15, theme.ink) if colour == theme.ink else (16, theme.muted)
        for x, y, value in zip(xs, ys, values, strict=True):
            board.text(x, y + off, notation.fixed(value), size=15, colour=ink)
        y = ys[-1]
        while any(abs(y - other) < 22 for other in ends):
            y += 22
        ends.append(y)
        word = for_html(shortened(name, int(195 / text_width("m", 1) / 16 * 1.1)))
        board.text(xs[-1] + 24, y, word, size=16, colour=ink, anchor="middle right")
    return board.figure()
