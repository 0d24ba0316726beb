"""Keys without a browser: which presses count, what they do, and what a browser may not ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go
import pytest

from pages.ui import keys, state, stepping
from pages.ui.keys import Answering, Button, unseen
from tests.pages.visiting import healthy, spied, visit

ME = "some listener"
LAST = 4


class Pressed:
    """A page at a step, with a figure of two marks; what its keys have done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, step: int = 0) -> None:
        self.session: dict[str, Any] = {"step": step}
        self.done: list[object] = []
        for module in (keys, state):
            monkeypatch.setattr(module, "st", SimpleNamespace(session_state=self.session))
        figure = go.Figure(go.Scatter(x=[0, 1], y=[0, 0], customdata=[[0, "q"], [1, "q"]]))
        figure.add_heatmap(z=[[1]])
        self.page = keys._Page(
            "a page",
            buttons={
                "next": Button(partial(stepping.move, "step", range(LAST + 1), 1), True),
                "previous": Button(partial(stepping.move, "step", range(LAST + 1), -1), True),
                "toggle": Button(partial(self.done.append, "toggle"), False),
            },
            figures={
                "map": Answering(figure, "map", "", [], walk=self.note("walk"), act=None),
                "list": Answering(figure, "list", "", [], walk=None, act=self.note("act")),
            },
        )

    def note(self, name: str) -> Callable[..., None]:
        return lambda *carried: self.done.append((name, *carried))

    def hear(self, *presses: object, first: int = 1, who: str = ME) -> list[object]:
        """A message comes in; → the listener and its last press that has counted."""
        sent = {"who": who, "first": first, "presses": list(presses)}
        self.session[keys.KEY] = {"presses": sent}
        keys._take(self.page)
        seen: list[object] = self.session[keys._SEEN]
        return seen


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> Pressed:
    return Pressed(monkeypatch)


def test_every_press_of_a_message_moves_a_step(pressed: Pressed) -> None:
    assert pressed.hear("next", "next", "next") == [ME, 3]
    assert pressed.session["step"] == 3
    pressed.hear("previous", first=4)
    assert pressed.session["step"] == 2


def test_a_press_that_comes_twice_counts_once(pressed: Pressed) -> None:
    pressed.hear("next", "next")
    assert pressed.hear("next", "next", "next") == [ME, 3]
    assert pressed.session["step"] == 3


def test_another_listener_begins_to_count_anew(pressed: Pressed) -> None:
    pressed.hear("next", "next")
    assert pressed.hear("next", who="another") == ["another", 1]
    assert pressed.session["step"] == 3


def test_a_press_beyond_an_end_does_nothing(pressed: Pressed) -> None:
    pressed.hear(*["next"] * (LAST + 3), "previous")
    assert pressed.session["step"] == LAST - 1
    pressed.hear(*["previous"] * 9, "next", first=20)
    assert pressed.session["step"] == 1


def test_what_is_drawn_answers_only_the_first_press(pressed: Pressed) -> None:
    """A toggle after a step would toggle at the old step: it waits until that one is drawn."""
    assert pressed.hear("next", "next", "toggle", "next") == [ME, 2]
    assert (pressed.session["step"], pressed.done) == (2, [])
    assert pressed.hear("toggle", "next", first=3) == [ME, 3]
    assert (pressed.session["step"], pressed.done) == (2, ["toggle"])


def test_an_arrow_in_a_figure_chooses_and_enter_acts(pressed: Pressed) -> None:
    pressed.hear({"figure": "map", "mark": [1, "q"], "act": False})
    pressed.hear({"figure": "list", "mark": [0, "q"], "act": True}, first=2)
    assert pressed.done == [("walk", 1, "q"), ("act", 0, "q")]


