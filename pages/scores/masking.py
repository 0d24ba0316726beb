"""Below step 4: why −∞, and why before the softmax, on the chosen row."""

from __future__ import annotations

from collections.abc import Sequence

from models.scores import masking
from pages.ui import charts, frame, lines, sums
from pages.ui.text import notation, t
from viz.scores import remarks
from viz.scores.masking import masking as picture
from viz.scores.masking_formulas import fractions
from viz.steps.scene import Scene

WIDTHS = (1190, 590)


def stop(scene: Scene, where: Sequence[str]) -> None:
    """The row under the right mask and two wrong ones; at the right its sums.

    where: what the provenance says of the head.
    """
    steps, causal = masking.masking(scene.one.steps)
    row = masking.masked_row(steps, scene.query)
    kind = "causal" if causal else "shown"
    frame.section(t("scores.masking.title"), t(f"scores.masking.{kind}"), badge=t("origin.whatif"))
    query, keys = scene.axes.queries[scene.query], scene.axes.keys
    if not row.masked.any() or row.masked.all():
        earlier = masking.earlier_masked(steps, scene.query)
        none = "none_masked" if earlier else "none_masked_before"
        name = "all_masked" if row.masked.all() else none
        lines.hint(t(f"scores.masking.{name}"))
        return
    key = row.strongest if row.masked[scene.key] else scene.key
    speak = charts.style("now", "scores.masking.said")
    left, right = frame.side_by_side(WIDTHS, ["masking", "masking-sums"], space="large")
    with left:
        charts.told(picture(row, keys, key, charts.style("scores.masking.figure")), "ways")
        frame.source("whatif", *where)
    with right:
        frame.section(frame.arrow(frame.token(query, "q", 14), frame.token(keys[key], "k", 14)))
        sums.lines(fractions(row, key, sums.writer(charts.style("scores.masking.figure"))))
        if row.shift:
            lines.hint(t("scores.masking.shifted", shift=notation().fixed(row.shift)))
        zero, after, future = remarks.masked(row, query, keys, key, speak)
        lines.remark(zero)
        lines.remark(after)
        frame.equal_to(t("scores.masking.renormalised"), "", row.difference())
        lines.remark(future)
