"""Classes of windows: what Python makes of what the browser tells, and of a cookie that lies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from models.errors import TooManyCharacters
from pages.ui import state, window
from tests.browser.states import states
from tests.pages.visiting import charts, visit
from viz.board.scale import DESIGN, LEGIBLE

SIDE_BY_SIDE = [one for one in window.WINDOWS if not one.stacked]


def told(monkeypatch: pytest.MonkeyPatch, cookie: object) -> window.Window:
    cookies = {} if cookie is None else {window.COOKIE: cookie}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: cookies))
    monkeypatch.setattr(st, "session_state", SimpleNamespace(get=lambda name, other: other))
    return window.current()


@given(some.text() | some.integers().map(str) | some.just("²") | some.none())
def test_a_cookie_that_says_anything_names_a_class(cookie: str | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert told(patch, cookie) in window.WINDOWS


def test_the_cookie_of_a_former_visit_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [told(monkeypatch, str(n)) for n in range(9)] == list(window.WINDOWS)


def test_each_class_fits_the_smallest_window_that_is_in_it() -> None:
    for one in SIDE_BY_SIDE:
        assert one.width >= one.scale * DESIGN[0] - 1
        assert one.height == 0 or one.height >= one.scale * DESIGN[1] - 1


def test_larger_windows_have_larger_type() -> None:
    scales = [one.scale for one in SIDE_BY_SIDE]
    assert scales == sorted(set(scales))


def test_the_classes_asked_for_are_there() -> None:
    smallest = SIDE_BY_SIDE[0]
    assert (smallest.width, 720 / DESIGN[1]) == (1200, smallest.scale)  # 1280 × 720 fits
    assert window.WINDOWS[-1].scale == 1.25  # 2560 × 1440


def test_a_figure_has_the_size_of_the_window() -> None:
    at = visit("heads", lang="en")
    composed = charts(at)["weights"]["layout"]["height"]
    at.session_state["_window"] = 2
    assert charts(at.run())["weights"]["layout"]["height"] == int(composed * 0.625)


@pytest.mark.tables
@pytest.mark.parametrize("lang", ["en", "tr"])
@pytest.mark.parametrize("state", states())
def test_on_a_phone_type_in_figures_can_be_read(state: str, lang: str) -> None:
    page, _, query = state.strip("/").partition("?")
    given = dict(one.split("=") for one in query.split("&") if one)
    at = visit(page or "home", lang=lang, **given)
    at.session_state["_window"] = 0
    for key, figure in charts(at.run()).items():
        words = [one for trace in figure["data"] for one in typed(trace)]
        words += [(one["text"], one["font"]["size"]) for one in figure["layout"]["annotations"]]
        small = [one for one in words if one[1] < LEGIBLE]
        # A word that would be cut at a figure's edge is smaller.
        assert len(small) <= 2, (key, small)
        assert all(size > 7 for _, size in small), (key, small)


def typed(trace: dict[str, Any]) -> list[tuple[str, float]]:
    """Words of a trace, and how large they are."""
    if "text" not in trace.get("mode", ""):
        return []
    texts = trace["text"]
    sizes = np.broadcast_to(trace["textfont"]["size"], len(texts)).tolist()
    return [(text, size) for text, size in zip(texts, sizes, strict=True) if text]


def test_in_a_narrow_window_controls_are_folded_and_stepping_follows_the_picture() -> None:
    at = visit("lstm", lang="en")
    assert not at.expander or at.expander[0].label != "Settings"
    at.session_state["_window"] = 0
    at.run()
    assert not at.exception
    assert at.expander[0].label == "Settings"
    keys = [each.key for each in at.button]
    assert keys.count("next") == 1


def test_what_was_said_is_said_again_where_only_the_screen_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state={}))
    state.notice("error.address", name="layer")
    said = state.take_notices()
    state.say_again()
    assert state.take_notices() == said == [("error.address", {"name": "layer"})]
    assert state.take_notices() == []


def test_what_was_offered_is_offered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state={}))
    state.offer_cut(TooManyCharacters("too long", length=9, limit=8))
    assert state.take_offer()
    state.say_again()
    assert state.take_offer()
    assert not state.take_offer()