@pytest.mark.parametrize(
    "press",
    [
        "no button",
        7,
        None,
        {"figure": "no figure", "mark": [1, "q"], "act": False},
        {"figure": "map", "mark": [2, "q"], "act": False},
        {"figure": "map", "mark": "q", "act": False},
        {"figure": "map", "mark": None, "act": False},
        {"figure": "map", "mark": [1, "q"], "act": True},
        {"figure": ["map"], "mark": [1, "q"], "act": False},
        {"figure": "list", "mark": [1, "q"], "act": False},
    ],
)
def test_what_a_page_does_not_offer_cannot_be_pressed(pressed: Pressed, press: object) -> None:
    assert pressed.hear(press) == [ME, 1]
    assert pressed.done == []
    assert pressed.session["step"] == 0


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "next",
        {},
        {"who": ME, "first": "1", "presses": ["next"]},
        {"who": 1, "first": 1, "presses": ["next"]},
        {"who": ME, "first": 1, "presses": "next"},
    ],
)
def test_what_is_no_message_is_not_heard(sent: object) -> None:
    assert unseen({"who": ME, "first": 1, "presses": ["next"]}, None) == [(1, "next")]
    assert unseen(sent, None) == []


def test_a_message_brings_so_many_presses_at_most() -> None:
    sent = {"who": ME, "first": 1, "presses": ["next"] * (keys.MOST + 50)}
    assert len(unseen(sent, None)) == keys.MOST


def test_a_step_from_a_value_that_is_none_of_the_steps_leads_among_them(pressed: Pressed) -> None:
    pressed.session["length"] = 7
    stepping.move("length", (1, 5, 10), 1)
    assert pressed.session["length"] == 5


def drawn(session: dict[str, Any]) -> None:
    """One run of the lstm page, in which nothing but its parameters matters."""
    with stepping.steady("lstm"):
        session["drawn"] = session["step"]
    stepping.drawn("lstm", state.address())


@pytest.fixture
def walking(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A visitor of the lstm page at step 3 who presses → once; the browser draws it."""
    session: dict[str, Any] = {"_page": "lstm", "step": 3, "unit": 4}
    for module in (state, stepping):
        monkeypatch.setattr(module, "st", SimpleNamespace(session_state=session))
    drawn(session)
    stepping.move("step", range(9), 1)
    drawn(session)
    assert session["drawn"] == 4
    return session


def test_a_click_from_before_the_step_does_not_take_it_back(walking: dict[str, Any]) -> None:
    walking.update(step=3, unit=5)  # the slider as it stood when the field was clicked
    drawn(walking)
    assert (walking["drawn"], walking["unit"]) == (4, 5)


def test_a_click_in_a_figure_leads_to_the_step_before(walking: dict[str, Any]) -> None:
    with stepping.chosen():
        walking.update(step=3, unit=5)  # a mark of the step that the press has left
    drawn(walking)
    assert (walking["drawn"], walking["unit"]) == (3, 5)


def test_a_press_right_after_a_step_goes_on_from_there(walking: dict[str, Any]) -> None:
    walking.update(step=3)  # the press was sent before the slider had got the step that was drawn
    stepping.move("step", range(9), 1)
    drawn(walking)
    assert walking["drawn"] == 5


def test_the_slider_itself_goes_back(walking: dict[str, Any]) -> None:
    walking.update(step=3)
    drawn(walking)
    assert walking["drawn"] == 3


def test_a_step_that_was_drawn_is_forgotten(walking: dict[str, Any]) -> None:
    walking.update(unit=5)
    drawn(walking)
    walking.update(step=3, unit=6)  # the slider, and later a field
    drawn(walking)
    assert walking["drawn"] == 3


def test_buttons_step_without_a_listener_and_from_where_one_is() -> None:
    at = visit("scores", step="2")
    for step in (3, 4):
        at.button("next").click().run()
        healthy(at)
        assert at.session_state["step"] == step
    at.session_state["step"] = 7
    at.button("previous").click().run()
    assert at.session_state["step"] == 6


def test_a_page_names_its_figures_and_their_chosen_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = spied(monkeypatch, keys, "_data")
    healthy(visit("heads", text="Dogs chase cats", query="1", key="3"))
    figures = pages[-1][0].figures
    assert [list(one.chosen[0]) for one in figures.values()] == [[1, 3], [1, 3], [3, 1]]
    assert figures["weights"].said == "Dogs → cats"
    assert len({one.name for one in figures.values()}) == len(figures) == 3


def test_what_is_on_screen_is_outdated_once_the_state_has_changed(
    pressed: Pressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "st", SimpleNamespace(session_state=pressed.session))
    assert stepping.outdated()
    stepping.drawn("a page", state.address())
    assert not stepping.outdated()
    pressed.hear("next")
    assert stepping.outdated()
