"""What the neuron page shows now: what one unit puts out, or where some steps have led."""

from __future__ import annotations

from models.neuron.descent import STEPS
from models.neuron.unit import ACTIVATIONS, Unit
from viz.board.sentence import Now, now, say, tinted
from viz.board.style import Style
from viz.neuron.loss import ROLES, Downhill, rate_words
from viz.neuron.unit import SLOPE, SUM, VALUE, named, shown, written
from viz.neuron.writer import exact


def unit(drawn: Unit, style: Style) -> Now:
    """The unit's sum and output, its slope there, and what that does to an error."""
    last = drawn.function.name == ACTIVATIONS[-1]
    slope = tinted(written(style, drawn.slope), SLOPE)
    return now(
        style,
        "unit",
        "unit_last" if last else "unit_then",
        z=tinted(exact(style, drawn.z), SUM),
        name=named(drawn.function, style),
        a=tinted(shown(drawn, style), VALUE),
        ending=say(style, f"ending.{drawn.ending}", slope=slope),
    )


def loss(drawn: Downhill, style: Style) -> Now:
    """The mean loss of the three learning rates after so many steps, beside the lowest there is."""
    values = {
        name: tinted(style.notation.fixed(float(one.losses[drawn.step]), 3), role)
        for name, role, one in zip(("small", "middle", "large"), ROLES, drawn.descents, strict=True)
    }
    rates = {
        f"{name}_rate": rate_words(one, style)
        for name, one in zip(("small", "middle", "large"), drawn.descents, strict=True)
    }
    lowest = tinted(style.notation.fixed(drawn.lowest, 3), "ink")
    return now(
        style,
        "loss" if drawn.step else "loss_first",
        "loss_last" if drawn.step == STEPS else "loss_then",
        count=drawn.step,
        lowest=lowest,
        **(values if drawn.step else {"start": values["middle"]}),
        **rates,
    )
