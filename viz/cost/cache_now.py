"""What the view of caches shows now, from the numbers that it draws."""

from __future__ import annotations

from viz.board.sentence import Now, now, tinted
from viz.board.style import Style
from viz.cost.cache import LATENT, CachesShown
from viz.cost.now import times
from viz.cost.units import size


def caches(drawn: CachesShown, last: bool, style: Style) -> Now:
    """How large the chosen cache is, and against the one without sharing. last: no longer n."""
    one, kept = drawn.one, drawn.one.kv_heads
    role = LATENT if one.sharing == "latent" else "weight"
    # A single group is MQA, a group a head MHA, whichever column is chosen.
    name = {0: "latent", 1: "mqa", one.shape.heads: "mha"}.get(kept, "gqa")
    return now(
        style,
        name,
        "last" if last else "then",
        n=style.notation.grouped(one.n),
        model=drawn.title,
        size=tinted(size(one.bytes, style.notation, 3), role),
        full=tinted(size(drawn.full.bytes, style.notation, 3), "weight"),
        heads=one.shape.heads,
        groups=kept,
        ratio=times(drawn.full.bytes / one.bytes, style),
    )
