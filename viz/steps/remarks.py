"""What has to be said about a model that departs from the textbook formula, by catalogue key."""

from __future__ import annotations

from math import isclose, sqrt

import numpy as np

from viz.board.notation import Notation
from viz.steps.order import COMPARE, CONCATENATE, GATE, MASK, PROJECT, PROJECT_OUT, SCALE, SOFTMAX
from viz.steps.scene import Scene, cap_words

Remark = tuple[str, dict[str, object]]
# What happens to q, k or v behind the projection → the sentence that says it.
_AFTER = {name: name for name in ("rotated", "normed", "clipped", "scaled")}


def remarks(step: int, scene: Scene, notation: Notation) -> list[Remark]:
    """(key, values) of every sentence that this head needs at this step (`order`)."""
    found = {PROJECT: _project, COMPARE: _compare, SCALE: _scale, MASK: _mask, SOFTMAX: _softmax}
    found |= {GATE: _gate, CONCATENATE: _around, PROJECT_OUT: _around}
    return found[step](scene, notation) if step in found else []


def _grouped(scene: Scene) -> list[Remark]:
    one = scene.one
    if one.kv_heads == one.heads:
        return []
    shared = one.heads // one.kv_heads
    return [("grouped", {"shared": shared, "kv": one.kv_head, "head": one.head})]


def _project(scene: Scene, _: Notation) -> list[Remark]:
    one, part = scene.one, scene.part
    said = _grouped(scene) if part != "q" else []
    made = one.part(part)
    if part in one.surroundings.latent:
        said.append(("latent", {"name": part.upper()}))
    said += [(_AFTER.get(name, "changed_after"), {"name": part.upper()}) for name in made.steps]
    if made.factor not in (None, 1.0):
        said.append(("scaled_before", {"name": part.upper()}))
    return said


def unrecorded(step: int, scene: Scene) -> list[Remark]:
    """Why a step cannot be shown, and what it is known of it."""
    one = scene.one
    if one.around is None:
        return [("not_recorded", {})]
    if step != PROJECT:
        return [*_onward(scene), ("output_unknown", {})]
    name: dict[str, object] = {"name": scene.part.upper()}
    if scene.part != "q" and one.kv_layer is not None:
        return [("kv_shared", {"layer": one.kv_layer})]
    unknown: Remark = ("part_unknown", name)
    return [("latent", name), unknown] if scene.part in one.around.latent else [unknown]


def _onward(scene: Scene) -> list[Remark]:
    """What stands between the heads' outputs and W_O."""
    return [(f"output_{name}", {}) for name in scene.one.onward]


def _compare(scene: Scene, _: Notation) -> list[Remark]:
    return _grouped(scene) + ([("rotated_scores", {})] if scene.one.rotary else [])


def _scale(scene: Scene, notation: Notation) -> list[Remark]:
    steps, own = scene.one.steps, scene.one.own
    said: list[Remark] = []
    if steps.scaling != own.scaling:
        said.append(("not_divided", {}))
    elif own.scaling == 1.0:
        said.append(("never_divided", {}))
    elif not isclose(own.scaling, 1 / sqrt(own.q.shape[1]), rel_tol=1e-5):
        said.append(("other_scaling", {"d": own.q.shape[1]}))
    if steps.softcap is not None:
        said.append(("softcap", {"cap": cap_words(steps.softcap, notation)}))
    return said


def _mask(scene: Scene, _: Notation) -> list[Remark]:
    steps = scene.one.steps
    said: list[Remark] = [(f"term_{term.name}", {}) for term in steps.scoring.terms_added]
    if not scene.one.altered and steps.mask is not None:
        found = steps.sight
        if found.size is not None:
            both_sides = found.name == "window" and not found.causal
            name = "both_sides" if both_sides else found.name
            said.append((f"sight_{name}", {"size": found.size}))
    if steps.mask is None or not np.any(steps.mask):
        said.append(("nothing_masked", {}))
    elif np.isneginf(steps.masked[scene.query, scene.key]):
        said.append(("forbidden", {}))
    else:
        said.append(("fewer_rivals", {}))
    return said


def _softmax(scene: Scene, notation: Notation) -> list[Remark]:
    steps = scene.one.steps
    said: list[Remark] = []
    if np.isneginf(steps.masked[scene.query]).all():
        said.append(("all_masked", {}))
    if steps.sink is not None:
        rest = 1 - float(steps.weights[scene.query].sum())
        said.append(("sink", {"rest": notation.small(rest, 3)}))
    return said


def _gate(scene: Scene, _: Notation) -> list[Remark]:
    return [("gate" if scene.one.gate_before is not None else "gate_unknown", {})]


def _around(scene: Scene, _: Notation) -> list[Remark]:
    onward = _onward(scene)
    if scene.one.heads == 1:
        return [*onward, ("one_head", {})]
    return [*onward, ("others_own", {"head": scene.one.head})] if scene.one.altered else onward
