"""What one head and four heads look at from the same question, and what each model answers.

A row a head, a column a token; at the right the place that is answered for each letter. In a figure
of its own: how often each is right, a mark a training run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.scores.places_trace import ASKED, FIGURES, Accuracy, Answered
from viz.board.axes import Edge
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.panel import Panel, draw, written
from viz.board.plane import Plane
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 404
_LEFT, _CELL, _HIGH = 150, 62, 40
_TOPS = {"one": 84, "four": 232}
_ANSWERS, _PITCH = 790, 100  # where the letters' answers begin, and how far they are apart
ACROSS, DOWN = 590, 320
_LONG = (150, 14)  # room at the left and at the right of the shares


@kept
def places(found: Mapping[str, Answered], style: Style) -> Figure:
    """found: "one", "four" → the same text. style.labels: one, four, answers, head, where."""
    board, labels = Board(WIDTH, HEIGHT, style.theme), style.labels
    for n, letter in enumerate(ASKED):
        x = _ANSWERS + n * _PITCH + _PITCH / 2
        board.text(x, 38, labels["where"].format(letter=letter), size=17)
    for name, one in found.items():
        top = _TOPS[name]
        title = f"<b>{labels[name]}</b>"
        board.text(0, top - 46, title, size=17, anchor="middle right")
        _map(board, Box(_LEFT, top, _CELL * len(one.trace.tokens), _HIGH * len(one.weights)),
             one, style)  # fmt: skip
        _answers(board, top + _HIGH * len(one.weights) / 2, one, style)
    return board.figure()


def _map(board: Board, box: Box, one: Answered, style: Style) -> None:
    """The weights from the question; columns of the letters asked for stand out."""
    theme, tokens = board.theme, one.trace.tokens
    shading = Shading(theme.weights, 0.0, 1.0)
    write = style.notation.share
    texts = written(one.weights, shading, 16, write, quiet=theme.muted)
    names = [style.labels["head"].format(n=n) for n in range(len(one.weights))]
    panel = Panel(one.weights, shading, gap=True, rows=Edge(names, None, largest=16), texts=texts)
    draw(board, box, panel)
    for place, token in enumerate(tokens):
        x = box.x + (place + 0.5) * _CELL
        board.tick(x, box.y - 16, token, token in ASKED, size=19)


def _answers(board: Board, y: float, one: Answered, style: Style) -> None:
    """The most probable place of each letter with its probability, ✓ or ✗."""
    theme = board.theme
    for n, (answer, right) in enumerate(zip(one.answers, one.right, strict=True)):
        x, good = _ANSWERS + n * _PITCH + _PITCH / 2, answer == right
        sign, ink = ("✓", theme.good) if good else ("✗", theme.bad)
        board.text(x, y - 11, bold(f"{sign} {answer + 1}"), size=20, colour=ink)
        share = style.notation.small(float(one.shares[n, answer]), 3)
        board.note(x, y + 13, f"p = {share}", size=15, anchor="middle center")


@kept
def accuracy(found: Mapping[str, Accuracy], style: Style) -> Figure:
    """found: "one", "four". style.labels: figure.<FIGURES>, short.one, short.four, chance, whose,
    mean.
    """
    board, theme = Board(ACROSS, DOWN, style.theme), style.theme
    box = Box(_LONG[0], 8, ACROSS - sum(_LONG), DOWN - 84)
    plane = Plane(box, (0.0, 1.0), (0.0, 3.0))
    for value in (0, 0.25, 0.5, 0.75, 1):
        x = float(plane.across([value])[0])
        board.line([x, x], [box.y, box.bottom], theme.grid, 1)
        word = style.notation.fixed(value, 2) if value % 1 else str(int(value))
        board.tick(x, box.bottom + 14, word, False, size=15)
    rows = [(figure, name) for figure in FIGURES for name in found]
    high = box.height / (len(rows) + len(FIGURES) * 0.9)
    y = box.y
    for figure in FIGURES:
        board.text(0, y + high * 0.45, bold(style.labels[f"figure.{figure}"]), size=15,
                   anchor="middle right")  # fmt: skip
        y += high * 0.9
        for name, one in found.items():
            _runs(board, plane, y + high / 2, one, figure, name, style)
            y += high
    _legend(board, style)
    return board.figure()


def _runs(
    board: Board, plane: Plane, y: float, one: Accuracy, figure: str, name: str, style: Style
) -> None:
    """A ring a training run, the mean as a bar, what others reach as small strokes."""
    theme, colour = board.theme, board.theme.weight if name == "four" else board.theme.plus
    board.text(plane.box.x - 10, y, style.labels[f"short.{name}"], size=15, anchor="middle left")
    runs = plane.across(one.seeds[figure])
    board.line([plane.box.x, plane.box.right], [y, y], theme.grid, 1)
    board.line(runs, np.full(len(runs), y), colour, 0, symbol="circle-open", size=10)
    mean = float(plane.across([one.mean(figure)])[0])
    board.line([mean, mean], [y - 9, y + 9], colour, 4)
    for of, dash in (("chance", "solid"), ("places_without_letters", "dot")):
        share = one.baselines[of].get(figure)
        if share is not None:
            x = float(plane.across([share])[0])
            board.line([x, x], [y - 9, y + 9], theme.muted, 2, dash=dash)


def _legend(board: Board, style: Style) -> None:
    """Below: what the marks are."""
    theme, y = board.theme, DOWN - 26
    marks: Sequence[tuple[float, str]] = (
        (0, "run"),
        (140, "mean"),
        (250, "chance"),
        (370, "whose"),
    )
    for x, name in marks:
        if name == "run":
            board.line([x + 8], [y], theme.ink, 0, symbol="circle-open", size=10)
        else:
            wide = {"mean": 4, "chance": 2, "whose": 2}[name]
            ink = theme.ink if name == "mean" else theme.muted
            dash = "dot" if name == "whose" else "solid"
            board.line([x + 8, x + 8], [y - 9, y + 9], ink, wide, dash=dash)
        board.note(x + 18, y, style.labels[name], size=15)
