"""What does a Transformer look at in a picture? A digit, its patches, and attention over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.vision.deletion import FILLS
from pages.ui import about, controls, frame, views
from pages.ui.text import t
from pages.vision import TOPIC, attention, deletion, picture, rollout
from pages.vision.picture import Shown

_VIEWS: dict[str, Callable[[Shown], None]] = {
    "attention": attention.view,
    "rollout": rollout.view,
    "deletion": deletion.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(TOPIC.views)
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
    found = shown.blocks
    head = partial(controls.counted, "head", found[0].heads)
    first = partial(views.switch, "vision", TOPIC.views, wrap=False)
    back = partial(picture.back_control, shown)
    left, right = st.columns([1240, 560], vertical_alignment="bottom", gap="medium")
    with left:
        if view == "deletion":
            controls.row(
                (330, first),
                (165, picture.picture_control),
                (200, back),
                (300, partial(deletion.ranking_control, shown)),
                (215, partial(controls.select, "fill", "vision.fill", FILLS)),
            )
        else:
            controls.row(
                (340, first),
                (185, picture.picture_control),
                (230, back),
                (185, partial(controls.counted, "layer", len(found))),
                (185, head if view == "attention" else controls.nothing),
                (50, controls.nothing),
            )
    with right:
        (deletion if view == "deletion" else picture).steps(shown)


frame.page("vision", body)
