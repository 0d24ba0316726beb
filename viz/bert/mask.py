"""A text with hidden places: how likely the head finds what stands there, read and hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.bert.trace import MaskedText
from viz.bert.columns import Columns, draw_heads
from viz.board.axes import text_width
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.plane import Plane, share_ticks
from viz.board.style import Style
from viz.tables.pieces import named, spaced

WIDTH, HEIGHT = 1110, 700
_LEFT, _RIGHT = 150, 20
_MASKS, _TABLE, _ROW = 40, 176, 32  # heights: of the row of masks, of the table below, of its rows


@dataclass(frozen=True, slots=True)
class _Picture:
    board: Board
    found: MaskedText
    at: Columns
    style: Style
    place: int
    chart: Box


@kept
def masking(found: MaskedText, style: Style, *, place: int, height: int = HEIGHT) -> go.Figure:
    """Chips over bars over numbers, a column a piece.

    Points in the trace named `viz.board.board.CELLS` carry [piece, 1] on the chips and masks, which
    hide it or show it again, and [piece, 0] below, which only choose it.
    style.labels: first, second (sentences), reads, read, hidden, rank, guess, probability.
    """
    board = Board(WIDTH, height, style.theme)
    at = draw_heads(board, found, _LEFT, WIDTH - _LEFT - _RIGHT, place, style)
    top = at.top + _MASKS + 18
    chart = Box(_LEFT, top, at.width, height - top - _TABLE)
    picture = _Picture(board, found, at, style, place, chart)
    _masks(picture)
    _axis(picture)
    _bars(picture)
    _table(picture)
    # The guesses below may be wider than their column.
    bottom = chart.bottom + 22 + 2.5 * _ROW
    column = Box(at.x(place) - at.pitch / 2, at.top - 2, at.pitch, bottom - at.top + 2)
    board.frame(column, style.theme.ink, 2.5)
    _clicks(picture)
    return board.figure()


def _masks(picture: _Picture) -> None:
    """What the model reads: [MASK] in a dark cell where a piece is hidden."""
    board, at, theme = picture.board, picture.at, picture.style.theme
    y = at.top + _MASKS / 2
    _name(picture, y, picture.style.labels["reads"], theme.muted)
    size = min(16.0, (at.pitch - 6) / text_width("[MASK]", 1))
    for place in range(len(at.pieces)):
        box = Box(at.x(place) - at.pitch / 2 + 2, y - 14, at.pitch - 4, 28)
        if place in picture.found.masked:
            board.fill(box, theme.output)
            if size >= 9:
                board.text(at.x(place), y, "[MASK]", size=size, colour=theme.page)
        elif not at.pieces.special[place]:
            board.frame(box, theme.grid, 1)


def _name(picture: _Picture, y: float, words: str, colour: str) -> None:
    picture.board.text(_LEFT - 12, y, words, size=16, colour=colour, anchor="middle left")


def _axis(picture: _Picture) -> None:
    board, box = picture.board, picture.chart
    Plane(box, (0, 1), (0, 1)).grid(board, share_ticks(picture.style.notation), size=15)
    for n, part in enumerate(picture.style.labels["probability"].split("|")):
        y = box.y + box.height * 0.2 + 18 * n
        board.note(box.x - 34, y, part, size=15, anchor="middle left")


def _bars(picture: _Picture) -> None:
    board, box, at, theme = picture.board, picture.chart, picture.at, picture.style.theme
    wide = min(at.pitch * 0.36, 26)
    for place in range(len(at.pieces)):
        own = picture.found.shares(place)
        if own is None or at.pieces.special[place]:
            continue
        for side, (value, colour) in enumerate(zip(own, (theme.hatch, theme.output), strict=True)):
            high = max(value * box.height, 1.0)
            x = at.x(place) + (-wide - 1, 1)[side]
            board.fill(Box(x, box.bottom - high, wide, high), colour, layer="above")


def _table(picture: _Picture) -> None:
    """Both probabilities, the rank when hidden, and what is likeliest then."""
    labels, theme, at = picture.style.labels, picture.style.theme, picture.at
    ys = [picture.chart.bottom + 22 + n * _ROW for n in range(4)]
    inks = (theme.muted, theme.output, theme.ink, theme.ink)
    for y, name, ink in zip(ys, ("read", "hidden", "rank", "guess"), inks, strict=True):
        _name(picture, y, labels[name], ink)
    size = min(16.0, at.pitch * 0.32)
    places, found = range(len(at.pieces)), picture.found
    if size < 10:  # columns too narrow for numbers: the chosen one has its own all the same
        places, size = range(picture.place, picture.place + 1), 15.0
    marked = spaced(found.vocabulary)
    for place in places:
        if at.pieces.special[place] or place not in found.hidden:
            continue
        for y, text, ink in zip(ys, _column(picture, place), inks, strict=False):
            picture.board.text(at.x(place), y, text, size=size, colour=ink)
        best = int(found.hidden[place].logits.argmax())
        word, ink = for_html(shortened(named(found.vocabulary[best], marked), 11)), theme.ink
        if best == found.stood[place]:
            word, ink = f"✓ {word}", theme.good
        # Two rows by turns, as wide as both columns beside: guesses are words.
        low = ys[3] + place % 2 * 24
        word = bold(word, place == picture.place)
        picture.board.text(at.x(place), low, word, size=min(15.0, size), colour=ink)


def _column(picture: _Picture, place: int) -> list[str]:
    own, found, notation = picture.found.shares(place), picture.found, picture.style.notation
    if own is None:
        return ["?", "?", "?"]
    rank = found.hidden[place].rank(found.stood[place])
    return [notation.share(own[0]), notation.share(own[1]), notation.grouped(rank)]


def _clicks(picture: _Picture) -> None:
    at, box = picture.at, picture.chart
    places = range(len(at.pieces))
    rows = [(at.top / 2, 1), (at.top + _MASKS / 2, 1), (box.y + box.height / 2, 0)]
    rows += [(box.bottom + 22 + n * _ROW, 0) for n in range(4)]
    xs = np.array([at.x(place) for _ in rows for place in places])
    ys = np.repeat([y for y, _ in rows], len(places))
    ids = [[place, toggles] for _, toggles in rows for place in places]
    picture.board.clicks(xs, ys, ids, max(6.0, min(at.pitch * 0.9, 30.0)))
