"""A visitor's model, second view: where the chosen token looks in every head at once."""

from __future__ import annotations

from collections.abc import Callable

from pages.ui import charts, frame
from pages.ui.text import rich, t
from pages.vision import attention, picture
from viz.vision.overview import overview as drawn
from viz.vision.visitor import VisitorLook, one_map

KEY, CHOSEN = "own-heads", "own-head"


def view(look: VisitorLook) -> None:
    """All heads small; beside them the chosen one."""

    def heads() -> None:
        figure, place = drawn(look, picture.style()), ("head", look.layer, look.head)
        charts.clickable(figure, KEY, attention.choose, t("vision.heads_figure"), place)

    def one() -> None:
        figure = one_map(look, picture.style())
        charts.clickable(figure, CHOSEN, attention.choose, t("vision.attention"), ("key", look.key))

    where = t("vision.where", layer=look.layer, head=look.head)
    beside(look.tokens[look.query], (t("vision.heads_note"), heads), (where, one))


def beside(
    asking: str, heads: tuple[str, Callable[[], None]], one: tuple[str, Callable[[], None]]
) -> None:
    """All heads and one of them, each a note and what draws it. asking: the token's name."""
    query = frame.token(asking, "q")
    titles = (rich("vision.heads", query=query), rich("vision.looks", query=query))
    columns = frame.picture_and_sums(picture.WIDTHS)
    for column, title, (note, draw) in zip(columns, titles, (heads, one), strict=True):
        with column:
            frame.section(title, note)
            draw()
