"""A judged pair of sentences: [CLS] at the last layer → pooler → what tips the scale → softmax."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.bert.trace import Judgement
from models.trace import Floats
from viz.bert.columns import draw_heads
from viz.board.board import Board, Box, Shading, symmetric
from viz.board.kept import kept
from viz.board.panel import strip
from viz.board.style import Style

WIDTH, HEIGHT = 1110, 560
_LEFT, _RIGHT = 190, 56
_STRIP, _AIR = 46, 22
_RESULT = 108  # for the two outcomes
_MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class _Picture:
    board: Board
    found: Judgement
    style: Style
    dim: int


def tipping(found: Judgement) -> Floats:
    """(d,): what each pooled number adds to the first logit beyond what it adds to the second."""
    return found.contributions


@kept
def judgement(found: Judgement, style: Style, *, dim: int, height: int = HEIGHT) -> go.Figure:
    """Chips, two strips and a bar a dimension, then both outcomes with logit and probability.

    Points in the trace named `viz.board.board.CELLS` carry [dimension].
    style.labels: first, second (sentences), cls, pooled, tips, tips_note, follows, follows_not,
    logit.
    """
    board = Board(WIDTH, height, style.theme)
    picture = _Picture(board, found, style, dim)
    wide = WIDTH - _LEFT - _RIGHT
    at = draw_heads(board, found, _LEFT, wide, 0, style)
    top = at.top + 8
    cls = Box(_LEFT, top, wide, _STRIP)
    pooled = Box(_LEFT, cls.bottom + _AIR, wide, _STRIP)
    low = height - _RESULT
    tips = Box(_LEFT, pooled.bottom + _AIR, wide, low - 26 - pooled.bottom - _AIR)
    _strip(picture, cls, found.first, symmetric(found.first, style.theme.scores), "cls")
    one = Shading(style.theme.scores, -1.0, 1.0)
    _strip(picture, pooled, found.recomputed, one, "pooled")
    _bars(picture, tips)
    whole = Box(_LEFT, cls.y - 4, wide, tips.bottom - cls.y + 8)
    chosen = whole.column(dim, len(found.first))
    board.frame(chosen.grown(max(0.0, 5 - chosen.width / 2), 0), style.theme.ink, 2)
    _outcomes(picture, low)
    _clicks(picture, (cls, pooled, tips))
    return board.figure()


def _name(picture: _Picture, y: float, key: str, note: str = "") -> None:
    board, words = picture.board, f"<b>{picture.style.labels[key]}</b>"
    board.text(_LEFT - 14, y - (9 if note else 0), words, size=17, anchor="middle left")
    if note:
        board.note(_LEFT - 14, y + 13, note, size=14, anchor="middle left")


def _chosen(picture: _Picture, value: float) -> str:
    """The chosen dimension's number."""
    named = picture.style.labels["dimension"].format(n=picture.dim)
    return f"{named}: <b>{picture.style.notation.fixed(value, 3)}</b>"


def _strip(picture: _Picture, box: Box, values: Floats, shade: Shading, key: str) -> None:
    board, notation = picture.board, picture.style.notation
    strip(board, box, values, shade)
    _name(picture, box.y + box.height / 2, key, _chosen(picture, float(values[picture.dim])))
    for value, y in ((shade.high, box.y + 8), (shade.low, box.bottom - 8)):
        word = notation.fixed(value, 1, plus=value > 0)
        ink = board.theme.minus if value < 0 else board.theme.plus
        board.text(box.right + 6, y, word, size=14, colour=ink, anchor="middle right")


def _bars(picture: _Picture, box: Box) -> None:
    """A line a dimension, up where it speaks for "follows", down where it speaks against."""
    board, theme, values = picture.board, picture.style.theme, tipping(picture.found)
    high, low = max(values.max(), 0.0), min(values.min(), 0.0)
    scale = box.height / max(high - low, 1e-9)
    zero = box.y + high * scale
    board.line([box.x, box.right], [zero, zero], theme.hatch, 1)
    d = len(values)
    width = max(1.0, min(box.width / d - 1.5, 6.0))
    centres = box.x + (np.arange(d) + 0.5) * box.width / d
    for sign, colour in ((1, theme.plus), (-1, theme.minus)):
        places = np.flatnonzero(np.sign(values) == sign)
        xs = np.repeat(centres[places], 3)
        ys = np.full(3 * len(places), np.nan)
        xs[2::3], ys[0::3], ys[1::3] = np.nan, zero, zero - values[places] * scale
        board.line(xs, ys, colour, width)
    judge, write = picture.found.judge, picture.style.notation.fixed
    total = write(float(values.sum()))
    bias = write(judge.bias_at(0) - judge.bias_at(1), plus=True)
    _name(picture, box.y + box.height / 2, "tips", _chosen(picture, float(values[picture.dim])))
    note = picture.style.labels["tips_note"].format(sum=total, bias=bias)
    board.note(box.x, box.bottom + 16, note)


def _outcomes(picture: _Picture, top: float) -> None:
    board, theme, notation = picture.board, picture.style.theme, picture.style.notation
    z = picture.found.logits.astype(np.float64)
    shares = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    bar = Box(_LEFT + 130, 0, WIDTH - _LEFT - _RIGHT - 250, 26)
    labels = picture.style.labels
    board.note(_LEFT + 100, top + 16, labels["logit"], size=15, anchor="middle left")
    board.note(bar.x, top + 16, labels["probability_alone"], size=15)
    for n, key in enumerate(("follows", "follows_not")):
        y = top + 44 + n * 36
        _name(picture, y, key)
        ink, share = (theme.minus if z[n] < 0 else theme.plus), float(shares[n])
        number, word = notation.fixed(float(z[n])), f"<b>{notation.small(share, 4)}</b>"
        board.text(_LEFT + 100, y, number, size=18, colour=ink, anchor="middle left")
        row = Box(bar.x, y - bar.height / 2, bar.width, bar.height)
        board.fill(row, theme.soft)
        filled = Box(row.x, row.y, max(row.width * share, 1.5), row.height)
        board.fill(filled, theme.output, layer="above")
        x = row.right + 10
        board.text(x, y, word, size=19, colour=theme.output, anchor="middle right")


def _clicks(picture: _Picture, boxes: tuple[Box, ...]) -> None:
    d = len(picture.found.first)
    step = -(-d * len(boxes) // _MOST_POINTS)
    dims = np.arange(0, d, step)
    wide = boxes[0].width / d
    xs = np.tile(boxes[0].x + (dims + 0.5) * wide, len(boxes))
    ys = np.repeat([box.y + box.height / 2 for box in boxes], len(dims))
    ids = [[int(dim)] for _ in boxes for dim in dims]
    picture.board.clicks(xs, ys, ids, max(4.0, min(wide * step, 20.0)))
