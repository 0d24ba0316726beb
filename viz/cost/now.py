"""What the cost page shows now, from the numbers that it draws."""

from __future__ import annotations

import numpy as np

from models.cost.layers import operations
from viz.board.sentence import LONGEST_TOKEN, Now, now, number, tinted, token
from viz.board.style import Style
from viz.cost.layers import ROLES, Costs
from viz.cost.tiles import Walk


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
        ratio=times(ratio, style),
        steps=style.notation.grouped(sizes.n),
    )


def times(ratio: float, style: Style) -> str:
    """A ratio: whole where it is."""
    whole = round(ratio)
    return style.notation.grouped(whole) if whole == ratio else style.notation.significant(ratio, 3)


def tiles(drawn: Walk, style: Style) -> Now:
    """What the tile does to the maximum, or that nothing is left to do but divide."""
    tile, row = drawn.tile, drawn.row
    kind = "done" if drawn.done else "masked" if tile.after.m == -np.inf else "first"
    if not drawn.done and not tile.first:
        kind = "raised" if tile.raised else "stays"
    last = drawn.step == len(row.tiles) - 1
    values = {
        "query": token(drawn.query, "q", LONGEST_TOKEN),
        "place": drawn.step + 1,
        "count": len(row.tiles),
        "old": number(style, tile.before.m),
        "new": number(style, tile.after.m),
        "kept": number(style, tile.kept, "weight", 3),
        "n": len(row.scores),
        "size": min(row.size, len(row.scores)),
        "l": number(style, tile.after.l, "weight", 3),
    }
    then = "tiles_end" if drawn.done else "tiles_divide" if last else "tiles_then"
    return now(style, f"tiles_{kind}", then, **values)
