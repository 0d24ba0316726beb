"""Two trained models beside each other: one head of full width, four of a quarter."""

from __future__ import annotations

from functools import partial

from models.scores import places
from pages.ui import caches, charts, frame, lines
from pages.ui.text import t
from viz.scores import remarks
from viz.scores.places import accuracy as runs
from viz.scores.places import places as maps

WIDTHS = (1190, 590)

answered = caches.of_model(places.answered, entries=4)

_style = partial(charts.style, "scores.places.figure")


def pair() -> None:
    """Both maps of one example with what is answered; how often each model is right."""
    frame.section(t("scores.places.title"), t("scores.places.note"))
    found = {name: answered(model) for name, model in places.MODELS.items()}
    measured = {name: places.accuracy(model) for name, model in places.MODELS.items()}
    known = {name: one for name, one in measured.items() if one is not None}
    left, right = frame.side_by_side(WIDTHS, ["places", "places-measured"], space="large")
    with left:
        charts.told(maps(found, _style()), "one-and-four", still=True)
        names = [caches.title(model) for model in places.MODELS.values()]
        frame.source("live", *names, frame.quote(places.TEXT))
        lines.hint(t("scores.places.task"))
    with right:
        if len(known) == len(found):
            charts.told(runs(known, _style()), "runs", still=True)
            rows = known["one"].rows
            frame.source("measured", t("scores.places.measured", rows=rows))
            for words in remarks.one_and_four(known, charts.style("now", "scores.places.said")):
                lines.remark(words)
