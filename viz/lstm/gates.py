"""A recurrent layer's gates and states over the words: all units thin, the chosen one tall."""

from __future__ import annotations

import plotly.graph_objects as go

from viz.board.axes import text_width
from viz.board.board import Board, Box, Shading, number_inks
from viz.board.kept import kept
from viz.board.notation import bold, for_html
from viz.board.panel import Panel, draw, strip, upright_bar
from viz.board.style import Style
from viz.board.theme import rgb
from viz.lstm.gates_clicks import clicks
from viz.lstm.gates_layout import (
    HEIGHT,
    LEFT,
    WIDTH,
    Maps,
    identity,
    laid_out,
    name_of,
    overview_box,
    shading,
)
from viz.lstm.step import Reading

__all__ = ["HEIGHT", "WIDTH", "gate_maps", "gate_step"]


@kept
def gate_maps(reading: Reading, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Heat maps step → × unit ↓ of f, i, g, c, o, h (an RNN: h): what is the same at every step.

    Gates are drawn on a scale from 0 to 1 in their own colour, the others on the diverging one
    centred at 0. Points in the trace named `viz.board.board.CELLS` carry [step, unit]. A text
    longer than step.MOST words is shown through a window, and as a whole in one row below.
    style.labels: unit (n), part.f … part.h, whole.
    """
    maps = laid_out(Board(WIDTH, height, style.theme), reading, style)
    for part in reading.parts:
        _map(maps, part)
    _whole(maps)
    clicks(maps)
    return maps.board.figure()


@kept
def gate_step(reading: Reading, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """What changes with the step, to lie on top of `gate_maps`.

    Words, numbers of the chosen unit, one frame around the step; what the units have not read yet
    is faded. style.labels: none.
    """
    maps = laid_out(Board(WIDTH, height, style.theme), reading, style)
    _words(maps)
    for part in reading.parts:
        _numbers(maps, part)
    _unread(maps)
    # One frame from the word through all maps.
    top = 2 if maps.level else maps.rows[reading.parts[0]].y - 3
    x, bottom = LEFT + (reading.step - maps.first) * maps.pitch, maps.tall[reading.parts[-1]].bottom
    maps.board.frame(Box(x, top, maps.pitch, bottom + 3 - top), style.theme.ink, 3)
    _place(maps)
    return maps.board.figure()


def _words(maps: Maps) -> None:
    board, reading, theme = maps.board, maps.reading, maps.style.theme
    top = next(iter(maps.rows.values())).y
    for at in range(*reading.window):
        word = for_html(name_of(reading, at))
        word = f"<i>{word}</i>" if at in reading.unknown else word
        x, now = maps.x(at), at == reading.step
        ink = theme.ink if _is_read(reading, at) else theme.muted
        if not maps.level:
            board.slanted(x - 8, top - 6, bold(word, now), size=17, colour=ink)
            continue
        if now:
            board.fill(Box(x - maps.pitch / 2, 2, maps.pitch, top - 6), ink)
            ink = theme.page
        board.text(x, (top - 4) / 2 + 1, bold(word, now), size=maps.level, colour=ink)


def _is_read(reading: Reading, at: int) -> bool:
    return at >= reading.step if reading.backwards else at <= reading.step


def _map(maps: Maps, part: str) -> None:
    board, reading, theme = maps.board, maps.reading, maps.style.theme
    values = reading.values(part)
    shade = shading(theme, part, values)
    shown = values[slice(*reading.window)]
    box, tall = maps.rows[part], maps.tall[part]
    thin = box.height / reading.shape[1] < 4
    strip(board, box, shown[:, list(reading.order)].T, shade, gap=0 if thin else 1)
    draw(board, tall, Panel(shown[:, reading.unit][None, :], shade, gap=True))
    _names(maps, part)
    _scale(maps, part, shade)
    if reading.layer.backward:
        y = box.y + box.height * reading.forward / reading.shape[1]
        board.line([box.x, box.right], [y, y], theme.ink, 1.5)
        for sign, middle in (("→", (box.y + y) / 2), ("←", (y + box.bottom) / 2)):
            board.tick(box.x - 19, middle, sign, False)


def _numbers(maps: Maps, part: str) -> None:
    """The chosen unit's numbers on its tall row, the step's bold."""
    reading, theme = maps.reading, maps.style.theme
    values, tall = reading.values(part), maps.tall[part]
    chosen = values[:, reading.unit]
    # Veiled, every colour is near the page's.
    inks = number_inks(chosen[None, :], shading(theme, part, values))
    for at in range(*reading.window):
        text = bold(maps.style.notation.fixed(float(chosen[at])), at == reading.step)
        ink = inks[at] if _is_read(reading, at) else theme.ink
        size = min(18.0, maps.pitch * 0.36)
        maps.board.text(maps.x(at), tall.y + tall.height / 2, text, size=size, colour=ink)


def _names(maps: Maps, part: str) -> None:
    """The letter and its word at the left, an arrow at the chosen unit's thin row."""
    board, reading, labels = maps.board, maps.reading, maps.style.labels
    colour, box, tall = identity(maps.style.theme, part), maps.rows[part], maps.tall[part]
    middle = box.y + box.height / 2
    said = labels[f"part.{part}"]
    small = min(16.0, (box.x - 32) / text_width(said, 1))
    for down, word, size in ((-13, f"<b><i>{part}</i></b>", 28), (14, said, small)):
        board.text(box.x - 30, middle + down, word, size=size, colour=colour, anchor="middle left")
    y = box.y + box.height * (list(reading.order).index(reading.unit) + 0.5) / reading.shape[1]
    board.text(box.x - 2, y, "▶", size=13, anchor="middle left")
    name = labels["unit"].format(n=reading.unit)
    board.note(box.x - 8, tall.y + tall.height / 2, name, anchor="middle left")


def _scale(maps: Maps, part: str, shade: Shading) -> None:
    box = maps.rows[part]
    bar = Box(box.right + 10, box.y, 10, box.height)
    digits = 0 if float(shade.high).is_integer() else 1
    places = [(bar.y + 6, shade.high), (bar.bottom - 6, shade.low)]
    if shade.low < 0 and bar.height > 48:
        places.append((bar.y + bar.height / 2, 0.0))
    write = maps.style.notation.fixed
    ticks = [(y, write(v, digits if v else 0, plus=v * shade.low < 0)) for y, v in places]
    upright_bar(maps.board, bar, shade, ticks, size=14, away=5)


def _unread(maps: Maps) -> None:
    """A veil over the colours that each direction has not read yet, below the numbers."""
    reading = maps.reading
    share = reading.forward / reading.shape[1]
    for part, box in maps.rows.items():
        ahead = Box(box.x, box.y, box.width, box.height * share)
        back = Box(box.x, box.y + ahead.height, box.width, box.height - ahead.height)
        _veil(maps, ahead, backwards=False)
        _veil(maps, back, backwards=True)
        _veil(maps, maps.tall[part], backwards=reading.backwards)


def _veil(maps: Maps, box: Box, *, backwards: bool) -> None:
    place = maps.reading.step - maps.first
    left, right = box.x, box.x + place * maps.pitch
    if not backwards:
        left, right = right + maps.pitch, box.right
    if right > left and box.height > 0:
        veil = "rgba({},{},{},0.64)".format(*rgb(maps.style.theme.page))
        maps.board.fill(Box(left, box.y, right - left, box.height), veil)


def _whole(maps: Maps) -> None:
    """The chosen unit's state over all of a long text."""
    reading, theme, board = maps.reading, maps.style.theme, maps.board
    if not maps.parted:
        return
    part = "h" if reading.layer.c is None else "c"
    values, box = reading.values(part), overview_box(maps)
    strip(board, box, values[:, reading.unit], shading(theme, part, values))
    colour = identity(theme, part)
    name = f"<b><i>{part}</i></b>  {maps.style.labels['whole']}"
    y = box.y + box.height / 2
    board.text(box.x - 8, y, name, size=16, colour=colour, anchor="middle left")
    board.note(box.right + 8, y, str(reading.shape[0]), size=14)


def _place(maps: Maps) -> None:
    """The window, and the step, in the row of all of a long text."""
    if not maps.parted:
        return
    box, (first, end) = overview_box(maps), maps.reading.window
    pitch = box.width / maps.reading.shape[0]
    window = Box(box.x + first * pitch, box.y, (end - first) * pitch, box.height)
    ink = maps.style.theme.ink
    maps.board.frame(window.grown(0, 3), ink, 2)
    maps.board.frame(Box(box.x + maps.reading.step * pitch, box.y, pitch, box.height), ink, 2)
