"""Each step's formula in short, for the list of steps."""

from __future__ import annotations

from viz.board.notation import coloured
from viz.board.style import Style
from viz.scores.head import OneHead
from viz.scores.writer import SCORES


def captions(style: Style, one: OneHead | None = None) -> dict[int, str]:
    """Each step's formula in short, for the list of steps. one: with this head's biases."""
    q, k, v = (coloured(style.colour(part), part.upper()) for part in "qkv")
    s, divided, masked = (coloured(style.theme.plus, name) for name in SCORES)
    a, o = coloured(style.theme.weight, "A"), coloured(style.theme.output, "O")
    c = coloured(style.theme.output, "C")
    position, before, after = _biases(one)
    return {
        1: rf"{q}, {k}, {v} = X W_{{{q},{k},{v}}}" + (" + b" if before else ""),
        2: rf"{s} = {q}{k}^\top",
        3: rf"{divided} = {s} / \sqrt{{d_k}}",
        4: rf"{masked} = {divided} {'+ B' if position else ''} + M",
        5: rf"{a} = \operatorname{{softmax}}({masked})",
        6: rf"{o} = {a}{v}",
        7: rf"{c} = [{o}_0; \dots; {o}_{{h-1}}]",
        8: rf"Y = {c}\,W_O" + (" + b_O" if after else ""),
    }


def _biases(one: OneHead | None) -> tuple[bool, bool, bool]:
    """Whether there is a position bias, one after the first projections, one after the last."""
    if one is None:
        return False, False, False
    around = one.around
    if around is None:
        return one.steps.bias is not None, False, False
    before = any(w.bias is not None for w in (around.w_q, around.w_k, around.w_v))
    return one.steps.bias is not None, before, around.w_o.bias is not None
