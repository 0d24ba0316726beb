"""What the view of quantisation shows now, from the numbers that it draws."""

from __future__ import annotations

from models.cost.quantisation import FULL, HEADER, SIZE
from viz.board.sentence import Now, now, number, tinted
from viz.board.style import Style
from viz.cost.quantisation import MINIMUM, SCALE, WHOLE, ChosenWeight, hexadecimal
from viz.cost.quantisation_bits import BitsCompared


def block(drawn: ChosenWeight, style: Style) -> Now:
    """Which half of which byte, and what it comes to."""
    return now(
        style,
        "upper" if drawn.upper else "lower",
        "block_last" if drawn.weight == SIZE - 1 else "block_then",
        n=drawn.weight,
        bytes=len(drawn.block.data),
        half=tinted(str(drawn.whole), WHOLE),
        byte=tinted(hexadecimal(drawn.byte), "ink"),
        place=HEADER + drawn.column,
        d=number(style, drawn.block.scale, SCALE, 4),
        m=number(style, drawn.block.minimum, MINIMUM, 4),
        w=number(style, drawn.value, digits=4),
    )


def fewer(drawn: BitsCompared, style: Style) -> Now:
    """How much smaller the file is, and what the loss says."""
    full, one = drawn.found[0], drawn.one
    change = one.held_out - full.held_out
    name = "full" if one.bits == FULL else "worse" if change > 0 else "as_good"
    return now(
        style,
        f"bits_{name}",
        "bits_last" if drawn.chosen == len(drawn.found) - 1 else "bits_then",
        count=one.bits,
        size=style.notation.fixed(one.bytes / 1e6, 2),
        full=style.notation.fixed(full.bytes / 1e6, 2),
        share=style.notation.fixed(full.bytes / one.bytes, 1),
        loss=number(style, one.held_out, digits=3),
        before=number(style, full.held_out, digits=3),
        apart=number(style, drawn.apart(drawn.chosen), "weight", 3),
    )
