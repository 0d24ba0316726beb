"""A beam search as a tree: a column a step, the best continuation at the top of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.translator.beam_trace import BeamSearch, Node
from viz.board.axes import text_width
from viz.board.board import Board, Box, Place
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.style import Style

WIDTH = 1220
NODE = "node"
_MOST = 12  # columns on screen; of a longer search those around the step
_HEAD, _ROW, _FOOT = 30, 44, 34
_LINES = 22  # pixels between two columns' boxes


@dataclass(frozen=True, slots=True)
class Looked:
    """A search with the step that is shown on the page and the node that is opened."""

    search: BeamSearch
    step: int
    node: int

    @property
    def columns(self) -> range:
        """The steps (from 1) that have a column."""
        depth = self.search.depth
        first = min(max(1, self.step + 1 - _MOST // 2), max(1, depth - _MOST + 1))
        return range(first, min(depth, first + _MOST - 1) + 1)


@kept
def beam_tree(looked: Looked, style: Style) -> go.Figure:
    """What was weighed at each step: went on, finished, or was dropped; the best path lit.

    Points in the trace named `viz.board.board.CELLS` carry ["node", number].
    style.labels: alive, finished, pruned, best, cut (first, last, steps).
    """
    search, (board, boxes) = looked.search, _laid_out(looked, style)
    best = frozenset(search.path(search.best.node))
    _edges(board, search, boxes, best)
    for number, box in boxes.items():
        _node(board, search.nodes[number], box, number in best, style)
    xs, ys = np.array([[b.x + b.width / 2, b.y + b.height / 2] for b in boxes.values()]).T
    board.clicks(xs, ys, [[NODE, number] for number in boxes], 36)
    _foot(board, looked, style)
    return board.figure()


@kept
def beam_step(looked: Looked, style: Style) -> go.Figure:
    """What changes with the step and the opened node, to lie on top of `beam_tree`.

    style.labels: step (n).
    """
    board, boxes = _laid_out(looked, style)
    _steps(board, looked, boxes, style)
    if looked.node in boxes:
        board.frame(boxes[looked.node].grown(4, 4), style.theme.ink, 2.5)
    return board.figure()


def _laid_out(looked: Looked, style: Style) -> tuple[Board, dict[int, Box]]:
    search, columns = looked.search, looked.columns
    rows = max(len(search.at(depth)) for depth in columns)
    board = Board(WIDTH, _HEAD + rows * _ROW + _FOOT, style.theme)
    return board, _boxes(search, columns)


def _boxes(search: BeamSearch, columns: range) -> dict[int, Box]:
    pitch = min(WIDTH / len(columns), 150.0)
    found = {}
    for at, depth in enumerate(columns):
        for rank, number in enumerate(search.at(depth)):
            y = _HEAD + rank * _ROW
            found[number] = Box(at * pitch, y, pitch - _LINES, _ROW - 6)
    return found


def _steps(board: Board, looked: Looked, boxes: dict[int, Box], style: Style) -> None:
    for depth in looked.columns:
        box, now = boxes[looked.search.at(depth)[0]], depth == looked.step + 1
        words = bold(style.labels["step"].format(n=depth - 1), now)
        colour = style.theme.q if now else style.theme.muted
        board.text(box.x + box.width / 2, 12, words, size=15, colour=colour)


def _edges(board: Board, search: BeamSearch, boxes: dict[int, Box], best: frozenset[int]) -> None:
    """From each node to what continues it: dropped ones faint, the best path strong."""
    groups: dict[str, list[tuple[Place, Place]]] = {"pruned": [], "alive": [], "best": []}
    for number, box in boxes.items():
        node = search.nodes[number]
        if node.parent not in boxes:
            continue
        start = boxes[node.parent]
        pair = ((start.right, start.y + start.height / 2), (box.x, box.y + box.height / 2))
        kind = "best" if number in best else "pruned" if node.state == "pruned" else "alive"
        groups[kind].append(pair)
    theme = board.theme
    look = {"pruned": (theme.grid, 1.5), "alive": (theme.hatch, 2.0), "best": (theme.q, 4.0)}
    for kind, pairs in groups.items():
        board.curves(pairs, *look[kind])


def _node(board: Board, node: Node, box: Box, best: bool, style: Style) -> None:
    """The piece and its sum so far; of a finished sentence its score."""
    theme, faded, ended = style.theme, node.state == "pruned", node.state == "finished"
    board.fill(box, theme.page if faded else theme.soft)
    if faded:
        board.frame(box, theme.grid, 1.5, "dot")
    elif best:
        board.frame(box, theme.q, 3)
    if ended:
        board.frame(box.grown(-3, -3), theme.q if best else theme.hatch, 1.5)
    middle = box.x + box.width / 2
    word = shortened(node.piece, 14)
    size = min(17.0, (box.width - 10) / max(text_width(word, 1), 1))
    ink = theme.hatch if faded else theme.q if best else theme.ink
    board.text(middle, box.y + 13, bold(for_html(word), best), size=size, colour=ink)
    number = style.notation.significant(node.score if ended else node.total, 3)
    quiet = theme.hatch if faded else theme.muted
    board.text(middle, box.y + 29, ("■ " if ended else "") + number, size=13, colour=quiet)


def _foot(board: Board, looked: Looked, style: Style) -> None:
    labels = style.labels
    words = [labels["best"], labels["alive"], f"■ {labels['finished']}", f"┄ {labels['pruned']}"]
    columns = looked.columns
    if len(columns) < looked.search.depth:
        values = {"first": columns[0] - 1, "last": columns[-1] - 1, "steps": looked.search.depth}
        words.append(labels["cut"].format(**values))
    board.note(0, board.height - 14, "   ·   ".join(words))
