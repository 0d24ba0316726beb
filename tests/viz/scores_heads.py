"""Heads for the tests of the scores pictures: of every kind that departs from the textbook."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np

from models.core.attention import causal_mask
from models.trace import AttentionBlock, Floats, Projection, Surroundings, Term
from tests.viz.figures import WHOLE
from viz.board.axes import Axes, Choice
from viz.board.notation import Notation
from viz.board.theme import DARK, LIGHT, Theme
from viz.steps.figure import Scene, Style
from viz.steps.head import MaskName, of_block

LABELS = {
    "query_axis": "query",
    "query_axis_2": "(attends)",
    "key_axis": "key",
    "clipped": "ends at {limit}, largest {largest}",
    "clipped_short": "{limit}, max {largest}",
    "not_recorded": "not recorded",
    "term.position_bias": "bias",
    "term.c2p": "content to position",
    "undivided": "not divided",
    "thinned_rows": "1 row in {n}",
    "thinned_columns": "1 column in {n}",
    "row_of": "{power} of {token}",
    "sink": "sink",
    "sink_share": "sink's share",
    "rest": "{n} more",
    "head": "head {n}",
    "other_heads": "other heads",
    **WHOLE,
}
HEADS, D, WIDTH = 4, 8, 24


def style(theme: Theme = LIGHT, decimal: str = ".") -> Style:
    """Test words in either theme and notation."""
    return Style(theme, Notation(decimal), LABELS)


def block(n: int = 5, **changes: Any) -> AttentionBlock:
    """A block of 4 heads with everything around it, float32 as recorded; changes: its fields.

    kv_heads, rotary, prescaled, bias, gated: change how it is made.
    """
    rng = np.random.default_rng(7)
    kv_heads = int(changes.pop("kv_heads", HEADS))
    rotary, prescaled = bool(changes.pop("rotary", False)), bool(changes.pop("prescaled", False))
    surrounded, gated = bool(changes.pop("surrounded", True)), bool(changes.pop("gated", False))

    def numbers(*shape: int) -> Floats:
        return rng.normal(size=shape).astype(np.float32)

    x = numbers(n, WIDTH)
    w_q = Projection(numbers(WIDTH, HEADS * D) / 3, numbers(HEADS * D))
    w_k, w_v = (Projection(numbers(WIDTH, kv_heads * D) / 3, numbers(kv_heads * D)) for _ in "kv")
    w_o = Projection(numbers(HEADS * D, WIDTH), numbers(WIDTH))
    q_before, k_before = w_q(x), w_k(x)

    def split(array: Floats, heads: int) -> Floats:
        return array.reshape(n, heads, D).transpose(1, 0, 2)

    q, k, v = split(q_before, HEADS), split(k_before, kv_heads), split(w_v(x), kv_heads)
    if rotary:
        q, k = np.roll(q, 1, axis=2) * -1, np.roll(k, 1, axis=2) * -1
    if prescaled:
        q = q * np.float32(0.5)
    fields: dict[str, Any] = {
        "kind": "encoder",
        "layer": 2,
        "q": q,
        "k": k,
        "v": v,
        "scaling": 1 / sqrt(D),
        "output": np.zeros((HEADS, n, D), np.float32),
        **changes,
    }
    made = AttentionBlock(**fields)
    output = np.stack([made.head(h).output for h in range(HEADS)])
    concat = output.transpose(1, 0, 2).reshape(n, HEADS * D)
    around = Surroundings(
        *(x, x, w_q, w_k, w_v, w_o, q_before, k_before, concat, w_o(concat), rotary),
        changes=dict.fromkeys("qk", ("rotated",)) if rotary else {},
    )
    if gated:
        before = numbers(*concat.shape)
        gate = 1 / (1 + np.exp(-before))
        around = replace(
            around,
            gate=gate,
            gate_before=before,
            given=concat * gate,
            projected=w_o(concat * gate),
            changes={**around.changes, "output": ("gated",)},
        )
    fields |= {"output": output, "surroundings": around if surrounded else None}
    return AttentionBlock(**fields)


def scene(
    made: AttentionBlock | None = None,
    *,
    tokens: tuple[str, ...] | None = None,
    cell: tuple[int, int] = (3, 1),
    mask: MaskName = "own",
    divide: bool = True,
    **where: Any,
) -> Scene:
    """Head 2 of a block, with a chosen cell. where: part, dim, out."""
    made = block() if made is None else made
    queries, keys = made.shape
    names = tokens or tuple(f"w{i}" for i in range(max(queries, keys)))
    axes = Axes(names[:queries], names[:keys], Choice(*cell))
    one = of_block(made, 2, mask=mask, divide=divide)
    return Scene(one, axes, **where)


KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "causal": {"mask": causal_mask(5, 5).astype(np.float32)},
    "position bias": {
        "scaling": 1.0,
        "terms": (Term("position_bias", np.arange(25, dtype=np.float32).reshape(1, 5, 5) / 9),),
    },
    "scaled term": {
        "terms": (Term("c2p", np.arange(25, dtype=np.float32).reshape(1, 5, 5) / 7, scaled=True),),
    },
    "soft cap": {"softcap": 3.0},
    "sinks": {"sinks": np.array([0.5, 1.5, 2.5, -1], np.float32)},
    "grouped": {"kv_heads": 2},
    "rotary": {"rotary": True},
    "prescaled": {"prescaled": True, "scaling": 1.0},
    "all masked": {"mask": np.full((5, 5), -np.inf, np.float32)},
    "gated": {"gated": True},
    "bare": {"surrounded": False},
}
THEMES = (LIGHT, DARK)
