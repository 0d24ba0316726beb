"""Each step's formula in short, for the list of steps."""

from __future__ import annotations

from models.core.attention import Scoring
from viz.board.notation import coloured
from viz.board.style import Style
from viz.steps.head import OneHead
from viz.steps.scene import tex_symbol
from viz.steps.writer import SCORES


def captions(style: Style, one: OneHead | None = None) -> dict[int, str]:
    """Each step's formula in short, for the list of steps. one: with this head's biases."""
    q, k, v = (coloured(style.colour(part), part.upper()) for part in "qkv")
    s, divided, masked = (coloured(style.theme.plus, name) for name in SCORES)
    a, o = coloured(style.theme.weight, "A"), coloured(style.theme.output, "O")
    c = coloured(style.theme.output, "C")
    around = None if one is None else one.around
    before = around and any(w.bias is not None for w in (around.w_q, around.w_k, around.w_v))
    after = around and around.w_o.bias is not None
    given = c + r"\,'" if one is not None and one.onward else c
    scoring = one.steps.scoring if one else Scoring(1.0)
    terms = (scoring.terms_scaled, scoring.terms_added)
    scaled, added = (" ".join(f"+ {tex_symbol(term)}" for term in part) for part in terms)
    output = o if one is None or one.gate is None else o + "'"
    gate = coloured(style.theme.gate_o, "G")
    if one is not None and one.gate_before is not None:
        gate = rf"\sigma({coloured(style.theme.ink, 'Z')})"
    return {
        1: rf"{q}, {k}, {v} = X W_{{{q},{k},{v}}}" + (" + b" if before else ""),
        2: rf"{s} = {q}{k}^\top",
        3: rf"{divided} = {f'({s} {scaled})' if scaled else s} / \sqrt{{d_k}}",
        4: rf"{masked} = {divided} {added} + M",
        5: rf"{a} = \operatorname{{softmax}}({masked})",
        6: rf"{o} = {a}{v}",
        7: rf"{c} = [{output}_0; \dots; {output}_{{h-1}}]",
        8: rf"Y = {given}\,W_O" + (" + b_O" if after else ""),
        9: rf"{o}' = {o} \odot {gate}",
    }
