"""BERT's entrance: token + segment + position = sum → layer norm, as strips over the pieces."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.bert.trace import Embedded
from models.trace import Floats
from viz.bert.columns import (
    Columns,
    Pieces,
    columns,
    draw,
)
from viz.board.board import (
    Board,
    Box,
    Shading,
    number_inks,
)
from viz.board.style import Style

WIDTH, HEIGHT = 1110, 770
_LEFT, _RIGHT = 138, 60
_TALL, _AIR = 28, 13
_LINES = 64  # heat rows of a strip at most: more would be thinner than a screen's dots
_BANDS, _MOST_POINTS = 12, 1500
_INSIDE = 0.99  # of the numbers that the colours tell apart
_SIGNS = {"token": "", "segment": "+ ", "position": "+ ", "sum": "= ", "norm": "→ "}


@dataclass(frozen=True, slots=True)
class _Strips:
    board: Board
    found: Embedded
    at: Columns
    style: Style
    place: int
    dim: int
    maps: dict[str, Box]
    talls: dict[str, Box]

    @property
    def group(self) -> int:
        """How many neighbouring dimensions a heat row stands for."""
        return group_of(int(self.found.total.shape[1]))


def group_of(dims: int) -> int:
    """How many neighbouring dimensions stand together as one heat row."""
    return -(-dims // _LINES)


def rows_of(found: Embedded) -> dict[str, Floats]:
    """What is drawn, in its order: the tables, their sum, and what the layer norm makes of it."""
    return {**found.parts, "sum": found.total, "norm": found.normed}


def lines(values: Floats, group: int) -> Floats:
    """(token, d) → (line, token): of every `group` neighbouring dimensions the largest in size."""
    tokens, dims = values.shape
    count = -(-dims // group)
    padded = np.zeros((tokens, count * group), np.float32)
    padded[:, :dims] = values
    grouped = padded.reshape(tokens, count, group)
    best = np.abs(grouped).argmax(axis=2)
    return np.take_along_axis(grouped, best[:, :, None], axis=2)[:, :, 0].T


def shadings(found: Embedded, style: Style) -> dict[str, Shading]:
    """One scale for the tables and their sum, one for what leaves the norm, centred at 0.

    Each ends where 99 % of the numbers lie inside: a single large one would pale all others.
    """
    parts = rows_of(found)
    before = [v for name, v in parts.items() if name != "norm"]
    shared = _shading(np.stack(before), style)
    return dict.fromkeys(parts, shared) | {"norm": _shading(parts["norm"], style)}


def _shading(values: Floats, style: Style) -> Shading:
    top = float(np.quantile(np.abs(values), _INSIDE)) or 1.0
    return Shading(style.theme.scores, -top, top)


def embedding_strips(
    found: Embedded, style: Style, *, place: int, dim: int, height: int = HEIGHT
) -> go.Figure:
    """Heat maps piece → × dimension ↓, the chosen dimension once more as a tall row of numbers.

    Points in the trace named `viz.board.board.CELLS` carry [piece, dimension].
    style.labels: first, second (sentences), token, segment, position, sum, norm (their names),
    row (n), dimension (n), grouped (n), ends (n).
    """
    board = Board(WIDTH, height, style.theme)
    pieces = Pieces(found.typed, found.special, found.segments, found.unknown)
    at = columns(pieces, _LEFT, WIDTH - _LEFT - _RIGHT)
    parts = rows_of(found)
    pitch = (height - at.top - 24) / len(parts)
    boxes, talls = {}, {}
    for n, name in enumerate(parts):
        top = at.top + n * pitch
        high = pitch - _TALL - 3 - _AIR
        boxes[name] = Box(_LEFT, top, at.width, high)
        talls[name] = Box(_LEFT, top + high + 3, at.width, _TALL)
    strips = _Strips(board, found, at, style, place, dim, boxes, talls)
    draw(board, at, (style.labels["first"], style.labels["second"]), chosen=place)
    shades = shadings(found, style)
    for name, values in parts.items():
        _strip(strips, name, values, shades[name])
    _foot(strips, shades)
    box = Box(at.x(place) - at.pitch / 2, at.top - 3, at.pitch, height - 24 - at.top - _AIR + 6)
    board.frame(box, style.theme.ink, 2.5)
    _clicks(strips, parts)
    return board.figure()


def _strip(strips: _Strips, name: str, values: Floats, shade: Shading) -> None:
    board, box, tall = strips.board, strips.maps[name], strips.talls[name]
    board.matrix(lines(values, strips.group), box, shade, gap=0)
    board.frame(box, board.theme.grid, 1)
    chosen = np.ascontiguousarray(values[:, strips.dim])[None, :]
    board.grid(tall)
    board.matrix(chosen, tall, shade, gap=1)
    _numbers(strips, chosen, tall, shade)
    _names(strips, name)
    _scale(strips, box, shade)


def _numbers(strips: _Strips, chosen: Floats, tall: Box, shade: Shading) -> None:
    """In every cell of the tall row; where there is no room, in the chosen piece's alone."""
    size = min(17.0, strips.at.pitch * 0.34)
    inks = number_inks(np.clip(chosen, shade.low, shade.high), shade)
    y = tall.y + tall.height / 2
    for place, value in enumerate(chosen[0].tolist()):
        now = place == strips.place
        if size < 12 and not now:
            continue
        text = strips.style.notation.fixed(value)
        if size < 12:
            x = strips.at.left + strips.at.width + 30
            strips.board.text(x, y, f"<b>{text}</b>", size=15)
            continue
        text = f"<b>{text}</b>" if now else text
        strips.board.text(strips.at.x(place), y, text, size=size, colour=inks[place])


