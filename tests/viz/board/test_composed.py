"""A composed figure is Plotly's own the moment somebody asks more than its parts."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import pytest

from tests.viz.board.test_packed import board
from viz.board.board import Board, Box, Figure
from viz.board.composed import Composed
from viz.board.packed import packed
from viz.board.theme import LIGHT

WAYS: tuple[Callable[[Figure], Any], ...] = (
    lambda figure: figure.to_json(),
    lambda figure: (str(figure.data), str(figure.layout)),
    lambda figure: figure.add_scatter(x=[1], y=[2]).to_json(),
    lambda figure: figure.update_layout(height=7).to_json(),
    lambda figure: pickle.loads(pickle.dumps(figure)).to_json(),
    lambda figure: "layout" in figure and figure["layout"]["height"],
)


@pytest.mark.parametrize("ask", WAYS)
def test_whatever_is_asked_it_is_the_figure_that_plotly_makes(ask: Callable[[Figure], Any]) -> None:
    drawn = board().figure()
    own = go.Figure(data=drawn._data, layout=drawn._layout, _validate=False)
    assert ask(drawn) == ask(own)


def test_what_is_sent_is_read_from_the_parts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("Plotly made a figure")

    drawn = board().figure()
    monkeypatch.setattr(go.Figure, "__init__", refuse)
    assert packed(drawn, 0.9, answers=True).to_dict()["data"]


def test_a_board_that_is_drawn_on_leaves_the_figure_as_it_was() -> None:
    drawn = Board(40, 30, LIGHT)
    drawn.frame(Box(0, 0, 9, 9), LIGHT.ink)
    before = drawn.figure()
    drawn.frame(Box(9, 9, 9, 9), LIGHT.ink)
    drawn.line([0, 1], [0, 1], LIGHT.ink)
    assert isinstance(before, Composed)
    assert (len(before.layout.shapes), len(before.data)) == (1, 0)
