"""W, (α/r) B A and their sum for one head, B and A at the edges; its map with and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.cost.lora import Adapted, LowRankUpdate
from models.trace import Floats, Kind
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.panel import Panel, draw, spaced_cells
from viz.board.shading import Shading, symmetric
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 640
_MERGED = "W + (α/r) B·A"
A, B, SUM = "gate_g", "gate_i", "output"  # colours
_X, _WIDE, _TALL = 136.0, 620.0, 116.0  # of the three matrices
_TOPS = (34.0, 290.0, 452.0)
_UPPER = 190.0  # where A begins, above the product
_THICK = 9.0  # pixels of a rank, in A and in B
_MAPS, _SIDE = 930.0, 236.0  # where the maps begin; a side


@dataclass(frozen=True, slots=True, eq=False)
class LowRankShown:
    """One head's matrix and the text with and without the update.

    output, input: the chosen cell of the head's rows and all columns. most: the trained rank.
    """

    found: LowRankUpdate
    without: Adapted
    adapted: Adapted
    kind: Kind
    layer: int
    head: int
    output: int
    input: int
    most: int

    def weights(self, of: Adapted) -> Floats:
        """(query, key) of the head in one of the two."""
        found: Floats = of.trace.block(self.kind, self.layer).weights[self.head]
        return found


@kept
def low_rank(drawn: LowRankShown, style: Style) -> Figure:
    """The matrices at the left, the maps at the right.

    labels: frozen, update, update_cut (most, rank), without, with_adapter, no_update.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _matrices(board, drawn, style)
    pairs = ((drawn.without, "without", 34.0), (drawn.adapted, "with_adapter", 358.0))
    for of, name, top in pairs:
        _map(board, Box(_MAPS, top, _SIDE, _SIDE), drawn, of, style.labels[name])
    return board.figure()


def _matrices(board: Board, drawn: LowRankShown, style: Style) -> None:
    found, theme = drawn.found, board.theme
    parts = ((found.weight, "frozen"), (found.update, "update"), (found.merged, "merged"))
    shading = symmetric(np.asarray(found.merged), theme.scores)
    for (values, name), top in zip(parts, _TOPS, strict=True):
        box = Box(_X, top, _WIDE, _TALL)
        board.matrix(values, box, shading, gap=0)
        board.frame(box, theme.hatch, 1)
        _cell(board, box, drawn)
        title = _MERGED if name == "merged" else style.labels[name]
        if name == "update" and 0 < found.rank < drawn.most:
            title = style.labels["update_cut"].format(most=drawn.most, rank=found.rank)
        lift = _UPPER - 18 if name == "update" else top - 18
        board.text(_X, lift, bold(title), size=17, anchor="middle right")
    for sign, top in (("+", _TOPS[1]), ("=", _TOPS[2])):
        board.text(_X + _WIDE + 26, top + _TALL / 2, f"<b>{sign}</b>", size=30)
    _factors(board, drawn, style)
    _scale(board, shading, style)
    _answers(board, drawn, style)


def _cell(board: Board, box: Box, drawn: LowRankShown) -> None:
    """The chosen cell, in a frame that stands around it."""
    cell = box.cell(drawn.output, drawn.input, drawn.found.weight.shape)
    board.frame(cell.grown(4, 4), board.theme.ink, 2.5)


