"""A recurrent layer's gates and states over the words: all units thin, the chosen one tall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.axes import text_width
from viz.board import CELLS, Board, Box, Shading, number_inks, symmetric
from viz.notation import for_html, shortened
from viz.reading import GATES, Reading
from viz.scores_style import Style
from viz.theme import Theme, opening, rgb

WIDTH, HEIGHT = 940, 744
_LEFT, _RIGHT = 134, 62  # room for names, and for scales
_LEVEL, _SLANTED = 40, 92  # room above for words that stand level, or slanted
_TALL, _AIR = 28, 17  # the chosen unit's row, and what is free below it
_ALONE = 520  # the most that the rows of an RNN's one map take
_OVERVIEW = 58  # room below for the whole of a long text
_LONGEST = 14
_SMALLEST, _LARGEST = 15.0, 22.0  # type of words
_MOST_ROWS = 16  # of a map that answer clicks each for themselves


def identity(theme: Theme, part: str) -> str:
    """The colour that marks f, i, g, o, c or h."""
    return str(getattr(theme, ("state_" if part in "ch" else "gate_") + part))


def shading(theme: Theme, part: str, values: Floats) -> Shading:
    """0–1 for gates; −1…1 for g and h; for c the largest of the whole text on both sides."""
    if part in GATES:
        return Shading(opening(theme, part), 0.0, 1.0)
    if part == "c":
        return symmetric(values, theme.scores)
    return Shading(theme.scores, -1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Maps:
    """Where everything stands. rows: of all units, a box a part; tall: the chosen unit's."""

    board: Board
    reading: Reading
    style: Style
    rows: dict[str, Box]
    tall: dict[str, Box]
    level: float

    @property
    def first(self) -> int:
        return self.reading.window[0]

    @property
    def columns(self) -> int:
        return self.reading.window[1] - self.first

    @property
    def pitch(self) -> float:
        return next(iter(self.rows.values())).width / self.columns

    def x(self, at: int) -> float:
        """The middle of a place's column."""
        return _LEFT + (at - self.first + 0.5) * self.pitch


