"""What surrounds an attention, as a record: from the flow of its forward pass. Imports no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.core.arrays import Floats, as_numpy
from models.core.surroundings import NO_PROJECTION, NOTHING, Projection, Surroundings
from models.recording import changes

if TYPE_CHECKING:
    from models.recording.capture import Captured
    from models.recording.flow import Origin, Outcome


def surroundings(captured: Captured) -> Surroundings | None:
    """None where they were not asked for."""
    if not captured.asked:
        return None
    q, k, v = (captured.origins.get(name) for name in "qkv")
    out = captured.outcome
    output = as_numpy(captured.output[0])
    concat = output.reshape(len(output), -1)
    steps = _steps(captured, concat)
    gate, gate_before = _gate(concat, out, captured.output.shape[2])
    x_kv, x_v = _input(k), _input(v)
    return Surroundings(
        x=_input(q),
        x_kv=x_v if k is None else x_kv,
        x_v=None if k is None or v is None or np.array_equal(x_kv, x_v) else x_v,
        w_q=_projection(q),
        w_k=_projection(k),
        w_v=_projection(v),
        w_o=_projection(out),
        q_before=_before(q),
        k_before=_before(k),
        v_before=None if v is None else _before(v),
        concat=concat,
        projected=NOTHING if out is None else as_numpy(out.projected),
        given=None if out is None else as_numpy(out.given),
        gate=gate,
        gate_before=gate_before,
        rotary=any("rotated" in steps.get(name, ()) for name in "qk"),
        changes=steps,
        latent=captured.latent,
    )


def _steps(captured: Captured, concat: Floats) -> dict[str, tuple[str, ...]]:
    """Of each part that is known, what happens to it."""
    heads = {"q": captured.query, "k": captured.key, "v": captured.value}
    found = {}
    for name, origin in captured.origins.items():
        before, used = as_numpy(origin.before), as_numpy(origin.used)
        between = [as_numpy(each) for each in origin.between]
        found[name] = changes.named(before, used, between, heads[name].shape[1])
    if (out := captured.outcome) is not None:
        between, factors = (
            [as_numpy(each) for each in many] for many in (out.between, out.factors)
        )
        count = captured.output.shape[2]
        found["output"] = changes.named(concat, as_numpy(out.given), between, count, factors)
    return found


def _gate(concat: Floats, out: Outcome | None, heads: int) -> tuple[Floats | None, Floats | None]:
    """(query, heads·dv) where that alone stands between the heads and W_O; its sigmoid's input."""
    if out is None:
        return None, None
    given = as_numpy(out.given)
    for factor, before in zip(out.factors, out.before_factors, strict=True):
        gate = as_numpy(factor)
        if changes.step(concat, given, heads, [gate]) == "gated":
            return gate, None if before is None else as_numpy(before)
    return None, None


def _input(origin: Origin | None) -> Floats:
    return NOTHING if origin is None else as_numpy(origin.x)


def _before(origin: Origin | None) -> Floats:
    return NOTHING if origin is None else as_numpy(origin.before)


def _projection(part: Origin | Outcome | None) -> Projection:
    if part is None:
        return NO_PROJECTION
    return Projection(as_numpy(part.weight), None if part.bias is None else as_numpy(part.bias))
