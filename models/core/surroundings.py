"""What stands around an attention: projections before and after its heads. Numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from models.core.arrays import Floats, read_only
from models.core.cell import sigmoid


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Projection:
    """y = x·weight + bias. weight: (in, out), bias: (out,) or None."""

    weight: Floats
    bias: Floats | None = None

    def __call__(self, x: Floats) -> Floats:
        """(…, in) → (…, out)."""
        y = x @ self.weight
        return y if self.bias is None else y + self.bias

    def bias_at(self, column: int) -> float:
        """What is added to one output; 0 without a bias."""
        return 0.0 if self.bias is None else float(self.bias[column])

    def columns(self, start: int, stop: int) -> Projection:
        """The part that makes outputs start..stop−1: one head's share of W_Q, W_K or W_V."""
        return Projection(
            self.weight[:, start:stop], None if self.bias is None else self.bias[start:stop]
        )


NOTHING: Floats = read_only(np.empty((0, 0), np.float32))  # what is not recorded
NO_PROJECTION = Projection(NOTHING)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Surroundings:
    """What stands around one attention block; what is not understood is empty: `recorded`.

    x: (query, width) what queries are made from; x_kv: (key, width) what keys are, and x_v, where
    it is another one, what values are (else None); w_q, w_k, w_v: width → heads·d, each head's
    own columns; concat: (query, heads·dv) all heads' outputs side by side;
    w_o: heads·dv → width; projected: (query, width) the model's own output projection.
    rotary: whether q or k is rotated by its position (RoPE), so that q ≠ x·W_Q; q_before,
    k_before, v_before: (query or key, heads·d) what the model's own projections gave.
    given: (query, heads·dv) what W_O was really given, None: concat itself; gate: (query, heads·dv)
    what the outputs were multiplied by on the way there; gate_before: of what that is the sigmoid,
    None: no sigmoid was seen.
    changes: "q", "k", "v", "output" → what happens after the projection or before W_O, step by
    step: rotated, normed, clipped, scaled, gated, or changed (not understood); measured, see
    models.recording.changes. latent: those of "q", "k", "v" whose x is itself projected from
    the module's input (multi-head latent attention, DeepSeek-AI 2024).
    """

    x: Floats
    x_kv: Floats
    w_q: Projection
    w_k: Projection
    w_v: Projection
    w_o: Projection
    q_before: Floats
    k_before: Floats
    concat: Floats
    projected: Floats
    rotary: bool = False
    x_v: Floats | None = None
    v_before: Floats | None = None
    given: Floats | None = None
    gate: Floats | None = None
    gate_before: Floats | None = None
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    latent: tuple[str, ...] = ()

    def recorded(self, part: str) -> bool:
        """Whether it is known what makes "q", "k" or "v", or what W_O ("o") makes."""
        projection: Projection = getattr(self, f"w_{part}")
        return projection.weight.size > 0

    def source(self, part: str) -> Floats:
        """(query or key, width): what "q", "k" or "v" is made from."""
        if part == "q":
            return self.x
        return self.x_kv if part == "k" or self.x_v is None else self.x_v

    @property
    def into_w_o(self) -> Floats:
        """(query, heads·dv): what W_O was given."""
        return self.concat if self.given is None else self.given

    @property
    def gate_made(self) -> Floats | None:
        """(query, heads·dv): the gate from what it is the sigmoid of; None: that is not known."""
        return None if self.gate_before is None else sigmoid(self.gate_before)

    def part(self, queries: slice, keys: slice) -> Surroundings:
        """What stands around these queries and keys."""
        rows = {"x": queries, "x_kv": keys, "x_v": keys, "concat": queries, "projected": queries}
        rows |= {"q_before": queries, "k_before": keys, "v_before": keys}
        rows |= {"given": queries, "gate": queries, "gate_before": queries}
        named = {name: getattr(self, name) for name in rows}
        kept = {name: each[rows[name]] for name, each in named.items() if each is not None}
        return replace(self, **kept)
