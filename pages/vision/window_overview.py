"""A visitor's Swin, second view: where one place of the picture looks in every head at once."""

from __future__ import annotations

from pages.ui import charts, lines, state
from pages.ui.text import t
from pages.vision import attention, overview, picture
from viz.vision.window_overview import window_overview as drawn
from viz.vision.windows import WindowLook, one_window

KEY, CHOSEN = "own-window-heads", "own-window-head"


def view(look: WindowLook) -> None:
    """All heads small; beside them the chosen one."""

    def heads() -> None:
        place = ("head", look.layer, look.head, look.window, look.query)
        figure, name = drawn(look, picture.style()), t("vision.windows.heads_figure")
        charts.clickable(figure, KEY, _choose, name, place)
        lines.hint(t("vision.windows.heads_said", heads=_heads(look)))

    def one() -> None:
        figure = one_window(look, picture.style())
        charts.clickable(figure, CHOSEN, attention.choose, t("vision.attention"), ("key", look.key))

    at = {"layer": look.layer, "head": look.head, "window": look.window}
    where, note = t("vision.window_where", **at), t("vision.windows.heads_note")
    overview.beside(look.tokens[look.query], (note, heads), (where, one))


def _heads(look: WindowLook) -> str:
    """How many each stage has, in order."""
    found = {layer.stage: layer.heads for layer in look.trace.layers}
    return ", ".join(str(count) for count in found.values())


def _choose(name: str, *numbers: int) -> None:
    """A click names a layer and head, with the window and token at the same place there."""
    for parameter, number in zip(("layer", "head", "window", "query"), numbers, strict=True):
        state.put(parameter, int(number))
