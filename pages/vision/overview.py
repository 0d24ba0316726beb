"""A visitor's model, second view: where the chosen token looks in every head at once."""

from __future__ import annotations

from pages.ui import charts, frame
from pages.ui.text import rich, t
from pages.vision import attention, picture
from viz.vision.overview import overview as drawn
from viz.vision.visitor import VisitorLook, one_map

KEY, CHOSEN = "own-heads", "own-head"


def view(look: VisitorLook) -> None:
    """All heads small; beside them the chosen one."""
    query = frame.token(look.tokens[look.query], "q")
    left, right = frame.picture_and_sums(picture.WIDTHS)
    with left:
        frame.section(rich("vision.heads", query=query), t("vision.heads_note"))
        figure, place = drawn(look, picture.style()), ("head", look.layer, look.head)
        charts.clickable(figure, KEY, attention.choose, t("vision.heads_figure"), place)
    with right:
        where = t("vision.where", layer=look.layer, head=look.head)
        frame.section(rich("vision.looks", query=query), where)
        places = (("key", look.key),)
        figure = one_map(look, picture.style())
        charts.clickable(figure, CHOSEN, attention.choose, t("vision.attention"), *places)