def _factors(board: Board, drawn: LowRankShown, style: Style) -> None:
    """A above the product, B at its left: a row of B and a column of A meet in a cell."""
    found, rank = drawn.found, drawn.found.rank
    box = Box(_X, _TOPS[1], _WIDE, _TALL)
    if not rank:
        board.note(box.x + 12, _UPPER + 34, style.labels["no_update"])
        return
    a = Box(_X, _TOPS[1] - 12 - rank * _THICK, _WIDE, rank * _THICK)
    b = Box(_X - 12 - rank * _THICK, _TOPS[1], rank * _THICK, _TALL)
    for values, place, role, letter in ((found.a, a, A, "A"), (found.b, b, B, "B")):
        colour = style.colour(role)
        board.matrix(values, place, symmetric(values, board.theme.scores), gap=0)
        board.frame(place, colour, 2)
        upper = letter == "A"
        x, y = (place.right + 12, place.y + 10) if upper else (place.right, place.bottom + 16)
        size = f"{values.shape[0]} × {values.shape[1]}"
        words = f"<b>{letter}</b>  {size}"
        board.text(x, y, words, size=16, colour=colour,
                   anchor="middle right" if upper else "middle left")  # fmt: skip
    row = b.row(drawn.output, len(found.b)).grown(3, 3)
    column = a.column(drawn.input, found.a.shape[1]).grown(3, 3)
    for one in (row, column):
        board.frame(one, board.theme.ink, 2.5)


def _scale(board: Board, shading: Shading, style: Style) -> None:
    bar = Box(_X + _WIDE - 300, _TOPS[2] + _TALL + 18, 300, 12)
    write = style.notation.fixed
    ends = (shading.low, 0.0, shading.high)
    board.scale_bar(bar, shading, [(v, write(v, 2)) for v in ends])


def _answers(board: Board, drawn: LowRankShown, style: Style) -> None:
    """A click on a cell of any of the three chooses it."""
    shape = drawn.found.weight.shape
    x, y, ids, said = [], [], [], []
    size = 8.0
    for values, top in zip(
        (drawn.found.weight, drawn.found.update, drawn.found.merged), _TOPS, strict=True
    ):
        box = Box(_X, top, _WIDE, _TALL)
        places, size = spaced_cells(box, (shape[0], shape[1]), (11, 43))
        chosen = (drawn.output, drawn.input)
        for i, j in [*(one for one in places if one != chosen), chosen]:
            cell = box.cell(i, j, shape)
            x.append(cell.x + cell.width / 2)
            y.append(cell.y + cell.height / 2)
            ids.append([i, j])
            said.append(f"{i}, {j}: {style.notation.fixed(float(values[i, j]), 4)}")
    board.clicks(np.array(x), np.array(y), ids, size, said)


def _map(board: Board, box: Box, drawn: LowRankShown, of: Adapted, title: str) -> None:
    """The head's weights, (query, key), with its tokens."""
    trace, weights = of.trace, drawn.weights(of)
    target = trace.tokens if trace.target_side is None else trace.target_side.typed
    queries = trace.typed if drawn.kind == "encoder" else target
    keys = target if drawn.kind == "decoder" else trace.typed
    block = trace.block(drawn.kind, drawn.layer)
    masked = np.isneginf(block.head(drawn.head).masked)
    board.text(box.right, box.y - 18, bold(title), size=17, anchor="middle left")
    panel = Panel(np.where(masked, -np.inf, weights), Shading(board.theme.weights, 0.0, 1.0))
    draw(board, box, panel)
    _along(board, box, queries, keys)


def _along(board: Board, box: Box, queries: Sequence[str], keys: Sequence[str]) -> None:
    """Queries at the left; keys below, slanted."""
    theme = board.theme
    pitch = box.height / len(queries)
    for n, token in enumerate(queries):
        if pitch >= 12 or n % 2 == 0:
            y = box.y + (n + 0.5) * pitch
            word = for_html(shortened(token, 11))
            board.text(box.x - 8, y, word, size=14, colour=theme.q, anchor="middle left")
    pitch = box.width / len(keys)
    for n, token in enumerate(keys):
        if pitch >= 16 or n % 2 == 0:
            label = {
                "x": box.x + (n + 0.5) * pitch,
                "y": box.bottom + 4,
                "xanchor": "right",
                "yanchor": "top",
                "showarrow": False,
                "text": for_html(shortened(token, 8)),
                "textangle": -40,
                "font": {"size": 14, "color": theme.k},
            }
            board.labels.append(label)
