"""The pairs of both conventions as arcs, and their sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.positions import schemes
from models.positions.pairs import CONVENTIONS, Convention, of_head
from pages.ui.text import LANGUAGES
from tests.viz.sentences import style
from viz.board.board import Board
from viz.board.box import Box
from viz.formula.writer import Writer
from viz.positions import pairs_formulas as written
from viz.positions.pairs import Drawn, both, pairs


def drawn(stored: Convention = "half", turns: Convention = "half", dim: int = 3) -> Drawn:
    found = of_head(schemes.recorded("minilm", "I am a Robot"), 0, 2, 10_000)
    assert found is not None
    return Drawn(found, 4, 1, dim, stored, turns)


def test_the_chosen_columns_partner_is_its_own_in_either_order() -> None:
    for convention in CONVENTIONS:
        assert drawn(convention, convention).names == (3, 19)
        assert drawn(convention, convention).pair == 3
    assert drawn("half", "half").places == (3, 19)
    assert drawn("neighbours", "neighbours").places == (6, 7)
    assert drawn("neighbours", "half").names == (3, 11)
    assert drawn("half", "neighbours").names == (2, 3)


@pytest.mark.parametrize("stored", CONVENTIONS)
@pytest.mark.parametrize("turns", CONVENTIONS)
def test_the_chosen_pair_turns_by_its_angle(stored: Convention, turns: Convention) -> None:
    shown = drawn(stored, turns)
    a, b = shown.places
    turned = (shown.before[a] + 1j * shown.before[b]) * np.exp(1j * shown.angle)
    assert shown.after[[a, b]] == pytest.approx([turned.real, turned.imag])
    assert shown.angle == pytest.approx(4 * 10_000 ** (-2 * shown.pair / 32))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turns", CONVENTIONS)
def test_numbers_and_scores_answer_clicks(language: str, turns: Convention) -> None:
    labels = style(language, "positions.pairs.figure")
    figure = pairs(drawn("half", turns), labels)
    ids = [list(one) for trace in figure.data for one in (trace.customdata or ())]
    assert [3, 0, CONVENTIONS.index(turns)] in ids
    assert [3, 1, 1] in ids
    assert len(ids) == 32 + 32 + 4


def test_the_sums_come_to_the_numbers_of_the_record() -> None:
    shown = drawn("neighbours", "half")
    w = Writer(style("en", "positions.formula"), 3, 4)
    assert f"{shown.score:.3f}" in written.score(shown, w)
    for value in shown.after[list(shown.places)]:
        assert f"{value:.3f}" in written.rotation(shown, w)
    assert r"4 \cdot 10000^{-6/32}" in written.angle(replace(shown, stored="half"), w)


def test_both_conventions_show_one_query_and_pair_in_two_orders() -> None:
    look, query = style("en", "positions.figure"), np.arange(8.0) - 3
    board = Board(600, 200, look.theme)
    both(board, Box(0, 0, 500, 160), query, 1, look)
    figure = board.figure()
    strips = [np.asarray(one.z, float).ravel() for one in figure.data if one.type == "heatmap"]
    assert [one.tolist() for one in strips] == [
        query.tolist(),
        query.reshape(2, -1).T.ravel().tolist(),
    ]
    chosen = [one for one in figure.data if one.type == "scatter" and one.line.width == 3.5]
    spans = [max(one.x) - min(one.x) for one in chosen]
    assert spans[0] / spans[1] == pytest.approx(4)
