"""What the view of low-rank updates shows now, from the numbers that it draws."""

from __future__ import annotations

from viz.board.sentence import Now, now, percent, tinted
from viz.board.style import Style
from viz.cost.lora import LowRankShown


def low_rank(drawn: LowRankShown, style: Style) -> Now:
    """How the sentence is translated with this rank, and how much of the product is left."""
    found = drawn.found
    same = drawn.adapted.text == drawn.without.text
    name = "none" if not found.rank else "same" if same else "moved"
    return now(
        style,
        name,
        "more" if found.rank < drawn.most else "less",
        rank=found.rank,
        kept=percent(style, found.kept, digits=int(found.rank < drawn.most)),
        before=tinted(drawn.without.text, "muted"),
        after=tinted(drawn.adapted.text, "output"),
        count=style.notation.grouped(found.parameters),
    )
