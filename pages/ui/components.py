"""Our own components that several pages use: a function each that puts one on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.text import instead
from viz.heads import overview

_WORDS = Path(__file__).with_name("frame_words.js")

_picture = st.components.v2.component("dikkat_overview", js=overview.script(), css=overview.style())
_words = st.components.v2.component("dikkat_words", js=_WORDS.read_text(encoding="utf-8"))
_choice = st.components.v2.component("dikkat_overview_choice", js=overview.choice_script())

Choice = tuple[int, int]


def frame_words() -> None:
    """Streamlit's own words in the visitor's language."""
    with st.container(key="frame-words"):
        _words(key="words", data={"words": instead("streamlit")})


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
        st.session_state[answers(key)] = clicked[2]
        if on_choose is not None:
            on_choose(clicked[0], clicked[1])

    # No gap: the second component shows nothing, and must not take a line.
    with st.container(key=f"{key}-picture", gap=None):
        result = _picture(key=key, data={**payload, "id": key}, on_chosen_change=chosen)
        seen = st.session_state.get(answers(key))
        _choice(
            key=f"{key}-choice", data={"id": key, "layer": layer, "head": head, "answers": seen}
        )
    clicked = _clicked(result.get("chosen"), heads)
    return None if clicked is None else clicked[:2]


def answers(key: str) -> str:
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
