"""The figure of what ends at the first token: every head where its numbers say, and one ringed."""

from __future__ import annotations

import numpy as np
import pytest

from models.heads.sinks import FirstToken
from viz.board.board import CELLS
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.heads.sinks import first_token, table

WORDS = ("x", "y", "equal", "weight", "first", "others", "passed")
STYLE = Style(
    LIGHT, Notation("."), {n: n for n in WORDS} | {"head": "{layer} {head} {weight} {passed}"}
)
LAYERS = (
    FirstToken(2, np.array([0.1, 0.9]), np.array([0.2, 0.3]), np.array([1.0, 2]), np.ones(2)),
    FirstToken(5, np.array([0.5]), np.array([0.6]), np.array([0.0]), np.array([0.0])),
)


def test_every_head_lies_at_its_numbers_and_answers_with_its_name() -> None:
    figure = first_token(LAYERS, 2, 1, STYLE)
    [cells] = [trace for trace in figure.data if trace.name == CELLS]
    assert [list(one) for one in cells.customdata] == [[2, 0], [2, 1], [5, 0]]
    assert list(cells.hovertext) == ["2 0 0.10 0.20", "2 1 0.90 0.30", "5 0 0.50 0.60"]
    x, y = np.array(cells.x), np.array(cells.y)
    assert np.diff(x) / (x[1] - x[0]) == pytest.approx([1, -0.5])  # 0.1, 0.9, 0.5
    assert np.diff(y) / (y[1] - y[0]) == pytest.approx([1, 3])  # 0.2, 0.3, 0.6
    rings = [trace for trace in figure.data if (trace.marker.size or 0) == 22]
    assert [(one.x[0], one.y[0]) for one in rings] == [(x[1], y[1])]
    with pytest.raises(ValueError, match="not in"):
        first_token(LAYERS, 3, 0, STYLE)


def test_the_table_has_the_heads_numbers_even_where_values_are_nothing() -> None:
    shown = str(table(LAYERS[0], 1, STYLE))
    assert [shown.count(number) for number in ("0.90", "2.00", "1.00", "0.30")] == [1, 1, 1, 1]
    assert "nan" not in str(table(LAYERS[1], 0, STYLE))
