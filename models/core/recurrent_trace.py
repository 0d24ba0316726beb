"""What a recurrent network left behind: frozen records, numpy only, never torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.core.arrays import Difference, Floats, Recomputed, difference, largest, read_only
from models.core.cell import CellTerms, CellWeights
from models.core.text_record import TextRecord
from models.core.tokens import Encoded


@dataclass(frozen=True, slots=True, eq=False)
class RecurrentLayer:
    """One recurrent layer, each array (step, unit), read-only.

    i, f, o: gates; g: candidate; c, h: states (RNN: only h; GRU: gates r and z, candidate n, h).
    The last `backward` units read back.
    x: (step, in) what the layer reads; weights: what it computes with, one a direction.
    """

    h: Floats
    i: Floats | None = None
    f: Floats | None = None
    g: Floats | None = None
    o: Floats | None = None
    c: Floats | None = None
    r: Floats | None = None
    z: Floats | None = None
    n: Floats | None = None
    backward: int = 0
    x: Floats | None = None
    weights: tuple[CellWeights, ...] = ()

    @property
    def cell(self) -> Literal["lstm", "gru", "rnn"]:
        """What kind of layer it is."""
        return "gru" if self.n is not None else "rnn" if self.c is None else "lstm"

    def terms(self, step: int, unit: int) -> CellTerms:
        """What one unit's step was summed from.

        IndexError with the range: no such step or unit; ValueError: the layer was made by hand,
        without its weights.
        """
        steps, units = self.h.shape
        for name, value, stop in (("step", step, steps), ("unit", unit, units)):
            if not 0 <= value < stop:
                raise IndexError(f"{name} {value} is not in 0..{stop - 1}")
        if self.x is None or not self.weights:
            raise ValueError("this layer was recorded without its weights")
        back = unit >= units - self.backward
        cell, first = self.weights[back], (units - self.backward) * back
        before = step + 1 if back else step - 1
        own = slice(first, first + cell.units)
        begun = 0 <= before < steps
        h_before = self.h[before, own] if begun else np.zeros(cell.units, self.h.dtype)
        own_before = float(h_before[unit - first])
        c = self.c
        c_before = None if c is None else float(c[before, unit]) if begun else 0.0
        rows = {part: cell.row(part, unit - first) for part in cell.parts}
        return CellTerms(self.x[step], read_only(h_before), c_before, rows, own_before)

    def last(self, steps: Floats) -> Floats:
        """(step, unit) → (unit,): each unit's value where it has read everything."""
        forward = np.arange(-steps.shape[1], 0) < -self.backward
        return read_only(np.where(forward, steps[-1], steps[0]))


# No slots: with them Python's refusal to set a property is another error than that of a field.
@dataclass(frozen=True, eq=False)
class RecurrentTrace(TextRecord, Recomputed):
    """A text's whole pass through a recurrent network, layer by layer, recomputed from its weights.

    logits: (step, vocabulary), scores of the next word; of a tagger (step, tag), `tags` their
    names. Own:
    output (step, unit), the last layer's h; final, each layer's last (h,) or (h, c), each (unit,).
    silenced: (layer, unit) pairs whose c and h were held at 0.
    """

    model_id: str
    source: Encoded
    layers: tuple[RecurrentLayer, ...]
    text: str = ""
    output: Floats | None = None
    final: tuple[tuple[Floats, ...], ...] = ()
    logits: Floats | None = None
    silenced: tuple[tuple[int, int], ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """As of every record of a text, with the silenced units."""
        return (*super().key, self.silenced)

    def difference(self) -> Difference:
        """Recomputed to the model's own, over the last layer's h and all last states."""
        found = [] if self.output is None else [difference(self.layers[-1].h, self.output)]
        for layer, states in zip(self.layers, self.final, strict=False):
            kept = (a for a in (layer.h, layer.c) if a is not None)
            found += [difference(layer.last(a), b) for a, b in zip(kept, states, strict=True)]
        return largest(found)
