"""The chosen cell's number beside the model's own, and how far the two computations differ."""

from __future__ import annotations

from dataclasses import dataclass

from models.core.arrays import Difference, difference
from viz.steps.head import own_difference
from viz.steps.scene import Scene


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
    """The check of one step, 1–8, at the chosen cell. ValueError: surroundings are missing."""
    one, cell = scene.one, (scene.query, scene.key)
    if step in (2, 3, 4, 5):
        name = {2: "raw", 3: "scaled", 4: "masked", 5: "weights"}[step]
        shown, own = (float(getattr(steps, name)[cell]) for steps in (one.steps, one.own))
        return Check(shown, own, own_difference(one), False)
    if step == 1:
        return _projected(scene)
    if step == 6:
        place = (scene.query, scene.dim)
        shown, own = float(one.steps.output[place]), float(one.output[place])
        return Check(shown, own, own_difference(one), True)
    return _concatenated(scene) if step == 7 else _projected_out(scene)


def _projected(scene: Scene) -> Check:
    made = scene.one.part(scene.part)
    place = (scene.row_of(scene.part), scene.dim)
    own = float(made.recorded[place])
    return Check(float(made.made[place]), own, difference(made.made, made.recorded), True)


def _concatenated(scene: Scene) -> Check:
    one = scene.one
    start, stop = one.columns
    recorded = one.surroundings.concat[:, start:stop]
    place = (scene.query, scene.dim)
    shown = float(one.steps.output[place])
    return Check(shown, float(recorded[place]), difference(one.output, recorded), True)


def _projected_out(scene: Scene) -> Check:
    around, place = scene.one.surroundings, (scene.query, scene.out)
    apart = difference(around.w_o(around.concat), around.projected)
    own = float(around.projected[place])
    return Check(float(scene.one.projected[place]), own, apart, True)