def gate_maps(reading: Reading, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Heat maps step → × unit ↓ of f, i, g, c, o, h (an RNN: h), one frame around the step.

    Gates are drawn on a scale from 0 to 1 in their own colour, the others on the diverging one
    centred at 0. What the units have not read yet is faded. Points in the trace named
    `viz.board.CELLS` carry [step, unit]. A text longer than reading.MOST words is shown through
    a window, and as a whole in one row below.
    style.labels: unit (n), part.f … part.h, whole.
    """
    board = Board(WIDTH, height, style.theme)
    maps = _laid_out(board, reading, style)
    _words(maps)
    for part in reading.parts:
        _map(maps, part)
    _unread(maps)
    _frame(maps)
    _whole(maps)
    _clicks(maps)
    return board.figure()


def _laid_out(board: Board, reading: Reading, style: Style) -> _Maps:
    first, end = reading.window
    wide = board.width - _LEFT - _RIGHT
    level = _level(reading, wide / (end - first))
    top = _LEVEL if level else _SLANTED
    foot = _OVERVIEW if end - first < reading.shape[0] else 4
    pitch = (board.height - top - foot) / len(reading.parts)
    rows, tall = {}, {}
    for place, part in enumerate(reading.parts):
        y = top + place * pitch
        high = min(pitch - _TALL - 3 - _AIR, _ALONE)
        rows[part] = Box(_LEFT, y, wide, high)
        tall[part] = Box(_LEFT, y + high + 3, wide, _TALL)
    return _Maps(board, reading, style, rows, tall, level)


def _level(reading: Reading, pitch: float) -> float:
    """Type size at which all shown words stand level in their columns; 0: there is none."""
    first, end = reading.window
    widest = max(text_width(_name(reading, i), 1) for i in range(first, end))
    size = min(_LARGEST, 0.94 * pitch / max(widest, 0.5))
    return size if size >= _SMALLEST else 0.0


def _name(reading: Reading, at: int) -> str:
    """A word, with a star where the model does not know it."""
    return shortened(reading.words[at], _LONGEST) + ("*" if at in reading.unknown else "")


def _words(maps: _Maps) -> None:
    board, reading, theme = maps.board, maps.reading, maps.style.theme
    top = next(iter(maps.rows.values())).y
    for column in range(maps.columns):
        at = maps.first + column
        word = for_html(_name(reading, at))
        word = f"<i>{word}</i>" if at in reading.unknown else word
        x = maps.x(at)
        now, read = at == reading.step, _is_read(reading, at)
        if maps.level:
            if now:
                board.fill(Box(x - maps.pitch / 2, 2, maps.pitch, top - 6), theme.ink)
            ink = theme.page if now else theme.ink if read else theme.muted
            word = f"<b>{word}</b>" if now else word
            board.text(x, (top - 4) / 2 + 1, word, size=maps.level, colour=ink)
        else:
            word = f"<b>{word}</b>" if now else word
            ink = theme.ink if read else theme.muted
            board.slanted(x - 8, top - 6, word, size=17, colour=ink)


def _is_read(reading: Reading, at: int) -> bool:
    return at >= reading.step if reading.backwards else at <= reading.step


def _map(maps: _Maps, part: str) -> None:
    board, reading, theme = maps.board, maps.reading, maps.style.theme
    values = reading.values(part)
    shade = shading(theme, part, values)
    first, end = reading.window
    shown = values[first:end]
    box, tall = maps.rows[part], maps.tall[part]
    thin = box.height / reading.shape[1] < 4
    board.matrix(shown[:, list(reading.order)].T, box, shade, gap=0 if thin else 1)
    board.frame(box, theme.grid, 1)
    chosen = shown[:, reading.unit][None, :]
    board.grid(tall)
    board.matrix(chosen, tall, shade, gap=1)
    _numbers(maps, part, chosen, shade)
    _names(maps, part)
    _scale(maps, part, shade)
    if reading.layer.backward:
        _directions(maps, box)


def _directions(maps: _Maps, box: Box) -> None:
    """Which rows read forward, which back."""
    reading, theme = maps.reading, maps.style.theme
    y = box.y + box.height * reading.forward / reading.shape[1]
    maps.board.line([box.x, box.right], [y, y], theme.ink, 1.5)
    for sign, middle in (("→", (box.y + y) / 2), ("←", (y + box.bottom) / 2)):
        maps.board.text(box.x - 19, middle, sign, size=16, colour=theme.muted)


def _numbers(maps: _Maps, part: str, chosen: Floats, shade: Shading) -> None:
    size = min(18.0, maps.pitch * 0.36)
    inks = number_inks(chosen, shade)
    xs, ys = maps.tall[part].centres((1, maps.columns))
    notation = maps.style.notation
    for column, value in enumerate(chosen[0].tolist()):
        at, text = maps.first + column, notation.fixed(value)
        if at == maps.reading.step:
            text = f"<b>{text}</b>"
        # Below the veil every colour is near the page's.
        ink = inks[column] if _is_read(maps.reading, at) else maps.style.theme.ink
        maps.board.text(xs[column], ys[column], text, size=size, colour=ink)


def _names(maps: _Maps, part: str) -> None:
    """The letter and its word at the left, an arrow at the chosen unit's thin row."""
    board, reading, labels = maps.board, maps.reading, maps.style.labels
    colour, box, tall = identity(maps.style.theme, part), maps.rows[part], maps.tall[part]
    middle = box.y + box.height / 2
    letter = f"<b><i>{part}</i></b>"
    board.text(box.x - 30, middle - 13, letter, size=28, colour=colour, anchor="middle left")
    word = labels[f"part.{part}"]
    board.text(box.x - 30, middle + 14, word, size=16, colour=colour, anchor="middle left")
    y = box.y + box.height * (list(reading.order).index(reading.unit) + 0.5) / reading.shape[1]
    board.text(box.x - 2, y, "▶", size=13, anchor="middle left")
    name = labels["unit"].format(n=reading.unit)
    y = tall.y + tall.height / 2
    board.text(box.x - 8, y, name, size=16, colour=board.theme.muted, anchor="middle left")


def _scale(maps: _Maps, part: str, shade: Shading) -> None:
    """A small upright colour bar."""
    box, theme = maps.rows[part], maps.style.theme
    bar = Box(box.right + 10, box.y, 10, box.height)
    ramp = np.linspace(shade.low, shade.high, 48, dtype=np.float32)[::-1, None]
    maps.board.matrix(ramp, bar, shade, gap=0)
    maps.board.frame(bar, theme.grid, 1)
    digits = 0 if float(shade.high).is_integer() else 1
    ticks = [(shade.high, bar.y + 6), (shade.low, bar.bottom - 6)]
    if shade.low < 0 and bar.height > 48:
        ticks.append((0.0, bar.y + bar.height / 2))
    for value, y in ticks:
        word = maps.style.notation.fixed(value, digits if value else 0, plus=value * shade.low < 0)
        maps.board.text(bar.right + 5, y, word, size=14, colour=theme.muted, anchor="middle right")


def _unread(maps: _Maps) -> None:
    """A veil over what each direction has not read yet."""
    reading = maps.reading
    share = reading.forward / reading.shape[1]
    for part, box in maps.rows.items():
        ahead = Box(box.x, box.y, box.width, box.height * share)
        back = Box(box.x, box.y + ahead.height, box.width, box.height - ahead.height)
        _veil(maps, ahead, backwards=False)
        _veil(maps, back, backwards=True)
        _veil(maps, maps.tall[part], backwards=reading.backwards)


def _veil(maps: _Maps, box: Box, *, backwards: bool) -> None:
    place = maps.reading.step - maps.first
    left, right = box.x, box.x + place * maps.pitch
    if not backwards:
        left, right = right + maps.pitch, box.right
    if right > left and box.height > 0:
        r, g, b = rgb(maps.style.theme.page)
        veil = f"rgba({r},{g},{b},0.64)"
        maps.board.fill(Box(left, box.y, right - left, box.height), veil, layer="above")


def _frame(maps: _Maps) -> None:
    """One frame from the word through all maps."""
    boxes = list(maps.rows.values())
    top = 2 if maps.level else boxes[0].y - 3
    bottom = list(maps.tall.values())[-1].bottom + 3
    x = _LEFT + (maps.reading.step - maps.first) * maps.pitch
    maps.board.frame(Box(x, top, maps.pitch, bottom - top), maps.style.theme.ink, 3)


def _overview(maps: _Maps) -> Box:
    return Box(_LEFT, maps.board.height - 26, maps.board.width - _LEFT - _RIGHT, 22)


def _whole(maps: _Maps) -> None:
    """The chosen unit's state over all of a long text, with the window in it."""
    reading, theme, board = maps.reading, maps.style.theme, maps.board
    first, end = reading.window
    steps = reading.shape[0]
    if end - first == steps:
        return
    part = "h" if reading.layer.c is None else "c"
    values, box = reading.values(part), _overview(maps)
    shade = shading(theme, part, values)
    board.matrix(values[:, reading.unit][None, :], box, shade, gap=0)
    board.frame(box, theme.grid, 1)
    pitch = box.width / steps
    window = Box(box.x + first * pitch, box.y, (end - first) * pitch, box.height)
    board.frame(window.grown(0, 3), theme.ink, 2)
    board.frame(Box(box.x + reading.step * pitch, box.y, pitch, box.height), theme.ink, 2)
    colour = identity(theme, part)
    name = f"<b><i>{part}</i></b>  {maps.style.labels['whole']}"
    y = box.y + box.height / 2
    board.text(box.x - 8, y, name, size=16, colour=colour, anchor="middle left")
    board.text(box.right + 8, y, str(steps), size=14, colour=theme.muted, anchor="middle right")


def _clicks(maps: _Maps) -> None:
    """Points over maps, words and the whole text's row: a click chooses step and unit."""
    reading = maps.reading
    places = range(*reading.window)
    found: list[tuple[float, float, int, int, str]] = []  # x, y, step, unit, what it says
    for part, box in maps.rows.items():
        rows = [(box.y + box.height * (n + 0.5) / reading.shape[1], n) for n in _clickable(reading)]
        lines = [(y, reading.order[n]) for y, n in rows]
        lines.append((maps.tall[part].y + _TALL / 2, reading.unit))
        found += [
            (maps.x(at), y, at, unit, _said(maps, part, at, unit))
            for y, unit in lines
            for at in places
        ]
    found += [(maps.x(at), 18, at, reading.unit, _word(reading, at)) for at in places]
    if len(places) < reading.shape[0]:
        box = _overview(maps)
        pitch, y = box.width / reading.shape[0], box.y + box.height / 2
        found += [
            (box.x + (at + 0.5) * pitch, y, at, reading.unit, _word(reading, at))
            for at in range(reading.shape[0])
        ]
    maps.board.traces.append(_targets(found))


def _clickable(reading: Reading) -> list[int]:
    """Which rows of a map: of more than fit under a finger every so many, and the chosen one."""
    units = reading.shape[1]
    every = -(-units // _MOST_ROWS)
    return sorted({*range(every // 2, units, every), list(reading.order).index(reading.unit)})


def _word(reading: Reading, at: int) -> str:
    return for_html(shortened(reading.words[at], 40))


def _said(maps: _Maps, part: str, at: int, unit: int) -> str:
    name = maps.style.labels["unit"].format(n=unit)
    value = maps.style.notation.fixed(float(maps.reading.values(part)[at, unit]), 3)
    return f"{_word(maps.reading, at)} · {name} · <i>{part}</i> = {value}"


def _targets(found: list[tuple[float, float, int, int, str]]) -> dict[str, Any]:
    x, y, steps, units, hover = (list(column) for column in zip(*found, strict=True))
    return {
        "type": "scatter",
        "x": np.array(x, np.float32),
        "y": np.array(y, np.float32),
        "mode": "markers",
        "marker": {"size": 6, "opacity": 0, "symbol": "square"},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        # Lists: Streamlit hands a row of a typed array back as a dictionary.
        "customdata": [list(pair) for pair in zip(steps, units, strict=True)],
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": CELLS,
    }
