"""One row of a head, masked before the softmax and in two wrong ways, number by number.

Every way has what goes into it above what comes out; beside it the row's sum, and what of it lies
on masked keys. Columns are keys, as in every row of a head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.scores.masking import Bools, MaskedRow
from models.trace import Floats
from viz.board.axes import Edge, column_edge
from viz.board.board import Board, Box, Figure, symmetric
from viz.board.kept import kept
from viz.board.notation import bold, for_html, reads_as_one, shortened
from viz.board.panel import Clicks, Panel, draw, pair_words, written
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 520
MOST = 15  # keys that have a column; of more the strongest, the chosen one, and the next masked
_LEFT, _TOP, _HIGH, _HEAD = 250, 92, 31, 29  # of rows and of what stands above each way
_SUMS = (92, 100)  # pixels of the columns beside the row: its sum, the masked keys' part
_WIDEST = 78.0


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row of cells. values: (key,); weights: they are, else scores; forbidden: −∞ stands where
    masked; zeroed: there weights were set to 0.
    """

    name: str
    values: Floats
    weights: bool = True
    forbidden: bool = False
    zeroed: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way of masking: what it is called, its rows. right: it is the right one; None: neither."""

    name: str
    lines: tuple[CellRow, ...]
    right: bool | None


def ways(row: MaskedRow) -> tuple[Way, ...]:
    """The right way, both wrong ones, and what another future token changes.

    ValueError: nothing is masked, or all is.
    """
    other = row.with_another_future()
    hidden = np.where(row.masked, -np.inf, row.scores)
    zero = np.where(row.masked, 0.0, row.scores)
    right = CellRow("scores_hidden", hidden, weights=False, forbidden=True)
    zeros = CellRow("scores_zero", zero, weights=False)
    zeroed = CellRow("zeroed", row.zeroed, zeroed=True)
    again = CellRow("renormalised", row.renormalised, zeroed=True)
    still = CellRow("right_again", other.right, forbidden=True)
    moved = CellRow("zeroed_again", other.zeroed, zeroed=True)
    return (
        Way("right", (right, CellRow("softmax", row.right, forbidden=True)), right=True),
        Way("zero", (zeros, CellRow("softmax", row.zero_scores)), right=False),
        Way("after", (CellRow("softmax_all", row.unmasked), zeroed, again), right=False),
        Way("future", (still, moved), right=None),
    )


def columns(row: MaskedRow, chosen: int, most: int = MOST) -> list[int]:
    """The keys that have a column, in the text's order: all, or as many of the strongest."""
    count = len(row.scores)
    if count <= most:
        return list(range(count))
    kept = {chosen, row.future, row.strongest}
    for key in np.argsort(-row.scores, kind="stable").tolist():
        if len(kept) == most:
            break
        kept.add(int(key))
    return sorted(kept)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What every row of the figure needs. shown: the keys that have a column."""

    row: MaskedRow
    keys: Sequence[str]
    shown: Sequence[int]
    style: Style


@kept
def masking(row: MaskedRow, keys: Sequence[str], chosen: int, style: Style) -> Figure:
    """keys: the tokens; chosen: the key whose column is marked.

    style.labels: the ways' and their rows' names, sum, on_masked, more, future.
    """
    board, shown = Board(WIDTH, HEIGHT, style.theme), columns(row, chosen)
    room = WIDTH - _LEFT - sum(_SUMS) - 24
    box = Box(_LEFT, 0, min(room, _WIDEST * len(shown)), _HIGH)
    words = [keys[place] for place in shown]
    edge = Edge(words, shown.index(chosen), away=4, slack=0.8, largest=20)
    column_edge(board, Box(box.x, _TOP, box.width, _HIGH), edge)
    for name, x in zip(("sum", "on_masked"), _sums_at(box), strict=True):
        board.text(x, _TOP - 14, style.labels[name], size=16)
    y, stage = float(_TOP), _Stage(row, keys, shown, style)
    for way in ways(row):
        y = _way(board, box, y, way, stage)
    if len(shown) < len(keys):
        board.note(box.x, HEIGHT - 10, style.labels["more"].format(n=len(keys) - len(shown)))
    place = box.column(shown.index(chosen), len(shown))
    board.frame(Box(place.x, _TOP, place.width, y - _TOP - 4), style.theme.k, 2, "dot")
    return board.figure()


def _sums_at(box: Box) -> tuple[float, float]:
    """Where both columns beside the row have their middles."""
    return box.right + _SUMS[0] / 2 + 8, box.right + _SUMS[0] + _SUMS[1] / 2 + 8


def _way(board: Board, box: Box, y: float, way: Way, stage: _Stage) -> float:
    """Its name, and its rows below. → where the next way begins."""
    theme, row = board.theme, stage.row
    name = stage.style.labels[f"way.{way.name}"]
    if way.right is None:
        score = stage.style.notation.fixed(float(row.scores[row.strongest]))
        token = for_html(shortened(stage.keys[row.future], 12))
        name = name.format(future=token, score=score)
    sign, ink = {True: ("✓ ", theme.good), False: ("✗ ", theme.bad), None: ("", theme.ink)}[
        way.right
    ]
    middle = y + _HEAD / 2 + 1
    board.text(4, middle, bold(sign + name), size=17, colour=ink, anchor="middle right")
    y += _HEAD
    for line in way.lines:
        _line(board, Box(box.x, y, box.width, _HIGH - 3), line, stage)
        y += _HIGH
    return y + 4


def _line(board: Board, box: Box, line: CellRow, stage: _Stage) -> None:
    theme, places, style, row = board.theme, list(stage.shown), stage.style, stage.row
    values, masked = line.values[places][None, :], row.masked[places][None, :]
    name, middle = style.labels[f"line.{line.name}"], box.y + box.height / 2
    board.text(box.x - 10, middle, name, size=16, colour=theme.muted, anchor="middle left")
    shading = Shading(theme.weights, 0.0, 1.0)
    if not line.weights:
        shading = symmetric(row.scores, theme.scores)
    write = style.notation.share if line.weights else style.notation.fixed
    size = min(17.0, box.width / len(places) * 0.34)
    quiet = theme.muted if line.weights else None
    texts = written(values, shading, size, write, quiet=quiet, masked=theme.ink)
    if line.forbidden or line.zeroed:
        pairs = zip(texts.inks, masked[0].tolist(), strict=True)
        texts = replace(texts, inks=[theme.ink if hidden else ink for ink, hidden in pairs])
    spots = [(0, n) for n in range(len(places))]
    tokens = [stage.keys[place] for place in places]
    said = pair_words(values, ([name], tokens), spots, style.notation)
    none = np.zeros_like(masked)
    panel = Panel(
        values,
        shading,
        masked=masked if line.forbidden else none,
        absent=masked if line.zeroed else None,
        gap=True,
        texts=texts,
        clicks=Clicks(spots, hover=said),
    )
    draw(board, box, panel)
    if line.weights:
        _sums(board, box, line, row.masked, row.right, style)


def _sums(
    board: Board, box: Box, line: CellRow, masked: Bools, right: Floats, style: Style
) -> None:
    """The row's sum, and the masked keys' part of it; in red where it is not the right row's."""
    theme = style.theme
    found = float(line.values.sum()), float(line.values[masked].sum())
    wanted = float(right.sum()), 0.0
    for value, own, x in zip(found, wanted, _sums_at(box), strict=True):
        wrong = abs(value - own) > 1e-9
        word = style.notation.tiny(value, 4) if value else "0"
        if own and 1 - value > 1e-9:
            word = short_of_one(value, 1 - value, style)  # a sink's share is in no key's weight
        colour, size = (theme.bad if wrong else theme.ink), (17 if len(word) < 8 else 14)
        board.text(x, box.y + box.height / 2, bold(word, wrong), size=size, colour=colour)


def short_of_one(value: float, missing: float, style: Style) -> str:
    """A sum of weights with four decimals; one that would read as 1 as what it lacks, if it does.

    missing: 1 less the sum; exactly 0: nothing is.
    """
    if missing == 0:
        return "1"
    if reads_as_one(missing, 4):
        return f"1 − {style.notation.scientific(missing, 1)}"
    return style.notation.fixed(value, 4)
