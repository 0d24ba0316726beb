"""Four ways of bringing positions into one head's scores: the matrices, and what drives each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trace import Floats
from viz.board.axes import Edge, clickable
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.kept import kept
from viz.board.panel import Clicks, Marks, Panel, draw, pair_words, strip, written
from viz.board.plane import Plane, parted
from viz.board.shading import Shading, symmetric
from viz.board.style import Style
from viz.positions import pairs
from viz.positions.table import HEIGHT, WIDTH, hands

WAYS = ("sinusoid", "rope", "alibi", "t5")
_SIDE, _LABEL = 82, 8  # pixels left of a matrix, letters of a label


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """One head: content and each way's scores, (query, key); masked cells are −inf.

    offsets: (offset,) of the curves; curves: way → (place, offset), scores of the chosen pair
    as they would be at other places; places: where the query stands in them;
    flat: the chosen pair's score without positions, whatever the mask says.
    """

    tokens: Sequence[str]
    chosen: tuple[int, int]
    content: Floats
    scores: Mapping[str, Floats]
    offsets: Floats
    curves: Mapping[str, Floats]
    places: Sequence[int]
    flat: float


@dataclass(frozen=True, slots=True)
class Pen:
    """What every panel is drawn with."""

    board: Board
    shading: Shading
    style: Style


@kept
def ways(shown: Ways, style: Style) -> Figure:
    """Content and the four ways on one scale, and the chosen pair's score by offset.

    labels: content, sinusoid, rope, alibi, t5, along, offset, query_axis, key_axis.
    """
    pen = _pen(shown, style)
    board = pen.board
    panels = [("content", shown.content), *((way, shown.scores[way]) for way in WAYS)]
    for number, (name, values) in enumerate(panels):
        box = Box((number % 3) * 398.0 + _SIDE, (number // 3) * 334.0 + 92, 300, 228)
        _matrix(pen, box, values, shown, style.labels[name])
    side = Box(2 * 398.0 + _SIDE - 20, 334 + 56, 250, 222)
    board.note(side.x - 46, 334 + 14, style.labels["along"])
    _curves(pen, side, shown, WAYS)
    _scale(pen, shown, Box(2 * 398.0 + _SIDE + 20, HEIGHT - 22, 220, 11))
    return board.figure()


def _pen(shown: Ways, style: Style) -> Pen:
    # A bias grows with the distance: it would pale all else, so it does not stretch the scale.
    kept = np.concatenate([shown.content, *(shown.scores[way] for way in ("sinusoid", "rope"))])
    board = Board(WIDTH, HEIGHT, style.theme)
    return Pen(board, symmetric(kept, style.theme.scores), style)


def _scale(pen: Pen, shown: Ways, box: Box) -> None:
    """The bar of colours; ≤ or ≥ where there are scores beyond its end."""
    board, top = pen.board, pen.shading.high
    every = np.concatenate(list(shown.scores.values()))
    every = every[np.isfinite(every)]
    low = ("≤ " if every.min() < -top else "") + pen.style.notation.fixed(-top, 1)
    high = ("≥ " if every.max() > top else "") + pen.style.notation.fixed(top, 1)
    # Beside the bar: there is no room below it.
    board.note(box.x - 6, box.y + 6, low, size=15, anchor="middle left")
    board.note(box.right + 6, box.y + 6, high, size=15)
    board.scale_bar(box, pen.shading, [])


def _matrix(pen: Pen, box: Box, values: Floats, shown: Ways, title: str) -> None:
    """One matrix with its tokens, the chosen row in Q's colour, the column in K's."""
    board, theme, count = pen.board, pen.board.theme, len(values)
    board.text(box.x - _SIDE, box.y - 80, f"<b>{title}</b>", size=18, anchor="middle right")
    wide, high = box.width / count, box.height / count
    size, notation, (query, key) = (
        min(16.0, wide * 0.36, high * 0.55),
        pen.style.notation,
        shown.chosen,
    )
    texts = None
    if size >= 12.5:
        texts = written(values, pen.shading, size, notation.fixed, masked=theme.muted)
    places = clickable((count, count), shown.chosen)
    said = pair_words(values, (shown.tokens, shown.tokens), places, notation)
    rows = Edge(shown.tokens, query, longest=_LABEL, away=7, size=_type(high))
    columns = Edge(shown.tokens, key, longest=_LABEL, away=3, size=_type(wide), lean=1, farthest=6)
    panel = Panel(
        values,
        pen.shading,
        rows=rows,
        columns=columns,
        texts=texts,
        clicks=Clicks(places, hover=said),
        marks=Marks(query, key, widths=(2, 2, 3.5), tiny=None),
    )
    draw(board, box, panel)


def _type(pitch: float) -> float:
    """Size of the tokens; 0: only the chosen one has room."""
    size = min(17.0, pitch * 0.72)
    return max(size, 14) if size >= 11 else 0


NAMES = {"rope": "RoPE", "alibi": "ALiBi", "t5": "T5"}
_DASHES = {"sinusoid": "dot", "rope": "solid", "alibi": "dash", "t5": "dashdot"}


def _curves(pen: Pen, box: Box, shown: Ways, names: Sequence[str]) -> None:
    """The chosen pair's score by offset; several places of one way lie on each other, or do not."""
    board, theme = pen.board, pen.board.theme
    values = np.concatenate([shown.curves[name].ravel() for name in names] + [[shown.flat]])
    low, high = float(values.min()), float(values.max())
    air = (high - low) * 0.08 or 1.0
    ends = float(shown.offsets[0]), float(shown.offsets[-1])
    plane = Plane(box, ends, (low - air, high + air))
    ticks = sorted({float(np.ceil(low)), float(np.round((low + high) / 2)), float(np.floor(high))})
    plane.draw(board, [(t, pen.style.notation.fixed(t, 0)) for t in ticks if low <= t <= high])
    plane.level(board, shown.flat, theme.hatch, 1.5)
    if ends[0] <= (offset := shown.chosen[1] - shown.chosen[0]) <= ends[1]:
        plane.upright(board, offset, 1, dash="dot")
    ranked: list[tuple[float, str, str]] = []
    for name in names:
        colour = theme.output if name == "sinusoid" else theme.ink
        for curve, start in zip(shown.curves[name], shown.places, strict=True):
            plane.curve(board, shown.offsets, curve, colour, 2.2, dash=_DASHES[name])
            moves = name == "sinusoid"
            word = f"{pen.style.labels['sinusoid_short']} {start}" if moves else NAMES[name]
            if moves or start == shown.places[0]:
                ranked.append((float(plane.up(curve)[-1]), word, colour))
    ranked.sort()
    for y, (_, word, colour) in zip(parted([n for n, *_ in ranked], 18), ranked, strict=True):
        board.text(box.right + 6, y, word, size=15, colour=colour, anchor="middle right")
    numbers = [(x, pen.style.notation.fixed(x, 0, plus=x > 0)) for x in (ends[0], 0.0, ends[1])]
    plane.words(board, numbers, pen.style.labels["offset_axis"])


