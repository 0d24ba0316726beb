"""The steps of one head's arithmetic: their numbers in links, and the order they are walked in."""

from __future__ import annotations

from viz.steps.head import OneHead

# The first eight are numbered by their places. Not every head has the ninth, and it stands
# between others, which keep their numbers: links hold them.
PROJECT, COMPARE, SCALE, MASK, SOFTMAX, MIX, CONCATENATE, PROJECT_OUT, GATE = range(1, 10)
STEPS = (PROJECT, COMPARE, SCALE, MASK, SOFTMAX, MIX, CONCATENATE, PROJECT_OUT)


def walk(one: OneHead) -> tuple[int, ...]:
    """The steps that this head has, in order."""
    return STEPS if one.gate is None else (*STEPS[:MIX], GATE, *STEPS[MIX:])
