"""Four ways of bringing positions into one head's scores: the matrices, and what drives each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trace import Floats
from viz.board.axes import Labels
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.notation import Notation, for_html, shortened
from viz.board.plane import Plane
from viz.board.shading import Shading, number_inks, symmetric
from viz.board.style import Style
from viz.positions.table import HEIGHT, WIDTH, note

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

    @property
    def notation(self) -> Notation:
        """How numbers are written."""
        return self.style.notation

    @property
    def labels(self) -> Labels:
        """The words of the page's language."""
        return self.style.labels


def ways(shown: Ways, style: Style) -> Figure:
    """Content and the four ways on one scale, and the chosen pair's score by offset.

    labels: content, sinusoid, rope, alibi, t5, along, offset, query_axis, key_axis.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    pen = _pen(board, shown, style)
    panels = [("content", shown.content), *((way, shown.scores[way]) for way in WAYS)]
    for number, (name, values) in enumerate(panels):
        x, y = (number % 3) * 398.0, (number // 3) * 334.0
        box = Box(x + _SIDE, y + 92, 300, 228)
        _matrix(pen, box, values, shown, style.labels[name])
    side = Box(2 * 398.0 + _SIDE - 20, 334 + 56, 250, 222)
    note(board, side.x - 46, 334 + 14, style.labels["along"])
    _curves(pen, side, shown, WAYS)
    _scale(pen, shown, Box(2 * 398.0 + _SIDE + 20, HEIGHT - 22, 220, 11))
    return board.figure()


def _pen(board: Board, shown: Ways, style: Style) -> Pen:
    # A bias grows with the distance: it would pale all else, so it does not stretch the scale.
    kept = np.concatenate([shown.content, *(shown.scores[way] for way in ("sinusoid", "rope"))])
    return Pen(board, symmetric(kept, board.theme.scores), style)


def _scale(pen: Pen, shown: Ways, box: Box) -> None:
    """The bar of colours; ≤ or ≥ where there are scores beyond its end."""
    board, top = pen.board, pen.shading.high
    every = np.concatenate(list(shown.scores.values()))
    every = every[np.isfinite(every)]
    low = ("≤ " if every.min() < -top else "") + pen.notation.fixed(-top, 1)
    high = ("≥ " if every.max() > top else "") + pen.notation.fixed(top, 1)
    for x, word, anchor in (
        (box.x - 6, low, "middle left"),
        (box.right + 6, high, "middle right"),
    ):
        # Beside the bar: there is no room below it.
        board.text(x, box.y + 6, word, size=15, colour=board.theme.muted, anchor=anchor)
    board.scale_bar(box, pen.shading, [])


def _matrix(pen: Pen, box: Box, values: Floats, shown: Ways, title: str) -> None:
    """One matrix with its tokens, the chosen row in Q's colour, the column in K's."""
    board, theme, count = pen.board, pen.board.theme, len(values)
    board.text(box.x - _SIDE, box.y - 80, f"<b>{title}</b>", size=18, anchor="middle right")
    board.grid(box)
    pitch = (box.width / count, box.height / count)
    board.matrix(values, box, pen.shading, gap=1 if min(pitch) > 6 else 0)
    board.hatch(np.isneginf(values), box)
    _tokens(pen, box, shown)
    size = min(16.0, pitch[0] * 0.36, pitch[1] * 0.55)
    texts = inks = None
    if size >= 12.5:
        texts = [pen.notation.fixed(v) for v in values.ravel().tolist()]
        inks = [
            theme.muted if v == -np.inf else ink
            for v, ink in zip(
                values.ravel().tolist(), number_inks(values, pen.shading), strict=True
            )
        ]
    places = None if count <= 40 else _cross(shown.chosen, count)
    cells = places or [(i, j) for i in range(count) for j in range(count)]
    hover = [
        f"{for_html(shown.tokens[i])} → {for_html(shown.tokens[j])}: "
        + pen.notation.fixed(float(values[i, j]), 4)
        for i, j in cells
    ]
    board.cells(
        box, (count, count), texts=texts, inks=inks, size=size, hover=hover, at_cells=places
    )
    query, key = shown.chosen
    board.frame(box.row(query, count), theme.q, 2)
    board.frame(box.column(key, count), theme.k, 2, "dot")
    board.frame(box.cell(query, key, (count, count)), theme.ink, 3.5)


def _cross(chosen: tuple[int, int], count: int) -> list[tuple[int, int]]:
    """Of a large matrix only the chosen row and column answer clicks."""
    query, key = chosen
    return [(query, j) for j in range(count)] + [(i, key) for i in range(count) if i != query]


def _tokens(pen: Pen, box: Box, shown: Ways) -> None:
    count, theme = len(shown.tokens), pen.board.theme
    for axis, chosen, colour in (
        ("row", shown.chosen[0], theme.q),
        ("column", shown.chosen[1], theme.k),
    ):
        pitch = (box.height if axis == "row" else box.width) / count
        size = min(17.0, pitch * 0.72)
        for place, token in enumerate(shown.tokens):
            if size < 11 and place != chosen:
                continue
            word = for_html(shortened(token, _LABEL))
            bold, ink = (f"<b>{word}</b>", colour) if place == chosen else (word, theme.ink)
            middle = (place + 0.5) * pitch
            if axis == "row":
                pen.board.text(
                    box.x - 7,
                    box.y + middle,
                    bold,
                    size=max(size, 14),
                    colour=ink,
                    anchor="middle left",
                )
            else:
                pen.board.slanted(
                    box.x + middle - 6, box.y - 3, bold, size=max(size, 14), colour=ink
                )


_NAMES = {"rope": "RoPE", "alibi": "ALiBi", "t5": "T5"}
_DASHES = {"sinusoid": "dot", "rope": "solid", "alibi": "dash", "t5": "dashdot"}


def _curves(pen: Pen, box: Box, shown: Ways, names: Sequence[str]) -> None:
    """The chosen pair's score by offset; several places of one way lie on each other, or do not."""
    board, theme = pen.board, pen.board.theme
    values = np.concatenate([shown.curves[name].ravel() for name in names] + [[shown.flat]])
    low, high = float(values.min()), float(values.max())
    air = (high - low) * 0.08 or 1.0
    ends = float(shown.offsets[0]), float(shown.offsets[-1])
    plane = Plane(box, ends, (low - air, high + air))
    middle = float(np.round((low + high) / 2))
    ticks = sorted({float(np.ceil(low)), middle, float(np.floor(high))})
    plane.draw(board, [(t, pen.notation.fixed(t, 0)) for t in ticks if low <= t <= high])
    flat = float(plane.up([shown.flat])[0])
    board.line([box.x, box.right], [flat, flat], theme.hatch, 1.5)
    at = float(plane.across([shown.chosen[1] - shown.chosen[0]])[0])
    if ends[0] <= shown.chosen[1] - shown.chosen[0] <= ends[1]:
        board.line([at, at], [box.y, box.bottom], theme.ink, 1, dash="dot")
    ranked: list[tuple[float, str, str]] = []
    for name in names:
        colour = theme.output if name == "sinusoid" else theme.ink
        for curve, start in zip(shown.curves[name], shown.places, strict=True):
            x, y = plane.across(shown.offsets), plane.up(curve)
            board.line(x.astype(np.float32), y.astype(np.float32), colour, 2.2, dash=_DASHES[name])
            moves = name == "sinusoid"
            word = f"{pen.labels['sinusoid_short']} {start}" if moves else _NAMES[name]
            if moves or start == shown.places[0]:
                ranked.append((float(y[-1]), word, colour))
    last = -1e9
    for height, word, colour in sorted(ranked):
        last = max(height, last + 18)  # neighbours are kept apart
        board.text(box.right + 6, last, word, size=15, colour=colour, anchor="middle right")
    for offset in (ends[0], 0.0, ends[1]):
        word = pen.notation.fixed(offset, 0, plus=offset > 0)
        place = float(plane.across([offset])[0])
        board.text(place, box.bottom + 14, word, size=15, colour=theme.muted)
    board.text(
        box.x + box.width * 0.75,
        box.bottom + 14,
        pen.labels["offset_axis"],
        size=15,
        colour=theme.muted,
    )