def _names(strips: _Strips, name: str) -> None:
    board, box, tall, style = strips.board, strips.maps[name], strips.talls[name], strips.style
    middle = box.y + box.height / 2
    x = box.x - 24
    word = f"<b>{_SIGNS[name]}{style.labels[name]}</b>"
    rows = strips.found.rows.get(name)
    board.text(x, middle - (10 if rows else 0), word, size=19, anchor="middle left")
    if rows:
        row = style.labels["row"].format(n=rows[strips.place])
        board.text(x, middle + 13, row, size=15, colour=board.theme.muted, anchor="middle left")
    y = box.y + box.height * (strips.dim // strips.group + 0.5) * strips.group / _dims(strips)
    board.text(box.x - 2, min(y, box.bottom), "▶", size=12, anchor="middle left")
    named = style.labels["dimension"].format(n=strips.dim)
    y = tall.y + tall.height / 2
    board.text(box.x - 8, y, named, size=15, colour=board.theme.muted, anchor="middle left")


def _dims(strips: _Strips) -> int:
    """So many that the groups come out even."""
    return -(-int(strips.found.total.shape[1]) // strips.group) * strips.group


def _scale(strips: _Strips, box: Box, shade: Shading) -> None:
    """A small upright colour bar."""
    bar = Box(box.right + 8, box.y, 9, box.height)
    ramp = np.linspace(shade.low, shade.high, 48, dtype=np.float32)[::-1, None]
    strips.board.matrix(ramp, bar, shade, gap=0)
    strips.board.frame(bar, strips.board.theme.grid, 1)
    for value, y in ((shade.high, bar.y + 6), (shade.low, bar.bottom - 6)):
        word = strips.style.notation.fixed(value, 1 if shade.high >= 1 else 2, plus=value > 0)
        muted = strips.board.theme.muted
        strips.board.text(bar.right + 3, y, word, size=13, colour=muted, anchor="middle right")


def _foot(strips: _Strips, shades: dict[str, Shading]) -> None:
    """What the colours do not show: dimensions taken together, numbers beyond the scale's end."""
    words = [strips.style.labels["ends"]]
    if strips.group > 1:
        words.append(strips.style.labels["grouped"].format(n=strips.group))
    board = strips.board
    board.text(
        strips.at.left, board.height - 12, " · ".join(words), size=15,
        colour=board.theme.muted, anchor="middle right",
    )  # fmt: skip


def _clicks(strips: _Strips, parts: dict[str, Floats]) -> None:
    """A point for some dimensions of every strip, and one for every chip and number."""
    at, n = strips.at, len(strips.at.pieces)
    xs: list[float] = []
    ys: list[float] = []
    ids: list[list[int]] = []
    bands = max(1, min(_BANDS, _MOST_POINTS // (n * len(parts))))
    for name, values in parts.items():
        box = strips.maps[name]
        edges = np.linspace(0, values.shape[1], bands + 1).astype(int)
        for place in range(n):
            for band, (start, stop) in enumerate(itertools.pairwise(edges)):
                if start == stop:
                    continue
                best = start + int(np.abs(values[place, start:stop]).argmax())
                xs.append(at.x(place))
                ys.append(box.y + (band + 0.5) * box.height / bands)
                ids.append([place, best])
    for place in range(n):
        for y in (at.top / 2, *(box.y + box.height / 2 for box in strips.talls.values())):
            xs.append(at.x(place))
            ys.append(y)
            ids.append([place, strips.dim])
    size = max(3.0, min(at.pitch * 0.8, 14.0))
    strips.board.clicks(np.array(xs), np.array(ys), ids, size)
