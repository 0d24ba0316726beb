"""What does a Transformer look at in a picture? A digit, its patches, and attention over them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import (
    about,
    controls,
    frame,
    views,
)
from pages.ui.text import t
from pages.vision import (
    TOPIC,
    attention,
    deletion,
    picture,
    rollout,
)
from pages.vision.picture import Shown

_VIEWS: dict[str, Callable[[Shown], None]] = {
    "attention": attention.view,
    "rollout": rollout.view,
    "deletion": deletion.view,
}
VIEWS = TOPIC.views
_STEPS: dict[str, Callable[[Shown], None]] = {
    "attention": picture.steps,
    "rollout": picture.steps,
    "deletion": deletion.steps,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(VIEWS)
    with st.spinner(t("frame.wait")):
        shown = picture.chosen()
    if view == "deletion":
        deletion.settle(shown)
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
    left, right = st.columns([1240, 560], vertical_alignment="bottom", gap="medium")
    widths = [330, 165, 200, 300, 215] if view == "deletion" else [340, 185, 230, 185, 185, 50]
    columns = left.columns(widths, vertical_alignment="bottom")
    with columns[0]:
        _view_control()
    with columns[1]:
        picture.picture_control()
    with columns[2]:
        picture.back_control(shown)
    found = shown.trace.attention.layers("encoder")
    with columns[3]:
        if view == "deletion":
            deletion.ranking_control(shown)
        else:
            controls.number("layer", len(found))
    with columns[4]:
        if view == "deletion":
            deletion.fill_control()
        elif view == "attention":
            controls.number("head", found[0].heads)
    with right:
        _STEPS[view](shown)


def _view_control() -> None:
    views.switch("vision", VIEWS, wrap=False)


frame.page("vision", body)
