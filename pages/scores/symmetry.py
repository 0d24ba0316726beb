"""Below step 1: why W_Q and W_K are two matrices, on the chosen head and on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.scores import symmetry
from models.scores.symmetry import TwoMatrices
from models.trace import AttentionBlock, AttentionTrace
from pages.ui import caches, charts, frame, lines, sums
from pages.ui.text import t
from viz.board.markup import Safe, indexed
from viz.formula.writer import PANEL
from viz.scores import remarks
from viz.scores.symmetry import Drawn
from viz.scores.symmetry import symmetry as picture
from viz.scores.symmetry_formulas import mirrored
from viz.steps.head import OneHead
from viz.steps.scene import Scene

WIDTHS = (1190, 590)
TERMS = 3  # of a sum that are written out

heads = caches.of_record(symmetry.of_all_heads)

_style = partial(charts.style, "figure", "scores.figure", "scores.symmetry.figure")


def stop(scene: Scene, trace: AttentionTrace, block: AttentionBlock, where: Sequence[str]) -> None:
    """Two matrices and all heads at the left; both cells' sums, by both ways, at the right.

    where: what the provenance says of the head.
    """
    frame.section(t("scores.symmetry.title"), _written("note"), badge=t("origin.whatif"))
    if not symmetry.comparable(block):
        lines.hint(t("scores.symmetry.other_tokens"))
        return
    one, tokens = scene.one, scene.axes.queries
    made = one.part("q") if one.recorded("q") else None
    factor = 1.0 if made is None or made.factor is None else made.factor
    found = symmetry.two_matrices(one.own, factor)
    chosen = block.layer, one.head
    drawn = Drawn(found, tokens, scene.query, scene.key, heads(trace, block.kind), chosen)
    speak = charts.style("now", "scores.symmetry.said")
    left, right = frame.side_by_side(WIDTHS, ["symmetry", "symmetry-sums"], space="large")
    with left:
        charts.told(picture(drawn, _style()), "symmetric")
        frame.source("whatif", _written("based"), *where)
        lines.hint(t("scores.symmetry.measured"))
    with right:
        lines.remark(_written("three"))
        _sums(found, one, drawn)
        for words in remarks.symmetric(drawn, speak):
            lines.remark(words)
        if one.rotary:
            lines.remark(t("scores.symmetry.rotated"))
        if one.own.scoring.terms:
            lines.remark(t("scores.symmetry.terms"))
        if block.sight.causal:
            lines.remark(t("scores.symmetry.masked"))


def _written(name: str) -> Safe:
    """A sentence with its matrices as they are written."""
    return indexed(t(f"scores.symmetry.{name}"), "W_Q", "W_K", "W_V")


def _sums(found: TwoMatrices, one: OneHead, drawn: Drawn) -> None:
    """The chosen cell and its mirror image, by two matrices and by one; the second one's check."""
    writer = sums.writer(_style(), TERMS, room=PANEL)
    both = mirrored(found, drawn.tokens, drawn.query, drawn.key, writer)
    for name, formulas in zip(("own", "one_matrix"), both, strict=True):
        lines.titled(_written(name))
        sums.lines(*formulas)
    made = one.part("q") if one.recorded("q") else None
    if made is not None and made.factor is not None:
        away = symmetry.check(found, made.x, made.projection)
        frame.equal_to(_written("from_inputs"), "", away)
