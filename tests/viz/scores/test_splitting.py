"""Strips of x, of all queries and of one head's, with what a cut x would give; their sums."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from models.record import record
from models.scores.splitting import Split, split
from tests.viz.figures import checked, words
from tests.viz.sentences import BOTH, fixed, style
from viz.board.board import Figure
from viz.formula.writer import Writer
from viz.scores.splitting import splitting
from viz.scores.splitting_formulas import shapes, sums

TOKEN = 6


@lru_cache
def found(head: int = 1) -> Split:
    trace = record("minilm", "The cat sat down because it was tired", surroundings=True)
    one = split(trace.block("encoder", 3), head)
    assert one is not None
    return one


def figure(language: str = "en", head: int = 1) -> Figure:
    return splitting(found(head), TOKEN, style(language, "scores.splitting.figure"))


@pytest.mark.parametrize("head", [0, 1, 11])
def test_each_strip_holds_its_numbers(head: int) -> None:
    one = found(head)
    strips = [np.array(t.z)[0] for t in figure(head=head).data if t.type == "heatmap"]
    wanted = (one.x[TOKEN], one.full[TOKEN], one.query[TOKEN], one.cut_first[TOKEN])
    for drawn, values in zip(strips, wanted, strict=True):
        np.testing.assert_allclose(drawn, values, rtol=1e-5, atol=1e-6)
    scales = [(t.zmin, t.zmax) for t in figure(head=head).data if t.type == "heatmap"]
    assert scales[2] == scales[3]  # what is compared has one scale


@pytest.mark.parametrize("head", [0, 1, 11])
def test_the_head_s_piece_is_framed_where_its_columns_are(head: int) -> None:
    full = [t for t in figure(head=head).data if t.type == "heatmap"][1]
    left, wide = full.x0 - full.dx / 2, full.dx * 384
    framed = [s for s in figure(head=head).layout.shapes if s.line.width == 3]
    spans = [((s.x0 - left) / wide * 384, (s.x1 - left) / wide * 384) for s in framed]
    assert any(span == pytest.approx((head * 32, head * 32 + 32)) for span in spans)


@BOTH
def test_every_word_has_its_place(language: str) -> None:
    checked(figure(language))
    said = " ".join(one.text for one in words(figure(language)))
    for word in ("384", "12", "32", "63", fixed(language, found().lost(TOKEN))):
        assert word in said


def test_both_sums_come_to_both_queries() -> None:
    w = Writer(style("en", "figure", "scores.figure", "scores.splitting.figure"), most=3)
    whole, cut = sums(found(), TOKEN, 0, w)
    assert f"{found().query[TOKEN, 0]:.2f}" in whole
    assert f"{found().cut_first[TOKEN, 0]:.2f}" in cut
    assert "c=0}^{383}" in whole
    assert "c=32}^{63}" in cut
    assert r"10 \times 384" in shapes(found(), w)
    assert "12" in shapes(found(), w)
