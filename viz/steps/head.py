"""One head with all that stands around it, as the model computed it or under a what-if."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.core.arrays import Difference, difference
from models.core.attention import (
    HeadSteps,
    causal_mask,
    changed,
    padding_mask,
    unsettled_head,
    window_mask,
)
from models.trace import AttentionBlock, Floats, Projection, Surroundings

Part = Literal["q", "k", "v"]
PARTS: tuple[Part, ...] = ("q", "k", "v")
MaskName = Literal["own", "none", "causal", "padding", "window"]

# How far the what-if window reaches to each side, and how many last tokens count as padding,
# in a model's sentence and among the few words of a hand-made one.
REACH, PADDED, PADDED_BY_HAND = 1, 2, 1


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """One of Q, K, V of one head: made = x·projection, and what attention then really used.

    x: (token, width); made, recorded, used: (token, d). recorded: what the model's own
    projection gave. used: what entered attention; changes: what happens in between, step by
    step, as models.recording.changes names it; () where nothing is known to.
    """

    x: Floats
    projection: Projection
    made: Floats
    recorded: Floats
    used: Floats
    changes: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """What happens in between where no single number says it."""
        return () if self.factor is not None else self.changes or ("changed",)

    @property
    def factor(self) -> float | None:
        """used = factor · recorded; None where no single number says it (a rotation)."""
        place = np.unravel_index(np.abs(self.recorded).argmax(), self.recorded.shape)
        most = float(self.recorded[place])
        if not most:
            return 1.0
        factor = float(self.used[place]) / most
        if not np.allclose(self.used, self.recorded * factor, rtol=1e-4, atol=1e-5 * abs(most)):
            return None
        return 1.0 if abs(factor - 1) < 1e-4 else factor


@dataclass(frozen=True, slots=True, eq=False)
class OneHead:
    """A head to walk through.

    steps: what is shown, perhaps under a what-if; own: the model's own computation, redone;
    output: (query, dv) what the model itself produced. head of heads; kv_head of kv_heads
    is the key/value head that it uses. around: the model's own surroundings, when recorded.
    kv_layer: the layer whose keys and values it uses, None: its own.
    """

    steps: HeadSteps
    own: HeadSteps
    output: Floats
    head: int = 0
    heads: int = 1
    kv_head: int = 0
    kv_heads: int = 1
    around: Surroundings | None = None
    rotary: bool = False
    kv_layer: int | None = None

    @property
    def altered(self) -> bool:
        """The switches leave the model's own computation: a what-if."""
        return self.steps is not self.own

    @property
    def columns(self) -> tuple[int, int]:
        """start, stop: where this head's output stands in the concatenation."""
        width = int(self.steps.output.shape[1])
        return self.head * width, (self.head + 1) * width

    @property
    def gate(self) -> Floats | None:
        """(query, dv): what its output is multiplied by before W_O; None: by nothing known."""
        gate = None if self.around is None else self.around.gate
        return None if gate is None else gate[:, slice(*self.columns)]

    @property
    def gate_before(self) -> Floats | None:
        """(query, dv): what the gate is the sigmoid of; None: there is none, or it is not known."""
        before = None if self.around is None else self.around.gate_before
        return None if before is None else before[:, slice(*self.columns)]

    @property
    def gate_made(self) -> Floats | None:
        """(query, dv): that sigmoid, computed here."""
        made = None if self.around is None else self.around.gate_made
        return None if made is None else made[:, slice(*self.columns)]

    @property
    def gated(self) -> Floats:
        """(query, dv): its output, times its gate where it has one."""
        return self.steps.output if self.gate is None else self.steps.output * self.gate

    @property
    def side_by_side(self) -> Floats:
        """(query, heads·dv): all heads side by side, gated where they are, as recorded.

        ValueError: not known.
        """
        around = self.surroundings
        return around.concat if around.gate is None else around.into_w_o

    @property
    def concat(self) -> Floats:
        """(query, heads·dv): `side_by_side`, with this head as shown. ValueError: not known."""
        if not self.altered:
            return self.side_by_side
        replaced = self.side_by_side.copy()
        replaced[:, slice(*self.columns)] = self.gated
        return replaced

    @property
    def onward(self) -> tuple[str, ...]:
        """What happens between `concat` and W_O, step by step; () where nothing."""
        if self.around is None or self.around.gate is not None:
            return ()
        return self.around.changes.get("output", ())

    @property
    def projects(self) -> bool:
        """W_O and what it was given are known, under this what-if, too."""
        if self.around is None or not self.around.recorded("o"):
            return False
        return not self.altered or not self.onward

    @property
    def into_w_o(self) -> Floats:
        """(query, heads·dv): what W_O is given, with this head as shown. ValueError: not known."""
        around = self.surroundings
        if not self.projects:
            raise ValueError("what W_O is given was not recorded")
        return self.concat if self.altered else around.into_w_o

    @property
    def projected(self) -> Floats:
        """(query, width): what W_O makes, with this head as shown. ValueError: not known."""
        around = self.surroundings
        return around.w_o(self.into_w_o) if self.altered else around.projected

    def within(self, rows: slice, columns: slice) -> OneHead:
        """These queries and keys of it, to be drawn."""
        own = self.own.part(rows, columns)
        steps = self.steps.part(rows, columns) if self.altered else own
        around = None if self.around is None else self.around.part(rows, columns)
        return replace(self, steps=steps, own=own, output=self.output[rows], around=around)

    def recorded(self, name: Part) -> bool:
        """Whether it is known where q, k or v comes from."""
        return self.around is not None and self.around.recorded(name)

    def part(self, name: Part) -> Projected:
        """Q, K or V of this head with where it came from. ValueError: not known."""
        around = self.surroundings
        if not around.recorded(name):
            raise ValueError(f"where {name} comes from was not recorded")
        source = around.source(name)
        used: Floats = getattr(self.steps, name)
        start = (self.head if name == "q" else self.kv_head) * used.shape[1]
        stop = start + used.shape[1]
        projection: Projection = getattr(around, f"w_{name}").columns(start, stop)
        before = {"q": around.q_before, "k": around.k_before, "v": around.v_before}[name]
        recorded = used if before is None else before[:, start:stop]
        made, changes = projection(source), around.changes.get(name, ())
        return Projected(source, projection, made, recorded, used, changes)

    @property
    def surroundings(self) -> Surroundings:
        """What was recorded around this head. ValueError: nothing was."""
        if self.around is None:
            raise ValueError("what surrounds this head was not recorded")
        return self.around


