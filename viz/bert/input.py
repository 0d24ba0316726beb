"""BERT's entrance: token + segment + position = sum → layer norm, as strips over the pieces."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.bert.trace import Embedded
from models.trace import Floats
from viz.bert.columns import Columns, Pieces, columns, draw_heads
from viz.board.board import Board, Box, Shading, number_inks
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.panel import Panel, draw, strip, upright_bar
from viz.board.style import Style

WIDTH, HEIGHT = 1110, 770
_LEFT, _RIGHT = 138, 60
_ROOM = WIDTH - _LEFT - _RIGHT
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
    dim: int
    parts: dict[str, Floats]
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
    shared = _shading(np.stack([*found.parts.values(), found.total]), style)
    return dict.fromkeys(rows_of(found), shared) | {"norm": _shading(found.normed, style)}


def _shading(values: Floats, style: Style) -> Shading:
    top = float(np.quantile(np.abs(values), _INSIDE)) or 1.0
    return Shading(style.theme.scores, -top, top)


@kept
def embedding_strips(found: Embedded, style: Style, *, dim: int, height: int = HEIGHT) -> go.Figure:
    """Heat maps piece → × dimension ↓, the chosen dimension once more as a tall row.

    What is the same for every piece. Points in the trace named `viz.board.board.CELLS` carry
    [piece, dimension]. style.labels: token, segment, position, sum, norm (their names),
    dimension (n), grouped (n), ends (n).
    """
    strips = _laid_out(found, style, dim, height)
    shades = shadings(found, style)
    for name, values in strips.parts.items():
        _strip(strips, name, values, shades[name])
    _foot(strips)
    _clicks(strips)
    return strips.board.figure()


@kept
def embedding_step(
    found: Embedded, style: Style, *, place: int, dim: int, height: int = HEIGHT
) -> go.Figure:
    """What changes with the piece, to lie on top of `embedding_strips`.

    The pieces, the numbers of the tall rows, which rows of the tables they are, a frame.
    style.labels: first, second (sentences), row (n).
    """
    strips = _laid_out(found, style, dim, height)
    board, at = strips.board, strips.at
    draw_heads(board, found, _LEFT, _ROOM, place, style)
    shades = shadings(found, style)
    for name in strips.parts:
        _numbers(strips, name, place, shades[name])
    box = Box(at.x(place) - at.pitch / 2, at.top - 3, at.pitch, height - 24 - at.top - _AIR + 6)
    board.frame(box, style.theme.ink, 2.5)
    return board.figure()


def _laid_out(found: Embedded, style: Style, dim: int, height: int) -> _Strips:
    pieces = Pieces(found.typed, found.special, found.segments, found.unknown)
    at, parts = columns(pieces, _LEFT, _ROOM), rows_of(found)
    pitch = (height - at.top - 24) / len(parts)
    high = pitch - _TALL - 3 - _AIR
    tops = {name: at.top + n * pitch for n, name in enumerate(parts)}
    boxes = {name: Box(_LEFT, top, at.width, high) for name, top in tops.items()}
    talls = {name: Box(_LEFT, top + high + 3, at.width, _TALL) for name, top in tops.items()}
    board = Board(WIDTH, height, style.theme)
    return _Strips(board, found, at, style, dim, parts, boxes, talls)


def _strip(strips: _Strips, name: str, values: Floats, shade: Shading) -> None:
    board, box, tall = strips.board, strips.maps[name], strips.talls[name]
    strip(board, box, lines(values, strips.group), shade)
    draw(board, tall, Panel(_chosen(strips, name), shade, gap=True))
    _names(strips, name)
    _scale(strips, box, shade)


def _chosen(strips: _Strips, name: str) -> Floats:
    """(1, token): the chosen dimension."""
    return np.ascontiguousarray(strips.parts[name][:, strips.dim])[None, :]


def _numbers(strips: _Strips, name: str, place: int, shade: Shading) -> None:
    """On every cell of the tall row; where there is no room, the chosen piece's alone beside it.

    At the left which row of its table is the piece's.
    """
    board, at, style, tall = strips.board, strips.at, strips.style, strips.talls[name]
    chosen, middle = _chosen(strips, name), tall.y + tall.height / 2
    texts = [style.notation.fixed(value) for value in chosen[0].tolist()]
    texts[place] = bold(texts[place])
    size = min(17.0, at.pitch * 0.34)
    if size < 12:
        board.text(at.left + at.width + 30, middle, texts[place], size=15)
    else:
        inks = number_inks(np.clip(chosen, shade.low, shade.high), shade)
        for column, (text, ink) in enumerate(zip(texts, inks, strict=True)):
            board.text(at.x(column), middle, text, size=size, colour=ink)
    if rows := strips.found.rows.get(name):
        box = strips.maps[name]
        row = style.labels["row"].format(n=rows[place])
        board.note(box.x - 24, box.y + box.height / 2 + 13, row, size=15, anchor="middle left")


def _names(strips: _Strips, name: str) -> None:
    board, box, tall, style = strips.board, strips.maps[name], strips.talls[name], strips.style
    middle = box.y + box.height / 2 - (10 if strips.found.rows.get(name) else 0)
    word = f"<b>{_SIGNS[name]}{style.labels[name]}</b>"
    board.text(box.x - 24, middle, word, size=19, anchor="middle left")
    # So many dimensions that the groups come out even.
    dims = -(-int(strips.found.total.shape[1]) // strips.group) * strips.group
    y = box.y + box.height * (strips.dim // strips.group + 0.5) * strips.group / dims
    board.text(box.x - 2, min(y, box.bottom), "▶", size=12, anchor="middle left")
    named = style.labels["dimension"].format(n=strips.dim)
    board.note(box.x - 8, tall.y + tall.height / 2, named, size=15, anchor="middle left")


def _scale(strips: _Strips, box: Box, shade: Shading) -> None:
    bar = Box(box.right + 8, box.y, 9, box.height)
    digits, write = (1 if shade.high >= 1 else 2), strips.style.notation.fixed
    ends = ((bar.y + 6, shade.high), (bar.bottom - 6, shade.low))
    ticks = [(y, write(value, digits, plus=value > 0)) for y, value in ends]
    upright_bar(strips.board, bar, shade, ticks, size=13, away=3)


def _foot(strips: _Strips) -> None:
    """What the colours do not show: dimensions taken together, numbers beyond the scale's end."""
    board, labels = strips.board, strips.style.labels
    words = labels["ends"]
    if strips.group > 1:
        words += " · " + labels["grouped"].format(n=strips.group)
    board.note(strips.at.left, board.height - 12, words, size=15)


def _clicks(strips: _Strips) -> None:
    """A point for some dimensions of every strip, and one for every chip and number."""
    at, n, parts = strips.at, len(strips.at.pieces), strips.parts
    points: list[tuple[float, float, list[int]]] = []
    bands = max(1, min(_BANDS, _MOST_POINTS // (n * len(parts))))
    for name, values in parts.items():
        box = strips.maps[name]
        edges = np.linspace(0, values.shape[1], bands + 1).astype(int)
        for place in range(n):
            for band, (start, stop) in enumerate(itertools.pairwise(edges)):
                if start < stop:
                    best = start + int(np.abs(values[place, start:stop]).argmax())
                    y = box.y + (band + 0.5) * box.height / bands
                    points.append((at.x(place), y, [place, best]))
    rows = (at.top / 2, *(box.y + box.height / 2 for box in strips.talls.values()))
    points += [(at.x(place), y, [place, strips.dim]) for place in range(n) for y in rows]
    xs, ys, ids = zip(*points, strict=True)
    strips.board.clicks(np.array(xs), np.array(ys), ids, max(3.0, min(at.pitch * 0.8, 14.0)))
