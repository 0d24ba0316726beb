"""Below the concatenation: why several heads, and whether X is cut."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.scores.splitting import split
from models.trace import AttentionBlock
from pages.scores import places
from pages.ui import charts, frame, lines, sums
from pages.ui.text import notation, t
from viz.board.markup import Safe, indexed
from viz.formula.writer import PANEL
from viz.scores.splitting import splitting as picture
from viz.scores.splitting_formulas import shapes
from viz.scores.splitting_formulas import sums as both_sums
from viz.steps.scene import Scene

WIDTHS = (1190, 590)
TERMS = 3  # of a sum that are written out

_style = partial(charts.style, "figure", "scores.figure", "scores.splitting.figure")


def stop(scene: Scene, block: AttentionBlock, where: Sequence[str]) -> None:
    """The chosen query's strips at the left, its sums at the right; then two trained models.

    where: what the provenance says of the head.
    """
    frame.section(t("scores.splitting.title"), t("scores.splitting.note"))
    found = split(block, scene.one.head)
    if found is None:
        lines.hint(t("scores.splitting.unknown"))
    else:
        token = scene.query
        left, right = frame.side_by_side(WIDTHS, ["splitting", "splitting-sums"], space="large")
        with left:
            charts.told(picture(found, token, _style()), "split", still=True)
            frame.source("live", *where, t("scores.splitting.below"))
        with right:
            dim = min(scene.dim, found.d - 1)
            writer = sums.writer(_style(), TERMS, room=PANEL)
            lines.remark(t("scores.splitting.why"))
            query = frame.token(scene.axes.queries[token], "q", 14)
            frame.section(query, t("scores.dimension", n=dim))
            sums.lines(shapes(found, writer))
            whole, cut = both_sums(found, token, dim, writer)
            lines.titled(t("scores.splitting.whole"))
            sums.lines(whole)
            words = t("scores.splitting.columns")
            frame.equal_to(_written(words), "", found.difference())
            lines.titled(t("scores.splitting.cut"))
            sums.lines(cut)
            lost = notation().fixed(found.lost(token))
            lines.remark(_written(t("scores.splitting.lost", lost=lost, d=found.d)))
    places.pair()


def _written(words: str) -> Safe:
    """With its matrices as they are written."""
    return indexed(words, "W_Q", "W_O")
