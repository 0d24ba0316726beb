"""What the scores page shows now: each of its steps in a sentence, at the chosen cell."""

from __future__ import annotations

from math import isclose, sqrt

import numpy as np

from viz.board.markup import Safe
from viz.board.sentence import (
    LONGEST_TOKEN,
    Now,
    gives,
    itself,
    number,
    percent,
    query_key,
    rival,
    say,
    tinted,
    token,
)
from viz.board.style import Style
from viz.steps.order import CONCATENATE, GATE, MIX, PROJECT, PROJECT_OUT, STEPS
from viz.steps.scene import Scene

_SURROUNDED = (PROJECT, CONCATENATE, PROJECT_OUT)  # steps that need what stands around the head


def step(number: int, scene: Scene, style: Style) -> Now:
    """One step (`steps.order`). KeyError: no such step."""
    gate_follows = number == MIX and scene.one.gate is not None
    then = say(style, "then_6_gate" if gate_follows else f"then_{number}")
    if number in _SURROUNDED and not is_recorded(number, scene):
        return Now(say(style, "bare"), then)
    return Now(_SAID[number](scene, style), then)


def is_recorded(number: int, scene: Scene) -> bool:
    """Whether what a step shows is known: not of every model what surrounds a head is."""
    one = scene.one
    known = {PROJECT: one.recorded(scene.part), CONCATENATE: one.around is not None}
    known |= {PROJECT_OUT: one.projects, GATE: one.gate is not None}
    return known.get(number, True)


def _query(scene: Scene) -> Safe:
    return token(scene.axes.queries[scene.query], "q", LONGEST_TOKEN)


def _both(scene: Scene) -> dict[str, Safe]:
    return query_key(scene.axes.queries[scene.query], scene.axes.keys[scene.key])


def _project(scene: Scene, style: Style) -> Safe:
    part, row = scene.part, scene.row_of(scene.part)
    made, bias = scene.one.part(part).made, scene.one.part(part).projection.bias
    return say(
        style,
        "1" if bias is None else "1_bias",
        token=token(scene.tokens_of(part)[row], part, LONGEST_TOKEN),
        part=tinted(style.labels[f"part.{part}"], part),
        purpose=style.labels[f"purpose.{part}"],
        d=made.shape[1],
        dim=scene.dim,
        value=_number(style, made[row, scene.dim], part),
    )


def _compare(scene: Scene, style: Style) -> Safe:
    steps = scene.one.steps
    raw = _number(style, steps.raw[scene.query, scene.key])
    return say(style, "2", d=steps.q.shape[1], raw=raw, **_both(scene))


def _scale(scene: Scene, style: Style) -> Safe:
    steps = scene.one.steps
    raw, scaled = (float(part[scene.query, scene.key]) for part in (steps.raw, steps.scaled))
    values = {"raw": _number(style, raw), "scaled": _number(style, scaled), **_both(scene)}
    if not isclose(scaled, raw * steps.scaling, rel_tol=1e-4, abs_tol=1e-5):
        return say(style, "3_more", **values)
    if steps.scaling == 1.0:
        return say(style, "3_plain", **values)
    d = steps.q.shape[1]
    if isclose(steps.scaling, 1 / sqrt(d), rel_tol=1e-5):
        return say(style, "3", d=d, **values)
    return say(style, "3_other", by=style.notation.significant(steps.scaling, 3), **values)


def _mask(scene: Scene, style: Style) -> Safe:
    row = scene.one.steps.masked[scene.query]
    open_to = int((~np.isneginf(row)).sum())
    if np.isneginf(row[scene.key]):
        return say(style, "4_masked", open=open_to, count=len(row), **_both(scene))
    name = "4" if open_to == len(row) else "4_some"
    masked = _number(style, row[scene.key])
    return say(style, name, open=open_to, count=len(row), masked=masked, **_both(scene))


def _softmax(scene: Scene, style: Style) -> Safe:
    steps = scene.one.steps
    hidden = bool(np.isneginf(steps.masked[scene.query, scene.key]))
    row = steps.weights[scene.query]
    own = itself(scene.axes.queries, scene.axes.keys, scene.query)
    return gives(style, row, _query(scene), scene.axes.keys, scene.key, own=own, masked=hidden)


def _mix(scene: Scene, style: Style) -> Safe:
    steps = scene.one.steps
    row = steps.weights[scene.query]
    most = int(row.argmax())
    other = rival(row, most)
    values = {
        "query": _query(scene),
        "key": token(scene.axes.keys[most], "v", LONGEST_TOKEN),
        "share": percent(style, float(row[most])),
        "dim": scene.dim,
        "value": _number(style, steps.output[scene.query, scene.dim], "output"),
    }
    if other is None:
        return say(style, "6_one", **values)
    values["other"] = token(scene.axes.keys[other], "v", LONGEST_TOKEN)
    return say(style, "6", other_share=percent(style, float(row[other])), **values)


def _gate(scene: Scene, style: Style) -> Safe:
    one, cell = scene.one, (scene.query, scene.dim)
    assert one.gate is not None
    return say(
        style,
        "9",
        query=_query(scene),
        dim=scene.dim,
        output=_number(style, one.steps.output[cell], "output"),
        gate=_number(style, one.gate[cell], "gate_o"),
        value=_number(style, one.gated[cell], "output"),
    )


def _concatenate(scene: Scene, style: Style) -> Safe:
    one = scene.one
    start, stop = one.columns
    if one.heads == 1:
        return say(style, "7_one", count=stop)
    return say(style, "7", heads=one.heads, head=one.head, first=start, last=stop - 1)


def _project_out(scene: Scene, style: Style) -> Safe:
    one = scene.one
    value = _number(style, one.projected[scene.query, scene.out], "output")
    values = {"query": _query(scene), "out": scene.out, "value": value}
    if one.heads == 1:
        return say(style, "8_one", **values)
    return say(style, "8", heads=one.heads, **values)


def _number(style: Style, value: float, role: str = "ink") -> Safe:
    return number(style, float(value), role, 2 if style.digits is None else style.digits)


_IN_ORDER = (_project, _compare, _scale, _mask, _softmax, _mix, _concatenate, _project_out)
_SAID = {**dict(zip(STEPS, _IN_ORDER, strict=True)), GATE: _gate}
