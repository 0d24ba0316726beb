"""Recurrent layers made by hand, and their steps worked out anew in float64."""

from __future__ import annotations

import numpy as np

from models.core.cell import CellWeights
from models.trace import Floats, RecurrentLayer
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.lstm.step import Reading

LABELS = {
    "unit": "unit {n}",
    "whole": "all words",
    "silent": "held at 0",
    "numbers": "{n} numbers",
    "below": "h of layer {n}",
    "rest": "other {n}",
    **{f"part.{part}": f"name of {part}" for part in "figcoh"},
}


def style(decimal: str = ".") -> Style:
    from viz.board.notation import Notation

    return Style(LIGHT, Notation(decimal), LABELS)


def sigmoid(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-z)))


def weights(random: np.random.Generator, parts: int, units: int, wide: int) -> CellWeights:
    shapes = ((parts * units, wide), (parts * units, units), (parts * units,))
    return CellWeights(*(random.normal(size=shape) for shape in shapes))


def steps_of(cell: CellWeights, x: Floats, off: frozenset[int] = frozenset()) -> dict[str, Floats]:
    """One direction, unit by unit, in float64; off: units held at 0."""
    h = c = np.zeros(cell.units)
    keep = np.array([unit not in off for unit in range(cell.units)], float)
    found: list[dict[str, Floats]] = []
    for row in x:
        z = cell.w @ row + cell.u @ h + cell.b
        if len(z) == cell.units:
            h = keep * np.tanh(z)
            found.append({"h": h})
            continue
        i, f, g, o = np.split(z, 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = keep * (f * c + i * g)
        h = o * np.tanh(c)
        found.append({"i": i, "f": f, "g": g, "o": o, "c": c, "h": h})
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def layer(
    steps: int = 9,
    units: int = 6,
    *,
    rnn: bool = False,
    both: bool = False,
    off: frozenset[int] = frozenset(),
    seed: int = 0,
) -> RecurrentLayer:
    """A layer of random weights as a recording has it: arrays in float32, with its weights."""
    random = np.random.default_rng([seed, steps, units])
    x = random.normal(size=(steps, 5))
    cells = [weights(random, 1 if rnn else 4, units, 5) for _ in range(1 + both)]
    found = steps_of(cells[0], x, off)
    if both:
        back = steps_of(cells[1], x[::-1])
        found = {name: np.hstack([found[name], back[name][::-1]]) for name in found}
    arrays = {name: array.astype(np.float32) for name, array in found.items()}
    return RecurrentLayer(
        **arrays, backward=units if both else 0, x=x.astype(np.float32), weights=tuple(cells)
    )


def reading(
    made: RecurrentLayer,
    step: int = 4,
    unit: int = 2,
    *,
    order: list[int] | None = None,
    words: list[str] | None = None,
    unknown: frozenset[int] = frozenset(),
    silenced: frozenset[int] = frozenset(),
    depth: int = 0,
) -> Reading:
    steps, units = made.h.shape
    return Reading(
        made,
        words or [f"w{i}" for i in range(steps)],
        step,
        unit,
        list(range(units)) if order is None else order,
        unknown,
        silenced,
        depth,
    )
