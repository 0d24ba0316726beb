"""The figure and sums of a low-rank update: three matrices, two factors, two maps, one cell."""

from __future__ import annotations

import numpy as np
import pytest

from models.cost import lora as models
from models.cost.adapter import shipped
from pages.ui.text import labels
from tests.viz.cost.test_quantisation import THEMES, inside
from tests.viz.figures import NOTATION, cells
from tests.viz.sentences import BOTH, read, style
from viz.board.style import Style
from viz.board.theme import LIGHT, Theme
from viz.cost import lora_formulas as written
from viz.cost import lora_now
from viz.cost.lora import LowRankShown, low_rank
from viz.formula.writer import Writer

TEXT = "Dün Ayşe çocuğa kitabı verdi."


def shown(rank: int, output: int = 12, place: int = 40) -> LowRankShown:
    one = shipped()
    without, adapted = (models.adapted(one, TEXT, cut) for cut in (0, rank))
    found = models.update(one, "cross", 1, 1, "q", rank)
    return LowRankShown(found, without, adapted, "cross", 1, 1, output, place, one.rank)


def looks(theme: Theme = LIGHT) -> Style:
    return Style(theme, NOTATION, labels("cost.lora.figure") | labels("cost.lora.formula"))


@THEMES
@pytest.mark.parametrize("rank", [0, 2, 8])
def test_the_matrices_drawn_are_the_heads_own(theme: Theme, rank: int) -> None:
    drawn = shown(rank)
    figure = low_rank(drawn, looks(theme))
    inside(figure)
    maps = [np.asarray(one.z) for one in figure.data if one.type == "heatmap"]
    wanted = [drawn.found.weight, drawn.found.update, drawn.found.merged]
    assert all(np.allclose(a, b) for a, b in zip(maps, wanted, strict=False))
    factors = [one.shape for one in maps if rank in one.shape and one.shape != (32, 128)]
    assert factors == ([(rank, 128), (32, rank)] if rank else [])
    weights = [drawn.weights(one) for one in (drawn.without, drawn.adapted)]
    assert all(np.allclose(a, b) for a, b in zip(maps[-2:], weights, strict=True))


def test_a_click_on_any_matrix_chooses_a_cell_and_the_chosen_one_is_among_them() -> None:
    (found,) = cells(low_rank(shown(8), looks()))
    ids = [tuple(one) for one in found.customdata]
    assert ids.count((12, 40)) == 3
    assert all(0 <= i < 32 and 0 <= j < 128 for i, j in ids)


def test_the_cells_sum_comes_to_the_merged_weight() -> None:
    drawn = shown(2)
    w = Writer(looks(), 3)
    tex = written.update(drawn, w)
    for k in range(2):
        assert f"{abs(drawn.found.b[12, k]):.3f}" in tex
    assert f"{drawn.found.update[12, 40]:.4f}" in tex
    assert f"{drawn.found.merged[12, 40]:.4f}" in written.merged(drawn, w)
    assert written.update(shown(0), w) == r"\Delta W_{12,\,40} = 0"
    count = written.parameters(drawn, 6144, 848_768, w)
    assert r"2 \cdot (128 + 128) = \mathbf{512}" in count
    assert "0.7" in count


@BOTH
def test_the_sentence_has_both_translations(language: str) -> None:
    speak = style(language, "cost.lora.now")
    said = read(lora_now.low_rank(shown(8), speak).said)
    assert "Ayşe gave the book" in said
    assert "yesterday gave." in said
    assert "Ayşe gave the book" in read(lora_now.low_rank(shown(0), speak).said)
