"""A translation step by step: pieces with their states, lines of weight, the matrix that grows."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from viz.alignment_matrix import draw_matrix
from viz.axes import text_width
from viz.board import CELLS, Board, Box, Shading
from viz.decoding import Decoding, starts
from viz.notation import for_html, shortened
from viz.scores_style import Style
from viz.strips import halves, state_shading, strip, two_way
from viz.theme import rgb

WIDTH, HEIGHT = 930, 772
LEFT = 152  # room for names and for h_t and C_t
_RIGHT = 4
_WRITTEN = Box(LEFT, 2, WIDTH - LEFT - _RIGHT, 36)
_PIECES = Box(LEFT, 130, WIDTH - LEFT - _RIGHT, 36)
_STATES = Box(LEFT, 172, WIDTH - LEFT - _RIGHT, 104)
_SMALLEST, _LARGEST = 12.5, 21.0  # type on chips
_SLANTED = 72  # pixels of words that do not fit on chips
_WIDEST = 104  # of a piece's column
_FAINT = 0.15  # weights below it have no line once their word is written
MOST_LINES = 24  # written words whose lines stay


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns lie. size: of type on the Turkish chips, 0: they do not fit."""

    pitch: float
    size: float

    def x(self, piece: int) -> float:
        """The middle of a source piece's column."""
        return LEFT + (piece + 0.5) * self.pitch


