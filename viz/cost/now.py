"""What the cost page shows now, from the numbers that it draws."""

from __future__ import annotations

from models.cost.layers import operations
from viz.board.sentence import Now, now, tinted
from viz.board.style import Style
from viz.cost.layers import ROLES, Costs


def layers(drawn: Costs, style: Style) -> Now:
    """What self-attention and the recurrent layer take at this length, and how many steps."""
    sizes = drawn.sizes
    one, other = (operations(name, sizes) for name in ("attention", "recurrent"))
    ratio = max(one, other) / min(one, other)
    which = "same" if one == other else "more" if one > other else "less"
    last = sizes.n == drawn.lengths[-1]
    return now(
        style,
        f"layers_{which}",
        "layers_last" if last else "layers_then",
        n=style.notation.grouped(sizes.n),
        d=style.notation.grouped(sizes.d),
        attention=tinted(style.notation.grouped(one), ROLES["attention"]),
        recurrent=tinted(style.notation.grouped(other), ROLES["recurrent"]),
        ratio=_times(ratio, style),
        steps=style.notation.grouped(sizes.n),
    )


def _times(ratio: float, style: Style) -> str:
    """A ratio: whole where it is."""
    whole = round(ratio)
    return style.notation.grouped(whole) if whole == ratio else style.notation.significant(ratio, 3)
