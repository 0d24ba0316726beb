"""Below step 1: why W_V is a matrix of its own, on the chosen head and on a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.scores import values
from models.scores.values import SharedMatrix
from pages.ui import caches, charts, frame, lines, sums
from pages.ui.text import t
from viz.board.markup import Safe, indexed
from viz.formula.writer import PANEL
from viz.scores import remarks
from viz.scores.values import values as picture
from viz.scores.values_formulas import outputs
from viz.steps.scene import Scene

WIDTHS = (1190, 590)
TERMS = 3  # of a sum that are written out

_second_round = caches.of_model(values.second_round, entries=4)
_style = partial(charts.style, "figure", "scores.figure", "scores.values.figure")


def stop(scene: Scene, where: Sequence[str]) -> None:
    """Both outputs and the measured loss at the left; one number's sums at the right.

    where: what the provenance says of the head.
    """
    frame.section(_written("title"), _written("note"), badge=t("origin.whatif"))
    one = scene.one
    made = one.part("k") if one.recorded("k") else None
    if made is None or made.recorded.shape != one.own.v.shape:
        lines.hint(t("scores.values.unknown"))
        return
    found = SharedMatrix(one.own.weights, one.own.v, made.recorded)
    measured = _second_round(values.MODEL)
    dim = min(scene.dim, found.v.shape[1] - 1)
    left, right = frame.side_by_side(WIDTHS, ["values", "values-sums"], space="large")
    with left:
        charts.told(picture(found, scene.query, dim, measured, _style()), "shared", still=True)
        frame.source("whatif", _written("based"), *where)
        trained = caches.title(values.MODEL)
        frame.source("live", trained, t("scores.values.task", layer=values.LAYER))
    with right:
        lines.remark(_written("reason"))
        writer = sums.writer(_style(), TERMS, room=PANEL)
        both = outputs(found, scene.query, dim, writer)
        for name, formula in zip(("own", "one_matrix"), both, strict=True):
            lines.titled(_written(name))
            sums.lines(formula)
        frame.equal_to(_written("mixed_first"), "", found.check(made.x, made.projection))
        token = scene.axes.queries[scene.query]
        speak = charts.style("now", "scores.values.said")
        for words in remarks.shared(found, scene.query, token, measured, speak):
            lines.remark(words)


def _written(name: str) -> Safe:
    """A sentence with its matrices as they are written."""
    return indexed(t(f"scores.values.{name}"), "W_Q", "W_K", "W_V")
