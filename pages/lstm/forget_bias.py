"""The third view: the forget gate's bias at 0, 1 and 2, and how soon an LSTM learns to recall."""

from __future__ import annotations

from models.lstm.forget_bias import BiasCurves, measured
from pages.ui import charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.lstm import now as sentences
from viz.lstm.forget_bias import forget_bias
from viz.lstm.forget_bias_formulas import left

_WIDTHS = (1120, 680)
_SHORT = 10  # steps of the first rows of sums


def view() -> None:
    """Measured curves at the left; what is left after n steps at the right."""
    found = measured()
    if found is None:
        lines.hint(t("frame.not_measured"))
        return
    place = controls.asked("after", len(found.steps), found.learned())
    frame.notices()
    frame.now(*sentences.learned(found, place, charts.style("now", "lstm.now")))
    figure, right = frame.picture_and_sums(_WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("lstm.bias"), t("lstm.bias_note"))
        drawn = forget_bias(found, place, charts.style("lstm.curves"))
        said = t("lstm.trained_steps", n=found.steps[place])
        charts.clickable(drawn, "biases", charts.chooses("after"), t("lstm.bias"), said=said)
    with right:
        state.put("after", place)
        step_buttons(range(len(found.steps)), "lstm.fewer", "lstm.more", name="after")
        _left(found)
    how = t("lstm.bias_measured", count=len(next(iter(found.accuracy.values()))), rows=found.rows)
    frame.provenance("measured", t("model.memory-lstm"), how)


def _left(found: BiasCurves) -> None:
    frame.section(t("lstm.left"), t("lstm.left_note"))
    writer = sums.writer(charts.style("lstm.curves"))
    for steps in (_SHORT, found.distractors):
        lines.titled(t("lstm.left_after", n=steps))
        sums.lines(left(list(found.accuracy), steps, writer))
    lines.remark(t("lstm.bias_why"))
    lines.hint(t("lstm.two_biases"))