def under(
    own: HeadSteps, *, mask: MaskName = "own", divide: bool = True, padded: int = PADDED
) -> HeadSteps:
    """The steps under these switches; `own` itself where they change nothing.

    padded: how many last tokens the padding mask hides.
    """
    queries, keys = own.raw.shape
    wanted = own.mask if mask == "own" else None
    if mask == "causal":
        wanted = causal_mask(queries, keys)
    elif mask == "window":
        wanted = window_mask(queries, keys, REACH)
    elif mask == "padding":
        wanted = padding_mask(queries, keys, min(padded, keys - 1))
    scaling = own.scaling if divide else 1.0
    same = np.equal(0.0 if wanted is None else wanted, 0.0 if own.mask is None else own.mask)
    if scaling == own.scaling and np.all(same):
        return own
    typed = None if wanted is None else wanted.astype(own.raw.dtype)
    return changed(own, scaling=scaling, mask=typed)


def of_block(
    block: AttentionBlock, head: int, *, mask: MaskName = "own", divide: bool = True
) -> OneHead:
    """One head of a recorded block. IndexError: no such head."""
    own, around = block.head(head), block.surroundings
    steps, rotary = under(own, mask=mask, divide=divide), around is not None and around.rotary
    shared = (block.kv_head(head), int(block.k.shape[0]))
    kv_layer = block.kv_layer
    return OneHead(
        steps, own, block.output[head], head, block.heads, *shared, around, rotary, kv_layer
    )


def of_steps(
    own: HeadSteps,
    around: Surroundings | None = None,
    *,
    mask: MaskName = "own",
    divide: bool = True,
) -> OneHead:
    """A head that stands alone (worked by hand): its own output is what there is to compare."""
    made = under(own, mask=mask, divide=divide, padded=PADDED_BY_HAND)
    return OneHead(made, own, own.output, around=around)


def own_difference(one: OneHead) -> Difference:
    """The recomputed output to the model's own output of this head."""
    return difference(one.own.output, one.output, least=unsettled_head(one.own))
