"""RNN and LSTM cells: a direction's weights, its run, the sums of one unit's step. numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.core.arrays import Floats

LSTM_PARTS = ("i", "f", "g", "o")  # torch's order of the four blocks of rows
RNN_PARTS = ("h",)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^−x) without overflow, whatever x is."""
    y: Floats = 0.5 * np.tanh(0.5 * x) + 0.5
    return y


@dataclass(frozen=True, slots=True, eq=False)
class CellWeights:
    """One direction of one layer. w: (part·unit, in), u: (part·unit, unit), b: (part·unit,).

    An LSTM has four parts, in the order of LSTM_PARTS; an RNN one. b: torch's two biases, added.
    """

    w: Floats
    u: Floats
    b: Floats

    @property
    def units(self) -> int:
        """How many units this direction has."""
        return int(self.u.shape[1])

    @property
    def parts(self) -> tuple[str, ...]:
        """What is summed: the three gates and the candidate, or an RNN's h."""
        return LSTM_PARTS if len(self.b) == 4 * self.units else RNN_PARTS

    def row(self, part: str, unit: int) -> UnitRow:
        """One unit's row. KeyError: no such part; the unit is one of this direction."""
        if part not in self.parts:
            raise KeyError(f"{part!r} is none of {', '.join(self.parts)}")
        at = self.parts.index(part) * self.units + unit
        return UnitRow(self.w[at], self.u[at], float(self.b[at]))


def rnn(cell: CellWeights, x: Floats, kept: Floats) -> dict[str, Floats]:
    """x: (step, in) → "h" (step, unit). kept: (unit,) 1, or 0 where the unit is silenced."""
    z = x @ cell.w.T + cell.b  # the input's part of all steps at once
    h = np.empty_like(z)
    before = np.zeros(z.shape[1], z.dtype)
    for t in range(len(z)):
        h[t] = before = kept * np.tanh(z[t] + cell.u @ before)
    return {"h": h}


def lstm(cell: CellWeights, x: Floats, kept: Floats) -> dict[str, Floats]:
    """x: (step, in) → all gates and states, (step, unit) each.

    kept: (unit,) 1, or 0 where the unit is silenced; h = o·tanh(0) = 0 follows from c.
    """
    z = x @ cell.w.T + cell.b
    steps, units = len(z), cell.units
    i, f, g, o, c, h = (np.empty((steps, units), z.dtype) for _ in range(6))
    h_before = c_before = np.zeros(units, z.dtype)
    for t in range(steps):
        parts = (z[t] + cell.u @ h_before).reshape(4, units)  # torch's order: i, f, g, o
        i[t], f[t], o[t] = sigmoid(parts[0]), sigmoid(parts[1]), sigmoid(parts[3])
        g[t] = np.tanh(parts[2])
        c[t] = c_before = kept * (f[t] * c_before + i[t] * g[t])
        h[t] = h_before = o[t] * np.tanh(c[t])
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}


@dataclass(frozen=True, slots=True, eq=False)
class UnitRow:
    """What one sum of one unit weighs by. w: (in,), u: (unit,), b: a number."""

    w: Floats
    u: Floats
    b: float

    def sum(self, x: Floats, h_before: Floats) -> float:
        """x (in,), h (unit,) → w·x_t + u·h_{t−1} + b in float64, of which σ or tanh is taken."""
        double = np.float64
        return float(
            self.w.astype(double) @ x.astype(double)
            + self.u.astype(double) @ h_before.astype(double)
            + self.b
        )


@dataclass(frozen=True, slots=True, eq=False)
class CellTerms:
    """Everything that one unit's step is computed from.

    x: (in,) the word's vector, or the layer below's h. h_before: (unit,) all units' h of the step
    before, of this unit's direction (a backward unit's step before is the word after); zeros at
    its first step. c_before: this unit's own c of that step; None in an RNN.
    rows: "i", "f", "g", "o" → weights (LSTM), "h" → weights (RNN).
    """

    x: Floats
    h_before: Floats
    c_before: float | None
    rows: Mapping[str, UnitRow]

    def sums(self) -> dict[str, float]:
        """part → w·x_t + u·h_{t−1} + b."""
        return {part: row.sum(self.x, self.h_before) for part, row in self.rows.items()}

    def values(self) -> dict[str, float]:
        """The unit's step, in float64: i, f, o = σ(sum), g = tanh(sum), then c and h.

        An RNN's: only h = tanh(sum). A silenced unit's c and h are held at 0 instead.
        """
        z = self.sums()
        if self.c_before is None:
            return {"h": float(np.tanh(z["h"]))}
        i, f, o = sigmoid(np.array([z[gate] for gate in ("i", "f", "o")])).tolist()
        g = float(np.tanh(z["g"]))
        c = f * self.c_before + i * g
        return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": float(o * np.tanh(c))}