# One way alone


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """One pair of dimensions of q and k before and after its rotation, (2,) each.

    query: (d,) all of q, before it.
    """

    pair: tuple[int, int]
    query: Floats
    q: Floats
    k: Floats
    turned_q: Floats
    turned_k: Floats


def _alone(shown: Ways, way: str, style: Style) -> Pen:
    pen = _pen(shown, style)
    _matrix(pen, Box(_SIDE + 10, 96, 480, 480), shown.scores[way], shown, style.labels[way])
    _scale(pen, shown, Box(_SIDE + 130, 600, 240, 13))
    return pen


@kept
def sinusoid(shown: Ways, parts: Mapping[str, Floats], style: Style) -> Figure:
    """The sinusoid's scores and the four parts that add up to them."""
    pen, hidden = _alone(shown, "sinusoid", style), np.isneginf(shown.scores["sinusoid"])
    for number, (name, values) in enumerate(parts.items()):
        box = Box(616 + (number % 2) * 284.0 + _SIDE, (number // 2) * 330.0 + 96, 172, 205)
        title = style.labels.get(name, "q · k")
        _matrix(pen, box, np.where(hidden, -np.inf, values), shown, title)
    return pen.board.figure()


@kept
def rope(shown: Ways, turning: Turning, style: Style) -> Figure:
    """RoPE's scores; which numbers are pairs, in both conventions; one of them turned in its plane;
    the score by offset.
    """
    pen, labels = _alone(shown, "rope", style), style.labels
    pairs.both(pen.board, Box(650, 4, 500, 154), turning.query, turning.pair[0], style)
    pen.board.note(650, 190, labels["plane"].format(a=turning.pair[0], b=turning.pair[1]))
    _plane(pen, Box(700, 212, 216, 216), turning)
    pen.board.note(650, 452, labels["along_rope"].format(a=shown.places[0], b=shown.places[1]))
    _curves(pen, Box(700, 482, 380, 140), shown, ("rope",))
    return pen.board.figure()


def _plane(pen: Pen, box: Box, turning: Turning) -> None:
    board, theme = pen.board, pen.board.theme
    x, y = box.x + box.width / 2, box.y + box.height / 2
    longest = max(float(np.linalg.norm(v)) for v in (turning.q, turning.k)) or 1.0
    reach = box.width / 2 / longest
    board.line([box.x, box.right], [y, y], theme.grid, 1)
    board.line([x, x], [box.y, box.bottom], theme.grid, 1)
    for before, after, colour, name in (
        (turning.q, turning.turned_q, theme.q, "q"),
        (turning.k, turning.turned_k, theme.k, "k"),
    ):
        radius = float(np.linalg.norm(before)) * reach
        around = np.linspace(0, 2 * np.pi, 73)
        board.line(x + radius * np.cos(around), y - radius * np.sin(around), theme.grid, 1)
        hands(board, (x, y), reach, (before, after), colour, (3, 12))
        # Beyond the arrow's tip, however short it is.
        far = 1 + 20 / (radius or 1.0)
        tip = x + float(after[0]) * reach * far, y - float(after[1]) * reach * far
        board.text(*tip, f"<b>{name}</b>", size=20, colour=colour)
    for line, word in enumerate(pen.style.labels["plane_legend"].split("|")):
        board.note(box.right + 16, box.y + 16 + line * 24, word)


@kept
def alibi(shown: Ways, bias: Floats, slopes: Floats, head: int, style: Style) -> Figure:
    """ALiBi's scores, the bias alone, and the slope of every head."""
    pen, theme, labels = _alone(shown, "alibi", style), style.theme, style.labels
    _matrix(pen, Box(720, 96, 250, 215), bias, shown, labels["bias"])
    board, box, furthest = pen.board, Box(720, 396, 360, 220), 16
    board.note(650, 362, labels["slopes"])
    plane = Plane(box, (0, furthest), (-furthest * float(slopes.max()) * 1.02, 0))
    bottom = -furthest * float(slopes.max())
    ticks = [(y, style.notation.fixed(y, 1)) for y in (bottom / 2, bottom)]
    plane.draw(board, [(0, "0"), *ticks])
    away = np.arange(furthest + 1)
    for number, slope in enumerate(slopes.tolist()):
        look = (theme.ink, 3.5) if number == head else (theme.hatch, 1.2)
        plane.curve(board, away, -slope * away, *look)
        if number == head:
            said = labels["slope"].format(head=head, slope=style.notation.significant(slope, 3))
            y = float(plane.up([-slope * furthest])[0])
            board.text(box.right + 6, y, f"<b>{said}</b>", size=15, anchor="middle right")
    plane.words(board, [(x, str(x)) for x in (0, 8, 16)], labels["distance_axis"])
    return board.figure()


@kept
def t5(
    shown: Ways,
    bias: Floats,
    buckets: tuple[Floats, NDArray[np.integer]],
    values: Floats,
    style: Style,
) -> Figure:
    """T5's scores, the what-if bias alone, and which bucket each offset falls into.

    buckets: offsets and their buckets' numbers; values: (bucket,) the what-if biases.
    """
    pen, theme, labels = _alone(shown, "t5", style), style.theme, style.labels
    _matrix(pen, Box(720, 96, 250, 215), bias, shown, labels["bias"])
    board = pen.board
    board.note(650, 362, labels["buckets"])
    offsets, numbers = buckets
    box = Box(720, 386, 440, 140)
    plane = Plane(box, (float(offsets[0]), float(offsets[-1])), (-1, float(numbers.max()) + 1))
    plane.draw(board, [(0, "0"), (16, "16"), (31, "31")])
    plane.curve(board, offsets, numbers.tolist(), theme.ink, 0, symbol="circle", size=4)
    for here in np.flatnonzero(offsets == shown.chosen[1] - shown.chosen[0]):
        at = plane.across(offsets)[[here]].tolist(), plane.up(numbers.tolist())[[here]].tolist()
        board.line(*at, theme.ink, 0, symbol="circle-open", size=18)
    shown_offsets = (int(offsets[0]), -16, 0, 16, int(offsets[-1]))
    plane.words(board, [(x, style.notation.fixed(x, 0, plus=x > 0)) for x in shown_offsets])
    row = Box(720, 590, 440, 34)
    strip(board, row, values, pen.shading, gap=1)
    board.note(650, 570, labels["bucket_bias"])
    for number in (0, 8, 16, 24, 31):
        x = row.x + (number + 0.5) * row.width / len(values)
        board.tick(x, row.bottom + 13, str(number), False, size=15)
    return board.figure()