# One way alone


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """One pair of dimensions of q and k before and after its rotation, (2,) each."""

    pair: tuple[int, int]
    q: Floats
    k: Floats
    turned_q: Floats
    turned_k: Floats


def _alone(shown: Ways, way: str, style: Style) -> Pen:
    board = Board(WIDTH, HEIGHT, style.theme)
    pen = _pen(board, shown, style)
    _matrix(pen, Box(_SIDE + 10, 96, 480, 480), shown.scores[way], shown, style.labels[way])
    _scale(pen, shown, Box(_SIDE + 130, 600, 240, 13))
    return pen


def sinusoid(shown: Ways, parts: Mapping[str, Floats], style: Style) -> Figure:
    """The sinusoid's scores and the four parts that add up to them."""
    pen, labels = _alone(shown, "sinusoid", style), style.labels
    for number, (name, values) in enumerate(parts.items()):
        x, y = 616 + (number % 2) * 284.0, (number // 2) * 330.0
        masked = np.where(np.isneginf(shown.scores["sinusoid"]), -np.inf, values)
        _matrix(pen, Box(x + _SIDE, y + 96, 172, 205), masked, shown, labels.get(name, "q · k"))
    return pen.board.figure()


def rope(shown: Ways, turning: Turning, style: Style) -> Figure:
    """RoPE's scores; one pair of q and k turned in its plane; the score by offset."""
    pen, labels = _alone(shown, "rope", style), style.labels
    board = pen.board
    note(board, 650, 14, labels["plane"].format(a=turning.pair[0], b=turning.pair[1]))
    _plane(pen, Box(700, 36, 300, 300), turning)
    side = Box(700, 420, 380, 200)
    note(board, 650, 388, labels["along_rope"].format(a=shown.places[0], b=shown.places[1]))
    _curves(pen, side, shown, ("rope",))
    return board.figure()


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
        for vector, dash, symbol in ((before, "dot", "circle-open"), (after, "solid", "circle")):
            end = x + float(vector[0]) * reach, y - float(vector[1]) * reach
            board.line([x, end[0]], [y, end[1]], colour, 3, dash=dash)
            board.line([end[0]], [end[1]], colour, 0, symbol=symbol, size=12)
        # Beyond the arrow's tip, however short it is.
        far = 1 + 20 / (radius or 1.0)
        tip = x + float(after[0]) * reach * far, y - float(after[1]) * reach * far
        board.text(*tip, f"<b>{name}</b>", size=20, colour=colour)
    for line, word in enumerate(pen.labels["plane_legend"].split("|")):
        board.text(
            box.right + 16,
            box.y + 16 + line * 24,
            word,
            size=16,
            colour=theme.muted,
            anchor="middle right",
        )


def alibi(shown: Ways, bias: Floats, slopes: Floats, head: int, style: Style) -> Figure:
    """ALiBi's scores, the bias alone, and the slope of every head."""
    pen, theme, labels = _alone(shown, "alibi", style), style.theme, style.labels
    _matrix(pen, Box(720, 96, 250, 215), bias, shown, labels["bias"])
    board = pen.board
    box = Box(720, 396, 360, 220)
    note(board, 650, 362, labels["slopes"])
    furthest = 16
    plane = Plane(box, (0, furthest), (-furthest * float(slopes.max()) * 1.02, 0))
    bottom = -furthest * float(slopes.max())
    plane.draw(
        board,
        [
            (0, "0"),
            (bottom / 2, style.notation.fixed(bottom / 2, 1)),
            (bottom, style.notation.fixed(bottom, 1)),
        ],
    )
    x = plane.across(np.arange(furthest + 1))
    for number, slope in enumerate(slopes.tolist()):
        chosen = number == head
        colour, width = (theme.ink, 3.5) if chosen else (theme.hatch, 1.2)
        y = plane.up(-slope * np.arange(furthest + 1))
        board.line(x.astype(np.float32), y.astype(np.float32), colour, width)
        if chosen:
            said = labels["slope"].format(head=head, slope=style.notation.significant(slope, 3))
            board.text(
                box.right + 6, float(y[-1]), f"<b>{said}</b>", size=15, anchor="middle right"
            )
    for distance in (0, 8, 16):
        board.text(
            float(plane.across([distance])[0]),
            box.bottom + 14,
            str(distance),
            size=15,
            colour=theme.muted,
        )
    board.text(
        box.x + box.width * 0.75,
        box.bottom + 14,
        labels["distance_axis"],
        size=15,
        colour=theme.muted,
    )
    return board.figure()


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
    note(board, 650, 362, labels["buckets"])
    offsets, numbers = buckets
    box = Box(720, 386, 440, 140)
    plane = Plane(box, (float(offsets[0]), float(offsets[-1])), (-1, float(numbers.max()) + 1))
    plane.draw(board, [(0, "0"), (16, "16"), (31, "31")])
    x, y = plane.across(offsets), plane.up(numbers.tolist())
    board.line(x.astype(np.float32), y.astype(np.float32), theme.ink, 0, symbol="circle", size=4)
    offset = shown.chosen[1] - shown.chosen[0]
    if offsets[0] <= offset <= offsets[-1]:
        place = int(np.flatnonzero(offsets == offset)[0])
        board.line([x[place]], [y[place]], theme.ink, 0, symbol="circle-open", size=18)
    for mark in (int(offsets[0]), -16, 0, 16, int(offsets[-1])):
        word = style.notation.fixed(mark, 0, plus=mark > 0)
        board.text(
            float(plane.across([mark])[0]), box.bottom + 14, word, size=15, colour=theme.muted
        )
    strip = Box(720, 590, 440, 34)
    shading = Shading(theme.scores, -pen.shading.high, pen.shading.high)
    board.matrix(values[None], strip, shading, gap=1)
    board.frame(strip, theme.grid, 1)
    note(board, 650, 570, labels["bucket_bias"])
    for number in (0, 8, 16, 24, 31):
        middle = strip.x + (number + 0.5) * strip.width / len(values)
        board.text(middle, strip.bottom + 13, str(number), size=15, colour=theme.muted)
    return board.figure()
