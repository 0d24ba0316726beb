"""What the depth view shows now: the gradient after all blocks, and what one of them does to it."""

from __future__ import annotations

from models.neuron.depth import WAYS, Way
from viz.board.markup import Safe
from viz.board.sentence import Now, now, tinted
from viz.board.style import Style
from viz.neuron.depth import LOOKS, Deep, size


def depth(drawn: Deep, style: Style) -> Now:
    """Where the gradient began and what of it reaches x₀, each way; the opened block's part."""
    sizes = drawn.stack.sizes

    def sized(value: float, way: Way) -> Safe:
        return tinted(size(value, style), LOOKS[way][0])

    ends = {way: sized(float(drawn.found.stacks[way].sizes[0]), way) for way in WAYS}
    return now(
        style,
        "said",
        "last" if drawn.at == drawn.found.depth else "next",
        count=drawn.found.depth,
        at=drawn.at,
        way=tinted(str(style.labels[drawn.way]), LOOKS[drawn.way][0]),
        after=sized(float(sizes[drawn.at]), drawn.way),
        before=sized(float(sizes[drawn.at - 1]), drawn.way),
        **ends,
    )
