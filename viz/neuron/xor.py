"""XOR in one picture: the points as they are, as the hidden layer has them, and the loss.

Without a hidden layer the second plane gives way to all labellings of four points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.neuron.xor import LAST, LAYERS, POINTS, SEEDS, Training, stops
from models.trace import Floats
from viz.board.board import Board, Box, Figure, Place
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.plane import Plane
from viz.board.style import Style
from viz.neuron.labellings import labellings
from viz.neuron.planes import SYMBOLS, hidden_plane, input_plane, label_colour, name_of, shading

CHANCE = float(np.log(2))
_ROWS = 3  # of points over the curve, so that a click anywhere chooses the step
_DENSE = 160  # points of a curve: more lie in one pixel


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is drawn: a training at one step, and the chosen point, 0–3.

    alone: the training of one unit from the same seed; learned: hidden layer → how many of all
    seeds learn XOR with it.
    """

    training: Training
    alone: Training
    learned: Mapping[str, int]
    step: int
    point: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands, in pixels of the window that figures are composed for."""

    width: int
    height: int
    inputs: Box
    hidden: Box
    curve: Box
    tally: Box
    key: Box


WIDE = Layout(
    *(1190, 664, Box(46, 40, 396, 396), Box(540, 40, 396, 396)),
    *(Box(46, 510, 890, 100), Box(1056, 510, 96, 100), Box(966, 52, 210, 200)),
)
# A phone's: both planes side by side, the rest below them.
NARROW = Layout(
    *(528, 610, Box(28, 34, 224, 224), Box(300, 34, 224, 224)),
    *(Box(46, 368, 474, 104), Box(126, 536, 340, 66), Box(28, 306, 490, 20)),
)


@kept
def xor(scene: Scene, style: Style) -> Figure:
    """Both planes with what parts them, below them the loss of every step."""
    layout = NARROW if style.narrow else WIDE
    board = Board(layout.width, layout.height, style.theme)
    shown = scene.training, scene.step, scene.point
    _title(board, layout.inputs, "before", style)
    plane = input_plane(board, layout.inputs, *shown, style)
    _choose(board, plane, POINTS, scene, style)
    if scene.training.hidden == "none":
        labellings(board, layout.hidden, style)
    else:
        _title(board, layout.hidden, "after", style)
        plane = hidden_plane(board, layout.hidden, *shown, style)
        _choose(board, plane, scene.training.h[scene.step], scene, style)
        _between(board, layout)
    _curves(board, layout.curve, scene, style)
    _tally(board, layout.tally, scene, style)
    (_key_row if style.narrow else _key)(board, layout.key, scene, style)
    return board.figure()


def _title(board: Board, box: Box, name: str, style: Style) -> None:
    board.text(box.x, box.y - 20, bold(style.labels[name]), size=18, anchor="middle right")


def _between(board: Board, layout: Layout) -> None:
    """From the one plane to the other."""
    start, end = layout.inputs.right + 14, layout.hidden.x - 44
    if end - start < 20:
        return
    y, ink = layout.inputs.y + layout.inputs.height * 0.25, board.theme.muted
    board.line([start, end], [y, y], ink, 3)
    board.line([end - 9, end, end - 9], [y - 7, y, y + 7], ink, 3)


def _choose(board: Board, plane: Plane, points: Floats, scene: Scene, style: Style) -> None:
    """A click on a point chooses it, at the same step."""
    x, y = plane.across(points[:, 0]), plane.up(points[:, 1])
    ids = [[n, scene.step] for n in range(len(points))]
    outputs = scene.training.outputs[scene.step].tolist()
    hover = [f"{name_of(n)}: ŷ = {style.notation.tiny(y, 4)}" for n, y in enumerate(outputs)]
    board.clicks(x, y, ids, 40, hover)


def _log(steps: Floats | list[int]) -> Floats:
    """Where steps lie on an axis that begins at 0 and is logarithmic behind it."""
    return np.log10(1 + np.asarray(steps, np.float64))


def _curves(board: Board, box: Box, scene: Scene, style: Style) -> None:
    theme = style.theme
    both = (scene.alone, theme.muted, 3, "dot"), (scene.training, theme.ink, 3.5, "solid")
    top = max(float(one.losses.max()) for one, *_ in both)
    plane = Plane(box, (0, float(_log([LAST])[0])), (0, max(top * 1.08, 0.8)))
    plane.draw(board, [(0, "0"), (CHANCE, "ln 2")])
    x = float(_log([scene.step])[0])
    plane.upright(board, x, 2)
    steps = np.unique(np.rint(10 ** np.linspace(0, _log([LAST])[0], _DENSE)).astype(int) - 1)
    steps = np.append(steps, LAST)
    for one, colour, width, dash in both:
        plane.curve(board, _log(steps), one.losses[steps], colour, width, dash=dash)
    here = scene.training.losses[[scene.step]]
    plane.curve(board, np.array([x]), here, theme.ink, 0, symbol="circle", size=15)
    for step in sorted({0, 1, 10, 100, 1000, scene.step}, key=lambda one: one == scene.step):
        at = float(_log([step])[0])
        if step == scene.step or abs(at - x) * box.width / plane.x[1] > 40:
            word = style.notation.grouped(step)
            place = float(plane.across([at])[0]), box.bottom + 17
            board.tick(*place, word, step == scene.step)
    _legend(board, box, scene, style)
    columns = stops(scene.step)
    across = np.repeat(plane.across(_log(columns)), _ROWS)
    rows = np.tile(np.linspace(box.y + 12, box.bottom - 12, _ROWS), len(columns))
    ids = [[scene.point, step] for step in columns for _ in range(_ROWS)]
    words = [f"{style.labels['step']} {step}" for step in columns for _ in range(_ROWS)]
    board.clicks(across, rows, ids, 30, words)


def _legend(board: Board, box: Box, scene: Scene, style: Style) -> None:
    """What the curves are, above them, and what runs below them."""
    theme, y = style.theme, box.y - 20
    name = "alone" if scene.training.hidden == "none" else "network"
    board.text(box.x, y, bold(style.labels["loss"]), size=18, anchor="middle right")
    x = box.x + (70 if style.narrow else 110)
    board.line([x, x + 34], [y, y], theme.ink, 3.5)
    board.text(x + 42, y, style.labels[name], size=16, anchor="middle right")
    if name == "network":
        x += 190 if style.narrow else 270
        board.line([x, x + 34], [y, y], theme.muted, 3, dash="dot")
        board.note(x + 42, y, style.labels["alone"])
    board.note(box.right, box.bottom + 38, style.labels["step_axis"], anchor="middle left")


def _tally(board: Board, box: Box, scene: Scene, style: Style) -> None:
    """How many seeds of all learn XOR, by hidden layer: a bar each."""
    theme = style.theme
    board.text(
        *(box.x - 88, box.y - 20, bold(style.labels["tally"].format(n=SEEDS))),
        size=16,
        anchor="middle right",
    )
    for row, name in enumerate(("none", *LAYERS)):
        line = box.row(row, len(LAYERS) + 1)
        y, count = line.y + line.height / 2, scene.learned[name]
        now = name == scene.training.hidden
        ink = theme.ink if now else theme.muted
        word = bold(style.labels[f"layer_{name}"], now)
        board.text(box.x - 8, y, word, size=16, colour=ink, anchor="middle left")
        track = Box(box.x, y - 6, box.width, 12)
        board.fill(track, theme.soft)
        board.fill(Box(track.x, track.y, track.width * count / SEEDS, 12), ink)
        place: Place = track.right + 8, y
        board.text(*place, bold(str(count), now), size=16, colour=ink, anchor="middle right")


def _key(board: Board, box: Box, scene: Scene, style: Style) -> None:
    """What marks, shades and lines mean, below each other."""
    y = box.y
    for label in (1, 0):
        _mark(board, (box.x + 10, y), label, style)
        board.note(box.x + 30, y, style.labels["label"].format(n=label))
        y += 32
    bar = Box(box.x + 2, y + 6, 150, 14)
    _bar(board, bar, style)
    board.note(bar.right + 16, bar.y + 7, "ŷ")
    notes = ["line", "arrow"] + ["trail"] * (scene.training.hidden != "none")
    y = bar.bottom + 52
    for name in notes:
        for part in style.labels[name].split("|"):
            board.note(box.x, y, part)
            y += 22
        y += 8


def _key_row(board: Board, box: Box, scene: Scene, style: Style) -> None:
    """The same in a row, as far as there is room."""
    y = box.y + box.height / 2
    for n, label in enumerate((1, 0)):
        x = box.x + n * 110
        _mark(board, (x + 10, y), label, style)
        board.note(x + 28, y, style.labels["label"].format(n=label))
    bar = Box(box.x + 250, y - 14, 150, 12)
    _bar(board, bar, style)
    board.note(bar.right + 12, y - 8, "ŷ")


def _mark(board: Board, place: Place, label: int, style: Style) -> None:
    x, y = place
    colour = label_colour(style, label)
    board.line([x], [y], colour, 0, symbol=SYMBOLS[label], size=20)


def _bar(board: Board, box: Box, style: Style) -> None:
    """ŷ from 0 to 1, as the planes are shaded."""
    low, high = 0.0, 1.0
    ramp = np.linspace(low, high, 64, dtype=np.float32)[None]
    board.matrix(ramp, box, shading(style), gap=0)
    board.frame(box, style.theme.grid, 1)
    for value, word in ((low, "0"), (0.5, "½"), (high, "1")):
        board.tick(box.x + box.width * value, box.bottom + 13, word, False, size=15)
