"""Our own components: their registration, and a function each that puts one on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from viz.heads import overview
from viz.translator import diagram
from viz.vision import pad

_WATCH = Path(__file__).with_name("theme_watch.js")
_TICKER = Path(__file__).with_name("ticker.js")

_picture = st.components.v2.component("dikkat_overview", js=overview.script(), css=overview.style())
_watch = st.components.v2.component("dikkat_theme", js=_WATCH.read_text(encoding="utf-8"))
_pad = st.components.v2.component("dikkat_pad", js=pad.script(), css=pad.style())
_choice = st.components.v2.component("dikkat_overview_choice", js=overview.choice_script())
_stages = st.components.v2.component("dikkat_stages", js=diagram.script(), css=diagram.style())
_ticker = st.components.v2.component("dikkat_ticker", js=_TICKER.read_text(encoding="utf-8"))

Choice = tuple[int, int]


def theme_watch() -> None:
    """Runs the page again when somebody switches between light and dark."""
    with st.container(key="theme-watch"):
        _watch(key="theme", on_theme_change=lambda: None)


def heads_overview(
    payload: Mapping[str, Any],
    layer: int,
    head: int,
    *,
    on_choose: Callable[[int, int], None] | None = None,
    key: str = "overview",
) -> Choice | None:
    """The picture of all heads, with (layer, head) framed; the head just clicked, or None.

    payload: from `viz.heads.overview.payload`. Keep it the same from run to run (cache it by model,
    text, theme and language): Streamlit sends an unchanged component by its hash alone.
    A click comes back once: as the return value of the run it causes, and before that run as
    on_choose(layer, head). Widgets that hold layer and head under their own keys may only be
    set there, since no widget may be set once it is drawn. Inside `st.fragment` only the
    fragment runs again.
    """
    heads = payload["heads"]

    def chosen() -> None:
        clicked = _clicked(st.session_state[key].get("chosen"), heads)
        if clicked is None:
            return
        st.session_state[_answers(key)] = clicked[2]
        if on_choose is not None:
            on_choose(clicked[0], clicked[1])

    # No gap: the second component shows nothing, and must not take a line.
    with st.container(key=f"{key}-picture", gap=None):
        result = _picture(key=key, data={**payload, "id": key}, on_chosen_change=chosen)
        answers = st.session_state.get(_answers(key))
        _choice(
            key=f"{key}-choice", data={"id": key, "layer": layer, "head": head, "answers": answers}
        )
    clicked = _clicked(result.get("chosen"), heads)
    return None if clicked is None else clicked[:2]


def _answers(key: str) -> str:
    """Where the number of the last click that Python has seen is kept."""
    return f"_{key}_answers"


def _clicked(value: object, heads: list[int]) -> tuple[int, int, int] | None:
    """(layer, head, click) as the browser sent it; None when it is no head of this picture."""
    if not isinstance(value, dict):
        return None
    layer, head, click = (value.get(name) for name in ("layer", "head", "click"))
    if not (isinstance(layer, int) and isinstance(head, int) and isinstance(click, int)):
        return None
    inside = 0 <= layer < len(heads) and 0 <= head < heads[layer]
    return (layer, head, click) if inside else None


def stages(payload: Mapping[str, Any], on_choose: Callable[[str], None]) -> None:
    """A translator's stages as buttons. payload: from `viz.translator.diagram.payload`."""
    key = "diagram"

    def chosen() -> None:
        stage = st.session_state[key].get("stage")
        if isinstance(stage, str):
            on_choose(stage)

    _stages(key=key, data=dict(payload), on_stage_change=chosen)


def ticker(at: int, pause: int, on_tick: Callable[[], None]) -> None:
    """Calls on_tick once, `pause` milliseconds after this step is drawn. at: the step."""
    key = "ticker"

    def ticked() -> None:
        if st.session_state[key].get("tick") == at:
            on_tick()

    with st.container(key="clock"):
        _ticker(key=key, data={"at": at, "pause": pause}, on_tick_change=ticked)


def drawing_pad(
    payload: Mapping[str, Any], *, on_draw: Callable[[str], None], key: str = "pad"
) -> None:
    """A picture to draw in; on_draw gets its signs after every stroke, before the run that follows.

    payload: from `viz.vision.pad.payload`. What the browser sends is only text: on_draw has to
    check it.
    """

    def drawn() -> None:
        found = st.session_state[key].get("drawn")
        if not isinstance(found, dict):
            return
        code, stroke = found.get("code"), found.get("stroke")
        if isinstance(code, str) and isinstance(stroke, str):
            st.session_state[_answers(key)] = stroke[:40]
            on_draw(code)

    answers = st.session_state.get(_answers(key))
    _pad(key=key, data={**payload, "answers": answers}, on_drawn_change=drawn)
