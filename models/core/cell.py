"""RNN, GRU and LSTM cells: a direction's weights, its run, one unit's sums. numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.core.arrays import Floats

LSTM_PARTS = ("i", "f", "g", "o")  # torch's order of the four blocks of rows
GRU_PARTS = ("r", "z", "n")  # torch's order, too
RNN_PARTS = ("h",)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^−x) without overflow, whatever x is."""
    y: Floats = 0.5 * np.tanh(0.5 * x) + 0.5
    return y


_PARTS = {4: LSTM_PARTS, 3: GRU_PARTS, 1: RNN_PARTS}


@dataclass(frozen=True, slots=True, eq=False)
class CellWeights:
    """One direction of one layer. w: (part·unit, in), u: (part·unit, unit), b: (part·unit,).

    An LSTM has four parts, in the order of LSTM_PARTS, a GRU three, an RNN one. b: torch's two
    biases, added; of a GRU's n only that of the input, since r weighs the other: inner, (unit,).
    """

    w: Floats
    u: Floats
    b: Floats
    inner: Floats | None = None

    @property
    def units(self) -> int:
        """How many units this direction has."""
        return int(self.u.shape[1])

    @property
    def parts(self) -> tuple[str, ...]:
        """What is summed: the gates and the candidate, or an RNN's h."""
        return _PARTS[len(self.b) // self.units]

    def row(self, part: str, unit: int) -> UnitRow:
        """One unit's row. KeyError: no such part; the unit is one of this direction."""
        if part not in self.parts:
            raise KeyError(f"{part!r} is none of {', '.join(self.parts)}")
        at = self.parts.index(part) * self.units + unit
        inner = 0.0 if self.inner is None or part != "n" else float(self.inner[unit])
        return UnitRow(self.w[at], self.u[at], float(self.b[at]), inner)


def rnn(cell: CellWeights, x: Floats, kept: Floats) -> dict[str, Floats]:
    """x: (step, in) → "h" (step, unit). kept: (unit,) 1, or 0 where the unit is silenced."""
    z = x @ cell.w.T + cell.b  # the input's part of all steps at once
    h = np.empty_like(z)
    before = np.zeros(z.shape[1], z.dtype)
    for t in range(len(z)):
        h[t] = before = kept * np.tanh(z[t] + cell.u @ before)
    return {"h": h}


def gru(cell: CellWeights, x: Floats, kept: Floats) -> dict[str, Floats]:
    """x: (step, in) → gates r and z, the candidate n, and h, (step, unit) each.

    Cho et al. (2014) in torch's form: r weighs U_n·h + b, all of what the candidate hears of the
    step before, and z weighs h_{t−1}. kept: (unit,) 1, or 0 where the unit is silenced.
    """
    of_x = x @ cell.w.T + cell.b
    steps, units = len(of_x), cell.units
    r, z, n, h = (np.empty((steps, units), of_x.dtype) for _ in range(4))
    inner = np.zeros(units, of_x.dtype) if cell.inner is None else cell.inner
    before = np.zeros(units, of_x.dtype)
    for t in range(steps):
        here, there = of_x[t].reshape(3, units), (cell.u @ before).reshape(3, units)
        r[t], z[t] = sigmoid(here[0] + there[0]), sigmoid(here[1] + there[1])
        n[t] = np.tanh(here[2] + r[t] * (there[2] + inner))
        h[t] = before = kept * ((1 - z[t]) * n[t] + z[t] * before)
    return {"r": r, "z": z, "n": n, "h": h}


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
    """What one sum of one unit weighs by. w: (in,), u: (unit,), b and inner: numbers."""

    w: Floats
    u: Floats
    b: float
    inner: float = 0.0

    def sum(self, x: Floats, h_before: Floats, reset: float = 1.0) -> float:
        """x (in,), h (unit,) → w·x_t + r·(u·h_{t−1} + inner) + b in float64.

        σ or tanh is taken of it. reset: r, of a GRU's candidate.
        """
        double = np.float64
        before = reset * self.heard(h_before)
        return float(self.w.astype(double) @ x.astype(double) + before + self.b)

    def heard(self, h_before: Floats) -> float:
        """(unit,) → u·h_{t−1} + inner: what is heard of the step before, which a GRU's r weighs."""
        return float(self.u.astype(np.float64) @ h_before.astype(np.float64) + self.inner)


@dataclass(frozen=True, slots=True, eq=False)
class CellTerms:
    """Everything that one unit's step is computed from.

    x: (in,) the word's vector, or the layer below's h. h_before: (unit,) all units' h of the step
    before, of this unit's direction (a backward unit's step before is the word after); zeros at
    its first step. c_before: this unit's own c of that step; None in an RNN and a GRU. own_before:
    this unit's own h of that step.
    rows: "i", "f", "g", "o" → weights (LSTM), "r", "z", "n" (GRU), "h" (RNN).
    """

    x: Floats
    h_before: Floats
    c_before: float | None
    rows: Mapping[str, UnitRow]
    own_before: float = 0.0

    def sums(self) -> dict[str, float]:
        """part → w·x_t + u·h_{t−1} + b; of a GRU's n, w·x_t + r·(u·h_{t−1} + b) + b."""
        found = {part: row.sum(self.x, self.h_before) for part, row in self.rows.items()}
        if "n" in found:
            found["n"] = self.rows["n"].sum(self.x, self.h_before, _opened(found["r"]))
        return found

    def values(self) -> dict[str, float]:
        """The unit's step, in float64: i, f, o = σ(sum), g = tanh(sum), then c and h.

        A GRU's: r, z = σ(sum), n = tanh(sum), h = (1 − z)·n + z·h_{t−1}. An RNN's: h = tanh(sum).
        A silenced unit's c and h are held at 0 instead.
        """
        z = self.sums()
        if "n" in z:
            r, keep, n = _opened(z["r"]), _opened(z["z"]), float(np.tanh(z["n"]))
            return {"r": r, "z": keep, "n": n, "h": (1 - keep) * n + keep * self.own_before}
        if self.c_before is None:
            return {"h": float(np.tanh(z["h"]))}
        i, f, o = (_opened(z[gate]) for gate in ("i", "f", "o"))
        g = float(np.tanh(z["g"]))
        c = f * self.c_before + i * g
        return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": float(o * np.tanh(c))}


def _opened(total: float) -> float:
    """σ of one sum, in float64."""
    return float(sigmoid(np.array(total, np.float64)))
