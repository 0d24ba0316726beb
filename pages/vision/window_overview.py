"""A visitor's Swin, second view: where one place of the picture looks in every head at once."""

from __future__ import annotations

from pages.ui import charts, frame, lines, state
from pages.ui.text import rich, t
from pages.vision import attention, picture
from viz.vision.window_overview import window_overview as drawn
from viz.vision.windows import WindowLook, one_window

KEY, CHOSEN = "own-window-heads", "own-window-head"


def view(look: WindowLook) -> None:
    """All heads small; beside them the chosen one."""
    query = frame.token(look.tokens[look.query], "q")
    left, right = frame.picture_and_sums(picture.WIDTHS)
    with left:
        frame.section(rich("vision.heads", query=query), t("vision.windows.heads_note"))
        place = ("head", look.layer, look.head, look.window, look.query)
        figure = drawn(look, picture.style())
        charts.clickable(figure, KEY, _choose, t("vision.windows.heads_figure"), place)
        lines.hint(t("vision.windows.heads_said", heads=_heads(look)))
    with right:
        where = {"layer": look.layer, "head": look.head, "window": look.window}
        frame.section(rich("vision.looks", query=query), t("vision.window_where", **where))
        figure = one_window(look, picture.style())
        charts.clickable(figure, CHOSEN, attention.choose, t("vision.attention"), ("key", look.key))


def _heads(look: WindowLook) -> str:
    """How many each stage has, in order."""
    found = {layer.stage: layer.heads for layer in look.trace.layers}
    return ", ".join(str(count) for count in found.values())


def _choose(name: str, *numbers: int) -> None:
    """A click names a layer and head, with the window and token at the same place there."""
    for parameter, number in zip(("layer", "head", "window", "query"), numbers, strict=True):
        state.put(parameter, int(number))