def alignment(decoding: Decoding, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Lines, states and weights of a translation up to the chosen step.

    From the top: h_t and the words written so far; lines from them to the source's pieces, as
    wide as their weights; a strip for each piece's state, both directions; C_t beside them; and
    the weights, a row a step, in the same columns. Rows not written yet are outlines. Points in
    the trace named `viz.board.CELLS` carry [step, source piece].
    style.labels: decoder_state, context, query_axis, key_axis, weights, states, forward,
    backward, gold, gold_possible.
    """
    board = Board(WIDTH, height, style.theme)
    layout = _laid_out(decoding)
    _lines(board, decoding, layout)
    _written(board, decoding)
    _pieces(board, decoding, layout)
    _states(board, decoding, layout, style)
    top = _STATES.bottom + 30
    rows = Box(LEFT, top, layout.pitch * len(decoding.sources), height - top - 46)
    draw_matrix(board, rows, decoding, style)
    _foot(board, decoding, style, height)
    return board.figure()


def _laid_out(decoding: Decoding) -> Layout:
    names = decoding.sources
    pitch = min(_PIECES.width / len(names), _WIDEST)
    widest = max(text_width(_named(decoding, j), 1) for j in range(len(names)))
    size = min(_LARGEST, 0.96 * pitch / max(widest, 0.5))
    return Layout(pitch, size if size >= _SMALLEST else 0.0)


def _named(decoding: Decoding, piece: int) -> str:
    """A piece, with a star where the model never met it."""
    star = "*" if piece in decoding.strange else ""
    return shortened(decoding.sources[piece], 14) + star


def written_slots(decoding: Decoding) -> tuple[list[Box], float]:
    """A box for each word of the translation, and the size of type that fits them (0: none)."""
    wide = [max(text_width(shortened(word, 14), 1), 1.2) for word in decoding.written]
    size = min(_LARGEST, (_WRITTEN.width - 18 * len(wide)) / sum(wide))
    if size < _SMALLEST:
        pitch = _WRITTEN.width / len(wide)
        widths, size = [pitch] * len(wide), 0.0
    else:
        widths = [size * w + 18 for w in wide]
    boxes, x = [], _WRITTEN.x
    for width in widths:
        boxes.append(Box(x, _WRITTEN.y, width, _WRITTEN.height).grown(-min(2, width / 8), 0))
        x += width
    return boxes, size


def _written(board: Board, decoding: Decoding) -> None:
    """The words so far as chips, the one being written filled, those to come as outlines."""
    theme = board.theme
    boxes, size = written_slots(decoding)
    for i, box in enumerate(boxes):
        now = i == decoding.step
        if i > decoding.step:
            board.frame(box, theme.grid, 1.5, "dot")
            continue
        board.fill(box, theme.q if now else theme.soft)
        word, x = for_html(shortened(decoding.written[i], 14)), box.x + box.width / 2
        if now and size:
            board.text(x, box.y + 18, f"<b>{word}</b>", size=size, colour=theme.page)
        elif now:  # where the others' words do not fit, this one stands out of its box
            anchor = "middle left" if x > WIDTH * 0.8 else "middle right"
            board.text(x, box.bottom + 12, f"<b>{word}</b>", size=18, colour=theme.q, anchor=anchor)
        elif size:
            board.text(x, box.y + 18, word, size=size)
    places = [(box.x + box.width / 2, box.y + 18) for box in boxes]
    _targets(board, places, [[i, decoding.source] for i in range(len(boxes))])


def _targets(board: Board, places: list[tuple[float, float]], ids: list[list[int]]) -> None:
    """Unseen squares that answer clicks."""
    xs, ys = (list(part) for part in zip(*places, strict=True))
    unseen = {"marker": {"opacity": 0}}
    board.traces.append(
        {
            "type": "scatter",
            "x": xs,
            "y": ys,
            "mode": "markers",
            "marker": {"size": 34, "opacity": 0, "symbol": "square"},
            "selected": unseen,
            "unselected": unseen,
            "customdata": ids,
            "hoverinfo": "none",
            "name": CELLS,
        }
    )


def _pieces(board: Board, decoding: Decoding, layout: Layout) -> None:
    """The source as chips; pieces of one word touch; the chosen one in K's colour."""
    theme, trace = board.theme, decoding.trace
    first = starts(trace.typed, trace.tokens, trace.special)
    last = [*first[1:], True]
    for j in range(len(decoding.sources)):
        gap_left, gap_right = (2 if first[j] else 0), (2 if last[j] else 0)
        chip = Box(LEFT + j * layout.pitch + gap_left, _PIECES.y,
                   layout.pitch - gap_left - gap_right, _PIECES.height)  # fmt: skip
        chosen = j == decoding.source
        if layout.size:
            board.fill(chip, theme.soft)
        if chosen and layout.size:
            board.frame(chip, theme.k, 3)
        if j in decoding.strange and layout.size:
            board.frame(chip.grown(-2, -2), theme.bad, 1.5, "dash")
        word = for_html(_named(decoding, j))
        word = f"<i>{word}</i>" if j in decoding.strange else word
        word, colour = (f"<b>{word}</b>", theme.k) if chosen else (word, theme.ink)
        if layout.size:
            board.text(layout.x(j), chip.y + chip.height / 2, word, size=layout.size, colour=colour)
        elif chosen or _has_room(j, decoding.source, layout):
            board.slanted(layout.x(j) - 7, chip.bottom, word, size=15, colour=colour)
    row = Box(LEFT, _PIECES.y, layout.pitch * len(decoding.sources), _PIECES.height)
    ids = [[decoding.step, j] for j in range(len(decoding.sources))]
    board.cells(row, (1, len(ids)), ids=ids)


def _has_room(piece: int, chosen: int, layout: Layout) -> bool:
    """Whether a slanted word stands clear of its neighbours and of the chosen one."""
    every = max(1, -(-24 // max(1, int(layout.pitch))))
    return piece % every == 0 and (every == 1 or abs(piece - chosen) * layout.pitch > 24)


def _lines(board: Board, decoding: Decoding, layout: Layout) -> None:
    """Ribbons from a written word down to the pieces, as wide as the weights."""
    boxes, _ = written_slots(decoding)
    end = _PIECES.y if layout.size else _PIECES.bottom - _SLANTED
    start = _WRITTEN.bottom
    r, g, b = rgb(board.theme.weight)
    early = max(0, decoding.step - MOST_LINES)
    for i in range(early, decoding.step + 1):
        now = i == decoding.step
        x0 = boxes[i].x + boxes[i].width / 2
        for j, weight in enumerate(decoding.attention.weights[i].tolist()):
            if weight < (0.005 if now else _FAINT):
                continue
            strength = 0.35 + 0.65 * weight if now else 0.22 * weight
            width = 1 + 11 * weight if now else 1 + 6 * weight
            _ribbon(board, (x0, start), (layout.x(j), end), f"rgba({r},{g},{b},{strength:.2f})",
                    width)  # fmt: skip


def _ribbon(
    board: Board, start: tuple[float, float], end: tuple[float, float], colour: str, width: float
) -> None:
    (x0, y0), (x1, y1) = start, end
    middle = (y0 + y1) / 2
    path = f"M {x0:.1f} {y0:.1f} C {x0:.1f} {middle:.1f} {x1:.1f} {middle:.1f} {x1:.1f} {y1:.1f}"
    board.shapes.append({"type": "path", "path": path, "layer": "below",
                         "line": {"color": colour, "width": width}})  # fmt: skip


def _states(board: Board, decoding: Decoding, layout: Layout, style: Style) -> None:
    """A strip a piece, forward half above; h_t above at the left, C_t beside the strips."""
    theme, trace, labels = style.theme, decoding.trace, style.labels
    gap = min(5.0, layout.pitch * 0.08)
    for j, values in enumerate(trace.encoder):
        box = Box(LEFT + j * layout.pitch + gap, _STATES.y, layout.pitch - 2 * gap, _STATES.height)
        two_way(board, box, values, trace.backward)
    chosen = Box(LEFT + decoding.source * layout.pitch, _STATES.y, layout.pitch, _STATES.height)
    board.frame(chosen.grown(0, 2), theme.k, 3)
    beside = Box(34, _STATES.y, 92, _STATES.height)
    two_way(board, beside, decoding.attention.context[decoding.step], trace.backward)
    board.frame(beside.grown(2, 2), theme.output, 2)
    board.text(0, beside.y + beside.height / 2, "<i>C</i><sub>t</sub>", size=21,
               colour=theme.output, anchor="middle right")  # fmt: skip
    for sign, half in zip("→←", halves(_STATES), strict=True):
        board.text(140, half.y + half.height / 2, sign, size=18, colour=theme.muted)
    now = Box(34, 36, 92, 50)
    strip(board, now, trace.h[decoding.step])
    board.frame(now.grown(2, 2), theme.q, 2)
    board.text(0, 61, "<i>h</i><sub>t</sub>", size=21, colour=theme.q, anchor="middle right")
    board.text(0, 18, labels["decoder_state"], size=16, colour=theme.q, anchor="middle right")
    board.text(0, 112, labels["key_axis"], size=16, colour=theme.k, anchor="middle right")
    board.text(0, 148, labels["context"], size=16, colour=theme.output, anchor="middle right")
    board.text(0, _STATES.bottom + 16, labels["query_axis"], size=16, colour=theme.q,
               anchor="middle right")  # fmt: skip


def _foot(board: Board, decoding: Decoding, style: Style, height: int) -> None:
    """Both scales, and what the outlines mean."""
    theme, labels, notation = style.theme, style.labels, style.notation
    y = height - 34
    board.text(LEFT, y + 6, labels["weights"], size=16, colour=theme.muted, anchor="middle right")
    weights = Shading(theme.weights, 0.0, 1.0)
    board.scale_bar(Box(LEFT + 92, y, 130, 12), weights, [(0, "0"), (0.5, notation.fixed(0.5, 1)),
                                                          (1, "1")])  # fmt: skip
    board.text(LEFT + 258, y + 6, labels["states"], size=16, colour=theme.muted,
               anchor="middle right")  # fmt: skip
    board.scale_bar(Box(LEFT + 330, y, 130, 12), state_shading(theme),
                    [(-1, notation.fixed(-1, 0)), (0, "0"), (1, "+1")])  # fmt: skip
    words = f"→ {labels['forward']}   ← {labels['backward']}"
    board.text(LEFT + 482, y + 6, words, size=16, colour=theme.muted, anchor="middle right")
