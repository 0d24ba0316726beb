"""The chosen cell's number beside the model's own, and how far the two computations differ."""

from __future__ import annotations

from dataclasses import dataclass

from models.core.arrays import Difference, difference, largest
from viz.steps.head import OneHead, Projected, own_difference
from viz.steps.order import COMPARE, CONCATENATE, GATE, MASK, MIX, PROJECT, SCALE, SOFTMAX
from viz.steps.scene import Scene

_SCORES = {COMPARE: "raw", SCALE: "scaled", MASK: "masked", SOFTMAX: "weights"}


@dataclass(frozen=True, slots=True)
class Check:
    """shown: the cell's number here; own: the same cell in the model's own computation.

    handed_out: whether the model itself hands out such numbers, so that `own` is its record;
    a model hands out no scores, and there `own` is recomputed. difference: of our
    computation of this step, or where nothing of it is handed out of what follows from it (the
    head's output), to the model's record.
    """

    shown: float
    own: float
    difference: Difference
    handed_out: bool


def check(step: int, scene: Scene) -> Check:
    """The check of one step (`order`) at the chosen cell. ValueError: surroundings are missing."""
    one, row, column = scene.one, scene.query, scene.dim
    handed_out = step not in _SCORES
    if step == PROJECT:
        made, row = one.part(scene.part), scene.row_of(scene.part)
        shown, own, apart = made.made, made.recorded, _projection_difference(made)
    elif step in _SCORES:
        shown, own = (getattr(steps, _SCORES[step]) for steps in (one.steps, one.own))
        apart, column = own_difference(one), scene.key
    elif step == MIX:
        shown, own, apart = one.steps.output, one.output, own_difference(one)
    elif step in (GATE, CONCATENATE):
        own = one.side_by_side[:, slice(*one.columns)]
        shown, apart = one.gated, _given_difference(one)
        if step == GATE:
            apart = largest((apart, _gate_difference(one)))
        handed_out = one.projects
    else:
        around, column = one.surroundings, scene.out
        shown, own = one.projected, around.projected
        apart = difference(around.w_o(around.into_w_o), own)
    return Check(float(shown[row, column]), float(own[row, column]), apart, handed_out)


def _projection_difference(made: Projected) -> Difference:
    """x·W + b to what the model's own projection gave, and that to what entered attention.

    The second where nothing but a factor stands between: else it is another computation.
    """
    apart = difference(made.made, made.recorded)
    if made.factor is None and made.changes:
        return apart
    factor = 1.0 if made.factor is None else made.factor
    return largest((apart, difference(made.recorded * factor, made.used)))


def _given_difference(one: OneHead) -> Difference:
    """The head's own output, gated where the model gates it, to its share of what W_O was given."""
    around, columns = one.surroundings, slice(*one.columns)
    if not around.recorded("o") or one.onward:
        return difference(one.output, around.concat[:, columns])
    gate = 1.0 if one.gate is None else one.gate
    return difference(one.output * gate, around.into_w_o[:, columns])


def _gate_difference(one: OneHead) -> Difference:
    """The sigmoid of what the gate is made from to the model's own gate, where that is known."""
    if one.gate is None or one.gate_made is None:
        return Difference()
    return difference(one.gate_made, one.gate)
