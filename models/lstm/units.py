"""Orders of a recurrent layer's units, and the measured figures of what each one follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any

import numpy as np

from models.measured import read
from models.trace import Floats, RecurrentLayer


def by_similarity(layer: RecurrentLayer) -> list[int]:
    """Units so that neighbours move alike over the text: each next one the nearest left over.

    Nearness is Pearson's correlation of c (RNN: h). First comes the unit with the largest total;
    units that never move come last, backward units behind the forward ones.
    """
    states = layer.h if layer.c is None else layer.c
    forward = states.shape[1] - layer.backward
    parts = (range(forward), range(forward, states.shape[1]))
    return [unit for part in parts for unit in _chained(states, part)]


def _chained(states: Floats, units: Sequence[int]) -> list[int]:
    if not len(units):
        return []
    centred = states[:, list(units)].astype(np.float64)
    centred = centred - centred.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    unit = centred / np.where(length > 0, length, 1.0)
    near = unit.T @ unit
    order = [int(near.sum(axis=0).argmax())]
    left = set(range(len(units))) - set(order)
    while left:
        best = max(sorted(left), key=lambda at: near[order[-1], at])
        order.append(best)
        left.remove(best)
    return [units[at] for at in order]


@dataclass(frozen=True, slots=True)
class Follower:
    """A unit and how closely its state follows a property on held-out sentences.

    r: Pearson's correlation, its sign kept; ranked_by: the same on other sentences, by which
    the units were ranked.
    """

    layer: int
    unit: int
    r: float
    ranked_by: float


@dataclass(frozen=True, slots=True)
class Silenced:
    """What the model still gets right with some (layer, unit) pairs held at 0.

    which: "best", those that follow the property most closely, or "least".
    """

    units: tuple[tuple[int, int], ...]
    which: str
    figures: Mapping[str, float]

    def change(self, trained: Mapping[str, float]) -> float:
        """The largest change of a figure that the trained model has, as a share of that figure.

        Any change of a figure that is 0 is infinite; without figures nothing changes: 0.
        """
        pairs = [(value, self.figures[name]) for name, value in trained.items()]
        shares = [abs(now - was) / abs(was) if was else inf for was, now in pairs if now != was]
        return max(shares, default=0.0)


@dataclass(frozen=True, slots=True)
class Tracked:
    """How closely units follow one property, as it was measured where the model was trained.

    layers: of each layer all units, the closest first on validation sentences, r on others.
    untrained: |r| of the best unit of a model that was never trained.
    """

    layers: tuple[tuple[Follower, ...], ...]
    untrained: float
    silenced: tuple[Silenced, ...]

    def closest(self, most: int) -> list[Follower]:
        """The closest followers of all layers, by the sample that they were ranked on."""
        found = [one for layer in self.layers for one in layer[:most]]
        return sorted(found, key=lambda one: -abs(one.ranked_by))[:most]

    def by_r(self, layer: int) -> list[int]:
        """A layer's units, from the one that rises most with the property to the one that falls."""
        return [one.unit for one in sorted(self.layers[layer], key=lambda one: -one.r)]


@cache
def measured(model_id: str) -> Mapping[str, Tracked] | None:
    """property → who follows it; None: nothing was measured. Raises errors.DamagedWeights."""
    return read(model_id, "units.json", _properties)


def _properties(units: Mapping[str, Any]) -> dict[str, Tracked]:
    untrained = units["untrained_best"]
    return {
        name: Tracked(
            tuple(
                tuple(Follower(r["layer"], r["unit"], r["test"], r["validation"]) for r in layer)
                for layer in found["layers"]
            ),
            untrained[f"r_{name}"],
            tuple(map(_silenced, found["silenced"])),
        )
        for name, found in units["properties"].items()
    }


def _silenced(row: Mapping[str, Any]) -> Silenced:
    figures = {name: value for name, value in row.items() if name not in ("units", "which")}
    return Silenced(tuple((layer, unit) for layer, unit in row["units"]), row["which"], figures)
