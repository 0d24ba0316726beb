"""What does a Transformer look at in a picture? A digit, its patches, and attention over them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import about, controls, frame, mixing, patches, picture, removing, state
from pages.ui.picture import Shown
from pages.ui.text import t

_VIEWS: dict[str, Callable[[Shown], None]] = {
    "attention": patches.view,
    "rollout": mixing.view,
    "deletion": removing.view,
}
VIEWS = tuple(_VIEWS)


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    if state.get("view") not in VIEWS:  # another page's
        state.put("view", state.default("view"))
    with st.spinner(t("frame.wait")):
        shown = picture.chosen()
    view = str(state.get("view"))
    if view == "deletion":
        removing.settle(shown)
    _controls(shown, view)
    frame.notices()
    left, wide = st.columns([360, 1440], gap="medium")
    with left, st.container(key="input", gap="xsmall"):
        picture.panel(shown)
    with wide:
        _VIEWS[view](shown)
    picture.provenance(shown)
    about.model(picture.MODEL)
    frame.learn("vision")


def _controls(shown: Shown, view: str) -> None:
    removes = view == "deletion"
    widths = [400, 190, 240, 330, 240, 150, 150] if removes else [400, 190, 240, 160, 160, 550]
    columns = st.columns(widths, vertical_alignment="bottom")
    with columns[0]:
        _view_control()
    with columns[1]:
        picture.picture_control()
    with columns[2]:
        picture.back_control(shown)
    if removes:
        with columns[3]:
            removing.ranking_control()
        with columns[4]:
            removing.fill_control()
    if view == "rollout" or (removes and state.get("by") != "head"):
        places = [("layer", 3)] if not removes else []
    else:
        places = [("layer", 5 if removes else 3), ("head", 6 if removes else 4)]
    found = shown.trace.attention.layers("encoder")
    counts = {"layer": len(found), "head": found[0].heads}
    for name, place in places:
        with columns[place]:
            controls.number(name, counts[name])


def _view_control() -> None:
    state.put("view", state.get("view"))
    st.segmented_control(
        t("vision.view"),
        VIEWS,
        key="view",
        required=True,
        format_func=lambda name: t(f"vision.view.{name}"),
        persist_state="session",
    )


frame.page("vision", body)
