"""Below step 3: why scores are divided by √d_k, on random vectors and on the model's own heads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.scores import scaling
from models.scores.scaling import HeadScaling
from models.trace import AttentionBlock, AttentionTrace
from pages.ui import caches, charts, frame, lines, sums
from pages.ui.text import notation, t
from viz.scores import remarks
from viz.scores.scaling import Spreads
from viz.scores.scaling import scaling as picture
from viz.scores.scaling_formulas import slopes, variance
from viz.steps.scene import Scene

WIDTHS = (1190, 590)

random = caches.of_values(scaling.all_random, entries=1)
heads = caches.of_record(scaling.of_all_heads)
of_head = caches.of_record(scaling.of_head_at)

_style = partial(charts.style, "scores.scaling.figure")


def stop(scene: Scene, trace: AttentionTrace, block: AttentionBlock, where: Sequence[str]) -> None:
    """Three panels at the left; the sums, and this model's numbers, at the right.

    where: what the provenance says of the head.
    """
    kind, layer = block.kind, block.layer
    found = of_head(trace, kind, layer, scene.one.head)
    frame.section(_title(found, block.q.shape[2]), t("scores.scaling.note"))
    if found is None:
        lines.hint(t("scores.scaling.one_key"))
        return
    drawn = Spreads(random(), heads(trace, kind), (layer, scene.one.head), found)
    d = drawn.chosen_head.d
    left, right = frame.side_by_side(WIDTHS, ["scaling", "scaling-sums"], space="large")
    with left:
        charts.told(picture(drawn, _style()), "spreads")
        frame.source("live", *where)
        lines.hint(t("scores.scaling.seeded", queries=scaling.ROWS, keys=scaling.KEYS))
    with right:
        query, key = scene.axes.queries[scene.query], scene.axes.keys[scene.key]
        frame.section(frame.arrow(frame.token(query, "q", 14), frame.token(key, "k", 14)))
        writer = sums.writer(charts.style("scores.scaling.figure"))
        sums.lines(variance(d, writer))
        weights = scaling.weight(scene.one.own, scene.query, scene.key)
        free = None if found.plain else weights.undivided
        sums.lines(slopes(weights.divided, free, writer, by_root=found.by_root(d)))
        speak = charts.style("now", "scores.scaling.said")
        lines.remark(t("scores.scaling.why"))
        for words in remarks.spreads(drawn, speak):
            lines.remark(words)
        lines.remark(remarks.saturated(found, d, speak))


def _title(found: HeadScaling | None, d: int) -> str:
    """The question, with what this head does instead of dividing by √d_k, where it does."""
    by = "root" if found is None else scaling.divisor(found.factor, d)
    if found is None or by == "root":
        return t("scores.scaling.title")
    return t(f"scores.scaling.title_{by}", factor=notation().significant(found.factor, 3))
